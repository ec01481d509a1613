# ruff: noqa: RUF001, RUF002 - Russian
"""How Russian names a moment of a video."""

from __future__ import annotations

import re

from kg_videorag.ask.moments.form import (
    at_end,
    at_start,
    before_end,
    between,
    between_units,
    clock,
    first_of,
    form,
    from_clock,
    if_alone,
    in_middle,
    into,
    last_of,
    length_into,
    minute_second,
    number_unit,
    shares,
    unit_number,
    until_clock,
)
from kg_videorag.ask.moments.numbers import (
    CARDINAL,
    CLOCK,
    HOURS_AND_MINUTES,
    LENGTH,
    NO_TIME_OF_DAY,
    NUMBER,
    STOP,
    TO,
    UNIT,
    WHICH,
)

_DAY = re.compile(
    r"\b(?:января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря"
    r"|понедельник|вторник|среду|четверг|пятницу|субботу|воскресенье|вчера|сегодня|завтра)\b",
    re.IGNORECASE,
)
_TOLD = re.compile(r"\b\w{2,}л(?:а|о|и)?(?:сь|ся)?\b")


def _if_no_day(rest: str, *, asks: bool) -> bool:  # noqa: ARG001 - a Condition
    """В 9:30 12 апреля is a time of that day."""
    return not _DAY.search(rest)


def _if_not_told(rest: str, *, asks: bool) -> bool:
    """Через две минуты экипаж сделал something: that is told, not shown."""
    return not asks or not _TOLD.search(rest)


_VIDEO = r"(?:видео\w*|фильма|ролика|клипа|записи|лекции)"
_OF_VIDEO = rf"(?:\s+(?:(?:этого|этой|данного|всего|всей)\s+)?{_VIDEO})"
# What a minute or a beginning is of, Russian says by a noun's case alone: «на 5-й минуте матча».
# Only words that are surely no such noun may follow: prepositions, questions, present verbs.
_OF_NOTHING_ELSE = (
    rf"(?:{_OF_VIDEO}|{STOP}|(?=\s+(?:(?:о|об|про|на|в|во|у|со?|ко?|по|и|из|до|за|кто|что|где"
    r"|как\w*|когда|чем|чём|сколько|почему|показано|показан\w?|видно|написано|мы|он|она|они|есть)"
    r"|\w+(?:[ую]т|[аея]т|ит)(?:ся)?)\b))"
)
_HERE = rf"{NO_TIME_OF_DAY}{_OF_NOTHING_ELSE}"
_AT = r"(?:на отметке|на|около|во?|после)"
_MINUTE, _SECOND = r"мин(?:ут\w{0,3})?\b", r"сек(?:унд\w{0,3})?\b"
_UNITS = rf"({_MINUTE}|{_SECOND})"
_CLOSELY = r"(?:сразу|прямо|незадолго|непосредственно)"
_FIRST = r"\b(?:в течение |во? |за |на )?(?:самы[ех] )?перв(?:ые|ых|ую|ой|ый)"
_LAST = r"\b(?:в течение |во? |за |на )?(?:самы[ех] )?последн(?:ие|их|юю|ей|ий)"

CLOCK_FORMS = (
    form(
        between, rf"\b(?:со?|от|между)\s+{CLOCK}\s*{TO}\s*{CLOCK}{NO_TIME_OF_DAY}", only=_if_no_day
    ),
    form(
        from_clock,
        rf"\bсо?\s+{CLOCK}\s+(?:и\s+)?(?:до конца{_OF_NOTHING_ELSE}|дальше)",
        only=_if_no_day,
    ),
    form(until_clock, rf"\bдо\s+{CLOCK}{_HERE}", only=_if_no_day),
    form(clock, rf"\b{_AT}\s+{CLOCK}{_HERE}", only=_if_no_day),
)
FORMS = (
    # so long after the beginning, or before the end
    *(
        form(length_into, rf"\b(?:{_AT}\s+|через\s+)?{length}{_OF_NOTHING_ELSE}")
        for length in (LENGTH, HOURS_AND_MINUTES)
    ),
    form(minute_second, rf"\b(?:на|во?)\s+({WHICH})\s+{_MINUTE}\s+(?:и\s+)?({WHICH})\s+{_SECOND}"),
    form(before_end, rf"\bза\s+(?:({NUMBER})\s*)?({UNIT})\s+до конца{_OF_NOTHING_ELSE}"),
    form(into, rf"\bна\s+отметке\s+(?:в\s+)?({NUMBER})\s*({UNIT}){_OF_NOTHING_ELSE}"),
    form(
        into,
        rf"\b(?:через|спустя|после)\s+(?:({NUMBER})\s*)?({UNIT})(?:\s+(?:после|от) начала)?"
        rf"(?:{_OF_VIDEO}|{STOP})",
        only=_if_not_told,
    ),
    # stretches
    form(
        between_units,
        rf"\b(?:со?|от|между)\s+(?P<first>{WHICH})\s*(?P<first_unit>{UNIT})?\s*{TO}\s*"
        rf"(?P<last>{WHICH})\s*(?P<unit>{_MINUTE}|{_SECOND}){_OF_NOTHING_ELSE}",
    ),
    form(first_of, rf"{_FIRST}\s+(?:({NUMBER})\s+)?({UNIT}){_OF_NOTHING_ELSE}"),
    form(last_of, rf"{_LAST}\s+(?:({NUMBER})\s+)?({UNIT}){_OF_NOTHING_ELSE}"),
    # numbered ones
    form(
        unit_number,
        rf"\b(?:(?:на|во?|около)\s+)?(минут[аеуы]|секунд[аеуы])\s+(?:номер\s+)?({CARDINAL})(?![\d:])"
        rf"{_OF_NOTHING_ELSE}",
    ),
    form(number_unit, rf"\b(?:на|во?|около)\s+({WHICH})\s+{_UNITS}{_OF_NOTHING_ELSE}"),
    form(number_unit, rf"(?:^|[(,;:]\s*)({WHICH})\s+{_UNITS}{STOP}", only=if_alone),
    # shares
    form(shares(0, 0.5), rf"\bв первой половине{_OF_VIDEO}"),
    form(shares(0.5, 1), rf"\bво второй половине{_OF_VIDEO}"),
    form(
        in_middle,
        rf"\b(?:(?:во?|к|на|ближе к|около) (?:самой )?середин[еыу]|посередине){_OF_NOTHING_ELSE}",
    ),
    form(
        at_start,
        rf"\b(?:(?:в|с|к|ближе к) (?:самом |самого |самому )?начал[еау]|вначале){_OF_NOTHING_ELSE}",
        rf"\bначало{_OF_VIDEO}",
        rf"\b{_CLOSELY} после (?:самого )?начала{_OF_NOTHING_ELSE}",
        rf"\bс чего начинается {_VIDEO}",
    ),
    form(
        at_end,
        rf"\b(?:в|под|к|ближе к) (?:самом |самый |самому )?кон(?:це|ец|цу){_OF_NOTHING_ELSE}",
        rf"\b{_CLOSELY} перед (?:самым )?концом{_OF_NOTHING_ELSE}",
        rf"\bв финале{_OF_VIDEO}",
        rf"\bконец{_OF_VIDEO}",
        rf"\bчем (?:за|о)канчивается {_VIDEO}",
    ),
)

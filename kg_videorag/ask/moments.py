# ruff: noqa: RUF001 - half of the questions are Russian
"""Reads when a question asks for: "at 02:30", "the first two minutes", «на 5-й минуте».

A number of minutes is a place on the video's clock: minute 5 begins at 00:05:00, as players
show it. English and Russian.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg_videorag.model import Span
from kg_videorag.words import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_AROUND_MS = 5_000  # a moment is named by ear or from memory: what is near it belongs to it
_EDGE, _MIDDLE = 0.1, (0.4, 0.6)  # shares of a video: its beginning and end, its middle
_UNIT_MS = {"s": 1_000, "m": 60_000, "h": 3_600_000, "с": 1_000, "м": 60_000, "ч": 3_600_000}


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a video: a share of its length, and milliseconds from there."""

    share: float
    ms: int

    def at_ms(self, duration_ms: int) -> int:
        return round(self.share * duration_ms) + self.ms


@dataclass(frozen=True, slots=True)
class Moment:
    """A stretch of a video as a question names it."""

    start: Place
    end: Place

    def span(self, duration_ms: int) -> Span | None:
        """The stretch in a video of some length; None if the video is over before."""
        start_ms, end_ms = self.start.at_ms(duration_ms), self.end.at_ms(duration_ms)
        whole = Span(0, duration_ms)
        if start_ms >= duration_ms or end_ms <= 0:
            return None
        return Span(max(start_ms, 0), max(start_ms, 0, end_ms)).clamp(whole)


@dataclass(frozen=True, slots=True)
class Timed:
    """A question with the moment that it names.

    Args:
        moment: When; None if it names none.
        rest: What it asks about that moment; empty where it asks for anything that is there.
    """

    moment: Moment | None
    rest: str


def read_moment(question: str) -> Timed:
    """Find the first moment that a question names."""
    for pattern, make in _PATTERNS:
        found = pattern.search(question)
        moment = make(found) if found else None
        if found and moment:
            rest = f"{question[: found.start()]} {question[found.end() :]}"
            asks = set(words(rest)) - _IDLE
            return Timed(moment, " ".join(rest.split()) if asks else "")
    return Timed(None, question)


_CLOCK = r"(?:(\d{1,2}):)?(\d{1,3}):([0-5]\d)(?!\d)"
_TO = "(?:-|–|—|to|and|until|till|до|по|и)"
_ORDER = r"(?:-?(?:st|nd|rd|th|й|ой|ей|ую|я))?"
_DIGITS = r"\d{1,6}(?:[.,]\d{1,3})?"


def _values(*rows: str) -> dict[str, float]:
    return {word: n for row in rows for n, word in enumerate(row.split(), start=1)}


_CARDINALS = _values(
    "one two three four five six seven eight nine ten eleven twelve",
    "одну две три четыре пять шесть семь восемь девять десять одиннадцать двенадцать",
) | {
    "a": 1, "an": 1, "couple": 2, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40,
    "sixty": 60, "ninety": 90, "полторы": 1.5, "пару": 2, "пятнадцать": 15, "двадцать": 20,
    "тридцать": 30, "сорок": 40, "шестьдесят": 60, "девяносто": 90,
}  # fmt: skip
_ORDINALS = _values(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth",
    "первой второй третьей четвёртой пятой шестой седьмой восьмой девятой десятой"
    " одиннадцатой двенадцатой",
) | {"четвертой": 4}
_VALUES = _CARDINALS | _ORDINALS


def _either(numbers: Iterable[str]) -> str:
    return rf"({_DIGITS}|{'|'.join(sorted(numbers, key=len, reverse=True))})"


_NUMBER, _WHICH = _either(_CARDINALS), _either(_VALUES)
_UNIT = r"(s(?:ec(?:ond)?s?)?|m(?:in(?:ute)?s?)?|h(?:ours?)?|сек\w*|мин\w*|час\w*)\b"
_WHICH_MINUTE = rf"{_WHICH}{_ORDER}\s+(minute|second|hour)\b"
_VIDEO = r"(?:video|film|clip|movie|recording|talk|lecture|record)"
_VIDEO_RU = r"(?:видео\w*|фильма|ролика|записи|лекции)"
_OF_IT = rf"(?: of (?:the|this|that) {_VIDEO}\b|(?=\s*[?.!]*\s*$))"
# "The first minute of the attack" is no minute of the video.
_NOT_OF_ELSE = rf"(?: of (?:the|this|that) {_VIDEO}\b|(?! of\b))"
_OF_IT_RU = rf"(?: {_VIDEO_RU}\b|(?=\s*[?.!]*\s*$))"
# Words that ask for anything that is there.
_IDLE = frozenset(
    """
    a about and at being can clip describe did discussed do does doing film for going happen
    happened happening happens in is it me mentioned of on one people place said say saying says
    see seen showing shown speaker spoken summarise summarize takes talk talked talking tell the
    there they this to video was we what which who you в видео видно во говорит говорится говорят
    и идет идёт мне на о об обсуждают ом показано показывают произошло происходило происходит
    расскажи рассказывают речь ролике случилось там тут фильме чем что чём это
    """.split()
)


def _ms(hours: str | None, minutes: str, seconds: str) -> int:
    return (int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)) * 1000


def _length_ms(number: str, unit: str) -> int:
    value = _VALUES.get(number.lower()) or float(number.replace(",", "."))
    return round(value * _UNIT_MS[unit[0].lower()])


def _between(found: re.Match[str]) -> Moment | None:
    start_ms, end_ms = _ms(*found.groups()[:3]), _ms(*found.groups()[3:6])
    return Moment(Place(0, start_ms), Place(0, end_ms)) if start_ms < end_ms else None


def _around(at_ms: int) -> Moment:
    return Moment(Place(0, max(at_ms - _AROUND_MS, 0)), Place(0, at_ms + _AROUND_MS))


def _clock(found: re.Match[str]) -> Moment:
    return _around(_ms(*found.groups()[:3]))


def _into(found: re.Match[str]) -> Moment:
    return _around(_length_ms(found[1], found[2]))


def _counted(number: str, unit: str) -> Moment:
    start_ms, unit_ms = _length_ms(number, unit), _length_ms("1", unit)
    if unit_ms < 2 * _AROUND_MS:
        return _around(start_ms)
    return Moment(Place(0, start_ms), Place(0, start_ms + unit_ms))


def _unit_number(found: re.Match[str]) -> Moment:
    return _counted(found[2], found[1])


def _number_unit(found: re.Match[str]) -> Moment:
    return _counted(found[1], found[2])


def _first(found: re.Match[str]) -> Moment:
    return Moment(Place(0, 0), Place(0, _length_ms(found[1] or "1", found[2])))


def _last(found: re.Match[str]) -> Moment:
    return Moment(Place(1, -_length_ms(found[1] or "1", found[2])), Place(1, 0))


def _shares(start: float, end: float) -> Callable[[re.Match[str]], Moment]:
    return lambda _: Moment(Place(start, 0), Place(end, 0))


_NO_CLOCK_TIME = (
    r"(?!\s*(?:[ap]\.?m\b|o'clock|in the (?:morning|afternoon|evening)|утра|вечера|дня|ночи))"
)
_PATTERNS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Moment | None]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), make)
    for pattern, make in (
        (
            rf"\b(?:(?:between|from|с|со|от|между)\s+)?{_CLOCK}\s*{_TO}\s*{_CLOCK}{_NO_CLOCK_TIME}",
            _between,
        ),
        (
            rf"\b(?:(?:at|around|about|near|after|by|на|около|в|во|после)\s+)?{_CLOCK}{_NO_CLOCK_TIME}",
            _clock,
        ),
        (rf"\b{_NUMBER}\s*{_UNIT}\s+in(?:to)?\b(?: the {_VIDEO}\b)?", _into),
        (rf"\bчерез\s+{_NUMBER}\s*{_UNIT}(?:\s+после начала)?", _into),
        (rf"\b(?:in |during |over )?(?:the )?first (?:{_NUMBER}\s+)?{_UNIT}{_NOT_OF_ELSE}", _first),
        (rf"\b(?:в |за )?перв(?:ые|ую|ой)\s+(?:{_NUMBER}\s+)?{_UNIT}", _first),
        (rf"\b(?:in |during |over )?(?:the )?last (?:{_NUMBER}\s+)?{_UNIT}{_NOT_OF_ELSE}", _last),
        (rf"\b(?:в |за )?последн(?:ие|юю|ей)\s+(?:{_NUMBER}\s+)?{_UNIT}", _last),
        (rf"\b(?:in|at|during|around)\s+(?:the\s+)?(minute|second)\s+{_NUMBER}\b", _unit_number),
        (rf"\b(?:in|at|during|around)\s+the\s+{_WHICH_MINUTE}{_NOT_OF_ELSE}", _number_unit),
        (rf"\b(?:на|во?|около)\s+{_WHICH}{_ORDER}\s+(мин\w*|сек\w*)", _number_unit),
        (rf"\bin the middle{_OF_IT}", _shares(*_MIDDLE)),
        (rf"\b(?:at|in|near) the (?:very )?(?:beginning|start){_OF_IT}", _shares(0, _EDGE)),
        (rf"\b(?:at|in|near|by) the (?:very )?end{_OF_IT}", _shares(1 - _EDGE, 1)),
        (rf"\bв (?:самой )?середине{_OF_IT_RU}", _shares(*_MIDDLE)),
        (rf"\bв (?:самом )?начале{_OF_IT_RU}", _shares(0, _EDGE)),
        (rf"\bв (?:самом )?конце{_OF_IT_RU}", _shares(1 - _EDGE, 1)),
    )
)

"""How English names a moment of a video."""

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
    r"\b(?:January|February|April|June|July|August|September|October|November|December"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|yesterday|today|tomorrow)\b",
    re.IGNORECASE,
)
_TOLD = re.compile(r"\b(?:did|was|were|had)\b")


def _if_no_day(rest: str, *, asks: bool) -> bool:  # noqa: ARG001 - a Condition
    """At 9:32 on a day is a time of that day."""
    return not _DAY.search(rest)


def _if_not_told(rest: str, *, asks: bool) -> bool:
    """After two minutes the crew did something: that is told, not shown."""
    return not asks or not _TOLD.search(rest)


_VIDEO = r"(?:video|film|clip|movie|recording|talk|lecture|record)"
_OF_VIDEO = rf"(?:\s+(?:of|through|into)\s+(?:(?:the|this|that)\s+)?{_VIDEO}\b)"
# "The end of the war" is no end of the video.
_OF_IT = rf"(?:{_OF_VIDEO}|{STOP})"
_OF_NOTHING_ELSE = rf"(?:{_OF_VIDEO}|(?!\s+(?:of|after|before)\b))"
_HERE = rf"{NO_TIME_OF_DAY}{_OF_NOTHING_ELSE}"
_ALONE = r"(?<![\w:.])"
_UNITS = r"(minute|second)"
_CLOSELY = r"(?:right|just|shortly|immediately|directly)"
_DURING = r"\b(?:in |during |over )?(?:the )?(?:very )?"
_RANGE = rf"(?P<first>{WHICH})\s*(?P<first_unit>{UNIT})?\s*{TO}\s*(?:the\s+)?(?P<last>{WHICH})"

CLOCK_FORMS = (
    form(
        between, rf"\b(?:between|from)\s+{CLOCK}\s*{TO}\s*{CLOCK}{NO_TIME_OF_DAY}", only=_if_no_day
    ),
    form(between, rf"{_ALONE}{CLOCK}\s*{TO}\s*{CLOCK}{NO_TIME_OF_DAY}", only=if_alone),
    form(
        from_clock,
        rf"\b(?:from|since)\s+{CLOCK}\s+(?:on(?:wards?)?|(?:to|until|till) the end{_OF_IT})",
        only=_if_no_day,
    ),
    form(until_clock, rf"\b(?:before|until|till|up to)\s+{CLOCK}{_HERE}", only=_if_no_day),
    form(
        clock,
        rf"\b(?:at|around|about|near|after|by)\s+(?:the\s+)?{CLOCK}(?:[- ]mark\b)?{_HERE}",
        only=_if_no_day,
    ),
    form(clock, rf"(?:^|[(,;]\s*){CLOCK}{_HERE}", only=_if_no_day),
    form(clock, rf"{_ALONE}{CLOCK}{_HERE}{STOP}", only=if_alone),
)
FORMS = (
    # so long after the beginning, or before the end
    *(
        form(
            length_into,
            rf"\b(?:at\s+)?{length}(?:\s+in(?:to)?(?:{STOP}|\s+the {_VIDEO}\b))?{_OF_NOTHING_ELSE}",
        )
        for length in (LENGTH, HOURS_AND_MINUTES)
    ),
    form(before_end, rf"\b({NUMBER})\s*({UNIT})\s+(?:before|from) the end{_OF_IT}"),
    form(
        into,
        rf"\b({NUMBER})\s*({UNIT})\s+in(?:to)?(?:\s+(?:the|this|that) {_VIDEO}\b|\s+it\b|{STOP})",
    ),
    form(into, rf"\bat\s+(?:the\s+)?({CARDINAL})[- ]?({UNIT})(?:[- ]mark\b)?{_OF_NOTHING_ELSE}"),
    form(into, rf"\bafter\s+(?:the\s+)?({NUMBER})\s*({UNIT}){_OF_IT}", only=_if_not_told),
    # stretches
    form(
        between_units,
        rf"\b(?:between|from)\s+(?:the\s+)?{_RANGE}\s*(?P<unit>{UNIT}){_OF_NOTHING_ELSE}",
    ),
    form(
        between_units,
        rf"\b(?:(?:between|from|in)\s+)?(?P<first_unit>minute|second)s?\s+(?P<first>{CARDINAL})\s*{TO}"
        rf"\s*(?:(?:minute|second)\s+)?(?P<last>{CARDINAL})(?P<unit>){_OF_NOTHING_ELSE}",
    ),
    form(
        first_of,
        rf"{_DURING}(?:first|opening) (?:({NUMBER})\s+)?({UNIT})"
        rf"{_OF_NOTHING_ELSE}",
    ),
    form(
        last_of,
        rf"{_DURING}(?:last|final|closing) (?:({NUMBER})\s+)?({UNIT})"
        rf"{_OF_NOTHING_ELSE}",
    ),
    # numbered ones
    form(
        unit_number,
        rf"\b(?:(?:in|at|during|around)\s+)?(?:the\s+)?{_UNITS}\s+(?:number\s+)?({CARDINAL})(?![\d:])"
        rf"{_OF_NOTHING_ELSE}",
    ),
    form(
        number_unit,
        rf"\b(?:(?:in|at|during|around)\s+)?the\s+({WHICH})\s+{_UNITS}\b{_OF_NOTHING_ELSE}",
    ),
    form(number_unit, rf"(?:^|[(,;:]\s*)({WHICH})\s+{_UNITS}{STOP}", only=if_alone),
    # shares
    form(shares(0, 0.5), rf"\b(?:in|during) the first half{_OF_VIDEO}"),
    form(shares(0.5, 1), rf"\b(?:in|during) the second half{_OF_VIDEO}"),
    form(
        in_middle,
        rf"\b(?:in|at|around|near|towards?|by|about) the (?:very )?middle{_OF_IT}",
        rf"\b(?:half-?\s?way|mid-?way)(?: (?:through|in|into)(?: it)?)?{_OF_IT}",
        rf"\b(?:half-?\s?way|mid-?way) (?:through|into) (?:the|this|that) {_VIDEO}\b",
    ),
    form(
        at_start,
        rf"\b(?:at|in|near|from|around|towards?) the (?:very )?(?:beginning|start|opening){_OF_IT}",
        rf"\b(?:the )?(?:beginning|start|opening){_OF_VIDEO}",
        rf"\b{_CLOSELY} after the (?:very )?(?:beginning|start|opening){_OF_IT}",
    ),
    form(
        at_start,
        rf"\bhow (?:does|did) (?:the|this|that) {_VIDEO} (?:begin|start|open)\b",
        only=if_alone,
    ),
    form(
        at_end,
        rf"\b(?:at|near|by|around|towards?) the (?:very )?end{_OF_IT}",
        rf"\b(?:in )?(?:the )?(?:end|ending){_OF_VIDEO}",
        rf"\b{_CLOSELY} before the (?:very )?end{_OF_IT}",
    ),
    form(
        at_end,
        rf"\bhow (?:does|did) (?:the|this|that) {_VIDEO} (?:end|finish|close)\b",
        rf"\bthe ending{STOP}",
        only=if_alone,
    ),
)

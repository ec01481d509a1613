"""What a form that names a moment is: a pattern, its meaning, and when it may mean that."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from kg_videorag.ask.moments.numbers import length_ms
from kg_videorag.ask.moments.stretch import Moment, Place

if TYPE_CHECKING:
    from collections.abc import Callable

_AROUND_MS = 5_000  # a moment is named by ear or from memory: what is near it belongs to it
_EDGE, _MIDDLE = 0.1, (0.4, 0.6)  # shares of a video: its beginning and end, its middle


class Condition(Protocol):
    """Whether the rest of a question lets a form mean a moment of the video."""

    def __call__(self, rest: str, *, asks: bool) -> bool: ...


@dataclass(frozen=True, slots=True)
class Form:
    """A form in which a moment is named.

    Args:
        pattern: How it is said.
        means: The moment that a match means; None if it means none.
        may_mean_it: Told the rest of the question, and whether that asks for anything itself.
    """

    pattern: re.Pattern[str]
    means: Callable[[re.Match[str]], Moment | None]
    may_mean_it: Condition


def always(rest: str, *, asks: bool) -> bool:  # noqa: ARG001 - a Condition
    """Whatever else is asked."""
    return True


def if_alone(rest: str, *, asks: bool) -> bool:  # noqa: ARG001 - a Condition
    """Where nothing else is asked: a form that often means another thing."""
    return not asks


def form(
    means: Callable[[re.Match[str]], Moment | None], *said: str, only: Condition = always
) -> Form:
    """A form that is said in one of several ways; letters' case does not matter."""
    return Form(re.compile("|".join(said), re.IGNORECASE), means, only)


def _ms(hours: str | None, minutes: str, seconds: str) -> int:
    return (int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)) * 1000


def _stretch(start_ms: int, end_ms: int) -> Moment | None:
    return Moment(Place(0, start_ms), Place(0, end_ms)) if start_ms < end_ms else None


def _around(at_ms: int) -> Moment:
    start, end = Place(0, max(at_ms - _AROUND_MS, 0)), Place(0, at_ms + _AROUND_MS)
    return Moment(start, end, at=Place(0, at_ms))


def _counted(count: str, unit: str) -> Moment:
    start_ms, unit_ms = length_ms(count, unit), length_ms("1", unit)
    if unit_ms < 2 * _AROUND_MS:
        return _around(start_ms)
    return Moment(Place(0, start_ms), Place(0, start_ms + unit_ms))


def between(found: re.Match[str]) -> Moment | None:
    """From one place on the clock to another: six groups."""
    return _stretch(_ms(*found.groups()[:3]), _ms(*found.groups()[3:6]))


def clock(found: re.Match[str]) -> Moment:
    """A place on the clock: hours or None, minutes, seconds."""
    return _around(_ms(*found.groups()[:3]))


def until_clock(found: re.Match[str]) -> Moment | None:
    """From the beginning to a place on the clock."""
    return _stretch(0, _ms(*found.groups()[:3]))


def from_clock(found: re.Match[str]) -> Moment:
    """From a place on the clock to the end."""
    return Moment(Place(0, _ms(*found.groups()[:3])), Place(1, 0))


def between_units(found: re.Match[str]) -> Moment | None:
    """From 10 to 20 seconds; from minute 1 to minute 2, as places on the clock."""
    first, first_unit, last, unit = found.group("first", "first_unit", "last", "unit")
    return _stretch(length_ms(first, first_unit or unit), length_ms(last, unit or first_unit))


def into(found: re.Match[str]) -> Moment:
    """So long after the beginning: a number or None for one, and a unit."""
    return _around(length_ms(found[1] or "1", found[2]))


def length_into(found: re.Match[str]) -> Moment:
    """Hours or None, minutes, and seconds if there are any, after the beginning."""
    said = zip(found.groups(), "hms", strict=False)
    return _around(sum(length_ms(count, unit) for count, unit in said if count))


def minute_second(found: re.Match[str]) -> Moment:
    """A minute and a second of it."""
    return _around(length_ms(found[1], "m") + length_ms(found[2], "s"))


def before_end(found: re.Match[str]) -> Moment:
    """So long before the end: a number or None for one, and a unit."""
    before_ms = length_ms(found[1] or "1", found[2])
    start, end = Place(1, -before_ms - _AROUND_MS), Place(1, -before_ms + _AROUND_MS)
    return Moment(start, end, at=Place(1, -before_ms))


def unit_number(found: re.Match[str]) -> Moment:
    """Minute 5: a unit and a number."""
    return _counted(found[2], found[1])


def number_unit(found: re.Match[str]) -> Moment:
    """The 5th minute: a number and a unit."""
    return _counted(found[1], found[2])


def first_of(found: re.Match[str]) -> Moment:
    """The first so many: a number or None for one, and a unit."""
    return Moment(Place(0, 0), Place(0, length_ms(found[1] or "1", found[2])))


def last_of(found: re.Match[str]) -> Moment:
    """The last so many: a number or None for one, and a unit."""
    return Moment(Place(1, -length_ms(found[1] or "1", found[2])), Place(1, 0))


def shares(start: float, end: float) -> Callable[[re.Match[str]], Moment]:
    """From one share of the video's length, 0..1, to another."""
    return lambda _: Moment(Place(start, 0), Place(end, 0))


at_start, in_middle, at_end = shares(0, _EDGE), shares(*_MIDDLE), shares(1 - _EDGE, 1)

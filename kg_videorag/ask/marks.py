"""Finds the marks by which a draft names its evidence, in the forms that models write."""

# ruff: noqa: RUF001 - letters of other scripts are meant
from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAX_CHARS = 200  # inside brackets; longer ones are text
_MAX_DIGITS = 6
_MAX_RANGE = 100  # evidence that "[1-100]" may name: as much as is ever given
_BRACKETED = re.compile(
    rf"\[([^\[\]【】()\n]{{1,{_MAX_CHARS}}})\]|【([^\[\]【】()\n]{{1,{_MAX_CHARS}}})】"
    rf"|\((\w{{2,12}}[ :#№]{{1,3}}[0-9][^\[\]【】()\n]{{0,40}})\)"
)
_BARE_ROUND = re.compile(rf"\(([0-9]{{1,{_MAX_DIGITS}}})\)")
_WORD = (
    r"(?:(?:evidence|source|piece|item|fragment|segment|ref|доказательств[оа]|источник"
    r"|фрагмент|свидетельство|факт)[ :]*)?"
)
_TIME = r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?"
_APART = "(?:[,:;] ?| )"
_ONE = rf"{_WORD}[\^#№]?[0-9]+(?: ?[-–—] ?[#№]?[0-9]+)?"
_CONTENT = re.compile(
    rf"{_ONE}(?:(?:, ?|; ?|,? and |,? и ){_ONE})*"
    rf"(?:{_APART}{_TIME}(?: ?[-–—] ?{_TIME})?|†[\w .]{{0,40}})?",
    re.IGNORECASE,
)
_TIMES = re.compile(rf"{_APART}{_TIME}.*|†.*")
_NUMBERS = re.compile(r"([0-9]+)(?: ?[-–—] ?[#№]?([0-9]+))?")


@dataclass(frozen=True, slots=True)
class Mark:
    """Marks that stand side by side.

    Args:
        start: Where they begin in the draft.
        end: Where they end, the space after them not counted.
        numbers: What they name, in order; 0 for a number too long to be one.
    """

    start: int
    end: int
    numbers: tuple[int, ...]


def find_marks(draft: str, *, known: int) -> list[Mark]:
    """All marks of a draft, in order.

    Args:
        draft: What a generator wrote.
        known: How many pieces of evidence there are. Where a draft has no other marks, "(1)"
            is one if it names one of them and does not begin a line, as in a list.
    """
    found = list(_joined(draft, _bracketed(draft)))
    return found or list(_joined(draft, _round(draft, known)))


def _bracketed(draft: str) -> Iterator[Mark]:
    for match in _BRACKETED.finditer(draft):
        content = match[1] or match[2] or match[3]
        if _CONTENT.fullmatch(content):
            yield Mark(match.start(), match.end(), _numbers(content))


def _round(draft: str, known: int) -> Iterator[Mark]:
    for match in _BARE_ROUND.finditer(draft):
        begins_line = not draft[: match.start()].rpartition("\n")[2].strip()
        if 1 <= int(match[1]) <= known and not begins_line:
            yield Mark(match.start(), match.end(), (int(match[1]),))


def _numbers(content: str) -> tuple[int, ...]:
    numbers: list[int] = []
    for match in _NUMBERS.finditer(_TIMES.sub("", content)):
        first, last = (_number(digits) for digits in (match[1], match[2] or match[1]))
        numbers += range(first, last + 1) if first <= last < first + _MAX_RANGE else (first, last)
    return tuple(numbers)


def _number(digits: str) -> int:
    return int(digits) if len(digits) <= _MAX_DIGITS else 0


def _joined(draft: str, marks: Iterator[Mark]) -> Iterator[Mark]:
    """Marks with nothing but space or a comma between them as one."""
    last: Mark | None = None
    for mark in marks:
        if last and draft[last.end : mark.start].strip(" \t") in {"", ","}:
            last = Mark(last.start, mark.end, (*last.numbers, *mark.numbers))
        else:
            if last:
                yield last
            last = mark
    if last:
        yield last

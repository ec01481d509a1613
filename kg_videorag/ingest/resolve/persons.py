"""Rules of persons' names: initials, patronymics, surnames alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg_videorag.ingest.resolve.match import Agreement, Match
from kg_videorag.ingest.resolve.spelling import misspelt
from kg_videorag.ingest.resolve.translit import to_latin

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg_videorag.ingest.resolve.names import Name

_PATRONYMIC = ("ovich", "evich", "ovn", "evn", "ovna", "evna", "ichn")


def fuller_name(first: Name, second: Name) -> Match | None:
    """As "John F. Kennedy" and "John Kennedy", "J. Smith" and "John Smith"."""
    if not (first.is_person and second.is_person) or first.suffix != second.suffix:
        return None
    if first.stems[-1] != second.stems[-1] or min(len(first.words), len(second.words)) < 2:
        return None
    given, other = sorted((_given(first), _given(second)), key=len)
    if given == other or not _fit(given, other, _is_or_begins):
        return None
    return Match("fuller name", 0.88, Agreement.SOME, _shorter(first, second))


def surname(first: Name, second: Name) -> Match | None:
    """As "Armstrong" in a video that never says "Neil Armstrong"."""
    if not (first.is_person and second.is_person) or first.suffix or second.suffix:
        return None
    fewer, more = sorted((len(first.words), len(second.words)))
    if fewer != 1 or more == 1 or first.stems[-1] != second.stems[-1]:
        return None
    return Match("surname", 0.8, Agreement.STRONG, _shorter(first, second))


def _shorter(first: Name, second: Name) -> int:
    return 0 if sum(map(len, first.words)) < sum(map(len, second.words)) else 1


def given_names_differ(first: Name, second: Name) -> bool:
    """Whether given names exclude each other."""
    fewer, more = sorted((_given(first), _given(second)), key=len)
    return bool(fewer) and fewer != more and not _fit(fewer, more, _may_be)


def _fit(
    fewer: tuple[str, ...], more: tuple[str, ...], is_same: Callable[[str, str], bool]
) -> bool:
    """Whether given names may be one person's.

    One alone may go without initials and a patronymic; a whole middle name is never left out: John
    Quincy Adams is not John Adams, nor George W. Bush George H. W. Bush.
    """
    if len(fewer) == len(more):
        return all(is_same(a, b) for a, b in zip(fewer, more, strict=True))
    if len(fewer) > 1:
        return False
    place = next((n for n, word in enumerate(more) if is_same(fewer[0], word)), None)
    rest = () if place is None else more[:place] + more[place + 1 :]
    return bool(rest) and all(len(word) == 1 or word.endswith(_PATRONYMIC) for word in rest)


def _given(name: Name) -> tuple[str, ...]:
    """Given names in Latin letters; Russian ones without the ending of their case."""
    if not name.is_russian:
        return name.latin[:-1]
    return tuple(to_latin(stem) for stem in name.stems[:-1])


def _may_be(first: str, second: str) -> bool:
    return _is_or_begins(first, second) or misspelt(first, second)


def _is_or_begins(first: str, second: str) -> bool:
    short, long = sorted((first, second), key=len)
    return short == long or (len(short) == 1 and long.startswith(short))

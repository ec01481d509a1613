"""Which names are worth comparing: those that share a key. All pairs are never looked at.

A key has a side. Names with a plain key are compared with each other;
acronyms and lone surnames with the long names that may be theirs, not among themselves.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from kg_videorag.ingest.resolve.lists import ABBREVIATIONS
from kg_videorag.ingest.resolve.rules import initials
from kg_videorag.ingest.resolve.spelling import FUZZY_FROM_CHARS, unvoiced
from kg_videorag.model import EntityType

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kg_videorag.ingest.resolve.names import Name

Key = tuple[str, str]  # (kind, what)
# A block of more is cut: it says nothing of its names. In 100,000 made names the largest has 40.
_LARGEST_BLOCK = 400
_MEASURES = frozenset({EntityType.DATE, EntityType.QUANTITY})
_SHORT, _LONG = "<", ">"


class Blocks:
    """All names of a library by their keys."""

    def __init__(self, names: Mapping[str, Name]) -> None:
        self._names = names
        self._ids: defaultdict[Key, list[str]] = defaultdict(list)
        for identity in sorted(names):  # the same cut whatever the order of reading
            for key in keys(names[identity]):
                self._ids[key].append(identity)

    def near(self, name: Name) -> set[str]:
        """Ids of the names that share a key with one; its own may be among them."""
        return {
            identity
            for key in keys(name)
            for identity in self._ids.get(_other_side(key), ())[:_LARGEST_BLOCK]
        }


def keys(name: Name) -> Iterable[Key]:
    """The keys of a name, each once."""
    if name.type in _MEASURES or not name.words:
        return ()
    return set(_keys(name))


def _keys(name: Name) -> Iterator[Key]:
    yield "name", name.normal
    yield "letters", name.letters
    if name.numbers:
        yield "words", name.plain
    if len(name.letters) >= FUZZY_FROM_CHARS:
        yield "sound", " ".join(map(unvoiced, name.sounds))
    if name.is_russian:
        yield "stems", " ".join(name.stems)
    elif name.words[-1].isalpha():
        yield "one", _singular(name.plain)
    if name.acronym:
        yield f"initials{_SHORT}", name.acronym
        if long := ABBREVIATIONS.get(name.letters):
            yield f"long{_SHORT}", long
    if len(name.words) > 1:
        yield f"long{_LONG}", " ".join(name.stems)
        for letters in initials(name):
            yield f"initials{_LONG}", letters
    if name.is_person:
        yield from _keys_of_person(name)


def _keys_of_person(name: Name) -> Iterator[Key]:
    surname = name.stems[-1]
    if len(name.words) == 1:
        yield f"surname{_SHORT}", surname
        return
    yield f"surname{_LONG}", surname
    for given in name.latin[:-1]:
        yield "person", f"{given[:1]} {surname}"


def _singular(plain: str) -> str:
    if plain.endswith("ies"):
        return plain[:-3] + "y"
    return plain[:-2] if plain.endswith("es") and plain[:-2].endswith(_HISSING) else _cut(plain)


_HISSING = ("s", "x", "ch", "sh", "o")


def _cut(plain: str) -> str:
    return plain[:-1] if plain.endswith("s") and not plain.endswith("ss") else plain


def _other_side(key: Key) -> Key:
    kind, what = key
    if kind.endswith(_SHORT):
        return kind[:-1] + _LONG, what
    return (kind[:-1] + _SHORT, what) if kind.endswith(_LONG) else key

# ruff: noqa: RUF001 - half of the words are Russian
"""The names in a question or an answer, with what is known of them.

No model: runs of capital letters, and the names of entities that the last answers spoke of,
however they are written. A name is never invented, so a word that is none costs a pronoun its
name at most.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import regex

from kg_videorag.model import EntityType
from kg_videorag.words import content_stems, is_russian, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg_videorag.model import Entity

HE, SHE = "he", "she"
_CAP = r"\p{Lu}[\p{L}\p{M}\p{N}]*(?:[-.'’]\p{L}[\p{L}\p{N}]*)*"
_LINK = r"(?:of(?: the)?|for|de|da|del|von|van(?: der)?|di|la|le)"
_RUN = regex.compile(rf"{_CAP}(?:(?:\.? | {_LINK} ){_CAP}|[ -]\d+\b)*(?!\p{{L}})")
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|январ[ья]|феврал[ья]|марта?|апрел[ья]|ма[йя]|июн[ья]|июл[ья]|августа?|сентябр[ья]"
    r"|октябр[ья]|ноябр[ья]|декабр[ья])"
)
DATE = regex.compile(
    rf"\b(?:{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?:, \d{{4}})?|\d{{1,2}} {_MONTH}(?: \d{{4}})?"
    rf"|{_MONTH}(?: \d{{4}})?|(?:1[0-9]|20)\d\d(?: году?| года)?)\b",
    regex.IGNORECASE,
)
_MAY = frozenset({"may", "march", "марта", "мая", "май", "март"})  # too common without a number
# Capital for their place alone.
_FIRST_WORDS = frozenset(
    """
    a about after all also an and anything are as at because before but by can could describe did do
    does during each else every find first for from give had has have he her his how if in is it its
    later list many more most name next now of ok okay on one or say she show so some tell that the
    their then there these they this those three to two under was well were what when where which
    while who whom whose why will with would you i
    а без более было в во вот все всё где да до если ещё еще за зачем и из или их как какая какие
    какого какое какой каком кем ко когда кого кому который кто куда ли между много на назови найди
    не но ну о об он она они опиши от откуда перед по под покажи после потом почему при про расскажи
    с сколько скажи со так там тогда только три ты у хорошо чей через что это эта этот я чем чего
    """.split()
)
_FEMALE_END = regex.compile(r"(?:[оеё]ва|ина|ская|цкая)$")
_MALE_END = regex.compile(r"(?:[оеё]в|ин|ский|цкий)$")


@dataclass(frozen=True, slots=True)
class Named:
    """A name in a text, `text[start:end]`; `entity` where the graph knows it."""

    text: str
    start: int
    end: int
    entity: Entity | None = None
    is_date: bool = False

    @property
    def name(self) -> str:
        """The fullest form of it that is known."""
        return self.entity.name if self.entity else self.text

    @property
    def type(self) -> EntityType | None:
        """What it is; None where that is not known."""
        if self.is_date:
            return EntityType.DATE
        if self.entity:
            return self.entity.type
        return EntityType.PERSON if sex_of(self.text) else None

    @property
    def may_be_person(self) -> bool:
        """Whether somebody may be meant: known to be, or two words and nothing known."""
        return self.type is EntityType.PERSON or (self.type is None and " " in self.text)

    @property
    def may_be_thing(self) -> bool:
        return self.type not in (EntityType.PERSON, EntityType.DATE, EntityType.QUANTITY)


def names_in(text: str, entities: Sequence[Entity] = ()) -> tuple[Named, ...]:
    """All names of a text in order, dates among them.

    Args:
        text: A question or an answer.
        entities: Known by name; their names are found in any letters' case.
    """
    found: list[Named] = []
    taken: set[int] = set()

    def take(items: Iterable[Named]) -> None:
        for item in items:
            if taken.isdisjoint(range(item.start, item.end)):
                taken.update(range(item.start, item.end))
                found.append(item)

    take(_dates(text))
    take(_known(text, entities))
    take(_runs(text, entities))
    return tuple(sorted(found, key=lambda name: name.start))


def sex_of(name: str) -> str:
    """HE or SHE where a name tells it, else ""."""
    parts = words(name)
    if not parts:
        return ""
    for sex, known in _first_names().items():
        if parts[0] in known:
            return sex
    if is_russian(parts[-1]) and len(parts[-1]) > 4:
        if _FEMALE_END.search(parts[-1]):
            return SHE
        if _MALE_END.search(parts[-1]):
            return HE
    return ""


@cache
def _first_names() -> dict[str, frozenset[str]]:
    text = files("kg_videorag").joinpath("ask", "session", "first_names.toml").read_bytes().decode()
    return {sex: frozenset(words(names)) for sex, names in tomllib.loads(text).items()}


def _dates(text: str) -> Iterator[Named]:
    for match in DATE.finditer(text):
        if match[0].lower() not in _MAY:
            yield Named(match[0], match.start(), match.end(), is_date=True)


def _known(text: str, entities: Sequence[Entity]) -> Iterator[Named]:
    """Whole names of entities, in any letters' case; the longest first."""
    for entity in sorted(entities, key=lambda e: -len(e.name)):
        if len(entity.name) < 3 or not content_stems(entity.name):
            continue
        pattern = rf"(?<!\w){regex.escape(entity.name)}(?!\w)"
        for match in regex.finditer(pattern, text, regex.IGNORECASE):
            is_date = entity.type is EntityType.DATE
            yield Named(match[0], match.start(), match.end(), entity, is_date=is_date)


def _runs(text: str, entities: Sequence[Entity]) -> Iterator[Named]:
    for match in _RUN.finditer(text):
        start, said = match.start(), match[0]
        while said and said.split()[0].lower().replace("’", "'").split("'")[0] in _FIRST_WORDS:
            _, space, rest = said.partition(" ")
            start, said = start + len(said) - len(rest), rest if space else ""
        said = regex.sub(r"['’]s?$", "", said)
        if not said or not content_stems(said):
            continue
        entity = _linked(said, entities)
        if entity is None and _begins(text, start) and " " not in said:
            continue  # capital for its place: "Laboratories do this"
        yield Named(said, start, start + len(said), entity)


def _begins(text: str, start: int) -> bool:
    before = text[:start].rstrip(" «\"'(")
    return not before or before[-1] in ".!?…:\n"


def _linked(said: str, entities: Sequence[Entity]) -> Entity | None:
    """The entity that a shorter or inflected form names: Armstrong, Гагарина."""
    stems = content_stems(said)
    fitting = [e for e in entities if stems <= content_stems(e.name)]
    return min(fitting, key=lambda e: len(e.name), default=None)

"""Finds what a model said in the texts themselves; what does not stand there is dropped.

A model may invent, translate, correct or obey what a transcript tells it: whatever it writes,
only stretches of the text become names and relations.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import regex

from kg_videorag.model import EntityType, TextEntity, TextRelation
from kg_videorag.words import content_stems

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kg_videorag.engines.llm_extractor.reply import Found, FoundRelation
    from kg_videorag.engines.llm_extractor.windows import Piece

# Not probabilities, the model gives none: below what the grammar's rules are given for names and
# verbs, since which of the two is right more often was not measured.
NAME_CONFIDENCE = 0.7
RELATION_CONFIDENCE = 0.5
_APOSTROPHES = "['’]"
# Scripts that write words without spaces between them: any place in them may begin a name.
_SPACELESS = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_BEFORE = rf"(?<![[\p{{L}}\p{{N}}]--[{_SPACELESS}]])"
_AFTER = rf"(?![[\p{{L}}\p{{N}}]--[{_SPACELESS}]])"
_ARTICLE = regex.compile(r"(?:the|an?)\s+(?=\S)", regex.IGNORECASE)
_TRIED = 20  # occurrences of a name in one sentence that a relation is tried with
Pattern = regex.Pattern[str]


class _Stretch(NamedTuple):
    start: int
    end: int

    def touches(self, other: _Stretch) -> bool:
        return self.start < other.end and other.start < self.end

    def within(self, *others: _Stretch) -> _Stretch:
        """The smallest stretch that holds all of them."""
        return _Stretch(
            min(self.start, *(o.start for o in others)), max(self.end, *(o.end for o in others))
        )


@dataclass(frozen=True, slots=True)
class Placed:
    """What was found in one piece, on the offsets of its text."""

    text: int
    entities: tuple[TextEntity, ...]
    relations: tuple[TextRelation, ...]


def place(found: Found, window: Sequence[Piece]) -> Iterator[Placed]:
    """Each piece's names, wherever in the window they are said, and its own relations."""
    types = {entity.name: entity.type for entity in found.entities}
    for relation in found.relations:
        for end in (relation.subject, relation.object):
            if not any(_pattern(end).search(name) for name in types):
                types[end] = EntityType.CONCEPT  # told of, though not listed
    told = [(_sentence(relation, window), relation) for relation in found.relations]
    patterns = {name: _name_pattern(name, window) for name in types if content_stems(name)}
    for number, piece in enumerate(window):
        names = _names(piece.content, patterns)
        own = [relation for sentence, relation in told if sentence == number]
        placed = (_relation(piece.content, names, relation) for relation in own)
        relations = dict.fromkeys(relation for relation in placed if relation)
        yield _placed(piece, names, types, list(relations))


def _sentence(relation: FoundRelation, window: Sequence[Piece]) -> int | None:
    """The piece that tells a relation: the one the model names, else the first that can."""
    parts = [_pattern(p) for p in (relation.subject, relation.predicate, relation.object)]
    tell = [
        number
        for number, piece in enumerate(window)
        if all(part.search(piece.content) for part in parts)
    ]
    named = relation.sentence - 1
    return named if named in tell else next(iter(tell), None)


def _names(text: str, patterns: Mapping[str, Pattern]) -> list[tuple[_Stretch, str]]:
    """All places of all names, the longer first to claim its own."""
    taken: list[tuple[_Stretch, str]] = []
    for name in sorted(patterns, key=len, reverse=True):
        for match in patterns[name].finditer(text):
            article = _ARTICLE.match(match.group())
            stretch = _Stretch(match.start() + (article.end() if article else 0), match.end())
            clear = not any(stretch.touches(other) for other, _ in taken)
            if clear and text[stretch.start : stretch.end].isprintable():
                taken.append((stretch, name))
    return sorted(taken)


def _relation(
    text: str, names: Sequence[tuple[_Stretch, str]], relation: FoundRelation
) -> TextRelation | None:
    """A relation at its ends' places, which are chosen to lie closest together."""
    subjects = _ends(text, names, relation.subject)
    objects = _ends(text, names, relation.object)
    predicates = _found(text, relation.predicate)
    closest = min(
        (
            (names[subject][0].within(names[object_][0], predicate), subject, object_)
            for subject in subjects
            for object_ in objects
            for predicate in predicates
            if subject != object_ and names[subject][1] != names[object_][1]
        ),
        key=lambda told: told[0].end - told[0].start,
        default=None,
    )
    if closest is None:
        return None
    stretch, subject, object_ = closest
    return TextRelation(
        subject=subject,
        predicate=" ".join(relation.predicate.lower().split()),
        object=object_,
        start_char=stretch.start,
        end_char=stretch.end,
        confidence=RELATION_CONFIDENCE,
    )


def _ends(text: str, names: Sequence[tuple[_Stretch, str]], end: str) -> list[int]:
    """The names that stand where an end is said: "Curie" may be inside "Marie Curie"."""
    said = _found(text, end)
    return [n for n, (stretch, _) in enumerate(names) if any(stretch.touches(s) for s in said)]


def _placed(
    piece: Piece,
    names: Sequence[tuple[_Stretch, str]],
    types: dict[str, EntityType],
    relations: Sequence[TextRelation],
) -> Placed:
    shift = piece.start_char
    entities = (
        TextEntity(
            name=piece.content[stretch.start : stretch.end],
            type=types[name],
            start_char=stretch.start + shift,
            end_char=stretch.end + shift,
            confidence=NAME_CONFIDENCE,
        )
        for stretch, name in names
    )
    moved = (
        TextRelation(
            r.subject, r.predicate, r.object, r.start_char + shift, r.end_char + shift, r.confidence
        )
        for r in relations
    )
    return Placed(piece.text, tuple(entities), tuple(moved))


def _found(text: str, words: str) -> list[_Stretch]:
    matches = _pattern(words).finditer(text)
    return [_Stretch(*match.span()) for match, _ in zip(matches, range(_TRIED), strict=False)]


def _name_pattern(name: str, window: Sequence[Piece]) -> Pattern:
    """A name as it is written; in any case only where nobody wrote it so: "May" is not "may"."""
    exact = _pattern(name, any_case=False)
    is_written = any(exact.search(piece.content) for piece in window)
    return exact if is_written else _pattern(name)


def _pattern(words: str, *, any_case: bool = True) -> Pattern:
    """Whole words in this order, whatever their spaces and apostrophes."""
    straight = words.replace("’", "'").split()
    parts = (regex.escape(part).replace("'", _APOSTROPHES) for part in straight)
    told = r"\s+".join(parts)
    flags = regex.VERSION1 | (regex.IGNORECASE if any_case else 0)
    return regex.compile(f"{_BEFORE}{told}{_AFTER}", flags)

"""Names of one engine, relations of another: the same things are found to be the same."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kg_videorag.model import Extraction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg_videorag.model import TextEntity


def join_names(names: Sequence[TextEntity], grammar: Extraction) -> Extraction:
    """One extraction of one text: the names, and all relations of the grammar.

    An end of a relation that overlaps a name is that name. An end that overlaps none is added to
    the names. A name that would swallow both ends of a relation gives way to the two.

    Args:
        names: Of one text, in any order, none overlapping another.
        grammar: Of the same text.
    """
    ends = [(grammar.entities[r.subject], grammar.entities[r.object]) for r in grammar.relations]
    kept = [n for n in names if not any(_overlap(n, a) and _overlap(n, b) for a, b in ends)]
    added = {end for pair in ends for end in pair if not any(_overlap(end, n) for n in kept)}
    entities = sorted([*kept, *added], key=lambda e: (e.start_char, e.end_char))
    place = {end: _place(end, entities) for pair in ends for end in pair}
    relations = []
    for relation, (subject, object_) in zip(grammar.relations, ends, strict=True):
        pair = entities[place[subject]], entities[place[object_]]
        moved = replace(
            relation,
            subject=place[subject],
            object=place[object_],
            start_char=min(relation.start_char, *(end.start_char for end in pair)),
            end_char=max(relation.end_char, *(end.end_char for end in pair)),
        )
        relations.append(moved)
    return Extraction(tuple(entities), tuple(relations))


def _place(end: TextEntity, entities: Sequence[TextEntity]) -> int:
    """Which of the entities an end of a relation is: what it shares most characters with."""

    def shared(number: int) -> int:
        entity = entities[number]
        return min(end.end_char, entity.end_char) - max(end.start_char, entity.start_char)

    return max(range(len(entities)), key=shared)


def _overlap(one: TextEntity, other: TextEntity) -> bool:
    return one.start_char < other.end_char and other.start_char < one.end_char

"""Full-text hits for a user's words: segments and entities."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import zip_longest
from typing import TYPE_CHECKING

from kg_videorag.graph.fulltext import entity_queries, segment_queries
from kg_videorag.graph.queries import load
from kg_videorag.graph.scope import scope_map
from kg_videorag.model import EVERYWHERE, Entity, EntityType, Hit, Modality

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg_videorag.graph.client import GraphClient, Row
    from kg_videorag.model import Scope

_ENTITY_CANDIDATES = 50
# What the full-text indexes of segments hold: the property, by modality.
_FIELDS = {
    Modality.SPEECH: "speech",
    Modality.CAPTION: "caption",
    Modality.SCREEN: "screen_text",
}


@dataclass(frozen=True, slots=True)
class Matches:
    """What full text found: segments by their words, entities by their names; best first.

    `wholes` are those of whom entities are variants, by the variant's id.
    """

    segments: tuple[Hit, ...]
    entities: tuple[Entity, ...]
    wholes: Mapping[str, Entity] = field(default_factory=dict)

    def whole(self, entities: Sequence[Entity]) -> tuple[Entity, ...]:
        """The canonical ones of some entities, each once, in their order."""
        known = (self.wholes.get(entity.id, entity) for entity in entities)
        return tuple({entity.id: entity for entity in known}.values())


def match_words(
    client: GraphClient, question: str, *, limit: int, scope: Scope = EVERYWHERE
) -> Matches:
    """Full-text search for a user's words, which are escaped here.

    Args:
        client: The graph.
        question: In words.
        limit: How many segments at most.
        scope: Where to look; a segment is there if any line of it is, and its words are asked
            for in the modalities of the scope alone.
    """
    named = entity_queries(question)
    if not named:
        return Matches((), ())
    fields = [field for modality, field in _FIELDS.items() if modality in scope.perceived]
    every = len(fields) == len(_FIELDS)
    # Without a limit the index gives what it has, best first, and the statement stops it. Of
    # 200,000 segments a word of 40,000 was looked through for one video in 50 to 220 ms.
    narrows = scope != EVERYWHERE
    row = client.read(
        load("ask/fulltext"),
        segment_queries=segment_queries(question, () if every else fields) if fields else [],
        entity_queries=named,
        scope=scope_map(scope),
        limit=limit,
        segment_options={} if narrows else {"limit": limit},
        entity_limit=_ENTITY_CANDIDATES,
        entity_options={} if narrows else {"limit": _ENTITY_CANDIDATES},
    )[0]
    found = [[Hit(s["segment_id"], s["score"]) for s in ranked] for ranked in row["segments"]]
    entities = row["entities"]
    return Matches(
        _in_turn(found)[:limit],
        tuple(entity_of(e) for e in entities),
        {e["id"]: entity_of(e["canonical"]) for e in entities if e["canonical"]["id"] != e["id"]},
    )


def _in_turn(ranked: Sequence[Sequence[Hit]]) -> tuple[Hit, ...]:
    """The hits of several indexes, whose scores do not compare: by rank, each segment once."""
    hits: dict[str, Hit] = {}
    for same_rank in zip_longest(*ranked):
        for hit in filter(None, same_rank):
            hits.setdefault(hit.segment_id, hit)
    return tuple(hits.values())


def entity_of(row: Row) -> Entity:
    """An entity from a row of id, name and type."""
    return Entity(row["id"], row["name"], EntityType(row["type"]))

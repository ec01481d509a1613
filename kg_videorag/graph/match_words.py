"""Full-text hits for a user's words: segments and entities."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import zip_longest
from typing import TYPE_CHECKING

from kg_videorag.graph.fulltext import entity_queries, segment_queries
from kg_videorag.graph.queries import load
from kg_videorag.model import EVERYWHERE, Entity, EntityType, Hit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg_videorag.graph.client import GraphClient, Row
    from kg_videorag.model import Scope

_ENTITY_CANDIDATES = 50
_FILTER_OVER_FETCH = 20  # a filtered full-text search draws this many times its limit


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
    """Full-text search for a user's words, which are escaped here."""
    asked = segment_queries(question)
    if not asked:
        return Matches((), ())
    row = client.read(
        load("ask/fulltext"),
        segment_queries=asked,
        entity_queries=entity_queries(question),
        video_ids=scope.video_ids,
        limit=limit,
        over_fetch=limit if scope.video_ids is None else limit * _FILTER_OVER_FETCH,
        entity_limit=_ENTITY_CANDIDATES,
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

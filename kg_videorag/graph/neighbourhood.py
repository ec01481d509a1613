"""The bounded neighbourhood of a question in the graph."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg_videorag.graph.match_words import entity_of
from kg_videorag.graph.queries import load
from kg_videorag.graph.scope import scope_map
from kg_videorag.model import EVERYWHERE, GraphRelation, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kg_videorag.graph.client import GraphClient, Row
    from kg_videorag.model import Entity, Scope

NEIGHBOUR_CAP = 25  # 10 seeds with a cap measured 9 ms, without one 170 ms
_SEEDS = 24  # entities of the hits
_TOLD_CAP = 12  # relations of one entity; those whose predicate is asked for come first
_LOOK_CAP = 2_000  # mentions of a hub; more are not even looked at
_LOOK_TOLD_CAP = 500  # relations of one; there are some fifty entities to look at
_VARIANTS = 50  # of one entity; a name that is spelt in more ways is rare


@dataclass(frozen=True, slots=True)
class Spoken:
    """Where an entity is spoken of.

    Args:
        segment_ids: Segments that mention it.
        cut: Whether more segments speak of it than were taken.
    """

    segment_ids: Sequence[str]
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """Nodes and edges around a question; every entity is a canonical one.

    Args:
        mentioned: By entity that the question names: where it is spoken of.
        entities: All that edges join.
        relations: What is told of the named entities, in the hits and of their entities, and of
            those that these relate to.
        held: By hit: the entities that it mentions.
        follows: By hit: the segments just before and after it.
        similar: By hit: segments that are like it, with their cosine.
    """

    mentioned: Mapping[str, Spoken]
    entities: Mapping[str, Entity]
    relations: tuple[GraphRelation, ...] = ()
    held: Mapping[str, Sequence[str]] = field(default_factory=dict)
    follows: Mapping[str, Sequence[str]] = field(default_factory=dict)
    similar: Mapping[str, Sequence[tuple[str, float]]] = field(default_factory=dict)


def expand(
    client: GraphClient,
    *,
    entity_ids: Sequence[str],
    segment_ids: Sequence[str],
    stems: Iterable[str] = (),
    scope: Scope = EVERYWHERE,
) -> Neighbourhood:
    """The bounded neighbourhood of a question, in one round trip.

    Args:
        client: The graph.
        entity_ids: Canonical ones; what is said of their variants is said of them.
        segment_ids: What search found, best first.
        stems: Of the question's words: relations that say one come first where there are many.
        scope: Where to look.
    """
    row = client.read(
        load("ask/neighbourhood"),
        entity_ids=list(entity_ids),
        segment_ids=list(segment_ids),
        scope=scope_map(scope),
        stems=[f" {stem}" for stem in stems],
        seed_cap=_SEEDS,
        cap=NEIGHBOUR_CAP,
        told_cap=_TOLD_CAP,
        look_cap=_LOOK_CAP,
        look_told_cap=_LOOK_TOLD_CAP,
        variant_cap=_VARIANTS,
    )[0]
    hits = {hit["segment_id"]: hit for hit in row["hits"]}
    return Neighbourhood(
        mentioned={m["entity_id"]: Spoken(m["segment_ids"], m["cut"]) for m in row["mentioned"]},
        entities={e["id"]: entity_of(e) for e in row["entities"]},
        relations=tuple(relation_of(r, r["segment_id"]) for r in row["relations"]),
        held={id_: hit["entity_ids"] for id_, hit in hits.items()},
        follows={id_: hit["follows"] for id_, hit in hits.items()},
        similar={
            id_: [(near["segment_id"], near["score"]) for near in hit["similar"]]
            for id_, hit in hits.items()
        },
    )


def relation_of(row: Row, segment_id: str) -> GraphRelation:
    """A relation from a row of its ends, predicate and times."""
    return GraphRelation(
        subject_id=row["subject_id"],
        predicate=row["predicate"],
        object_id=row["object_id"],
        segment_id=segment_id,
        span=Span(row["start_ms"], row["end_ms"]),
    )

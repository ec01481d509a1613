"""Finds segments for a question: by vectors, by words, by entities, then around them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg_videorag.ask.analyse import named_entities
from kg_videorag.ask.expand import entity_hits, graph_hits
from kg_videorag.ask.fuse import fuse
from kg_videorag.graph.retrieve import expand, match_words, segments_of_labels, video_labels

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from kg_videorag.graph.client import GraphClient
    from kg_videorag.model import Entity, Hit
    from kg_videorag.ports import VectorIndex

_SEEDS = 20  # hits of each road that are fused and expanded
_VECTORS_PER_SEGMENT = 5  # a segment has one vector a sentence: draw enough for _SEEDS segments


@dataclass(frozen=True, slots=True)
class Roads:
    """What every road of retrieval brings to a question.

    Args:
        hits: By road (text, fulltext, entity, graph): segments, best first.
        entities: Those that the question names.
        cut: Those among them of which more segments speak than were looked at.
    """

    hits: Mapping[str, Sequence[Hit]]
    entities: tuple[Entity, ...]
    cut: tuple[Entity, ...]


def search(
    question: str,
    vector: NDArray[np.float32],
    *,
    graph: GraphClient,
    index: VectorIndex,
    space: str,
    video_ids: Sequence[str] | None,
) -> Roads:
    """Search by every road.

    Args:
        question: What the user asked.
        vector: Its embedding, float32, shape (dimension,), length 1.
        graph: The graph.
        index: Vectors of the space, up to date.
        space: Which space.
        video_ids: Only in these videos; None for all.
    """
    text = _vector_hits(vector, graph, index, space, video_ids)
    matches = match_words(graph, question, limit=_SEEDS, video_ids=video_ids)
    entities = named_entities(question, matches.entities)
    seeds = fuse({"text": text, "fulltext": matches.segments})[:_SEEDS]
    neighbourhood = expand(
        graph,
        entity_ids=[entity.id for entity in entities],
        segment_ids=[seed.segment_id for seed in seeds],
        video_ids=video_ids,
    )
    hits = {
        "text": text,
        "fulltext": matches.segments,
        "entity": entity_hits(neighbourhood),
        "graph": graph_hits(neighbourhood, [*text, *matches.segments]),
    }
    cut_ids = {id_ for id_, spoken in neighbourhood.mentioned.items() if spoken.cut}
    return Roads(hits, entities, tuple(entity for entity in entities if entity.id in cut_ids))


def _vector_hits(
    vector: NDArray[np.float32],
    graph: GraphClient,
    index: VectorIndex,
    space: str,
    video_ids: Sequence[str] | None,
) -> tuple[Hit, ...]:
    within = None if video_ids is None else video_labels(graph, space, video_ids)
    found = index.search(vector, _SEEDS * _VECTORS_PER_SEGMENT, within)
    return segments_of_labels(graph, found)[:_SEEDS]

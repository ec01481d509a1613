"""Joins the roads of retrieval by rank.

Source: Cormack, Clarke and Buettcher, "Reciprocal rank fusion outperforms Condorcet and
individual rank learning methods", SIGIR 2009. Their k = 60 is for runs a thousand deep, of
which all are good; ours are 20 deep and the graph's are coarse: with 60, segments that merely
share the question's names crowded out the answer (benchmarks/retrieval.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING

from kg_videorag.model import RoadGain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kg_videorag.model import Hit

K = 10
EMOTION = "emotion"  # a second query, which only orders what others found
RERANK = "rerank"  # a cross-encoder, which does the same
# A name in common says less than words or meaning in common, a neighbour less still. Pictures and
# sounds are near every question, if only a little: together they say as much as words, not more.
# A mood is twice as loud in a space as the query itself: in text 2, in vision and audio 1.
WEIGHTS: Mapping[str, float] = {
    "entity": 0.5,
    "graph": 0.25,
    "vision": 0.5,
    "audio": 0.5,
    EMOTION: 2.0,
    RERANK: 2.0,  # as loud as meaning and words together; not measured, see ADR 28
}


def emotion_in(space: str) -> str:
    """The road of a mood in a space of vectors."""
    return f"{EMOTION}:{space}"


@dataclass(frozen=True, slots=True)
class Ranked:
    """A segment, its fused score, and the roads that found it, the best first.

    `gains` tell what each road gave to the score, in the same order, a mood's among them.
    """

    segment_id: str
    score: float
    via: tuple[str, ...]
    gains: tuple[RoadGain, ...] = ()


def fuse(
    roads: Mapping[str, Sequence[Hit]],
    *,
    k: float = K,
    weights: Mapping[str, float] = WEIGHTS,
) -> list[Ranked]:
    """Reciprocal rank fusion.

    Args:
        roads: By name (text, vision, audio, fulltext, entity, graph): hits, best first.
        k: A hit of rank r gains its road's weight / (k + r).
        weights: Of roads; 1 for those not in it. A mood's is multiplied by its space's.

    Returns:
        Every segment found, best first; ties by id, so that the order is stable.
    """
    gains: dict[str, dict[str, RoadGain]] = {}
    for road, hits in roads.items():
        weight = prod(weights.get(part, 1.0) for part in road.split(":"))
        for rank, hit in enumerate(hits, start=1):
            by_road = gains.setdefault(hit.segment_id, {})
            if road not in by_road:
                by_road[road] = RoadGain(road, rank, weight / (k + rank))
    ranked = [_ranked(segment_id, by_road.values()) for segment_id, by_road in gains.items()]
    return sorted(ranked, key=lambda r: (-r.score, r.segment_id))


def _ranked(segment_id: str, gains: Iterable[RoadGain]) -> Ranked:
    """A segment with the roads that found it, the best first; moods and rerankers find nothing."""
    ordered = tuple(sorted(gains, key=lambda g: (-g.gain, g.road)))
    via = tuple(g.road for g in ordered if g.road.partition(":")[0] not in (EMOTION, RERANK))
    return Ranked(segment_id, round(sum(g.gain for g in ordered), 6), via, ordered)

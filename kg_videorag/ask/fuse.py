"""Joins the roads of retrieval by rank.

Source: Cormack, Clarke and Buettcher, "Reciprocal rank fusion outperforms Condorcet and
individual rank learning methods", SIGIR 2009. Their k = 60 is for runs a thousand deep, of
which all are good; ours are 20 deep and the graph's are coarse: with 60, segments that merely
share the question's names crowded out the answer (benchmarks/retrieval.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg_videorag.model import Hit

K = 10
EMOTION = "emotion"  # a second query, which only orders what others found
# A name in common says less than words or meaning in common, a neighbour less still; a mood is
# as loud as words and meaning together.
WEIGHTS: Mapping[str, float] = {"entity": 0.5, "graph": 0.25, EMOTION: 2.0}


@dataclass(frozen=True, slots=True)
class Ranked:
    """A segment, its fused score, and the roads that found it, the best first."""

    segment_id: str
    score: float
    via: tuple[str, ...]


def fuse(
    roads: Mapping[str, Sequence[Hit]],
    *,
    k: float = K,
    weights: Mapping[str, float] = WEIGHTS,
) -> list[Ranked]:
    """Reciprocal rank fusion.

    Args:
        roads: By name (text, fulltext, entity, graph): hits, best first.
        k: A hit of rank r gains its road's weight / (k + r).
        weights: Of roads; 1 for those not in it.

    Returns:
        Every segment found, best first; ties by id, so that the order is stable.
    """
    gains: dict[str, dict[str, float]] = {}
    for road, hits in roads.items():
        for rank, hit in enumerate(hits, start=1):
            gain = weights.get(road, 1.0) / (k + rank)
            gains.setdefault(hit.segment_id, {}).setdefault(road, gain)
    ranked = [
        Ranked(
            segment_id,
            round(sum(by_road.values()), 6),
            tuple(sorted(by_road.keys() - {EMOTION}, key=lambda road: (-by_road[road], road))),
        )
        for segment_id, by_road in gains.items()
    ]
    return sorted(ranked, key=lambda r: (-r.score, r.segment_id))

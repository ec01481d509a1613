"""Joins the roads of retrieval by rank.

Source: Cormack, Clarke and Buettcher, "Reciprocal rank fusion outperforms Condorcet and
individual rank learning methods", SIGIR 2009; k = 60 is theirs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg_videorag.model import Hit

_K = 60
# What the graph brings without a word in common with the question ranks behind what has one.
_WEIGHTS = {"graph": 0.5}


@dataclass(frozen=True, slots=True)
class Ranked:
    """A segment, its fused score, and the roads that found it, the best first."""

    segment_id: str
    score: float
    via: tuple[str, ...]


def fuse(roads: Mapping[str, Sequence[Hit]]) -> list[Ranked]:
    """Reciprocal rank fusion.

    Args:
        roads: By name (text, fulltext, entity, graph): hits, best first.

    Returns:
        Every segment found, best first; ties by id, so that the order is stable.
    """
    gains: dict[str, dict[str, float]] = {}
    for road, hits in roads.items():
        for rank, hit in enumerate(hits, start=1):
            gain = _WEIGHTS.get(road, 1.0) / (_K + rank)
            gains.setdefault(hit.segment_id, {}).setdefault(road, gain)
    ranked = [
        Ranked(
            segment_id,
            round(sum(by_road.values()), 6),
            tuple(sorted(by_road, key=lambda road: (-by_road[road], road))),
        )
        for segment_id, by_road in gains.items()
    ]
    return sorted(ranked, key=lambda r: (-r.score, r.segment_id))

"""Ranks what the graph brings: segments around the question's entities and around the hits."""

from __future__ import annotations

from collections import defaultdict
from math import log2
from typing import TYPE_CHECKING

from kg_videorag.model import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kg_videorag.graph.neighbourhood import Neighbourhood, Spoken

_MENTIONED = 0.5  # a segment that only says a name counts half of one that tells something of it
_ADJACENT = 0.5  # a neighbour in time counts half of what the hit itself counts


def entity_hits(neighbourhood: Neighbourhood) -> tuple[Hit, ...]:
    """Segments that mention what the question names, first those that tell something of it.

    A rare entity counts more than a hub.
    """
    scores: defaultdict[str, float] = defaultdict(float)
    for spoken in neighbourhood.mentioned.values():
        for segment_id, weight in _weights(spoken):
            scores[segment_id] += weight
    return _by_score(scores)


def graph_hits(neighbourhood: Neighbourhood, found: Sequence[Hit]) -> tuple[Hit, ...]:
    """Segments one relation or one moment away from the question.

    Args:
        neighbourhood: Of the question's entities and of `found`.
        found: What search found, best first.
    """
    scores: defaultdict[str, float] = defaultdict(float)
    for spoken in neighbourhood.related.values():
        for segment_id, weight in _weights(spoken):
            scores[segment_id] += log2(1 + spoken.weight) * weight
    for rank, hit in enumerate(found, start=1):
        for segment_id in neighbourhood.adjacent.get(hit.segment_id, ()):
            scores[segment_id] += _ADJACENT / rank
    return _by_score(scores)


def _weights(spoken: Spoken) -> Iterator[tuple[str, float]]:
    for segment_id in spoken.segment_ids:
        told = 1.0 if segment_id in spoken.told_in else _MENTIONED
        yield segment_id, told / log2(2 + len(spoken.segment_ids))


def _by_score(scores: Mapping[str, float]) -> tuple[Hit, ...]:
    hits = [Hit(segment_id, score) for segment_id, score in scores.items()]
    return tuple(sorted(hits, key=lambda hit: (-hit.score, hit.segment_id)))

"""How good what was found is: pure functions of places in videos.

Sources: recall and precision as information retrieval has them; temporal IoU as in moment
retrieval (Gao et al., "TALL: Temporal Activity Localization via Language Query", ICCV 2017).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kg_videorag.words import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg_videorag.model import Span


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of one video."""

    video_id: str
    span: Span


# What must be found: for each need the places of which one is enough.
Needs = tuple[tuple[Place, ...], ...]


def shared_ms(one: Span, other: Span) -> int:
    """How long two stretches of one video overlap."""
    return max(min(one.end_ms, other.end_ms) - max(one.start_ms, other.start_ms), 0)


def covers(found: Place, needed: Place) -> bool:
    """Whether they are of one video and share at least half of the shorter one.

    Half, so that a chunk that ends in the first words of a sentence does not count as having
    it; of the shorter, so that a sentence of a slide that stands for long does.
    """
    shortest_ms = min(found.span.duration_ms, needed.span.duration_ms)
    shared = shared_ms(found.span, needed.span)
    return found.video_id == needed.video_id and shared > 0 and shared * 2 >= shortest_ms


def temporal_iou(one: Place, other: Place) -> float:
    """Their overlap over their union, 0..1; 0 in different videos."""
    if one.video_id != other.video_id:
        return 0.0
    shared = shared_ms(one.span, other.span)
    union = one.span.duration_ms + other.span.duration_ms - shared
    return shared / union if union else 0.0


def recall_at(found: Sequence[Place], needs: Needs, k: int) -> float:
    """1 if any need is covered by the first k found, else 0."""
    return float(coverage_at(found, needs, k) > 0)


def coverage_at(found: Sequence[Place], needs: Needs, k: int) -> float:
    """The share of needs that the first k found cover, 0..1.

    Args:
        found: Best first.
        needs: At least one.
        k: From 1.
    """
    return sum(_is_met(need, found[:k]) for need in needs) / len(needs)


def _is_met(need: Sequence[Place], found: Sequence[Place]) -> bool:
    return any(covers(place, needed) for needed in need for place in found)


def best_iou(cited: Sequence[Place], needs: Needs) -> float:
    """The highest temporal IoU of any citation with any place that is needed; 0 without."""
    places = [place for need in needs for place in need]
    return max((temporal_iou(one, place) for one in cited for place in places), default=0.0)


def right_citations(cited: Sequence[Place], needs: Needs) -> int:
    """How many citations cover a place that is needed."""
    places = [place for need in needs for place in need]
    return sum(any(covers(one, place) for place in places) for one in cited)


def is_accurate(text: str, answers: Sequence[Sequence[str]]) -> bool:
    """Whether a text holds a wording of every answer, as whole words, whatever their case."""
    told = f" {' '.join(words(text))} "
    return all(any(f" {' '.join(words(w))} " in told for w in wordings) for wordings in answers)


def percentile(values: Sequence[float], share: float) -> float:
    """What `share` (0..1) of the values do not exceed, linear between neighbours.

    Args:
        values: At least one.
        share: 0.5 is the median.
    """
    return float(np.percentile(values, share * 100))

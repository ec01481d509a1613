"""One pair's result: a win counts only as the verdicts of both orders agree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg_videorag.evaluate.longer_videos.verdict import Chosen, Dimension

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg_videorag.evaluate.longer_videos.verdict import PairVerdict, ScoreVerdict

WIN, TIE, LOSS = 1.0, 0.5, 0.0  # of A


@dataclass(frozen=True, slots=True)
class Outcome:
    """What two verdicts on one pair say together, by dimension.

    Args:
        results: WIN, TIE or LOSS of A.
        agreed: Whether both orders said the same.
        first_chosen: How often the answer that stood first was chosen, of both verdicts: 0..2.
    """

    results: Mapping[Dimension, float]
    agreed: Mapping[Dimension, bool]
    first_chosen: Mapping[Dimension, int]


@dataclass(frozen=True, slots=True)
class Judged:
    """All that was said of one pair.

    Args:
        key: Of its question.
        words_a: How long A's answer is.
        words_b: How long B's is.
        outcome: As the answers are.
        equal_length: With the longer one cut; None where that was not asked for.
        scores: Points of A and of B; None likewise.
    """

    key: str
    words_a: int
    words_b: int
    outcome: Outcome
    equal_length: Outcome | None
    scores: tuple[ScoreVerdict, ScoreVerdict] | None


_OF_A = {Chosen.FIRST: WIN, Chosen.TIE: TIE, Chosen.SECOND: LOSS}


def combine(a_first: PairVerdict, b_first: PairVerdict) -> Outcome:
    """Both orders' verdicts as one; where they disagree it is a tie."""
    results, agreed, first = {}, {}, {}
    for dimension in Dimension:
        one: Chosen = getattr(a_first, dimension)
        other: Chosen = getattr(b_first, dimension)
        a, b = _OF_A[one], 1 - _OF_A[other]
        agreed[dimension] = a == b
        results[dimension] = a if a == b else TIE
        first[dimension] = (one is Chosen.FIRST) + (other is Chosen.FIRST)
    return Outcome(results, agreed, first)

"""What came out of a comparison, by dimension."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg_videorag.evaluate.longer_videos.intervals import Estimate, wilson
from kg_videorag.evaluate.longer_videos.length import controlled
from kg_videorag.evaluate.longer_videos.outcome import LOSS, WIN
from kg_videorag.evaluate.longer_videos.verdict import Dimension

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg_videorag.evaluate.longer_videos.answers import Pairs
    from kg_videorag.evaluate.longer_videos.outcome import Judged
    from kg_videorag.model import Failure


@dataclass(frozen=True, slots=True)
class DimensionReport:
    """One dimension; rates are of A, ties count as half.

    Args:
        wins: Pairs in which both orders chose A.
        losses: Pairs in which both chose B.
        ties: All others.
        win_rate: With Wilson's interval.
        length_controlled: What it would be if answers were as long; None with too few pairs.
        equal_length: Of pairs with the longer answer cut; None where they were not judged.
        agreement: Share of pairs in which both orders said the same.
        first_chosen: Share of all verdicts that chose whichever answer stood first; of a judge
            without a bias it is as large as the share that chose the second.
        score_a: Mean points of A, 1..5; None where none were given.
        score_b: The same of B.
    """

    wins: int
    losses: int
    ties: int
    win_rate: Estimate
    length_controlled: Estimate | None
    equal_length: Estimate | None
    agreement: float
    first_chosen: float
    score_a: float | None
    score_b: float | None


@dataclass(frozen=True, slots=True)
class Report:
    """A whole comparison.

    Args:
        judge: The model that judged.
        pairs: How many were judged.
        words_a: Mean length of A's answers.
        words_b: The same of B's.
        missing_a: Questions that A has no answer to.
        missing_b: The same of B.
        failed: Questions whose verdict could not be had, and why.
        dimensions: Empty where no pair was judged.
    """

    judge: str
    pairs: int
    words_a: float
    words_b: float
    missing_a: tuple[str, ...]
    missing_b: tuple[str, ...]
    failed: tuple[tuple[str, Failure], ...]
    dimensions: Mapping[Dimension, DimensionReport]


def report(
    judge: str, given: Pairs, judged: Sequence[Judged], failed: Sequence[tuple[str, Failure]]
) -> Report:
    """Count what was judged."""
    return Report(
        judge=judge,
        pairs=len(judged),
        words_a=_mean([each.words_a for each in judged]),
        words_b=_mean([each.words_b for each in judged]),
        missing_a=given.missing_a,
        missing_b=given.missing_b,
        failed=tuple(failed),
        dimensions={d: _dimension(d, judged) for d in Dimension} if judged else {},
    )


def _dimension(dimension: Dimension, judged: Sequence[Judged]) -> DimensionReport:
    results = [each.outcome.results[dimension] for each in judged]
    differences = [each.words_a - each.words_b for each in judged]
    equal = [e.equal_length.results[dimension] for e in judged if e.equal_length is not None]
    scores = [each.scores for each in judged if each.scores is not None]
    return DimensionReport(
        wins=results.count(WIN),
        losses=results.count(LOSS),
        ties=len(results) - results.count(WIN) - results.count(LOSS),
        win_rate=wilson(sum(results), len(results)),
        length_controlled=controlled(results, differences),
        equal_length=wilson(sum(equal), len(equal)) if equal else None,
        agreement=_mean([each.outcome.agreed[dimension] for each in judged]),
        first_chosen=_mean([each.outcome.first_chosen[dimension] / 2 for each in judged]),
        score_a=_mean([getattr(a, dimension) for a, _ in scores]) if scores else None,
        score_b=_mean([getattr(b, dimension) for _, b in scores]) if scores else None,
    )


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0

"""Takes the length of answers out of a comparison: judges like longer ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import regex

from kg_videorag.evaluate.longer_videos.intervals import Estimate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_WORD = regex.compile(r"[\p{L}\p{N}][\p{L}\p{N}\p{M}]*")
_END = regex.compile(r"[.!?…](?:[ \t]*\[[^\[\]\n]{1,40}\])*(?=\s|\Z)")
_FEWEST = 10  # pairs; with fewer a slope means nothing
_PENALTY = 0.1  # ridge on the slope: without it a slope that separates all wins is infinite
_STEPS = 50
_RESAMPLES = 1_000


def words_in(text: str) -> int:
    """How many words an answer has."""
    return sum(1 for _ in _WORD.finditer(text))


def shortened(text: str, words: int) -> str:
    """Whole sentences of at most so many words; the first words where no sentence fits."""
    if words_in(text) <= words:
        return text
    ends = [match.end() for match in _END.finditer(text)]
    fitting = [end for end in ends if words_in(text[:end]) <= words]
    if fitting:
        return text[: fitting[-1]]
    starts = [match.end() for match in _WORD.finditer(text)]
    return text[: starts[words - 1]] if words else ""


def controlled(results: Sequence[float], differences: Sequence[int]) -> Estimate | None:
    """The win rate that would be if both answers were as long.

    A logistic regression of the result on `tanh` of the standardised difference in length; what
    it predicts where the difference is zero.

    Source: Dubois et al., Length-Controlled AlpacaEval, 2024, arXiv:2404.04475. Their term for
    each instruction's difficulty is left out: it is fitted over many systems, here are two.

    Args:
        results: Of each pair: 1 for a win of A, 0.5 for a tie, 0 for a loss.
        differences: Words of A less words of B.

    Returns:
        With a bootstrap interval of 95 %; None with fewer than 10 pairs.
    """
    if len(results) < _FEWEST:
        return None
    y = np.asarray(results, dtype=np.float64)
    d = np.asarray(differences, dtype=np.float64)
    # A fixed seed: the same verdicts give the same report.
    rng = np.random.default_rng(0)
    drawn = rng.integers(0, len(y), (_RESAMPLES, len(y)))
    rates = [_at_zero(y[rows], d[rows]) for rows in drawn]
    low, high = np.quantile(rates, [0.025, 0.975])
    return Estimate(_at_zero(y, d), float(low), float(high))


def _at_zero(y: NDArray[np.float64], differences: NDArray[np.float64]) -> float:
    spread = differences.std()
    x = np.tanh(differences / spread) if spread > 0 else np.zeros_like(differences)
    design = np.stack([np.ones_like(x), x], axis=1)
    # On the intercept half a win and half a loss, as Wilson's interval has them: else a side
    # that wins always has no finite fit.
    weights = np.zeros(2)
    for _ in range(_STEPS):
        p = 1 / (1 + np.exp(-design @ weights))
        p0 = 1 / (1 + np.exp(-weights[0]))
        gradient = design.T @ (p - y) + np.array([p0 - 0.5, _PENALTY * weights[1]])
        curvature = (design * (p * (1 - p))[:, None]).T @ design
        curvature += np.diag([p0 * (1 - p0), _PENALTY]) + 1e-9 * np.eye(2)
        step = np.linalg.solve(curvature, gradient)
        weights = weights - np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-8:
            break
    return float(1 / (1 + np.exp(-weights[0])))

"""Rates with their intervals of 95 %."""

from __future__ import annotations

import math
from dataclasses import dataclass

_Z = 1.959963984540054  # of the normal distribution, 95 %


@dataclass(frozen=True, slots=True)
class Estimate:
    """A rate, 0..1, and the interval that holds the true one in 95 of 100 such runs."""

    rate: float
    low: float
    high: float


def wilson(successes: float, trials: int) -> Estimate:
    """The rate of successes.

    Source: Wilson, Probable Inference, 1927; Brown, Cai and DasGupta, 2001, advise it where trials
    are few. Ties count as half a success, which makes the interval wider than need be, never
    narrower.

    Args:
        successes: 0..trials.
        trials: At least 1.
    """
    rate = successes / trials
    shrink = 1 + _Z**2 / trials
    centre = (rate + _Z**2 / (2 * trials)) / shrink
    half = _Z * math.sqrt(rate * (1 - rate) / trials + _Z**2 / (4 * trials**2)) / shrink
    return Estimate(rate, max(0.0, centre - half), min(1.0, centre + half))

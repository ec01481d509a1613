"""Where a video turns to another topic: borders of chapters between its sentences.

Source: TextTiling (Hearst 1997): blocks before and after each gap are compared, and a gap is as
good a border as the likeness falls from the peaks on both sides. Here blocks are of sentences'
vectors, and a slide that changes in the gap counts as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kg_videorag.ask.overview.units import unit_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from kg_videorag.ask.overview.units import Units

# How many chapters a video has: 2.5 a minute long, 13 an hour, 32 ten hours; from 0.6 to 1.5 times
# as many, as its topics are.
_AT_A_MINUTE, _GROWTH = 2.5, 0.4
_FEWEST, _MOST = 0.6, 1.5
_LEAST_MS = 10_000  # what players take as a chapter
_LEAST_SHARE = 0.35  # of the mean chapter
_BLOCK_SHARE = 0.5  # of the sentences of a mean chapter, on each side of a gap
_MOST_BLOCK = 20
_SLIDE = 1.5  # a changed slide counts as so many standard deviations of depth
_GOOD = 0.5  # standard deviations above the mean, from which on a gap is a border
_SAME_MS = 1_000  # a slide that changes that near to a gap changes in it


@dataclass(frozen=True, slots=True)
class Lengths:
    """How many chapters a video may have, and how short one may be."""

    fewest: int
    wanted: int
    most: int
    least_ms: int


def chapter_lengths(duration_ms: int) -> Lengths:
    """What fits a video of that length: an hour 8 to 20 chapters, a minute 1 to 3."""
    wanted = _AT_A_MINUTE * max(duration_ms / 60_000, 1 / 60) ** _GROWTH
    most = max(1, int(wanted * _MOST))
    mean_ms = duration_ms / wanted
    least_ms = round(max(_LEAST_MS, _LEAST_SHARE * mean_ms))
    most = max(1, min(most, duration_ms // least_ms))
    fewest = min(most, max(1, round(wanted * _FEWEST)))
    return Lengths(fewest, min(most, max(1, round(wanted))), most, least_ms)


def borders(units: Units, slides_ms: Sequence[int], duration_ms: int) -> tuple[int, ...]:
    """When chapters begin after the first, in order.

    Args:
        units: All sentences.
        slides_ms: When the screen changes as a whole.
        duration_ms: Of the video.
    """
    lengths = chapter_lengths(duration_ms)
    if len(units.lines) < 2 or lengths.most < 2:
        return ()
    block = round(_BLOCK_SHARE * len(units.lines) / lengths.wanted)
    depth = depths(likeness(units.vectors, min(max(block, 1), _MOST_BLOCK)))
    scored = [(score, at_ms) for score, at_ms in zip(*_gaps(units, depth, slides_ms), strict=True)]
    return _picked(scored, lengths, duration_ms)


def likeness(vectors: NDArray[np.float32], block: int) -> NDArray[np.float32]:
    """How like the sentences before and after each gap are: cosines, shape (len(vectors) - 1,).

    Args:
        vectors: float32, shape (sentences, dimension).
        block: How many sentences on each side.
    """
    count = len(vectors)
    sums = np.vstack([np.zeros((1, vectors.shape[1]), np.float32), np.cumsum(vectors, axis=0)])
    gaps = np.arange(1, count)
    left = sums[gaps] - sums[np.maximum(gaps - block, 0)]
    right = sums[np.minimum(gaps + block, count)] - sums[gaps]
    cosines: NDArray[np.float32] = np.sum(unit_rows(left) * unit_rows(right), axis=1)
    return cosines


def depths(cosines: NDArray[np.float32]) -> NDArray[np.float32]:
    """How deep the likeness falls at each gap, from the nearest peaks on both sides together."""
    found = np.zeros_like(cosines)
    for gap, low in enumerate(cosines):
        left = right = gap
        while left > 0 and cosines[left - 1] >= cosines[left]:
            left -= 1
        while right < len(cosines) - 1 and cosines[right + 1] >= cosines[right]:
            right += 1
        found[gap] = (cosines[left] - low) + (cosines[right] - low)
    return found


def _gaps(
    units: Units, depth: NDArray[np.float32], slides_ms: Sequence[int]
) -> tuple[list[float], list[int]]:
    """For each gap its score, in standard deviations above the mean, and when it is."""
    spread = float(depth.std()) or 1.0
    scores, times_ms = [], []
    for gap, deep in enumerate(depth):
        ends_ms, begins_ms = units.lines[gap].end_ms, units.lines[gap + 1].start_ms
        early, late = min(ends_ms, begins_ms) - _SAME_MS, begins_ms + _SAME_MS
        slide = next((at for at in slides_ms if early <= at <= late), None)
        scores.append(float(deep - depth.mean()) / spread + (_SLIDE if slide is not None else 0))
        times_ms.append(begins_ms if slide is None else slide)
    return scores, times_ms


def _picked(
    scored: Sequence[tuple[float, int]], lengths: Lengths, duration_ms: int
) -> tuple[int, ...]:
    """The best gaps that leave no chapter too short."""
    taken = [0, duration_ms]
    for score, at_ms in sorted(scored, key=lambda gap: (-gap[0], gap[1])):
        chapters = len(taken) - 1
        enough = chapters >= lengths.fewest and score < _GOOD
        if enough or chapters >= lengths.most:
            break
        if all(abs(at_ms - other) >= lengths.least_ms for other in taken):
            taken.append(at_ms)
    return tuple(sorted(taken)[1:-1])

"""A heading that is broken over two or three rows, made one line again.

Joined are only rows that are the tallest of the picture, alike, one close under the other and
nearer to each other than to the text below them, and that had to be broken: the first word of
a row had no room in the row above it. Where one of this is missing they may be lines of their own.
"""

from __future__ import annotations

from itertools import pairwise
from statistics import fmean
from typing import TYPE_CHECKING

from kg_videorag.ingest.watch.layout import from_the_top, join

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg_videorag.ingest.watch.layout import Line

_MOST_ROWS = 3
# All in heights of a row. Boxes are drawn a little wide: rows of one heading in samples/ lie
# -.06 to .06 apart, those of its lists .4 and more, and lists .5 to 1 below their headings.
_ALIKE = 1.25  # the taller over the lower; "computer" beside "Apollo guidance" 1.14
_CLOSE = 0.25
_BODY_WITHIN = 2.5
_ALIGNED = 0.35  # left edges or centres; samples/ up to .07


def heading_in(lines: Sequence[Line], aspect: float) -> Line | None:
    """The heading of a picture, if it is broken over rows; its rows are its pieces.

    Args:
        lines: All lines of the picture, rows of tables joined.
        aspect: The picture's width over its height.
    """
    tallest = max((line.height for line in lines), default=0.0)
    rows = from_the_top([line for line in lines if line.height * _ALIKE >= tallest])
    below = [gap for line in lines if line not in rows and (gap := _gap(rows[-1], line)) >= 0]
    if (
        not below
        or not 2 <= len(rows) <= _MOST_ROWS
        or any(row.marked or row.joined for row in rows)
    ):
        return None
    height = fmean(row.height for row in rows)
    gaps = [_gap(above, below) for above, below in pairwise(rows)]
    is_one = (
        max(gaps) <= _CLOSE * height
        and min(gaps) > -height / 2
        and max(gaps) < min(below) <= _BODY_WITHIN * height
        and _are_aligned(rows, _ALIGNED * height / aspect)
        and all(_was_broken(above, below) for above, below in pairwise(rows))
    )
    return join(rows, " ".join(row.text for row in rows), tallest) if is_one else None


def _gap(above: Line, below: Line) -> float:
    return below.box[1] - above.box[3]


def _are_aligned(rows: Sequence[Line], tolerance: float) -> bool:
    lefts = [row.box[0] for row in rows]
    middles = [(row.box[0] + row.box[2]) / 2 for row in rows]
    return any(max(edges) - min(edges) <= tolerance for edges in (lefts, middles))


def _was_broken(above: Line, below: Line) -> bool:
    """Whether the row above had no room for the first word below."""
    width = below.box[2] - below.box[0]
    first_word = width * (len(below.text.split()[0]) + 1) / (len(below.text) + 1)
    return above.box[2] - above.box[0] + first_word >= width

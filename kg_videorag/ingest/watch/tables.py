"""Rows of a table, made one line each: "Gerald Carr | 84 days".

Things that stand side by side are joined only where they can hardly be anything but a table:
two rows or more of short cells, in columns that align and keep apart, and with room between the
rows. Running text in columns, lists side by side, a caption beside a list, names over roles, a
footer and its page number stay what they were.
"""

from __future__ import annotations

from itertools import pairwise
from statistics import fmean
from typing import TYPE_CHECKING

from kg_videorag.ingest.watch.layout import join

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg_videorag.ingest.watch.layout import Line

    Row = list[Line]

# In heights of a line, where not said otherwise. Tables of samples/: middles of one row within
# .06, edges of one column .14, rows .6 apart, columns 6.
_SAME_ROW = 0.35
_ALIGNED = 0.5
_GUTTER = 1.0  # a space between words is a quarter
_WIDEST_GUTTER = 0.5  # of the picture's width
_ROOM = 0.25  # between rows: running text leaves less
_APART = 3.0  # between rows that belong together, at most
_ALIKE = 1.25  # the taller row over the lower: a column's head that is taller makes lists
_MEAN_WORDS = 4.0  # of a cell
_FEW_WORDS = 3  # of a value: "36,864 words"
_MIN_DENSE_ROWS = 3


def rows_in(lines: Sequence[Line], bullets: Sequence[Line], aspect: float) -> list[Line]:
    """The rows of all tables of a picture, their cells as pieces from left to right.

    Args:
        lines: All lines of the picture.
        bullets: Signs that stand alone: what has them is a list.
        aspect: The picture's width over its height.
    """
    bands = _bands(lines)
    joined: list[Line] = []
    start = 0
    while start < len(bands):
        block, end = _block(bands, start, aspect)
        if _is_table(block, aspect) and not _are_marked(block, bullets):
            joined += [_row(cells) for cells in _rows(block)]
        start = end
    return joined


def _rows(block: Sequence[Row]) -> list[Row]:
    return [row for row in block if len(row) > 1]


def _row(cells: Row) -> Line:
    # The lowest cell, because boxes are drawn too tall sooner than too low.
    text = " | ".join(cell.text for cell in cells)
    return join(cells, text, min(cell.height for cell in cells))


def _bands(lines: Sequence[Line]) -> list[Row]:
    """Lines whose middles are at one height, from the top; each from left to right."""
    bands: list[Row] = []
    for line in sorted(lines, key=_middle):
        for band in bands[-1:]:
            least = min(line.height, *(other.height for other in band))
            if _middle(line) - min(map(_middle, band)) <= _SAME_ROW * least:
                band.append(line)
                break
        else:
            bands.append([line])
    return [sorted(band, key=lambda line: line.box[0]) for band in bands]


def _block(bands: Sequence[Row], start: int, aspect: float) -> tuple[list[Row], int]:
    """What stands in the columns of a band, and where the bands go on after it."""
    block, end = [bands[start]], start + 1
    if len(bands[start]) > 1:
        while end < len(bands) and _fits(block, block[-1], bands[end], aspect):
            block.append(bands[end])
            end += 1
        for band in reversed(bands[:start]):  # a list that begins above what stands beside it
            if len(band) > 1 or not _fits(block, block[0], band, aspect):
                break
            block.insert(0, band)
    return block, end


def _fits(block: Sequence[Row], neighbour: Row, band: Row, aspect: float) -> bool:
    """Whether a band above or below a block goes on in its columns."""
    above, below = sorted((neighbour, band), key=lambda row: row[0].box[1])
    rows = _rows(block)
    if _gap(above, below) > _APART * _height(band):
        return False
    if len(band) > 1:
        return len(band) == len(rows[0]) and _align([*rows, band], aspect)
    return _are_alike([rows[0], band]) and any(
        _align([*([row[n]] for row in rows), band], aspect) for n in range(len(rows[0]))
    )


def _align(rows: Sequence[Row], aspect: float) -> bool:
    """Whether the cells of each column share their left edge, their right one or their middle."""
    for column in zip(*rows, strict=True):
        tolerance = _ALIGNED * _height(column) / aspect
        edges = [(cell.box[0], cell.box[2], (cell.box[0] + cell.box[2]) / 2) for cell in column]
        if all(max(places) - min(places) > tolerance for places in zip(*edges, strict=True)):
            return False
    return True


def _is_table(block: Sequence[Row], aspect: float) -> bool:
    rows = _rows(block)
    if len(rows) < 2 or 2 * len(rows) <= len(block) or not _are_alike(rows):
        return False
    columns = [list(column) for column in zip(*rows, strict=True)]
    gutters = [
        min(line.box[0] for line in right) - max(line.box[2] for line in left)
        for left, right in pairwise(columns)
    ]
    height = fmean(map(_height, rows))
    if min(gutters) < _GUTTER * height / aspect or max(gutters) > _WIDEST_GUTTER:
        return False
    has_values = any(all(map(_is_value, column)) for column in columns[1:])
    is_dense = min(_gap(above, below) for above, below in pairwise(block)) < _ROOM * height
    if is_dense and not (has_values and len(rows) >= _MIN_DENSE_ROWS):
        return False
    words = [len(cell.text.split()) for row in rows for cell in row]
    return fmean(words) <= _MEAN_WORDS


def _is_value(cell: Line) -> bool:
    has_digit = any(character.isdigit() for character in cell.text)
    return has_digit and len(cell.text.split()) <= _FEW_WORDS


def _are_marked(block: Sequence[Row], bullets: Sequence[Line]) -> bool:
    cells = [cell for row in block for cell in row]
    top, bottom = min(cell.box[1] for cell in cells), max(cell.box[3] for cell in cells)
    return any(cell.marked for cell in cells) or any(
        top <= _middle(bullet) <= bottom for bullet in bullets
    )


def _are_alike(rows: Sequence[Row]) -> bool:
    heights = [_height(row) for row in rows]
    return max(heights) <= _ALIKE * min(heights)


def _gap(above: Row, below: Row) -> float:
    return min(line.box[1] for line in below) - max(line.box[3] for line in above)


def _height(row: Sequence[Line]) -> float:
    return fmean(line.height for line in row)


def _middle(line: Line) -> float:
    return (line.box[1] + line.box[3]) / 2

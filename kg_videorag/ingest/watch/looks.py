"""Small grey pictures compared: whether one changed, whether a line stands in it.

Grey is float32, shape (height, width), 0..255.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kg_videorag.model import Picture

    Grey = NDArray[np.float32]
    Box = tuple[float, float, float, float]

_CELL_PX = 5  # of a small picture: a letter of the smallest text that can be read
# Horizontal detail of two looks of one line, correlated. Fading changes contrast and not this.
_SAME = 0.6
_VISIBLE = 1.5  # standard deviation in levels of grey: less is noise of the codec
_MIN_WIDTH_PX = 4


def grey(picture: Picture) -> Grey:
    """A small picture without its colours."""
    levels: Grey = picture.small.mean(axis=2, dtype=np.float32)
    return levels


def largest_change(first: Grey, second: Grey) -> float:
    """The mean change of the cell that changed the most, in levels of grey, 0..255."""
    change = np.abs(first - second)
    height, width = (max(side // _CELL_PX, 1) for side in change.shape)
    tall, wide = (min(side, _CELL_PX) for side in change.shape)
    cells = change[: height * tall, : width * wide].reshape(height, tall, width, wide)
    return float(cells.mean(axis=(1, 3)).max())


def part(whole: Grey, box: Box) -> Grey:
    """The part of a picture inside a box of shares of its width and height."""
    height, width = whole.shape
    left, top = int(box[0] * width), int(box[1] * height)
    right = max(int(np.ceil(box[2] * width)), left + _MIN_WIDTH_PX)
    bottom = max(int(np.ceil(box[3] * height)), top + 1)
    return whole[top:bottom, left:right]


def same_line(look: Grey, other: Grey) -> bool:
    """Whether two parts of pictures show one line, faded or not."""
    first, second = _detail(look), _detail(other)
    contrast = min(float(first.std()), float(second.std())) if first.size and second.size else 0.0
    if first.shape != second.shape or contrast < _VISIBLE:
        return False
    return float((first * second).mean() / (first.std() * second.std())) >= _SAME


def _detail(look: Grey) -> Grey:
    # Without each row's mean: any two bands of text are alike, any two words are not.
    detail: Grey = look - look.mean(axis=1, keepdims=True)
    return detail

"""Which pictures are worth a look: at a change of the scene, and now and then without one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kg_videorag.model import Picture

_EVERY_MS = 5_000  # a segment is at least 10 s long: it has two pictures or more
_SOONEST_MS = 2_000  # a film that moves or flickers is not looked at picture by picture
# Mean difference of two small pictures, of 255. Measured on the samples: one slide after another
# makes 9.4 to 20, compression within a slide less than .01.
_CHANGED = 8.0
_PLAIN = 3.0  # standard deviation, of 255, below which a picture is one colour and shows nothing


class Scenes:
    """Takes small pictures as they come; remembers the last that was worth a look."""

    def __init__(self) -> None:
        self._last: NDArray[np.uint8] | None = None
        self._last_ms = 0

    def is_news(self, picture: Picture) -> bool:
        """Whether it shows something else than the last that was news, or time has passed."""
        if not self._differs(picture):
            return False
        self._last, self._last_ms = picture.small, picture.at_ms
        return True

    def _differs(self, picture: Picture) -> bool:
        if picture.small.std() < _PLAIN:
            return False
        if self._last is None:
            return True
        passed_ms = picture.at_ms - self._last_ms
        if passed_ms < _SOONEST_MS:
            return False
        return passed_ms >= _EVERY_MS or difference(picture.small, self._last) > _CHANGED


def difference(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    """Mean difference of two small pictures' values, of 255; 255 where their shapes differ."""
    if one.shape != other.shape:
        return 255.0
    return float(np.abs(one.astype(np.int16) - other).mean())

"""How a picture has to be turned so that it stands as players show it.

Telephones store what they film lying on its side or upside down, and front cameras store it
mirrored; a matrix beside the picture says how it is to be shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import av
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Turn:
    """From stored to shown, in this order.

    Args:
        lies: Rows become columns.
        mirrored: Then left becomes right.
        upside_down: Then top becomes bottom.
    """

    lies: bool = False
    mirrored: bool = False
    upside_down: bool = False

    def upright(self, pixels: NDArray[Any]) -> NDArray[np.uint8]:
        """A picture as it is shown.

        Args:
            pixels: uint8, shape (height, width, 3), as stored.
        """
        if self.lies:
            pixels = pixels.swapaxes(0, 1)
        if self.mirrored:
            pixels = pixels[:, ::-1]
        if self.upside_down:
            pixels = pixels[::-1]
        return np.ascontiguousarray(pixels)


def turn_of(frame: av.VideoFrame) -> Turn:
    """The turn that a frame's matrix asks for, to the nearest right angle.

    Source: ISO/IEC 14496-12, 6.2.2: a stored point (x, y) is shown at (a x + c y, b x + d y),
    the matrix being (a, b, u), (c, d, v), (x, y, w) row by row.
    """
    matrix = frame.side_data.get("DISPLAYMATRIX")
    if matrix is None:
        return Turn()
    a, b, _, c, d = (float(value) for value in np.frombuffer(matrix, np.int32)[:5])
    if abs(a) + abs(d) >= abs(b) + abs(c):
        return Turn(mirrored=a < 0, upside_down=d < 0)
    return Turn(lies=True, mirrored=c < 0, upside_down=b < 0)

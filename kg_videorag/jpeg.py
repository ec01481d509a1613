"""Pictures as JPEG files in memory: what is kept of a video, and what servers are sent."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np

from kg_videorag.errors import MediaError

if TYPE_CHECKING:
    from numpy.typing import NDArray

# What vision models look at: SmolVLM 512 px, LLaVA 336, Qwen-VL as much as it is given (432 tokens
# of a 768 x 432 picture). The text of slides stays legible at it.
LONG_SIDE_PX = 768
# Of 100. Slides of samples/ take 16 to 34 kB at it, 19 to 43 kB at 92, and 13 ms to be written; a
# picture that is all detail takes 210 kB.
QUALITY = 85


def to_jpeg(picture: NDArray[np.uint8], *, long_side_px: int = LONG_SIDE_PX) -> bytes:
    """A picture as a JPEG file, made smaller where its long side is longer.

    Args:
        picture: uint8, shape (height, width, 3), RGB, of at least one pixel.
        long_side_px: The longest that a side may be; smaller pictures stay as they are.
    """
    from PIL import Image

    image = Image.fromarray(picture)
    image.thumbnail((long_side_px, long_side_px))
    file = BytesIO()
    image.save(file, "JPEG", quality=QUALITY)
    return file.getvalue()


def from_jpeg(file: bytes) -> NDArray[np.uint8]:
    """The picture of a JPEG file: uint8, shape (height, width, 3), RGB.

    Raises:
        MediaError: If it is none.
    """
    from PIL import Image

    try:
        with Image.open(BytesIO(file), formats=("JPEG",)) as image:
            return np.asarray(image.convert("RGB"))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise MediaError("a kept picture cannot be read", hint="Ingest it with --force.") from error

"""Keeps pictures of a video for those who look at them later, as small JPEG files.

One at every change of the scene, and one now and then while nothing changes. What does not
change is kept once: a slide that stands for an hour costs one file and 720 times.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg_videorag.ingest.scenes import Scenes
from kg_videorag.ingest.watch.looks import grey, largest_change
from kg_videorag.ingest.watch.pace import STEADY
from kg_videorag.jpeg import to_jpeg
from kg_videorag.model import Frame

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from kg_videorag.model import AudioBlock, Picture

# Of JPEG files: some 2,000 different slides, or 600 pictures of film
# that moves all the time (kg_videorag/jpeg.py), 50 minutes of it at one in 5 s.
_LIMIT_BYTES = 64 << 20


@dataclass(frozen=True, slots=True, eq=False)
class _Look:
    """A picture that was kept: how it looks, and its file."""

    grey: NDArray[np.float32]
    jpeg: bytes


class FrameKeeper:
    """A sense: takes pictures as they come, and gives those that were kept.

    Args:
        limit_bytes: Of the files that are kept. Beyond it every second one goes, and from then
            on pictures are kept half as often: hours of film keep to it too.
    """

    def __init__(self, *, limit_bytes: int = _LIMIT_BYTES) -> None:
        self._limit_bytes = limit_bytes
        self._scenes = Scenes()
        self._last: _Look | None = None
        self._frames: list[Frame] = []
        self._bytes = 0
        self._one_of = 1  # of so many that are news one is kept
        self._passed = 0

    def see(self, picture: Picture) -> None:
        """Look at the next picture; it is kept if it shows something else, or time has passed.

        Raises:
            MediaError: If it cannot be converted.
        """
        if not self._scenes.is_news(picture):
            return
        self._passed += 1
        if self._passed % self._one_of:
            return
        look = grey(picture)
        if self._last is None or _changed(look, self._last.grey):
            self._last = _Look(look, to_jpeg(picture.whole()))
            self._bytes += len(self._last.jpeg)
        self._frames.append(Frame(picture.at_ms, self._last.jpeg))
        if self._bytes > self._limit_bytes:
            self._thin_out()

    def hear(self, block: AudioBlock) -> None:
        """Pictures make no sound."""

    def finish(self) -> tuple[Frame, ...]:
        """What was kept, in order of time; those that show the same share their file."""
        return tuple(self._frames)

    def _thin_out(self) -> None:
        self._one_of *= 2
        self._frames = self._frames[::2]
        self._bytes = sum(len(jpeg) for jpeg in {id(f.jpeg): f.jpeg for f in self._frames}.values())


def _changed(one: NDArray[np.float32], other: NDArray[np.float32]) -> bool:
    """Whether two pictures are not one that stands still: a line that appears is a change."""
    return one.shape != other.shape or largest_change(one, other) >= STEADY

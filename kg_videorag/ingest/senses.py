"""What takes in a file while it streams by: pictures, blocks of sound, and a value in the end.

To add a sense: write a class with these three methods, add its line to `Perceiver._senses`, and
its stage to `stages.STAGES`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from kg_videorag.ingest.watch import Seen, Watcher

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg_videorag.model import AudioBlock, Picture
    from kg_videorag.ports import TextReader


class Sense(Protocol):
    """Takes in one file in one pass; what it keeps meanwhile must not grow with the file's length.

    A picture's `whole` is converted when it is asked for: ask for few.
    """

    def see(self, picture: Picture) -> None:
        """Look at the next picture, in order of time."""
        ...

    def hear(self, block: AudioBlock) -> None:
        """Listen to the next block of sound, in order of time."""
        ...

    def finish(self) -> object:
        """What was found, once there is no more: the result of the sense's stage."""
        ...


class ScreenSense:
    """The watcher of shots and of lines on the screen, as a sense.

    Args:
        reader: Reads pictures; None: nothing is read.
        end_ms: Tells, in the end, when the last picture goes; None where that is not known.
    """

    def __init__(self, reader: TextReader | None, end_ms: Callable[[], int | None]) -> None:
        self._watcher = Watcher(reader)
        self._end_ms = end_ms

    def see(self, picture: Picture) -> None:
        self._watcher.see(picture)

    def hear(self, block: AudioBlock) -> None:
        """Screens make no sound."""

    def finish(self) -> Seen:
        return self._watcher.finish(self._end_ms())

"""Presentation times of one stream as seconds on the video's clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg_videorag.ingest.media.source import file_end_s
from kg_videorag.ingest.media.tape import FILLED_GAP_S

if TYPE_CHECKING:
    import av

    from kg_videorag.ingest.media.source import Source

# Frames that step back further than this are on a new time line, not a repetition.
_OVERLAP_S = 1.0


class StreamClock:
    """Reads a stream's times; those that cannot be true give way to the count of frames."""

    def __init__(self, source: Source, stream: av.stream.Stream) -> None:
        self._tick_s = float(stream.time_base)
        self._zero_s = source.zero_s
        end_s = file_end_s(source)
        self._end_s = float("inf") if end_s is None else end_s - source.zero_s

    def time_s(self, pts: int | None, due_s: float) -> float:
        """When a frame is presented.

        Args:
            pts: Its presentation time in the stream's ticks, if it has one.
            due_s: When it is due, by the frames before it; on the clock.
        """
        if pts is None:
            return due_s
        at_s = float(pts * self._tick_s - self._zero_s)
        step_s = at_s - due_s
        if step_s < -_OVERLAP_S or (step_s > FILLED_GAP_S and at_s > self._end_s):
            self._zero_s += step_s
            return due_s
        return at_s

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
    """Reads a stream's times; those that cannot be true give way to the count of frames.

    Where recordings were joined end to end, times begin anew in the middle of the file. The
    stream that comes to it first goes on where it was; the others move by as much, so that
    sound and pictures stay together though one of them may begin later than the other.
    """

    def __init__(self, source: Source, stream: av.stream.Stream) -> None:
        self._tick_s = float(stream.time_base)
        self._source = source
        self._shift_s = 0.0
        end_s = file_end_s(source)
        self._end_s = float("inf") if end_s is None else end_s - source.zero_s

    def note(self, packet: av.Packet) -> None:
        """A packet will be decoded: what is decoded before the stated end may be shown after it.

        Headers count the time of decoding: the last slides of an mp4 with B-frames may be shown
        minutes after the end that it states.
        """
        if packet.pts is None or packet.dts is None:
            return
        if packet.dts * self._tick_s - self._source.zero_s <= self._end_s:
            shown_s = packet.pts * self._tick_s - self._source.zero_s
            self._end_s = max(self._end_s, float(shown_s))

    def time_s(self, pts: int | None, due_s: float) -> float:
        """When a frame is presented.

        Args:
            pts: Its presentation time in the stream's ticks, if it has one.
            due_s: When it is due, by the frames before it; on the clock.
        """
        if pts is None:
            return due_s
        stated_s = float(pts * self._tick_s - self._source.zero_s)
        step_s = stated_s + self._shift_s - due_s
        too_late = step_s > FILLED_GAP_S and stated_s + self._shift_s > self._end_s
        if step_s < -_OVERLAP_S or too_late:
            self._shift_s = self._moved_by_s(stated_s, due_s)
        return stated_s + self._shift_s

    def _moved_by_s(self, stated_s: float, due_s: float) -> float:
        """How far the new time line lies from the first: as another stream found, if it fits."""
        shifts_s = self._source.shifts_s
        for shift_s in reversed(shifts_s):
            if -_OVERLAP_S <= stated_s + shift_s - due_s <= FILLED_GAP_S:
                return shift_s
        shifts_s.append(due_s - stated_s)
        return shifts_s[-1]

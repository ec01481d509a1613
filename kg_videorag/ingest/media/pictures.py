"""A file's moving pictures: decoded in the same pass as the sound, sampled, made small.

Only a sample of the frames leaves here, each as a small copy by which pictures are compared;
the whole picture is converted for those who ask.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import av
from av.video.reformatter import Interpolation, VideoReformatter

from kg_videorag.errors import MediaError
from kg_videorag.ingest.media.clock import StreamClock
from kg_videorag.ingest.media.damage import TOLD_FROM_S, Damage, is_short
from kg_videorag.ingest.media.source import stream_end_s
from kg_videorag.ingest.media.upright import turn_of
from kg_videorag.model import SMALL_WIDTH_PX, Picture, timecode

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from kg_videorag.ingest.media.source import Source
    from kg_videorag.ingest.media.upright import Turn

# A shot or a slide that changes is found within this. Sampling every frame of 60 a second would
# cost six times as much and tell nothing more.
STEP_S = 0.1
# Slides stand for minutes, and their mean rate tells nothing of when the next one comes.
_LONGEST_FRAME_S = 1.0
_SLACK_S = 0.005  # times in containers are rounded to a millisecond, or to 1/90,000 s
_SMALL_MAX_HEIGHT_PX = 2 * SMALL_WIDTH_PX  # of pictures that stand upright


class PictureTrack:
    """Packets of pictures in, sampled pictures out.

    Attributes:
        damage: What could not be decoded.
        seen: How many pictures left here.
        decoded: How many there were.
    """

    def __init__(self, source: Source, stream: av.VideoStream) -> None:
        self.damage = Damage()
        self._source, self._stream = source, stream
        self._clock = StreamClock(source, stream)
        self._rate = float(stream.average_rate or 0) or 25.0
        self._reformatter = VideoReformatter()
        self._size: tuple[int, int] | None = None
        self._turn: tuple[int, Turn] | None = None
        self._due_s = 0.0  # when the next frame is due
        self._wanted_s = 0.0  # when the next frame is looked at
        self._read_end_s = 0.0
        self.seen = 0
        self.decoded = 0
        stream.thread_type = "AUTO"

    @property
    def seen_s(self) -> float:
        """How far the pictures are, on the clock."""
        return self._due_s

    def feed(self, packet: av.Packet | None) -> Iterator[Picture]:
        """Decode a packet, or by None what the decoder still holds."""
        if packet is not None and packet.pts is not None:
            self._clock.note(packet)
            end_s = (packet.pts + (packet.duration or 0)) * float(self._stream.time_base)
            self._read_end_s = max(self._read_end_s, end_s)
        try:
            frames = self._stream.codec_context.decode(packet)
        except (av.error.FFmpegError, ValueError) as error:
            self.damage.count(packet, self._stream)
            self.damage.note(error)
            return
        self.decoded += len(frames)
        for frame in frames:
            at_s = self._clock.time_s(frame.pts, self._due_s)
            self._due_s = at_s + min(1 / self._rate, _LONGEST_FRAME_S)
            if frame.is_corrupt:
                self.damage.count(None, self._stream)
                self.damage.lost_s += 1 / self._rate
            elif at_s >= self._wanted_s - _SLACK_S:
                yield from self._sample(frame, at_s)

    def faults(self) -> str:
        """What of the pictures is damaged, in words; "" where nothing is."""
        if self.damage.parts and not self.seen:
            return "none of its pictures can be decoded"
        if self.damage.lost_s >= TOLD_FROM_S:
            return f"{self.damage.lost_s:.0f} s of its pictures are damaged and were skipped"
        return ""

    def shortage(self) -> str:
        """Where the pictures end too early, in words; "" where they do not."""
        end_s = stream_end_s(self._stream)
        if end_s is None or not is_short(end_s - self._read_end_s, end_s - self._source.zero_s):
            return ""
        read = timecode(round(max(self._read_end_s - self._source.zero_s, 0.0) * 1000))
        stated = timecode(round((end_s - self._source.zero_s) * 1000))
        return f"the pictures end at {read} although the file says {stated}"

    def _sample(self, frame: av.VideoFrame, at_s: float) -> Iterator[Picture]:
        # Kept in step with the clock, so that rounded times do not stretch the step.
        self._wanted_s = max(self._wanted_s + STEP_S, at_s + STEP_S / 2)
        turn = self._turn_of(frame)
        width, height = self._size = self._size or _small_size(frame, turn)
        try:
            small = self._reformatter.reformat(
                frame, width=width, height=height, format="rgb24", interpolation=Interpolation.AREA
            ).to_ndarray()
        except (av.error.FFmpegError, ValueError):
            self.damage.count(None, self._stream)
            return
        self.seen += 1
        at_ms = max(round(at_s * 1000), 0)
        held_bytes = frame.width * frame.height * frame.format.padded_bits_per_pixel // 8
        whole = partial(_whole, frame, turn, self._source.name)
        yield Picture(at_ms, turn.upright(small), whole, held_bytes)

    def _turn_of(self, frame: av.VideoFrame) -> Turn:
        """A frame's turn; its matrix is read where the angle is new.

        Reading it ties the frame in a cycle, so that it lives until Python collects garbage:
        some hundred frames at once, were it read of each.
        """
        if self._turn is None or self._turn[0] != frame.rotation:
            self._turn = frame.rotation, turn_of(frame)
        return self._turn[1]


def _small_size(frame: av.VideoFrame, turn: Turn) -> tuple[int, int]:
    """Width and height, in px, of the small copies as stored: never larger than the frame."""
    width, height = (frame.height, frame.width) if turn.lies else (frame.width, frame.height)
    shrink = min(1.0, SMALL_WIDTH_PX / width, _SMALL_MAX_HEIGHT_PX / height)
    return max(round(frame.width * shrink), 1), max(round(frame.height * shrink), 1)


def _whole(frame: av.VideoFrame, turn: Turn, name: str) -> NDArray[np.uint8]:
    try:
        return turn.upright(frame.to_ndarray(format="rgb24"))
    except (av.error.FFmpegError, ValueError) as error:
        raise MediaError(
            f"{name}: a picture cannot be converted: {error}",
            hint="Convert the file to another format.",
        ) from error

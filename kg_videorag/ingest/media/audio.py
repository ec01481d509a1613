"""A file's sound: decoded, mixed to 16 kHz mono, laid on the clock, cut in blocks.

    packets -> frames (damage is skipped and counted) -> pieces (resampled, each with its
    place on the clock) -> blocks (cut where it is quiet)

Places come from presentation times, lengths from counted samples: within a run of frames
that follow each other samples are counted, so nothing drifts and a container's rounding does
no harm; where a presentation time leaves the count by more than `_TOLERANCE_S`, a new run
begins at that time; `tape` fills or skips what then lies between.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import av

from kg_videorag.errors import MediaError
from kg_videorag.ingest.media.clock import StreamClock
from kg_videorag.ingest.media.damage import TOLD_FROM_S, Damage, is_short
from kg_videorag.ingest.media.headers import riff_missing_factor
from kg_videorag.ingest.media.mix import Mixer
from kg_videorag.ingest.media.source import file_end_s, stream_end_s
from kg_videorag.model import SAMPLE_RATE_HZ, timecode

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from kg_videorag.ingest.media.source import Source
    from kg_videorag.ingest.media.tape import Piece, PieceTape, Tape
    from kg_videorag.model import AudioBlock

    _Piece = tuple[int, NDArray[np.int16]]

# Containers round times to 1 ms, or to one codec frame; a listener notices 100 ms.
_TOLERANCE_S = 0.05
# FFmpeg's filters cost as much for a frame of 20 ms as for one of a second: frames are joined.
_BATCH_SAMPLES = 65_536
_MIN_RATE_HZ, _MAX_RATE_HZ = 1_000, 1_000_000  # beyond, a header is damaged
# Containers whose header states the length of each stream, not of the whole alone; of an mp4 in
# fragments it states the whole.
_STATES_EACH = frozenset({"mov", "wav", "flac", "mp3", "avi", "aiff", "caf", "w64"})


class SoundTrack:
    """Packets of sound in, blocks out; by a tape that does not cut, pieces.

    Attributes:
        damage: What could not be decoded.
    """

    def __init__(self, source: Source, sound: av.AudioStream, tape: Tape | PieceTape) -> None:
        self.damage = Damage()
        self._source, self._sound = source, sound
        self._placer = _Placer(source, sound)
        self._tape = tape

    @property
    def heard_s(self) -> float:
        """Where the sound so far ends, on the clock."""
        return self._tape.end / SAMPLE_RATE_HZ

    def feed(self, packet: av.Packet | None) -> Iterator[AudioBlock | Piece]:
        """Decode a packet, or by None what the decoder still holds; yields full blocks."""
        for frame in _decoded(self._sound, packet, self.damage):
            for at, samples in self._placer.place(frame):
                yield from self._tape.lay(at, samples)

    def finish(self) -> Iterator[AudioBlock | Piece]:
        """The rest, once all packets were fed."""
        yield from self.feed(None)
        for at, samples in self._placer.flush():
            yield from self._tape.lay(at, samples)
        yield from self._tape.rest()

    def faults(self) -> str:
        """What is missing of the sound, in words; "" where nothing is.

        Raises:
            MediaError: If none of it can be decoded.
        """
        source, heard_s = self._source, self.heard_s
        ends = _ends_s(source, self._sound, heard_s)
        missing_s = ends[0] - ends[1] if ends else 0.0
        short = ends is not None and is_short(missing_s, ends[0])
        if heard_s == 0 and (self.damage.parts or source.gave_up or short):
            raise MediaError(
                f"{source.name}: none of its sound can be decoded",
                hint="Play the file to see whether it is whole; else convert or copy it again.",
            )
        at = timecode(round(heard_s * 1000))
        if ends is not None and short:
            stated = timecode(round(ends[0]) * 1000)
            return f"the sound ends at {at} although the file says {stated}"
        if source.gave_up:
            return f"the file cannot be read past {at}"
        if self.damage.lost_s >= TOLD_FROM_S:
            return f"{self.damage.lost_s:.0f} s of its sound are damaged and were skipped"
        return ""


class _Placer:
    """Resamples frames and gives each piece its place on the clock, in samples after zero."""

    def __init__(self, source: Source, sound: av.AudioStream) -> None:
        self._clock = StreamClock(source, sound)
        self._form: tuple[str, str, int] | None = None
        self._mixer: Mixer | None = None
        self._waiting: av.AudioFifo = None
        self._next_s = 0.0  # where the next frame is due
        self._at = 0  # where the next resampled piece goes

    def place(self, frame: av.AudioFrame) -> Iterator[_Piece]:
        form = (frame.format.name, frame.layout.name, frame.sample_rate)
        at_s = self._clock.time_s(frame.pts, self._next_s)
        if form != self._form or abs(at_s - self._next_s) > _TOLERANCE_S:
            yield from self.flush()
            self._begin_run(form, at_s, frame.layout.nb_channels)
        self._next_s += frame.samples / frame.sample_rate
        frame.pts = None  # a run is counted; the queue would refuse times that jitter
        self._waiting.write(frame)
        if self._waiting.samples >= _BATCH_SAMPLES:
            yield from self._resampled(self._waiting.read())

    def flush(self) -> Iterator[_Piece]:
        """The rest of the current run."""
        if self._form is not None:
            if self._waiting.samples:
                yield from self._resampled(self._waiting.read())
            yield from self._resampled(None)

    def _begin_run(self, form: tuple[str, str, int], at_s: float, channels: int) -> None:
        self._form = form
        self._mixer = Mixer(channels)
        self._waiting = av.AudioFifo()
        self._next_s = at_s
        self._at = round(at_s * SAMPLE_RATE_HZ)

    def _resampled(self, frame: av.AudioFrame | None) -> Iterator[_Piece]:
        for samples in self._mixer.mix(frame) if self._mixer else ():
            yield self._at, samples
            self._at += samples.size


def _decoded(
    sound: av.AudioStream, packet: av.Packet | None, damage: Damage
) -> list[av.AudioFrame]:
    """A packet's frames; a packet that fails is counted and left out."""
    frames: list[av.AudioFrame] | None
    try:
        frames = sound.codec_context.decode(packet)
    except (av.error.FFmpegError, ValueError) as error:
        frames = None
        damage.note(error)
    if frames is None or not all(_MIN_RATE_HZ <= f.sample_rate <= _MAX_RATE_HZ for f in frames):
        damage.count(packet, sound)
        return []
    return frames


def _ends_s(source: Source, sound: av.AudioStream, heard_s: float) -> tuple[float, float] | None:
    """The stated and the reached end, on the clock; None where the file states none.

    Where a container states one length for all its streams, its sound may rightly end
    sooner, so that what was read of any stream is held against it.
    """
    if source.guesses_length:
        return None
    in_fragments = source.kind == "mov" and not sound.frames
    if source.kind not in _STATES_EACH or in_fragments:
        end_s = file_end_s(source)
        return None if end_s is None else (end_s - source.zero_s, source.read_end_s - source.zero_s)
    end_s = stream_end_s(sound)
    if end_s is None:
        return None
    return (end_s - source.zero_s) * riff_missing_factor(source.path), heard_s

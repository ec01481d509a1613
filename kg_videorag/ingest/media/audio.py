"""A file's sound in one pass: decoded, mixed to 16 kHz mono, laid on the clock, cut in blocks.

    packets -> frames (damage is skipped and counted) -> pieces (resampled, each with its
    place on the clock) -> blocks (cut where it is quiet)

Places come from presentation times, lengths from counted samples: within a run of frames
that follow each other samples are counted, so nothing drifts and a container's rounding does
no harm; where a presentation time leaves the count by more than `_TOLERANCE_S`, a new run
begins at that time; `tape` fills or skips what then lies between.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import av

from kg_videorag.errors import MediaError, MediaTruncatedError
from kg_videorag.ingest.media.headers import riff_missing_factor
from kg_videorag.ingest.media.source import file_end_s, opened, packets, stream_end_s
from kg_videorag.ingest.media.tape import FILLED_GAP_S, Tape
from kg_videorag.model import SAMPLE_RATE_HZ, timecode

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from kg_videorag.ingest.media.source import Source
    from kg_videorag.model import AudioBlock

    _Piece = tuple[int, NDArray[np.int16]]

# Containers round times to 1 ms, or to one codec frame; a listener notices 100 ms.
_TOLERANCE_S = 0.05
# Frames that step back further than this are on a new time line, not a repetition.
_OVERLAP_S = 1.0
# FFmpeg's filters cost as much for a frame of 20 ms as for one of a second: frames are joined.
_BATCH_SAMPLES = 65_536
_MIN_RATE_HZ, _MAX_RATE_HZ = 1_000, 1_000_000  # beyond, a header is damaged
# Containers whose header states the length of each stream, not of the whole alone.
_STATES_EACH = frozenset({"mov", "wav", "flac", "mp3", "avi", "aiff", "caf", "w64"})


def audio_blocks(path: Path, *, block_s: float = 300.0) -> Iterator[AudioBlock]:
    """Decode a file's sound, in order of time, in memory bounded by the length of a block.

    A block is cut at the quietest place of its last 20 s (or of its second half), so that no
    word is torn. The next block follows without gap, unless the file itself has a gap of
    more than 10 s. Sound may run past the file's stated length by a codec frame.

    Args:
        path: A local file.
        block_s: The longest block, at least 1 s.

    Yields:
        Blocks of 16 kHz mono; none if the file has no sound.

    Raises:
        MediaError: If the file cannot be read, or none of its sound can be decoded.
        MediaTruncatedError: After the last block, if sound ends before the file says it does
            (by more than 1 s and 2 %), or 1 s or more of it was damaged and skipped.
        ValueError: If `block_s` is below 1.
    """
    if block_s < 1:
        raise ValueError(f"block_s must be at least 1, not {block_s}")
    return _blocks(path, round(block_s * SAMPLE_RATE_HZ))


def _blocks(path: Path, size: int) -> Iterator[AudioBlock]:
    with opened(path) as source:
        sound = source.sound
        if sound is None:
            return
        damage = _Damage()
        placer = _Placer(source, sound)
        tape = Tape(size)
        for frame in _frames(source, sound, damage):
            for at, samples in placer.place(frame):
                yield from tape.lay(at, samples)
        for at, samples in placer.flush():
            yield from tape.lay(at, samples)
        yield from tape.rest()
        heard_s = tape.end / SAMPLE_RATE_HZ
        _tell_damage(source, damage, _ends_s(source, sound, heard_s), heard_s)


@dataclass(slots=True)
class _Damage:
    """What could not be decoded."""

    parts: int = 0
    lost_s: float = 0.0


def _frames(source: Source, sound: av.AudioStream, damage: _Damage) -> Iterator[av.AudioFrame]:
    """Decoded frames of the sound stream; packets that fail are counted and left out."""
    for packet in packets(source):
        if packet.stream is sound:
            yield from _decoded(sound, packet, damage)
    yield from _decoded(sound, None, damage)


def _decoded(
    sound: av.AudioStream, packet: av.Packet | None, damage: _Damage
) -> list[av.AudioFrame]:
    frames: list[av.AudioFrame] | None
    try:
        frames = sound.codec_context.decode(packet)
    except (av.error.FFmpegError, ValueError):
        frames = None
    if frames is None or not all(_MIN_RATE_HZ <= f.sample_rate <= _MAX_RATE_HZ for f in frames):
        damage.parts += 1
        if packet is not None:
            damage.lost_s += (packet.duration or 0) * float(sound.time_base)
        return []
    return frames


class _Placer:
    """Resamples frames and gives each piece its place on the clock, in samples after zero."""

    def __init__(self, source: Source, sound: av.AudioStream) -> None:
        self._tick_s = float(sound.time_base)
        self._zero_s = source.zero_s
        end_s = file_end_s(source)
        self._end_s = float("inf") if end_s is None else end_s - source.zero_s
        self._form: tuple[str, str, int] | None = None
        self._resampler: av.AudioResampler = None
        self._waiting: av.AudioFifo = None
        self._next_s = 0.0  # where the next frame is due
        self._at = 0  # where the next resampled piece goes

    def place(self, frame: av.AudioFrame) -> Iterator[_Piece]:
        form = (frame.format.name, frame.layout.name, frame.sample_rate)
        at_s = self._time_s(frame)
        if form != self._form or abs(at_s - self._next_s) > _TOLERANCE_S:
            yield from self.flush()
            self._begin_run(form, at_s)
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

    def _begin_run(self, form: tuple[str, str, int], at_s: float) -> None:
        self._form = form
        # 16-bit output, because FFmpeg mixes down to it without exceeding full scale.
        self._resampler = av.AudioResampler(format="s16", layout="mono", rate=SAMPLE_RATE_HZ)
        self._waiting = av.AudioFifo()
        self._next_s = at_s
        self._at = round(at_s * SAMPLE_RATE_HZ)

    def _resampled(self, frame: av.AudioFrame | None) -> Iterator[_Piece]:
        for part in self._resampler.resample(frame):
            if part is not None and part.samples:  # a resampler with nothing to do hands on None
                samples = part.to_ndarray().reshape(-1)
                yield self._at, samples
                self._at += samples.size

    def _time_s(self, frame: av.AudioFrame) -> float:
        """When a frame is due; times that cannot be true give way to the count of samples."""
        if frame.pts is None:
            return self._next_s
        at_s = float(frame.pts * self._tick_s - self._zero_s)
        step_s = at_s - self._next_s
        if step_s < -_OVERLAP_S or (step_s > FILLED_GAP_S and at_s > self._end_s):
            self._zero_s += step_s
            return self._next_s
        return at_s


def _tell_damage(
    source: Source, damage: _Damage, ends: tuple[float, float] | None, heard_s: float
) -> None:
    """Say what is missing, once everything decodable has been given out."""
    missing_s = ends[0] - ends[1] if ends else 0.0
    short = ends is not None and missing_s > max(1.0, 0.02 * ends[0])
    if heard_s == 0 and (damage.parts or source.gave_up or short):
        raise MediaError(
            f"{source.name}: none of its sound can be decoded",
            hint="Play the file to see whether it is whole; else convert or copy it again.",
        )
    heard_ms = round(heard_s * 1000)
    if ends is not None and short:
        stated = timecode(round(ends[0]) * 1000)
        what = f"the sound ends at {timecode(heard_ms)} although the file says {stated}"
    elif source.gave_up:
        what = f"the file cannot be read past {timecode(heard_ms)}"
    elif damage.lost_s >= 1:
        what = f"{damage.lost_s:.0f} s of its sound are damaged and were skipped"
    else:
        return
    raise MediaTruncatedError(
        f"{source.name}: {what}",
        decoded_ms=heard_ms,
        hint="What could be read is kept; copy or download the file again for the rest.",
    )


def _ends_s(source: Source, sound: av.AudioStream, heard_s: float) -> tuple[float, float] | None:
    """The stated and the reached end, on the clock; None where the file states none.

    Where a container states one length for all its streams, its sound may rightly end
    sooner, so that what was read of any stream is held against it.
    """
    if source.guesses_length:
        return None
    if source.kind not in _STATES_EACH:
        end_s = file_end_s(source)
        return None if end_s is None else (end_s - source.zero_s, source.read_end_s - source.zero_s)
    end_s = stream_end_s(sound)
    if end_s is None:
        return None
    return (end_s - source.zero_s) * riff_missing_factor(source.path), heard_s

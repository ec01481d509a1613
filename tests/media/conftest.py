"""Files made here with PyAV that tell their own truth.

Every picture carries its number in eight bars of black and white, so that a test knows which
frame it was given and when that one was put into the file. Sound is silent but for chirps at
known times; where a chirp lies is found by correlation, to a sixteenth of a millisecond.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import av
import numpy as np
import pytest

from kg_videorag.ingest.media import decoded
from kg_videorag.model import SAMPLE_RATE_HZ, AudioBlock

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

    from kg_videorag.model import Picture

CHIRP_S = 0.05
BARS = 8  # bits of a picture's number
SIZE_PX = (64, 32)


@dataclass(frozen=True)
class Film:
    """What to put into a file; times are in ms, on the muxer's clock.

    Args:
        picture: The codec of its pictures; "" for none.
        sound: The codec of its sound; "" for none.
        frames_ms: When each picture is shown; at most 256 of them.
        sound_ms: When the sound begins and ends.
        chirps_ms: When a chirp begins.
        rate: Of the sound, in Hz.
        layout: Of the sound's channels.
        container: FFmpeg's name of the container; by the file's ending where not given.
        options: Of the container.
        picture_options: Of the pictures' codec.
        pixels: The pictures' format.
        sound_frame_ms: How much sound one frame holds.
        picture_ticks: Of the pictures' codec, in a second; old codecs take their rate alone.
    """

    picture: str = "mpeg4"
    sound: str = "aac"
    frames_ms: tuple[int, ...] = tuple(range(0, 4000, 40))
    sound_ms: tuple[int, int] = (0, 4000)
    chirps_ms: tuple[int, ...] = (2000, 3000)
    rate: int = 48_000
    layout: str = "mono"
    container: str | None = None
    options: dict[str, str] = field(default_factory=dict)
    picture_options: dict[str, str] = field(default_factory=dict)
    pixels: str = "yuv420p"
    sound_frame_ms: int = 20
    picture_ticks: int = 1000
    swapped_wires: bool = False  # the second channel is the first in opposite phase

    def but(self, **changes: Any) -> Film:
        return replace(self, **changes)

    def write(self, path: Path) -> Path:
        """Make the file."""
        with av.open(str(path), "w", format=self.container, options=self.options) as file:
            frames = []
            if self.picture:
                frames += self._pictures(file)
            if self.sound:
                frames += self._sounds(file)
            for _, stream, frame in sorted(frames, key=lambda item: item[0]):
                file.mux(stream.encode(frame))
            for stream in file.streams:
                if stream.codec_context is not None:
                    file.mux(stream.encode(None))
        return path

    def _pictures(self, file):
        stream = file.add_stream(self.picture, rate=25, options=self.picture_options)
        (stream.width, stream.height), stream.pix_fmt = SIZE_PX, self.pixels
        stream.codec_context.time_base = Fraction(1, self.picture_ticks)
        for number, at_ms in enumerate(self.frames_ms):
            frame = av.VideoFrame.from_ndarray(numbered(number), "rgb24")
            frame.pts = at_ms * self.picture_ticks // 1000
            frame.time_base = Fraction(1, self.picture_ticks)
            yield at_ms / 1000, stream, frame

    def _sounds(self, file):
        stream = file.add_stream(self.sound, rate=self.rate, layout=self.layout)
        convert = av.AudioResampler(stream.codec_context.format, self.layout, self.rate)
        channels = av.AudioLayout(self.layout).nb_channels
        step = self.rate * self.sound_frame_ms // 1000
        first, last = (self.rate * at_ms // 1000 for at_ms in self.sound_ms)
        for at in range(first, last, step):
            times_s = (at + np.arange(min(step, last - at))) / self.rate
            samples = np.zeros(times_s.size, np.float32)
            for chirp_ms in self.chirps_ms:
                samples += chirp(times_s - chirp_ms / 1000)
            each = np.tile(samples, (channels, 1))
            if self.swapped_wires:
                each[1] *= -1
            frame = av.AudioFrame.from_ndarray(each, "fltp", self.layout)
            frame.sample_rate = self.rate
            frame.pts, frame.time_base = at, Fraction(1, self.rate)
            for part in convert.resample(frame):
                yield at / self.rate, stream, part


def numbered(number: int) -> np.ndarray:
    """A picture that shows its number in bars, the highest bit first."""
    width, height = SIZE_PX
    bits = [number >> bit & 1 for bit in reversed(range(BARS))]
    row = np.repeat(np.array(bits, np.uint8) * 235, width // BARS)
    return np.repeat(np.tile(row, (height, 1))[:, :, None], 3, axis=2)


def number_of(pixels: np.ndarray) -> int:
    """The number that a picture shows."""
    width = pixels.shape[1] // BARS
    bars = [pixels[:, i * width : (i + 1) * width].mean() > 118 for i in range(BARS)]
    return int("".join("1" if bar else "0" for bar in bars), 2)


def chirp(times_s: np.ndarray) -> np.ndarray:
    """From 400 to 2,000 Hz in 50 ms: its place can be told to a sample."""
    inside = (times_s >= 0) & (times_s < CHIRP_S)
    sweep = 400 * times_s + 0.5 * (1600 / CHIRP_S) * times_s**2
    window = np.sin(np.pi * np.clip(times_s / CHIRP_S, 0, 1)) ** 2
    return np.where(inside, 0.5 * window * np.sin(2 * np.pi * sweep), 0).astype(np.float32)


@dataclass(frozen=True)
class Told:
    """What decoding gave.

    Args:
        frames_ms: When each picture was said to be shown, by its number.
        chirps_ms: When each chirp was heard.
        starts_ms: Where blocks of sound begin.
        loudest: The largest sample.
    """

    frames_ms: dict[int, int]
    chirps_ms: tuple[float, ...]
    starts_ms: tuple[int, ...]
    loudest: float


def told(path: Path, **options: Any) -> Told:
    """Decode a file and find its numbers and chirps."""
    frames_ms: dict[int, int] = {}
    blocks = []
    for part in decoded(path, **options):
        if isinstance(part, AudioBlock):
            blocks.append(part)
        else:
            frames_ms[number_of(part.small)] = part.at_ms
    return Told(
        frames_ms,
        tuple(at_ms for block in blocks for at_ms in _chirps_ms(block)),
        tuple(block.start_ms for block in blocks),
        max((float(np.abs(block.samples).max()) for block in blocks), default=0.0),
    )


def pictures(path: Path) -> list[Picture]:
    """The pictures alone."""
    return [part for part in decoded(path, sound=False) if not isinstance(part, AudioBlock)]


def _chirps_ms(block: AudioBlock) -> list[float]:
    pattern = chirp(np.arange(round(CHIRP_S * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ)
    padded = np.concatenate([block.samples, np.zeros(pattern.size, np.float32)])
    likeness = np.correlate(padded, pattern, "valid")
    found = []
    # A chirp of a tenth of its loudness is still one: many channels are mixed into one.
    least = max(0.6 * float(likeness.max(initial=0)), 0.03 * float(pattern @ pattern))
    while likeness.size and likeness.max() > least:
        at = int(likeness.argmax())
        found.append(block.start_ms + at * 1000 / SAMPLE_RATE_HZ)
        likeness[max(0, at - pattern.size) : at + pattern.size] = 0
    return sorted(found)


@pytest.fixture(scope="session", name="media")
def _media() -> ModuleType:
    """This file, for the tests beside it."""
    return sys.modules[__name__]

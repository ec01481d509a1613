"""Mixes decoded sound to 16 kHz mono, also where its two channels would cancel each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import av
import numpy as np

from kg_videorag.model import SAMPLE_RATE_HZ

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

# One wire of a balanced line swapped gives a channel of opposite phase. Of music and of voices
# recorded in rooms the sum has about half of the energy of both; what is left of swapped wires is
# noise. A hundredth is -20 dB.
_CANCELLED = 0.01


class Mixer:
    """A resampler whose output is mono, int16, SAMPLE_RATE_HZ.

    Args:
        channels: Of the sound that comes in.
    """

    def __init__(self, channels: int) -> None:
        # Two channels are mixed here, others by FFmpeg. 16-bit output, because it mixes down to
        # that without exceeding full scale.
        self._layout = "stereo" if channels == 2 else "mono"
        self._resampler = av.AudioResampler(format="s16", layout=self._layout, rate=SAMPLE_RATE_HZ)

    def mix(self, frame: av.AudioFrame | None) -> Iterator[NDArray[np.int16]]:
        """What comes out for a frame, or by None what is still held."""
        for part in self._resampler.resample(frame):
            if part is not None and part.samples:  # with nothing to do it hands on None
                samples = part.to_ndarray().reshape(-1)
                yield mono(samples.reshape(-1, 2)) if self._layout == "stereo" else samples


def mono(stereo: NDArray[np.int16]) -> NDArray[np.int16]:
    """The mean of two channels; of channels in opposite phase half their difference.

    Args:
        stereo: int16, shape (n, 2).

    Returns:
        int16, shape (n,).
    """
    left, right = stereo[:, 0].astype(np.int32), stereo[:, 1].astype(np.int32)
    total, difference = left + right, left - right
    kept = difference if _energy(total) < _CANCELLED * _energy(difference) else total
    return (kept // 2).astype(np.int16)


def _energy(samples: NDArray[np.int32]) -> float:
    floats = samples.astype(np.float64)
    return float(floats @ floats)

"""Sound as YAMNet takes it: patches of a logarithmic mel spectrogram.

Source: YAMNet's features.py and params.py (tensorflow/models, research/audioset/yamnet) and
tf.signal.linear_to_mel_weight_matrix, whose triangles stand in mels, not in hertz. The libraries
here that could make the bank import torch for it (2.4 s and more).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from kg_videorag.model import SAMPLE_RATE_HZ

if TYPE_CHECKING:
    from numpy.typing import NDArray

PATCH_FRAMES, MEL_BINS = 96, 64
_FRAME, _HOP, _FFT = 400, 160, 512  # samples: 25 ms, 10 ms, and the next power of two
PATCH_SAMPLES = _FRAME + (PATCH_FRAMES - 1) * _HOP  # 0.975 s
_STEP_FRAMES = 48
STEP_SAMPLES = _STEP_FRAMES * _HOP  # 0.48 s: YAMNet's own; every moment is in two patches
_LOWEST_HZ, _HIGHEST_HZ = 125.0, 7_500.0
_LOG_OFFSET = 1e-3


def patches(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """All patches of a stretch of sound, one every STEP_SAMPLES.

    Make many at once: measured, numpy's threads take ten times as long over one patch as over
    its share of a minute.

    Args:
        samples: float32, shape (PATCH_SAMPLES or more,), mono, SAMPLE_RATE_HZ, range -1..1.

    Returns:
        float32, shape (n, PATCH_FRAMES, MEL_BINS).
    """
    frames = np.lib.stride_tricks.sliding_window_view(samples, _FRAME)[::_HOP]
    # The periodic form of the window, which spectra are made with; numpy's own is symmetric.
    window = np.hanning(_FRAME + 1)[:-1].astype(np.float32)
    magnitudes = np.abs(np.fft.rfft(frames * window, _FFT))
    logs = np.log(magnitudes @ _bank() + _LOG_OFFSET)
    windows = np.lib.stride_tricks.sliding_window_view(logs, PATCH_FRAMES, axis=0)[::_STEP_FRAMES]
    return np.asarray(windows.transpose(0, 2, 1), dtype=np.float32)


@cache
def _bank() -> NDArray[np.float32]:
    """Weights of each frequency in each mel bin, shape (_FFT // 2 + 1, MEL_BINS)."""
    frequencies = _mels(np.linspace(0.0, SAMPLE_RATE_HZ / 2, _FFT // 2 + 1))[:, None]
    edges = np.linspace(_mels(np.array(_LOWEST_HZ)), _mels(np.array(_HIGHEST_HZ)), MEL_BINS + 2)
    lower, centre, upper = edges[:-2], edges[1:-1], edges[2:]
    rising = (frequencies - lower) / (centre - lower)
    falling = (upper - frequencies) / (upper - centre)
    return np.maximum(0.0, np.minimum(rising, falling)).astype(np.float32)


def _mels(hertz: NDArray[np.float64]) -> NDArray[np.float64]:
    return 1127.0 * np.log1p(hertz / 700.0)

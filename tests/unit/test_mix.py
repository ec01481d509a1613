"""Two channels to one."""

from __future__ import annotations

import numpy as np

from kg_videorag.ingest.media.mix import mono

LOUDEST = np.array([-32768, 32767, 0, 1200], np.int16)


def test_like_channels_are_as_loud_as_each() -> None:
    assert mono(np.stack([LOUDEST, LOUDEST], axis=1)).tolist() == LOUDEST.tolist()


def test_channels_of_opposite_phase_are_heard() -> None:
    other = np.array([32767, -32767, 0, -1200], np.int16)
    assert mono(np.stack([LOUDEST, other], axis=1)).tolist() == [-32768, 32767, 0, 1200]


def test_channels_that_have_little_in_common_are_both_heard() -> None:
    one = np.array([1000, 0, -1000, 0], np.int16)
    assert mono(np.stack([one, np.roll(one, 1)], axis=1)).tolist() == [500, 500, -500, -500]


def test_silence_is_silence() -> None:
    assert not mono(np.zeros((4, 2), np.int16)).any()

"""Placed samples collected into blocks, each cut where it is quiet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kg_videorag.model import SAMPLE_RATE_HZ, AudioBlock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray


FILLED_GAP_S = 10.0
"""A gap up to here is filled with silence, so that a lossy file stays in one piece."""

_SEARCH_S = 20.0
_HOP = SAMPLE_RATE_HZ // 20  # 50 ms
_QUIET_HOPS = 4  # 200 ms: the silence inside a "t" or a "k" is shorter than a pause


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Some sound before it is cut into blocks.

    Args:
        at: Where it is laid, in samples after zero; it may overlap what lies there already.
        samples: int16, shape (n,), mono, SAMPLE_RATE_HZ.
    """

    at: int
    samples: NDArray[np.int16]


class PieceTape:
    """Hands pieces on as they are, for a tape that is elsewhere."""

    def __init__(self) -> None:
        self.end = 0

    def lay(self, at: int, samples: NDArray[np.int16]) -> Iterator[Piece]:
        """The piece; keeps count of where the sound ends, as `Tape` does."""
        self.end = max(self.end, at + samples.size)
        yield Piece(at, samples)

    def rest(self) -> Iterator[Piece]:
        """Nothing is held back."""
        return iter(())


class Tape:
    """Collects placed samples into one block at a time and cuts it when it is full."""

    def __init__(self, size: int) -> None:
        self._block = np.zeros(size, np.int16)
        self._length = 0
        self._start = 0

    @property
    def end(self) -> int:
        """Where the sound so far ends, in samples after zero."""
        return self._start + self._length

    def lay(self, at: int, samples: NDArray[np.int16]) -> Iterator[AudioBlock]:
        """Put samples in their place; yields the blocks that became full."""
        gap = at - self.end
        if gap > FILLED_GAP_S * SAMPLE_RATE_HZ:
            yield from self.rest()
        if self._length == 0:
            self._start += max(gap, 0)
        elif gap > 0:
            yield from self._append(np.zeros(gap, np.int16))
        yield from self._append(samples[max(-gap, 0) :])

    def rest(self) -> Iterator[AudioBlock]:
        """The last block, if there is any sound in it."""
        if self._length:
            yield self._take(self._length)

    def _append(self, samples: NDArray[np.int16]) -> Iterator[AudioBlock]:
        while samples.size:
            part = samples[: self._block.size - self._length]
            self._block[self._length : self._length + part.size] = part
            self._length += part.size
            samples = samples[part.size :]
            if self._length == self._block.size:
                yield self._take(self._quiet_place())

    def _quiet_place(self) -> int:
        """The middle of the quietest 200 ms near the end of a full block."""
        size = self._block.size
        hops = max(_QUIET_HOPS, int(min(_SEARCH_S * SAMPLE_RATE_HZ, size / 2)) // _HOP)
        first = size - hops * _HOP
        tail = self._block[first:].astype(np.float32).reshape(hops, _HOP)
        energy = np.convolve(np.square(tail).mean(axis=1), np.ones(_QUIET_HOPS), "valid")
        quietest = np.flatnonzero(energy == energy.min())
        # The middle one, where digital silence makes many equal.
        hop = int(quietest[quietest.size // 2]) + _QUIET_HOPS // 2
        return first + hop * _HOP

    def _take(self, length: int) -> AudioBlock:
        samples = self._block[:length].astype(np.float32)
        samples /= 32768
        block = AudioBlock(start_ms=round(self._start * 1000 / SAMPLE_RATE_HZ), samples=samples)
        rest = self._length - length
        self._block[:rest] = self._block[length : self._length].copy()
        self._start += length
        self._length = rest
        return block

"""In which row of an index a label's vector stands, and which rows are still alive.

Indexes that only append leave a row behind wherever a label is replaced or removed. Arrays
hold what a set of Python's numbers would take ten times the memory and the time for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from numpy.typing import NDArray

NOWHERE = -1


class LabelRows:
    """Rows in the order of adding; of a label that comes again, its last row counts.

    Args:
        labels: Of all rows, shape (rows,), int64.
    """

    def __init__(self, labels: NDArray[np.int64] | None = None) -> None:
        self._labels = np.empty(0, dtype=np.int64)
        self._is_live = np.empty(0, dtype=bool)
        self._rows = 0
        # Labels that are alive by size, and their rows: kept in order, since an index that is
        # built comes in batches of a thousand, and sorting all anew for each would take longer.
        self._known = np.empty(0, dtype=np.int64)
        self._known_rows = np.empty(0, dtype=np.int64)
        if labels is not None:
            self.append(labels)

    def __len__(self) -> int:
        """How many are alive."""
        return len(self._known)

    @property
    def rows(self) -> int:
        """How many there are, dead ones too."""
        return self._rows

    @property
    def is_live(self) -> NDArray[np.bool_]:
        """By row."""
        return self._is_live[: self._rows]

    @property
    def labels(self) -> NDArray[np.int64]:
        """By row."""
        return self._labels[: self._rows]

    def live(self) -> NDArray[np.int64]:
        """Rows that are alive, in order."""
        return np.flatnonzero(self.is_live)

    def append(self, labels: NDArray[np.int64]) -> None:
        """Add a row for each label."""
        self.drop(labels)
        needed = self._rows + len(labels)
        if needed > len(self._labels):
            room = max(needed, 2 * len(self._labels), 1024)
            self._labels = np.resize(self._labels, room)
            self._is_live = np.resize(self._is_live, room)
        self._labels[self._rows : needed] = labels
        self._is_live[self._rows : needed] = False
        # Of labels that come twice at once, the last row counts.
        added, from_end = np.unique(labels[::-1], return_index=True)
        rows = needed - 1 - from_end
        self._is_live[rows] = True
        self._rows = needed
        places = np.searchsorted(self._known, added)
        self._known = np.insert(self._known, places, added)
        self._known_rows = np.insert(self._known_rows, places, rows)

    def drop(self, labels: NDArray[np.int64]) -> None:
        """Let the rows of some labels be dead; unknown ones are ignored."""
        gone = self.among(labels)
        if len(gone):
            self._is_live[gone] = False
            kept = self._is_live[self._known_rows]
            self._known, self._known_rows = self._known[kept], self._known_rows[kept]

    def find(self, labels: NDArray[np.int64]) -> NDArray[np.int64]:
        """The row of each label; NOWHERE for one that is not alive."""
        if not len(self._known):
            return np.full(len(labels), NOWHERE, dtype=np.int64)
        places = np.searchsorted(self._known[:-1], labels)
        found = self._known_rows[places]
        found[self._known[places] != labels] = NOWHERE
        return found

    def among(self, labels: NDArray[np.int64]) -> NDArray[np.int64]:
        """The rows of those labels that are alive, each once, in order."""
        found = self.find(labels)
        found.sort()
        is_first = np.empty(len(found), dtype=bool)
        is_first[:1] = True
        np.not_equal(found[1:], found[:-1], out=is_first[1:])
        rows: NDArray[np.int64] = found[is_first & (found != NOWHERE)]
        return rows


def as_labels(labels: Collection[int] | Iterable[int]) -> NDArray[np.int64]:
    """Labels as an array; one that is given as an array is taken as it is."""
    if isinstance(labels, np.ndarray):
        return labels.astype(np.int64, copy=False)
    if isinstance(labels, range):
        return np.arange(labels.start, labels.stop, labels.step, dtype=np.int64)
    return np.fromiter(labels, dtype=np.int64)


def best_of(cosines: NDArray[np.float32], k: int) -> NDArray[np.int64]:
    """Places of the k highest, best first; to sort all of a long scan takes as long as the scan."""
    if len(cosines) <= 4 * k:
        return np.argsort(-cosines, kind="stable")[:k]
    high = np.argpartition(-cosines, k)[:k]
    best: NDArray[np.int64] = high[np.lexsort((high, -cosines[high]))]
    return best

"""The vectors inside a saved hnswlib index, looked at where they lie.

hnswlib hands out vectors as lists of Python's numbers: 40 to 200 microseconds for one of 1,024,
where numpy takes two from the file. So a scan of a tenth of a library took seconds.

Source: hnswlib 0.8, hnswalg.h, `saveIndex`: thirteen numbers, then for each element its links,
its vector and its label.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import numpy as np

from kg_videorag.errors import VectorIndexError
from kg_videorag.vectors.label_rows import LabelRows

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

# Offset of level 0, capacity, count, bytes an element, offsets of label and vector; highest
# level, entry; links above level 0 and on it, M, its logarithm's inverse, ef_construction.
_HEAD = struct.Struct("<6QiI3QdQ")
_CACHED_NUMBERS = 1 << 17  # half a megabyte
_LINK_BYTES, _NUMBER_BYTES, _LABEL_BYTES = 4, 4, 8


def stored_vectors(path: Path, dimension: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Labels, and vectors of shape (count, dimension) that stay in the file.

    They are those of the file as it was opened, also after another has taken its place.

    Raises:
        VectorIndexError: If hnswlib writes its files otherwise.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD.size)
    _, _, count, element_bytes, label_at, vector_at, *_, links, _, _, _ = _HEAD.unpack(head)
    links_bytes = _LINK_BYTES * (links + 1)
    expected = (links_bytes, links_bytes + _NUMBER_BYTES * dimension)
    if (vector_at, label_at) != expected or element_bytes != label_at + _LABEL_BYTES:
        raise VectorIndexError(
            f"{path.name} is laid out in a way that is not known here",
            hint="Install hnswlib 0.8, or set KGV_VECTOR_INDEX=json.",
        )
    if not count:
        return np.empty(0, dtype=np.int64), np.empty((0, dimension), dtype=np.float32)
    element = np.dtype(
        {
            "names": ["vector", "label"],
            "formats": [(np.float32, (dimension,)), np.int64],
            "offsets": [vector_at, label_at],
            "itemsize": element_bytes,
        }
    )
    elements = np.memmap(path, dtype=element, mode="r", offset=_HEAD.size, shape=(count,))
    return np.array(elements["label"]), elements["vector"].view(np.ndarray)


class RowVectors:
    """Vectors by row: those of a saved file where they lie, and what came since in memory.

    Args:
        dimension: Length of a vector.
    """

    def __init__(self, dimension: int) -> None:
        self.rows = LabelRows()
        self._stored = np.empty((0, dimension), dtype=np.float32)
        self._recent = np.empty((0, dimension), dtype=np.float32)

    def open(self, path: Path) -> None:
        """Look at a saved file, and let go of what is in memory."""
        labels, self._stored = stored_vectors(path, self._recent.shape[1])
        self.rows = LabelRows(labels)
        self._recent = np.empty((0, self._recent.shape[1]), dtype=np.float32)

    def append(self, labels: NDArray[np.int64], vectors: NDArray[np.float32]) -> None:
        """Add rows, which take the place of those that had the same labels.

        Args:
            labels: Of the rows.
            vectors: Of any length but 0; they are kept of length 1, as hnswlib does.
        """
        first = self.rows.rows - len(self._stored)
        needed = first + len(labels)
        if needed > len(self._recent):
            grown = np.empty((max(needed, 2 * len(self._recent)), vectors.shape[1]), np.float32)
            grown[:first] = self._recent[:first]
            self._recent = grown
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        self._recent[first:needed] = vectors / np.maximum(lengths, np.finfo(np.float32).tiny)
        self.rows.append(labels)

    def cosines(self, query: NDArray[np.float32], rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Of a query of length 1 with some rows.

        In pieces that the processor's cache holds, and by one thread: the threads of a matrix
        product wait for each other longer than they calculate where other work goes on.
        """
        found = np.empty(len(rows), dtype=np.float32)
        piece = max(1, _CACHED_NUMBERS // max(1, len(query)))
        for start in range(0, len(rows), piece):
            taken = self.take(rows[start : start + piece])
            np.vecdot(taken, query, out=found[start : start + piece])
        return found

    def take(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """The vectors of some rows, in this order."""
        split = len(self._stored)
        is_recent = rows >= split
        if not is_recent.any():
            return self._stored[rows]
        taken = np.empty((len(rows), self._recent.shape[1]), dtype=np.float32)
        taken[is_recent] = self._recent[rows[is_recent] - split]
        taken[~is_recent] = self._stored[rows[~is_recent]]
        return taken

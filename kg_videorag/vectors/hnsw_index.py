"""The default VectorIndex: hnswlib, a graph of near neighbours in memory."""

from __future__ import annotations

import errno
import math
import os
from collections.abc import Set
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any

import hnswlib
import numpy as np

from kg_videorag.errors import IndexCorruptError, VectorIndexError
from kg_videorag.vectors import manifest as manifests
from kg_videorag.vectors.hnsw_file import RowVectors
from kg_videorag.vectors.index_of import IndexOf
from kg_videorag.vectors.label_rows import NOWHERE, as_labels, best_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from numpy.typing import NDArray

    from kg_videorag.vectors.manifest import Manifest

M = 16
EF_CONSTRUCTION = 200
# recall@10 against an exact scan: 4,000 MiniLM vectors .9945 at ef 64 and .9995 at 128; random
# 384-d ones, the hardest case, .80 and .95. It costs at most 0.35 ms a query more.
EF = 128
# hnswlib asks a filter of Python's at every vector that it meets. So more is drawn than wanted,
# and what the filter keeps is taken; where that draws more than this share of what the filter
# keeps, a scan of all of that is as fast, and exact (benchmarks/ann.py).
_DRAWN_SHARE = 0.10
_SPARE = 1.5  # the kept share of what is near is not that of the whole
_MIN_CAPACITY = 1024


class HnswIndex:
    """Implements `ports.VectorIndex`.

    Args:
        folder: Where it is saved.
        space: Which space of vectors it holds.
        model: Who made the vectors; an index of another model is refused.
        dimension: Length of a vector.
        library_id: Of which graph it is a copy.
        graph: Not needed: what the graph holds is brought to it.
    """

    name = "hnswlib"

    def __init__(
        self,
        folder: Path,
        *,
        space: str,
        model: str,
        dimension: int,
        library_id: str,
        graph: object = None,
    ) -> None:
        del graph
        self._of = IndexOf(folder, space, model, dimension, library_id)
        self._lock = RLock()  # hnswlib must not be searched while it is added to
        self.clear()

    @property
    def dimension(self) -> int:
        return self._of.dimension

    @property
    def seq(self) -> int:
        return self._seq

    @property
    def labels(self) -> frozenset[int]:
        with self._lock:
            rows = self._held.rows
            return frozenset(rows.labels[rows.live()].tolist())

    def __len__(self) -> int:
        return len(self._held.rows)

    def clear(self) -> None:
        with self._lock:
            self._index = self._empty(_MIN_CAPACITY)
            self._held = RowVectors(self._of.dimension)
            self._deleted: set[int] = set()
            self._seq = 0

    def mark(self, seq: int) -> None:
        self._seq = seq

    def add(self, labels: Sequence[int], vectors: NDArray[np.float32]) -> None:
        self._of.require_fit(labels, vectors)
        if not len(labels):
            return
        added = as_labels(labels)
        with self._lock:
            rows, deleted = self._held.rows, as_labels(self._deleted)
            is_new = (rows.find(added) == NOWHERE) & ~np.isin(added, deleted)
            needed = len(self) + len(deleted) + len(np.unique(added[is_new]))
            if needed > self._index.get_max_elements():
                self._index.resize_index(max(needed, 2 * self._index.get_max_elements()))
            self._index.add_items(vectors, added.astype(np.uint64))
            self._held.append(added, vectors)
            self._deleted.difference_update(added.tolist())

    def remove(self, labels: Iterable[int]) -> None:
        with self._lock:
            rows = self._held.rows
            gone = rows.labels[rows.among(as_labels(labels))]
            for label in gone.tolist():
                self._index.mark_deleted(label)
            rows.drop(gone)
            self._deleted.update(gone.tolist())

    def vectors(self, labels: Sequence[int]) -> NDArray[np.float32]:
        wanted = as_labels(labels)
        with self._lock:
            rows = self._held.rows.find(wanted)
            if (rows == NOWHERE).any():
                raise VectorIndexError(f"the index has no label {wanted[rows == NOWHERE].min()}")
            return self._held.take(rows)

    def search(
        self, query: NDArray[np.float32], k: int, within: Collection[int] | None = None
    ) -> list[tuple[int, float]]:
        self._of.require_query(query)
        with self._lock:
            live = len(self)
            if k < 1 or not live:
                return []
            if within is None:
                found = self._nearest(query, min(k, live))
            else:
                draw = math.ceil(_SPARE * k * max(1.0, live / max(1, len(within))))
                drawn = None
                if draw <= _DRAWN_SHARE * min(len(within), live):
                    drawn = self._nearest(query, draw)
                found = drawn and _kept(drawn, k, within)
            return found or self._scan(query, k, within)

    def save(self) -> None:
        with self._lock:
            if len(self._deleted) > len(self):
                self._compact()
            self._held.open(manifests.save(self._of.folder, self._manifest(), self._write))
            self._held.rows.drop(as_labels(self._deleted))

    def load(self) -> bool:
        with self._lock:
            found = manifests.load(self._of.folder, self._manifest())
            if found is None:
                return False
            manifest, path = found
            index = hnswlib.Index(space="cosine", dim=self._of.dimension)
            try:
                index.load_index(str(path), max_elements=2 * max(manifest.count, _MIN_CAPACITY))
                self._held.open(path)
            except (RuntimeError, OSError) as error:
                raise IndexCorruptError(
                    f"{path.name} cannot be loaded: {error}",
                    hint="Run `kg-videorag index rebuild`.",
                ) from error
            index.set_ef(EF)  # hnswlib does not save it
            self._index = index
            self._deleted = set(manifest.deleted)
            self._held.rows.drop(as_labels(manifest.deleted))
            self._seq = manifest.seq
            return True

    def _write(self, path: str) -> None:
        """Write the file, and notice a full disk, which hnswlib does not."""
        self._index.save_index(path)
        if Path(path).stat().st_size != self._index.index_file_size():
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path)

    def _nearest(self, query: NDArray[np.float32], k: int) -> list[tuple[int, float]] | None:
        """By the graph of neighbours; None where it reaches fewer than k."""
        self._index.set_ef(max(EF, 2 * k))
        try:
            labels, distances = self._index.knn_query(query, k=k, num_threads=1)
        except RuntimeError:
            return None
        return list(zip(labels[0].tolist(), (1.0 - distances[0]).tolist(), strict=True))

    def _scan(
        self, query: NDArray[np.float32], k: int, within: Collection[int] | None
    ) -> list[tuple[int, float]]:
        rows = self._held.rows
        chosen = rows.live() if within is None else rows.among(as_labels(within))
        cosines = self._held.cosines(query, chosen)
        best = best_of(cosines, k)
        labels = rows.labels[chosen[best]]
        return list(zip(labels.tolist(), cosines[best].tolist(), strict=True))

    def _compact(self) -> None:
        """Build anew without what was removed, which hnswlib only marks."""
        rows = self._held.rows
        live = rows.live()
        labels, vectors = rows.labels[live], self._held.take(live)
        self._index = self._empty(max(_MIN_CAPACITY, len(labels)))
        self._held = RowVectors(self._of.dimension)
        self._deleted = set()
        self.add(labels.tolist(), vectors)

    def _empty(self, capacity: int) -> Any:  # noqa: ANN401 - hnswlib has no types
        index = hnswlib.Index(space="cosine", dim=self._of.dimension)
        index.init_index(max_elements=capacity, M=M, ef_construction=EF_CONSTRUCTION)
        index.set_ef(EF)
        return index

    def _manifest(self) -> Manifest:
        return self._of.manifest(
            self.name,
            parameters={"m": M, "ef_construction": EF_CONSTRUCTION, "ef": EF},
            count=len(self) + len(self._deleted),
            deleted=tuple(sorted(self._deleted)),
            seq=self._seq,
        )


def _kept(
    drawn: Sequence[tuple[int, float]], k: int, within: Collection[int]
) -> list[tuple[int, float]] | None:
    """The best k of what was drawn that a filter keeps; None where it keeps fewer."""
    among = within if isinstance(within, Set | range) else set(as_labels(within).tolist())
    kept = [pair for pair in drawn if pair[0] in among][:k]
    return kept if len(kept) == k else None

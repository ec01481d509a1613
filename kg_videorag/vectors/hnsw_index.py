"""The default VectorIndex: hnswlib, a graph of near neighbours in memory."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any

import hnswlib
import numpy as np

from kg_videorag.errors import IndexCorruptError, VectorIndexError
from kg_videorag.vectors import manifest as manifests
from kg_videorag.vectors.manifest import Manifest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from collections.abc import Set as AbstractSet

    from numpy.typing import NDArray

_M = 16
_EF_CONSTRUCTION = 200
# recall@10 against an exact scan: 4,000 MiniLM vectors .9945 at ef 64 and .9995 at 128; random
# 384-d ones, the hardest case, .80 and .95. It costs at most 0.35 ms a query more.
_EF = 128
# Below about a tenth of the index, hnswlib's filtered search collapses (35 queries/s at
# 1 %), while a scan of so few vectors is quick and exact.
_SCAN_BELOW = 0.10
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
        self._folder = folder
        self._space = space
        self._model = model
        self._dimension = dimension
        self._library_id = library_id
        self._lock = RLock()  # hnswlib must not be searched while it is added to
        self.clear()

    @property
    def dimension(self) -> int:
        return self._dimension

    @property
    def seq(self) -> int:
        return self._seq

    @property
    def labels(self) -> frozenset[int]:
        return frozenset(self._live)

    def __len__(self) -> int:
        return len(self._live)

    def clear(self) -> None:
        with self._lock:
            self._index = self._empty(_MIN_CAPACITY)
            self._live: set[int] = set()
            self._deleted: set[int] = set()
            self._seq = 0

    def mark(self, seq: int) -> None:
        self._seq = seq

    def add(self, labels: Sequence[int], vectors: NDArray[np.float32]) -> None:
        if vectors.shape != (len(labels), self._dimension):
            raise VectorIndexError(
                f"vectors of shape {vectors.shape} do not fit {len(labels)} labels"
                f" of dimension {self._dimension}"
            )
        if not len(labels):
            return
        with self._lock:
            needed = len(self._live | self._deleted | set(labels))
            if needed > self._index.get_max_elements():
                self._index.resize_index(max(needed, 2 * self._index.get_max_elements()))
            self._index.add_items(vectors, np.asarray(labels, dtype=np.uint64))
            self._live.update(labels)
            self._deleted.difference_update(labels)

    def remove(self, labels: Iterable[int]) -> None:
        with self._lock:
            gone = self._live.intersection(labels)
            for label in gone:
                self._index.mark_deleted(label)
            self._live -= gone
            self._deleted |= gone

    def vectors(self, labels: Sequence[int]) -> NDArray[np.float32]:
        if not len(labels):
            return np.empty((0, self._dimension), dtype=np.float32)
        with self._lock:
            if unknown := set(labels) - self._live:
                raise VectorIndexError(f"the index has no label {min(unknown)}")
            found = self._index.get_items(np.asarray(labels, dtype=np.uint64), "numpy")
        return np.asarray(found, dtype=np.float32)

    def search(
        self, query: NDArray[np.float32], k: int, within: Collection[int] | None = None
    ) -> list[tuple[int, float]]:
        if query.shape != (self._dimension,):  # hnswlib would read beyond it
            raise VectorIndexError(
                f"a query of shape {query.shape} does not fit an index of dimension"
                f" {self._dimension}"
            )
        with self._lock:
            if k < 1:
                return []
            if within is None:
                return self._nearest(query, min(k, len(self._live)), None)
            allowed = self._live.intersection(within)
            if len(allowed) < max(k, _SCAN_BELOW * len(self._live)):
                return self._scan(query, k, sorted(allowed))
            return self._nearest(query, k, allowed)

    def save(self) -> None:
        with self._lock:
            if len(self._deleted) > len(self._live):
                self._compact()
            manifests.save(self._folder, self._manifest(), self._write)

    def load(self) -> bool:
        with self._lock:
            found = manifests.load(self._folder, self._manifest())
            if found is None:
                return False
            manifest, path = found
            index = hnswlib.Index(space="cosine", dim=self._dimension)
            try:
                index.load_index(str(path), max_elements=2 * max(manifest.count, _MIN_CAPACITY))
            except RuntimeError as error:
                raise IndexCorruptError(
                    f"{path.name} cannot be loaded: {error}",
                    hint="Run `kg-videorag index rebuild`.",
                ) from error
            index.set_ef(_EF)  # hnswlib does not save it
            self._index = index
            self._deleted = set(manifest.deleted)
            self._live = {int(label) for label in index.get_ids_list()} - self._deleted
            self._seq = manifest.seq
            return True

    def _write(self, path: str) -> None:
        """Write the file, and notice a full disk, which hnswlib does not."""
        self._index.save_index(path)
        if Path(path).stat().st_size != self._index.index_file_size():
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path)

    def _nearest(
        self, query: NDArray[np.float32], k: int, allowed: AbstractSet[int] | None
    ) -> list[tuple[int, float]]:
        if k < 1:  # nothing is live
            return []
        self._index.set_ef(max(_EF, 2 * k))
        try:
            labels, distances = self._index.knn_query(
                query, k=k, filter=None if allowed is None else allowed.__contains__
            )
        except RuntimeError:  # hnswlib reached fewer than k: a scan finds them all
            return self._scan(query, k, sorted(self._live if allowed is None else allowed))
        pairs = zip(labels[0].tolist(), (1.0 - distances[0]).tolist(), strict=True)
        return [(int(label), float(cosine)) for label, cosine in pairs]

    def _scan(
        self, query: NDArray[np.float32], k: int, labels: Sequence[int]
    ) -> list[tuple[int, float]]:
        cosines = self.vectors(labels) @ query
        best = np.argsort(-cosines, kind="stable")[:k]
        return [(labels[i], float(cosines[i])) for i in best.tolist()]

    def _compact(self) -> None:
        """Build anew without what was removed, which hnswlib only marks."""
        labels = sorted(self._live)
        vectors = self.vectors(labels)
        self._index = self._empty(max(_MIN_CAPACITY, len(labels)))
        self._deleted = set()
        self.add(labels, vectors)

    def _empty(self, capacity: int) -> Any:  # noqa: ANN401 - hnswlib has no types
        index = hnswlib.Index(space="cosine", dim=self._dimension)
        index.init_index(max_elements=capacity, M=_M, ef_construction=_EF_CONSTRUCTION)
        index.set_ef(_EF)
        return index

    def _manifest(self) -> Manifest:
        return Manifest(
            format=manifests.FORMAT,
            store=self.name,
            library_id=self._library_id,
            space=self._space,
            model=self._model,
            dimension=self._dimension,
            metric="cosine",
            parameters={"m": _M, "ef_construction": _EF_CONSTRUCTION, "ef": _EF},
            count=len(self._live) + len(self._deleted),
            deleted=tuple(sorted(self._deleted)),
            seq=self._seq,
        )

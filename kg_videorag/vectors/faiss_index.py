"""A VectorIndex for large libraries: FAISS, which compresses, and uses a GPU where there is one.

FAISS brings an OpenMP runtime of its own. On macOS a process that loads two of them (torch and
CTranslate2 bring theirs) may be ended by "OMP: Error #15": docs/adr/0031-faiss-and-retrieval.md.
"""

from __future__ import annotations

import os
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any

import numpy as np

from kg_videorag.errors import IndexCorruptError, VectorIndexError
from kg_videorag.vectors import faiss_kinds as kinds
from kg_videorag.vectors import manifest as manifests
from kg_videorag.vectors.faiss_gpu import GpuCopy
from kg_videorag.vectors.faiss_kinds import SIZES, faiss
from kg_videorag.vectors.index_of import IndexOf
from kg_videorag.vectors.label_rows import NOWHERE, LabelRows, as_labels

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from numpy.typing import NDArray

    from kg_videorag.vectors.faiss_kinds import Kind
    from kg_videorag.vectors.manifest import Manifest

# As of hnswlib: a graph of neighbours that draws more than this share of what a filter keeps takes
# as long as a scan of that. Lists lose what passes in those that are not probed: so many vectors
# are scanned, in some 10 ms, and beyond, the more lists are probed the fewer pass.
_DRAWN_SHARE = 0.10
_SCAN_TO = 50_000
_REBUILT_FROM = 2  # times the lists that it has: those of four times the vectors


class FaissIndex:
    """Implements `ports.VectorIndex`.

    What was removed stays in its row until the index is built anew, and is never found. A library
    that has grown gets another kind of index when it is saved.

    Args:
        folder: Where it is saved.
        space: Which space of vectors it holds.
        model: Who made the vectors; an index of another model is refused.
        dimension: Length of a vector.
        library_id: Of which graph it is a copy.
        graph: Not needed: what the graph holds is brought to it.
    """

    name = "faiss"
    _index: Any
    _rows: LabelRows
    _is_mapped: bool
    _kind: Kind
    sizes = SIZES  # up to how many vectors each kind is taken

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
        self._gpu = GpuCopy()
        self._lock = RLock()
        self._index: Any
        self._rows: LabelRows
        self._is_mapped: bool
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
            return frozenset(self._rows.labels[self._rows.live()].tolist())

    @property
    def kind(self) -> Kind:
        """How the vectors are kept at present."""
        return self._kind

    def __len__(self) -> int:
        return len(self._rows)

    def clear(self) -> None:
        with self._lock:
            # Whatever comes is kept flat; what suits it is known when all is there to be saved.
            self._set(_labelled(kinds.empty_index("flat", self._of.dimension, 0)), LabelRows())
            self._seq = 0

    def mark(self, seq: int) -> None:
        self._seq = seq

    def add(self, labels: Sequence[int], vectors: NDArray[np.float32]) -> None:
        self._of.require_fit(labels, vectors)
        if not len(labels):
            return
        with self._lock:
            if self._is_mapped:  # a file that is only looked at cannot grow
                self._index = faiss.deserialize_index(faiss.serialize_index(self._index))
                self._is_mapped = False
            with kinds.threads(_cores()):
                self._index.add_with_ids(_unit(vectors), as_labels(labels))
            self._rows.append(as_labels(labels))
            self._gpu.drop()

    def remove(self, labels: Iterable[int]) -> None:
        with self._lock:
            self._rows.drop(as_labels(labels))

    def vectors(self, labels: Sequence[int]) -> NDArray[np.float32]:
        with self._lock:
            wanted = as_labels(labels)
            rows = self._rows.find(wanted)
            if (rows == NOWHERE).any():
                raise VectorIndexError(f"the index has no label {wanted[rows == NOWHERE].min()}")
            return kinds.matrix_of(self._index.index)[rows]

    def search(
        self, query: NDArray[np.float32], k: int, within: Collection[int] | None = None
    ) -> list[tuple[int, float]]:
        self._of.require_query(query)
        with self._lock, kinds.threads(1):
            if k < 1 or not len(self):
                return []
            chosen = None if within is None else self._rows.among(as_labels(within))
            if chosen is not None and not len(chosen):
                return []
            rows, cosines = self._search(_unit(query[np.newaxis]), k, chosen)
            labels = self._rows.labels[rows]
        return list(zip(labels.tolist(), cosines.tolist(), strict=True))

    def save(self) -> None:
        with self._lock:
            self._suit()
            manifests.save(self._of.folder, self._manifest(), self._write)

    def load(self) -> bool:
        with self._lock:
            found = manifests.load(self._of.folder, self._manifest())
            if found is None:
                return False
            manifest, path = found
            # Compressed vectors are read into memory; those by which they are scored again stay
            # on the disk, of which the system keeps in memory what is needed.
            is_mapped = manifest.parameters.get("lists", 0) > 0
            try:
                index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC if is_mapped else 0)
                rows = LabelRows(faiss.vector_to_array(index.id_map))
            except (RuntimeError, AttributeError) as error:
                raise IndexCorruptError(
                    f"{path.name} cannot be loaded: {str(error).partition(chr(10))[0]}",
                    hint="Run `kg-videorag index rebuild`.",
                ) from error
            rows.drop(as_labels(manifest.deleted))
            self._set(index, rows, is_mapped=is_mapped)
            self._seq = manifest.seq
            return True

    def _set(self, index: Any, rows: LabelRows, *, is_mapped: bool = False) -> None:  # noqa: ANN401
        self._index, self._rows, self._is_mapped = index, rows, is_mapped
        self._kind = kinds.kind_of(index.index)
        self._gpu.drop()

    def _search(
        self, query: NDArray[np.float32], k: int, chosen: NDArray[np.int64] | None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Rows and cosines of the best; `chosen` are the rows to look among."""
        index, rows = self._index.index, self._rows
        wanted = min(k, len(rows) if chosen is None else len(chosen))
        if chosen is None:
            found = self._gpu.search(index, query, wanted, rows.is_live)
            if found is None:
                mask = None if rows.rows == len(rows) else rows.is_live
                found = kinds.nearest(index, query, wanted, mask)
        elif self._is_narrow(wanted, len(chosen)):
            return kinds.scan(index, query, wanted, chosen)
        else:
            mask = np.zeros(rows.rows, dtype=bool)
            mask[chosen] = True
            found = kinds.nearest(index, query, wanted, mask)
        if len(found[0]) == wanted:
            return found
        return kinds.scan(index, query, wanted, rows.live() if chosen is None else chosen)

    def _is_narrow(self, k: int, chosen: int) -> bool:
        """Whether a scan of what a filter keeps is as fast as the index."""
        share = chosen / len(self)
        if self._kind == "hnsw":
            return kinds.draw_among(k, share) > _DRAWN_SHARE * chosen
        return self._kind == "flat" or chosen <= _SCAN_TO

    def _suit(self) -> None:
        """Build the index anew where another kind suits what it has become."""
        live, inner = len(self._rows), self._index.index
        wanted = kinds.kind_for(live, self.sizes, on_gpu=self._gpu.is_there)
        # One that has shrunk a little is left as it is, not turned to and fro.
        is_other = self.kind not in {
            wanted, kinds.kind_for(2 * live, self.sizes, on_gpu=self._gpu.is_there)
        }  # fmt: skip
        has_outgrown = self.kind == wanted == "ivfpq" and kinds.lists_for(
            live
        ) >= _REBUILT_FROM * kinds.lists_of(inner)
        if is_other or has_outgrown or self._rows.rows > 2 * live:
            self._build(wanted)

    def _build(self, kind: Kind) -> None:
        live = self._rows.live()
        labels, vectors = self._rows.labels[live], kinds.matrix_of(self._index.index)[live]
        with kinds.threads(_cores()):
            inner = kinds.empty_index(kind, self._of.dimension, len(live))
            kinds.train(inner, vectors)
            index = _labelled(inner)
            if len(live):
                index.add_with_ids(vectors, labels)
        self._set(index, LabelRows(labels))

    def _write(self, path: str) -> None:
        """By Python, which tells of a full disk."""
        with Path(path).open("wb") as file:
            faiss.write_index(self._index, faiss.PyCallbackIOWriter(file.write))

    def _manifest(self) -> Manifest:
        rows = self._rows
        deleted = np.setdiff1d(rows.labels, rows.labels[rows.live()])
        return self._of.manifest(
            self.name,
            parameters={"lists": kinds.lists_of(self._index.index)},
            count=rows.rows,
            deleted=tuple(deleted.tolist()),
            seq=self._seq,
        )


def _labelled(index: Any) -> Any:  # noqa: ANN401
    """An index that is saved with its labels."""
    labelled = faiss.IndexIDMap2(index)
    index.this.disown()
    labelled.own_fields = True
    return labelled


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Vectors of length 1, as a copy: FAISS knows inner products, no cosines."""
    copied = np.array(vectors, dtype=np.float32, order="C")
    faiss.normalize_L2(copied)
    return copied


def _cores() -> int:
    """Those that this process may use, which OpenMP does not ask."""
    count = getattr(os, "process_cpu_count", None)
    if count is not None:
        return count() or 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

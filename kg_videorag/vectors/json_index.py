"""A VectorIndex that one can read: its file is JSON, its search an exact scan."""

from __future__ import annotations

import json
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING

import numpy as np

from kg_videorag.errors import VectorIndexError
from kg_videorag.vectors import manifest as manifests
from kg_videorag.vectors.index_of import IndexOf

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from numpy.typing import NDArray

    from kg_videorag.vectors.manifest import Manifest

_DIGITS = ".9g"  # as many as bring every float32 back exactly


class JsonIndex:
    """Implements `ports.VectorIndex`; vectors/fit.py says for how many it is meant.

    Args:
        folder: Where it is saved.
        space: Which space of vectors it holds.
        model: Who made the vectors; an index of another model is refused.
        dimension: Length of a vector.
        library_id: Of which graph it is a copy.
        graph: Not needed: what the graph holds is brought to it.
    """

    name = "json"

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
        self._lock = RLock()
        self.clear()

    @property
    def dimension(self) -> int:
        return self._of.dimension

    @property
    def seq(self) -> int:
        return self._seq

    @property
    def labels(self) -> frozenset[int]:
        return frozenset(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def clear(self) -> None:
        with self._lock:
            self._set({}, np.empty((0, self._of.dimension), dtype=np.float32))
            self._seq = 0

    def mark(self, seq: int) -> None:
        self._seq = seq

    def add(self, labels: Sequence[int], vectors: NDArray[np.float32]) -> None:
        self._of.require_fit(labels, vectors)
        with self._lock:
            rows = dict(self._rows)
            for label in labels:
                rows.setdefault(label, len(rows))
            matrix = np.empty((len(rows), self._of.dimension), dtype=np.float32)
            matrix[: len(self._matrix)] = self._matrix
            matrix[[rows[label] for label in labels]] = vectors
            self._set(rows, matrix)

    def remove(self, labels: Iterable[int]) -> None:
        with self._lock:
            gone = self._rows.keys() & set(labels)
            kept = [label for label in self._rows if label not in gone]
            matrix = self._matrix[[self._rows[label] for label in kept]]
            self._set({label: row for row, label in enumerate(kept)}, matrix)

    def vectors(self, labels: Sequence[int]) -> NDArray[np.float32]:
        with self._lock:
            if unknown := set(labels) - self._rows.keys():
                raise VectorIndexError(f"the index has no label {min(unknown)}")
            return self._matrix[[self._rows[label] for label in labels]]

    def search(
        self, query: NDArray[np.float32], k: int, within: Collection[int] | None = None
    ) -> list[tuple[int, float]]:
        self._of.require_query(query)
        with self._lock:
            labels = list(self._rows) if within is None else sorted(self._rows.keys() & set(within))
            matrix = self._matrix if within is None else self.vectors(labels)
        cosines = matrix @ query
        best = np.argsort(-cosines, kind="stable")[: max(k, 0)]
        return [(labels[i], float(cosines[i])) for i in best.tolist()]

    def save(self) -> None:
        with self._lock:
            manifests.save(self._of.folder, self._manifest(), self._write)

    def load(self) -> bool:
        with self._lock:
            found = manifests.load(self._of.folder, self._manifest())
            if found is None:
                return False
            manifest, path = found
            entries = json.loads(path.read_bytes())["vectors"]
            rows = {entry["label"]: row for row, entry in enumerate(entries)}
            matrix = np.asarray([entry["vector"] for entry in entries], dtype=np.float32)
            self._set(rows, matrix.reshape(len(rows), self._of.dimension))
            self._seq = manifest.seq
            return True

    def _set(self, rows: dict[int, int], matrix: NDArray[np.float32]) -> None:
        """Both at once; `rows` tells in which row of `matrix` a label's vector stands."""
        self._rows, self._matrix = rows, matrix

    def _write(self, path: str) -> None:
        """One vector a line."""
        head = {"space": self._of.space, "model": self._of.model, "dimension": self._of.dimension}
        with Path(path).open("w", encoding="utf-8") as file:
            file.write(json.dumps(head)[:-1] + ', "vectors": [')
            for label, row in self._rows.items():
                numbers = ", ".join(format(x, _DIGITS) for x in self._matrix[row].tolist())
                file.write(f'{"," if row else ""}\n{{"label": {label}, "vector": [{numbers}]}}')
            file.write("\n]}\n")

    def _manifest(self) -> Manifest:
        return self._of.manifest(
            self.name,
            parameters={},
            count=len(self._rows),
            seq=self._seq,
        )

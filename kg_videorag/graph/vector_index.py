"""The VectorIndex that is no copy: Neo4j's own vector index, for machines that share a graph.

Vectors come and go with their videos (graph/write.py), so there is nothing to bring to it:
adding, removing and saving are done when the transaction commits.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from kg_videorag.errors import IndexCorruptError, VectorIndexError
from kg_videorag.graph.client import BATCH_ROWS
from kg_videorag.graph.mirror import drop_mirror, ensure_mirrors, space_label
from kg_videorag.graph.queries import load
from kg_videorag.model import VectorSpace

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from kg_videorag.graph.client import GraphClient, Row

_AWAIT_S = 600
# Among 20,000 vectors of 384 numbers, k = 100, two busy cores: a scan of 100 took 106 ms, of
# 1,000 126 ms, of 10,000 536 ms; a search filtered inside the index 60 to 107 ms whatever the
# filter; one that draws more than it keeps 60 to 90 ms where the filter keeps a twentieth or more.
_SCAN_TO = {True: 100, False: 1000}  # labels; by whether the index can filter
_DRAW_TO = 20  # times what is wanted; beyond, a scan is as fast and exact
# Neo4j looks no further than what it is asked for: 10 of 2,000 random vectors of 64 numbers, the
# hardest case, were found with recall .65; the best 10 of 128 with more than .99.
_DRAW_FROM = 128
_SPARE = 2  # the kept share of what is drawn is not that of the whole
_FILTERS_SINCE = (2026, 8)  # SEARCH ... WHERE ... IN, as tested


class Neo4jIndex:
    """Implements `ports.VectorIndex` on the graph's vector index `<space>_vector`.

    Args:
        folder: Not needed: nothing is saved beside the graph.
        space: Which space of vectors.
        model: Who makes the vectors; a space of another model is refused.
        dimension: Length of a vector.
        library_id: Not needed: the graph is the library.
        graph: The graph.
    """

    name = "neo4j"

    def __init__(
        self,
        folder: Path,
        *,
        space: str,
        model: str,
        dimension: int,
        library_id: str,
        graph: GraphClient,
    ) -> None:
        del folder, library_id
        self._space = space
        self._model = model
        self._dimension = dimension
        self._graph = graph
        self._index = f"{space}_vector"
        self._label = space_label(space)
        self._filter_is_there = False

    @property
    def dimension(self) -> int:
        return self._dimension

    @property
    def seq(self) -> int:
        """The graph's own latest change: the index is never behind."""
        rows = self._graph.read(load("graph/space"), space=self._space)
        return int(rows[0]["seq"]) if rows else 0

    @property
    def labels(self) -> frozenset[int]:
        rows = self._graph.read(load("graph/vector_labels"), space=self._space, mirror=self._label)
        return frozenset(row["label"] for row in rows)

    def __len__(self) -> int:
        return int(self._graph.read(load("graph/vector_count"), space=self._space)[0]["vectors"])

    def add(self, labels: Sequence[int], vectors: NDArray[np.float32]) -> None:
        """Nothing is left to do: they were committed to the graph before anybody was told."""
        if vectors.shape != (len(labels), self._dimension):
            raise VectorIndexError(
                f"vectors of shape {vectors.shape} do not fit {len(labels)} labels"
                f" of dimension {self._dimension}"
            )

    def remove(self, labels: Iterable[int]) -> None:
        """Nothing is left to do."""

    def mark(self, seq: int) -> None:
        """Nothing is left to do."""

    def clear(self) -> None:
        """Make the vector index anew from the vectors in the graph, which stay."""
        drop_mirror(self._graph, self._space)
        self._filter_is_there = False
        ensure_mirrors(self._graph, [VectorSpace(self._space, self._model, self._dimension)])
        self.save()

    def vectors(self, labels: Sequence[int]) -> NDArray[np.float32]:
        found: dict[int, list[float]] = {}
        for start in range(0, len(labels), BATCH_ROWS):
            batch = list(labels[start : start + BATCH_ROWS])
            rows = self._graph.read(
                load("graph/vectors_of_labels"), space=self._space, labels=batch
            )
            found.update((row["label"], row["vector"]) for row in rows)
        if unknown := set(labels) - found.keys():
            raise VectorIndexError(f"the index has no label {min(unknown)}")
        wanted = [found[label] for label in labels]
        return np.asarray(wanted, dtype=np.float32).reshape(len(labels), self._dimension)

    def search(
        self, query: NDArray[np.float32], k: int, within: Collection[int] | None = None
    ) -> list[tuple[int, float]]:
        if query.shape != (self._dimension,):
            raise VectorIndexError(
                f"a query of shape {query.shape} does not fit an index of dimension"
                f" {self._dimension}"
            )
        if k < 1:
            return []
        numbers = query.tolist()
        if within is None:
            rows = self._draw(numbers, k, draw=_drawn(k), labels=None)
            if len(rows) < k and len(rows) < len(self):  # it reached fewer than there are
                rows = self._scan(numbers, k, list(self.labels))
        else:
            rows = self._among(numbers, k, list(set(within)))
        return [(row["label"], 2 * row["score"] - 1) for row in rows]

    def save(self) -> None:
        """Wait until the vector index answers."""
        self._graph.run_schema(load("graph/await_indexes"), timeout_s=_AWAIT_S)

    def load(self) -> bool:
        rows = self._graph.read(load("graph/vector_mirror"), index=self._index)
        if not rows:
            raise _corrupt(f"the graph has no vector index {self._index}")
        if rows[0]["state"] == "FAILED":
            raise _corrupt(f"Neo4j's vector index {self._index} has failed")
        if rows[0]["dimension"] != self._dimension:
            raise _corrupt(
                f"the vector index {self._index} has dimension {rows[0]['dimension']},"
                f" not {self._dimension}"
            )
        for begun in self._graph.read(load("graph/space"), space=self._space):
            if begun["model"] != self._model:
                raise _corrupt(
                    f"the {self._space} vectors were made by {begun['model']}, not {self._model}"
                )
        return True

    def _among(self, query: list[float], k: int, labels: list[int]) -> list[Row]:
        filters = self._graph.version >= _FILTERS_SINCE and self._space == "text"
        if len(labels) <= _SCAN_TO[filters]:
            return self._scan(query, k, labels)
        if filters:
            self._make_filter()
            rows = self._graph.read(
                load("graph/vector_search_text_25"), near=query, labels=labels, draw=_drawn(k), k=k
            )
        else:
            times = max(1.0, len(self) / len(labels))
            if times > _DRAW_TO:
                return self._scan(query, k, labels)
            draw = math.ceil(_drawn(k) * times)
            rows = self._draw(query, k, draw=draw, labels=labels)
        return rows if len(rows) == k else self._scan(query, k, labels)

    def _draw(
        self, query: list[float], k: int, *, draw: int, labels: list[int] | None
    ) -> list[Row]:
        return self._graph.read(
            load("graph/vector_search"),
            index=self._index,
            near=query,
            draw=draw,
            labels=labels,
            k=k,
        )

    def _scan(self, query: list[float], k: int, labels: list[int]) -> list[Row]:
        return self._graph.read(
            load("graph/vector_scan"), space=self._space, near=query, labels=labels, k=k
        )

    def _make_filter(self) -> None:
        if not self._filter_is_there:
            make = load("graph/vector_filter_text_25")
            self._graph.run_schema(make, dimension=self._dimension)
            self.save()
            self._filter_is_there = True


def _drawn(k: int) -> int:
    """How many to draw from the vector index for the best k."""
    return max(_DRAW_FROM, _SPARE * k)


def _corrupt(message: str) -> IndexCorruptError:
    return IndexCorruptError(message, hint="Run `kg-videorag index rebuild`.")

"""How fast and how exact the vector indexes are, beside hnswlib and FAISS as they come.

    .venv/bin/python benchmarks/ann.py [--vectors N] [--dimension D] [--stores NAME,...]

All of them hold the same vectors, in clusters, and are asked the same questions one at a time,
for 10 neighbours. `hnswlib` is our default store beside the library with the same parameters:
what the lock, the labels and the checks cost. Then searches among a share of the vectors, beside
an exact scan of that share. `json` is read and written as text: it is measured on 5,000, for
which it is meant (vectors/fit.py).
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # a query is one thread's, whoever answers it

import faiss
import hnswlib
import numpy as np
from rich.console import Console
from rich.table import Table

from kg_videorag.compose import Composition
from kg_videorag.config import load_settings
from kg_videorag.graph.mirror import ensure_mirrors
from kg_videorag.graph.queries import Query
from kg_videorag.graph.vector_index import Neo4jIndex
from kg_videorag.model import VectorSpace
from kg_videorag.vectors import hnsw_index
from kg_videorag.vectors.faiss_index import FaissIndex
from kg_videorag.vectors.hnsw_index import HnswIndex
from kg_videorag.vectors.json_index import JsonIndex

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

QUERIES, K = 300, 10
PER_CLUSTER, SPREAD, AWAY = 200, 0.9, 0.6
SHARES = (0.01, 0.05, 0.20, 0.50)
JSON_VECTORS = 5_000
BATCH = 5_000
STORES = ("hnswlib", "faiss", "json", "neo4j")
_ADD = """
UNWIND $rows AS row
CREATE (:Embedding:TextEmbedding {id: toString(row.label), label: row.label, space: 'text',
                                  seq: 1, vector: row.vector})
"""


@dataclass(frozen=True)
class Vectors:
    """What is indexed and asked, of length 1, and the exact answers as labels."""

    held: NDArray[np.float32]
    asked: NDArray[np.float32]
    labels: list[int]
    exact: NDArray[np.int64]


@dataclass(frozen=True)
class Measured:
    """Of one index: seconds to build, bytes a vector, and its way to search."""

    build_s: float
    bytes_each: float | None
    search: Callable[[NDArray[np.float32]], Sequence[int]]


def make(count: int, dimension: int) -> Vectors:
    """Vectors in clusters, and questions that lie near some of them."""
    rng = np.random.default_rng(31)

    def unit(size: int) -> NDArray[np.float32]:
        drawn = rng.standard_normal((size, dimension), dtype=np.float32)
        return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)

    def normal(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    centres = unit(max(10, count // PER_CLUSTER))
    held = normal(centres[rng.integers(len(centres), size=count)] + SPREAD * unit(count))
    asked = normal(held[rng.integers(count, size=QUERIES)] + AWAY * unit(QUERIES))
    labels = sorted(rng.choice(2**62, count, replace=False).tolist())
    exact = np.argpartition(-(asked @ held.T), K, axis=1)[:, :K]
    return Vectors(held, asked, labels, np.asarray(labels)[exact])


def raw_hnswlib(data: Vectors, _folder: Path) -> Measured:
    """The library with our parameters."""
    began = time.perf_counter()
    index = hnswlib.Index(space="cosine", dim=data.held.shape[1])
    index.init_index(len(data.held), M=hnsw_index.M, ef_construction=hnsw_index.EF_CONSTRUCTION)
    index.add_items(data.held, data.labels)
    index.set_ef(hnsw_index.EF)
    built_s = time.perf_counter() - began
    size = index.index_file_size() / len(data.held)
    return Measured(built_s, size, lambda q: index.knn_query(q, k=K, num_threads=1)[0][0].tolist())


def raw_faiss(data: Vectors, _folder: Path) -> Measured:
    """FAISS's graph of neighbours, with the same parameters."""
    began = time.perf_counter()
    index = faiss.IndexHNSWFlat(data.held.shape[1], hnsw_index.M, faiss.METRIC_INNER_PRODUCT)
    index.hnsw.efConstruction = hnsw_index.EF_CONSTRUCTION
    index.add(data.held)
    index.hnsw.efSearch = hnsw_index.EF
    built_s = time.perf_counter() - began
    labels = np.asarray(data.labels)
    size = len(faiss.serialize_index(index)) / len(data.held)

    def search(query: NDArray[np.float32]) -> Sequence[int]:
        found: list[int] = labels[index.search(query[None], K)[1][0]].tolist()
        return found

    return Measured(built_s, size, search)


def in_file(data: Vectors, index: Any, folder: Path) -> Measured:  # noqa: ANN401 - any store
    """A store of ours, filled in batches as the graph brings them, and saved."""
    began = time.perf_counter()
    for start in range(0, len(data.held), BATCH):
        index.add(data.labels[start : start + BATCH], data.held[start : start + BATCH])
    index.save()
    built_s = time.perf_counter() - began
    size = sum(path.stat().st_size for path in folder.glob("text-*")) / len(data.held)
    return Measured(built_s, size, lambda q: [label for label, _ in index.search(q, K)])


def in_graph(data: Vectors, parts: Composition) -> Measured:
    """The graph's own: written, and awaited."""
    space = VectorSpace("text", "made", data.held.shape[1])
    graph = parts.graph
    _ = parts.library_id
    index = Neo4jIndex(
        parts.index_folder, space="text", model="made", dimension=space.dimension,
        library_id="", graph=graph,
    )  # fmt: skip
    ensure_mirrors(graph, [space])
    began = time.perf_counter()
    add = Query("made", "", (), "", "", _ADD)
    for start in range(0, len(data.held), BATCH):
        rows = [
            {"label": label, "vector": vector.tolist()}
            for label, vector in zip(
                data.labels[start : start + BATCH], data.held[start : start + BATCH], strict=True
            )
        ]
        graph.write(lambda tx, rows=rows: tx.run_batches(add, rows))  # type: ignore[misc]
    index.save()
    built_s = time.perf_counter() - began
    return Measured(built_s, None, lambda q: [label for label, _ in index.search(q, K)])


def asked_all(
    measured: Measured, data: Vectors, exact: NDArray[np.int64] | None = None
) -> tuple[float, float]:
    """Recall, and queries a second by the median."""
    exact = data.exact if exact is None else exact
    for query in data.asked[:30]:
        measured.search(query)
    taken, hits = [], 0
    for query, best in zip(data.asked, exact, strict=True):
        began = time.perf_counter()
        found = measured.search(query)
        taken.append(time.perf_counter() - began)
        hits += len(set(found) & set(best.tolist()))
    return hits / exact.size, 1 / float(np.median(taken))


def among(data: Vectors, stores: dict[str, Any], console: Console) -> None:
    """Searches among a share of the vectors, beside a scan of those rows of one array."""
    rng = np.random.default_rng(7)
    places = {label: row for row, label in enumerate(data.labels)}
    columns = [f"{name}, {unit}" for name in stores for unit in ("recall", "ms")]
    table = Table("among", "exact scan, ms", *columns, title=f"{K} nearest among some")
    for share in SHARES:
        rows = np.sort(rng.choice(len(data.held), int(share * len(data.held)), replace=False))
        held, labels = data.held[rows], np.asarray(data.labels)[rows]
        exact = labels[np.argsort(-(data.asked @ held.T), axis=1)[:, :K]]
        within = frozenset(labels.tolist())

        def scan(query: NDArray[np.float32], within: frozenset[int] = within) -> Sequence[int]:
            found = [places[label] for label in within]
            cosines = data.held[found] @ query
            best = np.argsort(-cosines, kind="stable")[:K].tolist()
            return [data.labels[found[n]] for n in best]

        cells = [f"{1000 / asked_all(Measured(0, 0, scan), data, exact)[1]:.2f}"]
        for index in stores.values():
            found = Measured(
                0,
                0,
                lambda q, i=index, w=within: [n for n, _ in i.search(q, K, w)],  # type: ignore[misc]
            )
            recall, per_s = asked_all(found, data, exact)
            cells += [f"{recall:.3f}", f"{1000 / per_s:.2f}"]
        table.add_row(f"{share:.0%}", *cells)
    console.print(table)


def measure(data: Vectors, names: Sequence[str], folder: Path, console: Console) -> None:
    """Build and ask each, and print."""
    count, dimension = data.held.shape
    title = f"{count} vectors of {dimension}, {QUERIES} queries one at a time, k = {K}"
    table = Table("index", "recall@10", "queries/s", "build, s", "bytes a vector", title=title)

    def row(name: str, measured: Measured, of: Vectors = data) -> None:
        recall, per_s = asked_all(measured, of)
        size = "in the graph" if measured.bytes_each is None else f"{measured.bytes_each:,.0f}"
        table.add_row(name, f"{recall:.4f}", f"{per_s:,.0f}", f"{measured.build_s:.1f}", size)

    stores: dict[str, Any] = {}
    factories = {"hnswlib": HnswIndex, "faiss": FaissIndex}
    raw = {"hnswlib": raw_hnswlib, "faiss": raw_faiss}
    for name in [name for name in names if name in factories]:
        row(f"{name} as it comes", raw[name](data, folder))
        stores[name] = factories[name](
            folder / name, space="text", model="made", dimension=dimension, library_id=""
        )
        kind = f" ({stores[name].kind})" if name == "faiss" else ""
        measured = in_file(data, stores[name], folder / name)
        kind = f" ({stores[name].kind})" if name == "faiss" else ""
        row(f"our {name}{kind}", measured)
    if "json" in names:
        few = make(min(count, JSON_VECTORS), dimension)
        index = JsonIndex(
            folder / "json", space="text", model="made", dimension=dimension, library_id=""
        )
        row(f"our json, {len(few.held)} vectors", in_file(few, index, folder / "json"), few)
    if "neo4j" in names:
        parts = Composition(load_settings(home=folder / "home"))
        try:
            row("our neo4j", in_graph(data, parts))
        finally:
            parts.close()
            parts.server.stop()
    console.print(table)
    if stores:
        among(data, stores, console)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--vectors", type=int, default=100_000)
    parser.add_argument("--dimension", type=int, default=1024)
    parser.add_argument("--stores", default=",".join(STORES))
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = make(wanted.vectors, wanted.dimension)
        measure(data, wanted.stores.split(","), Path(folder), Console(file=sys.stdout))


if __name__ == "__main__":
    main()

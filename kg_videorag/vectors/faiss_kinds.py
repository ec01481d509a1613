"""The kinds of FAISS index, which of them a library of some size gets, and how each is asked.

Every kind holds the vectors exactly beside whatever makes it fast: what it finds is scored by
them, so that a compressed index loses no precision, and narrow filters are scanned.
"""

from __future__ import annotations

import math
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from kg_videorag.errors import EngineUnavailable

try:
    faiss: Any = import_module("faiss")  # the types that it brings do not know what SWIG adds
except ImportError as error:
    raise EngineUnavailable(
        f"FAISS cannot be imported: {error}",
        hint="Install it: pip install 'kg-videorag[faiss]'.",
    ) from error

__all__ = ["EF", "SIZES", "Kind", "faiss"]

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

Kind = Literal["flat", "hnsw", "ivfpq"]

_M = 16
_EF_CONSTRUCTION = 200
EF = 128  # as of hnswlib, vectors/hnsw_index.py
_NUMBERS_PER_BYTE = 4  # of a vector, in its code: 16 times less than float32
_CODE_BITS = 8
_POINTS_PER_LIST = 39  # FAISS warns of fewer: the centres would be the points themselves
_TRAINING_POINTS = 256  # for each list, FAISS takes no more
# Whatever the number of lists: of what is drawn the vectors themselves choose.
_PROBES = 64
_PROBED_SHARE = 0.02
_DRAWN, _DRAWN_PER_WANTED = 200, 10
_SPARE = 1.5  # as of hnswlib
_LISTS = 4  # times the root of the number of vectors. Source: FAISS wiki, "Guidelines to choose"


@dataclass(frozen=True, slots=True)
class Sizes:
    """Up to how many vectors each kind is taken.

    Args:
        flat_to: Every vector is looked at.
        hnsw_to: A graph of neighbours; beyond, lists of compressed vectors.
    """

    flat_to: int
    hnsw_to: int


# One thread scans 10,000 vectors of 384 numbers in 0.5 ms and of 1,024 in 3.6 ms, and 20,000 in 2.8
# and 22 ms, when the processor's cache holds them no longer; a graph answers in 0.3 to 0.5 ms. Two
# million of 384 are 3.4 GB as a graph, a quarter of a common machine; as codes 0.2 GB.
SIZES = Sizes(flat_to=10_000, hnsw_to=2_000_000)


def kind_for(vectors: int, sizes: Sizes, *, on_gpu: bool) -> Kind:
    """The kind that a library of this size gets; a graph of neighbours cannot be on a GPU."""
    if vectors <= sizes.flat_to or (on_gpu and vectors <= sizes.hnsw_to):
        return "flat"
    return "hnsw" if vectors <= sizes.hnsw_to else "ivfpq"


def empty_index(kind: Kind, dimension: int, vectors: int) -> Any:  # noqa: ANN401 - has no types
    """An index with no vectors; one of lists is to be trained before any is added.

    Args:
        kind: Which.
        dimension: Of the vectors.
        vectors: How many will be added.
    """
    metric = faiss.METRIC_INNER_PRODUCT  # of vectors of length 1: their cosine
    if kind == "flat":
        return faiss.IndexFlatIP(dimension)
    if kind == "hnsw":
        index = faiss.IndexHNSWFlat(dimension, _M, metric)
        index.hnsw.efConstruction = _EF_CONSTRUCTION
        return index
    coarse = faiss.IndexFlatIP(dimension)
    widest = max(1, dimension // _NUMBERS_PER_BYTE)
    codes = max(n for n in range(1, widest + 1) if dimension % n == 0)
    index = faiss.IndexIVFPQ(coarse, dimension, lists_for(vectors), codes, _CODE_BITS, metric)
    index.cp.min_points_per_centroid = index.pq.cp.min_points_per_centroid = 1  # it warns else
    refined = faiss.IndexRefineFlat(index)
    index.this.disown()
    coarse.this.disown()
    refined.own_fields = index.own_fields = True
    return refined


def train(index: Any, vectors: NDArray[np.float32]) -> None:  # noqa: ANN401
    """Learn the lists and codes of an index from some of its vectors."""
    if not index.is_trained:
        base = faiss.downcast_index(index.base_index)
        wanted = _TRAINING_POINTS * max(base.nlist, 1 << _CODE_BITS)
        step = max(1, len(vectors) // wanted)
        index.train(np.ascontiguousarray(vectors[::step]))


def exact_of(index: Any) -> Any:  # noqa: ANN401
    """The flat index inside one, which holds all vectors as they were given."""
    index = faiss.downcast_index(index)
    if isinstance(index, faiss.IndexHNSW):
        return faiss.downcast_index(index.storage)
    if isinstance(index, faiss.IndexRefine):
        return faiss.downcast_index(index.refine_index)
    return index


def kind_of(index: Any) -> Kind:  # noqa: ANN401
    """What an index is."""
    index = faiss.downcast_index(index)
    if isinstance(index, faiss.IndexHNSW):
        return "hnsw"
    return "ivfpq" if isinstance(index, faiss.IndexRefine) else "flat"


def lists_of(index: Any) -> int:  # noqa: ANN401
    """How many lists an index has; 0 of the other kinds."""
    if kind_of(index) != "ivfpq":
        return 0
    return int(faiss.downcast_index(faiss.downcast_index(index).base_index).nlist)


def lists_for(vectors: int) -> int:
    """How many lists suit a number of vectors."""
    return max(1, min(_LISTS * math.isqrt(vectors), vectors // _POINTS_PER_LIST))


def matrix_of(index: Any) -> NDArray[np.float32]:  # noqa: ANN401
    """The vectors of an index by row, where it keeps them: not to be held beyond a change."""
    exact = exact_of(index)
    if not exact.ntotal:
        return np.empty((0, exact.d), dtype=np.float32)
    held = faiss.rev_swig_ptr(exact.get_xb(), exact.ntotal * exact.d)
    matrix: NDArray[np.float32] = held.reshape(exact.ntotal, exact.d)
    return matrix


def scan(
    index: Any,  # noqa: ANN401
    query: NDArray[np.float32],
    k: int,
    rows: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The k best among some rows, exactly."""
    chosen = faiss.SearchParameters(sel=faiss.IDSelectorArray(rows))
    cosines, found = exact_of(index).search(query, min(k, len(rows)), params=chosen)
    return found[0], cosines[0]


def nearest(
    index: Any,  # noqa: ANN401
    query: NDArray[np.float32],
    k: int,
    chosen: NDArray[np.bool_] | None,
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The k best by the index's own way; fewer where it reaches no more.

    Args:
        index: Of any kind.
        query: Shape (1, dimension).
        k: How many.
        chosen: By row whether it may be found; None for all.
    """
    index = faiss.downcast_index(index)
    if kind_of(index) == "hnsw":
        return _by_neighbours(index, query, k, chosen)
    selector, share = None, 1.0
    if chosen is not None:
        share = max(float(chosen.mean()), 1 / len(chosen))
        selector = faiss.IDSelectorBitmap(np.packbits(chosen, bitorder="little"))
    if kind_of(index) == "flat":
        how = None if selector is None else faiss.SearchParameters(sel=selector)
        return _found(*index.search(query, k, params=how))
    base = faiss.downcast_index(index.base_index)
    drawn, _ = _found(*base.search(query, drawn_for(k), params=probing(index, share, selector)))
    return rescored(index, query, k, drawn)


def _by_neighbours(
    index: Any,  # noqa: ANN401
    query: NDArray[np.float32],
    k: int,
    chosen: NDArray[np.bool_] | None,
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """A graph of neighbours: more is drawn than wanted, and what may be found is taken.

    FAISS's own filter walks past as many, and counts them among those that it looks at.
    """
    draw = k
    if chosen is not None:
        draw = min(index.ntotal, draw_among(k, float(chosen.mean())))
    how = faiss.SearchParametersHNSW(efSearch=max(EF, 2 * draw))
    rows, cosines = _found(*index.search(query, draw, params=how))
    if chosen is None:
        return rows, cosines
    kept = np.flatnonzero(chosen[rows])[:k]
    return rows[kept], cosines[kept]


def draw_among(k: int, share: float) -> int:
    """How many a graph of neighbours draws, for k to be among some share of all."""
    return math.ceil(_SPARE * k / share)


def drawn_for(k: int) -> int:
    """How many a compressed index draws, for the vectors themselves to choose k."""
    return max(_DRAWN, _DRAWN_PER_WANTED * k)


def probing(index: Any, share: float = 1.0, selector: Any = None) -> Any:  # noqa: ANN401
    """How an index of lists is to be asked; the fewer pass, the more lists are looked into."""
    lists = lists_of(index)
    probes = min(lists, int(max(_PROBES, lists * _PROBED_SHARE) / share))
    return faiss.SearchParametersIVF(nprobe=probes, sel=selector)


def rescored(
    index: Any,  # noqa: ANN401
    query: NDArray[np.float32],
    k: int,
    rows: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The k best of what a compressed index drew, by the vectors themselves."""
    cosines = matrix_of(index)[rows] @ query[0]
    best = np.argsort(-cosines, kind="stable")[:k]
    return rows[best], cosines[best]


def _found(
    cosines: NDArray[np.float32], rows: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Without the places that FAISS leaves empty."""
    is_found = rows[0] >= 0
    return rows[0][is_found], cosines[0][is_found]


@contextmanager
def threads(count: int) -> Iterator[None]:
    """So many threads of OpenMP inside; it is a setting of the calling thread alone."""
    former = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(count)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(former)

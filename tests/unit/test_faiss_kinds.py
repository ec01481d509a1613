"""Which kind of FAISS index a library gets, and what becomes of it as the library grows."""

from __future__ import annotations

import subprocess
import sys

import faiss
import numpy as np
import pytest

from kg_videorag.vectors.faiss_index import FaissIndex
from kg_videorag.vectors.faiss_kinds import SIZES, Sizes, kind_for

DIMENSION = 16


def unit(count, seed=0):
    drawn = np.random.default_rng(seed).standard_normal((count, DIMENSION)).astype(np.float32)
    return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)


@pytest.fixture
def new(tmp_path, monkeypatch):
    monkeypatch.setattr(FaissIndex, "sizes", Sizes(flat_to=300, hnsw_to=900))

    def new():
        return FaissIndex(
            tmp_path, space="text", model="m", dimension=DIMENSION, library_id="library"
        )

    return new


def exact(vectors, query, k):
    return set(np.argsort(-(vectors @ query))[:k].tolist())


def recall(index, vectors, within=None):
    hits = 0
    for query in unit(50, seed=9):
        found = {label for label, _ in index.search(query, 10, within)}
        hits += len(found & exact(vectors, query, 10))
    return hits / 500


@pytest.mark.parametrize(
    ("vectors", "on_gpu", "kind"),
    [
        (0, False, "flat"),
        (SIZES.flat_to, False, "flat"),
        (SIZES.flat_to + 1, False, "hnsw"),
        (SIZES.hnsw_to, False, "hnsw"),
        (SIZES.hnsw_to + 1, False, "ivfpq"),
        (SIZES.flat_to + 1, True, "flat"),
        (SIZES.hnsw_to + 1, True, "ivfpq"),
    ],
)
def test_the_kind_by_size(vectors, on_gpu, kind) -> None:
    assert kind_for(vectors, SIZES, on_gpu=on_gpu) == kind


def test_a_library_that_grows_gets_another_kind_when_it_is_saved(new) -> None:
    index, vectors, kinds = new(), unit(2_000), []
    for start, stop in ((0, 300), (300, 301), (301, 900), (900, 2_000)):
        before = index.kind
        index.add(range(start, stop), vectors[start:stop])
        assert index.kind == before
        index.save()
        kinds.append(index.kind)
        again = new()
        assert again.load() is True
        assert (again.kind, again.labels) == (index.kind, frozenset(range(stop)))
        for one in (index, again):
            assert recall(one, vectors[:stop]) >= 0.99
            np.testing.assert_allclose(
                one.vectors([0, stop - 1]), vectors[[0, stop - 1]], atol=1e-6
            )
    assert kinds == ["flat", "hnsw", "hnsw", "ivfpq"]


def test_one_that_shrinks_a_little_is_left_as_it_is(new) -> None:
    index = new()
    index.add(range(400), unit(400))
    index.save()
    index.remove(range(290, 400))
    index.save()
    assert index.kind == "hnsw"
    index.remove(range(100, 290))
    index.save()
    assert index.kind == "flat"
    assert recall(index, unit(400)[:100]) == 1


def test_lists_are_learnt_anew_when_they_are_outgrown(new) -> None:
    index, vectors = new(), unit(6_000)
    index.add(range(1_000), vectors[:1_000])
    index.save()
    first = index._manifest().parameters["lists"]
    index.add(range(1_000, 1_100), vectors[1_000:1_100])
    index.save()
    assert index._manifest().parameters["lists"] == first
    index.add(range(1_100, 6_000), vectors[1_100:])
    index.save()
    assert index._manifest().parameters["lists"] >= 2 * first
    assert recall(index, vectors) >= 0.99


def test_a_wide_filter_and_a_narrow_one(new) -> None:
    index, vectors = new(), unit(800)
    index.add(range(800), vectors)
    index.save()
    for within in (range(400), range(10, 30)):
        for query in unit(20, seed=4):
            found = [label for label, _ in index.search(query, 10, within)]
            assert set(found) == {within[n] for n in exact(vectors[within], query, 10)}


# A GPU: there is none where this is tested, so a copy in memory stands in for its device.


@pytest.fixture
def gpu(monkeypatch):
    """A GPU's way of searching: no filter, whole batches; and what it was given."""
    copied = []

    class OnGpu:
        def __init__(self, index):
            self.index = faiss.clone_index(index)

        def search(self, query, k, params=None):
            return self.index.search(query, k, params=params)

    def to_gpu(index):
        copied.append(index)
        return OnGpu(index)

    monkeypatch.setattr(faiss, "get_num_gpus", lambda: 1)
    monkeypatch.setattr(faiss, "index_cpu_to_all_gpus", to_gpu)
    return copied


@pytest.mark.parametrize(("count", "kind"), [(800, "flat"), (1_500, "ivfpq")])
def test_a_gpu_answers_what_has_no_filter(count, kind, new, gpu) -> None:
    index, vectors = new(), unit(count)
    index.add(range(count), vectors)
    index.save()
    assert index.kind == kind  # a graph of neighbours cannot be on a GPU
    assert recall(index, vectors) >= 0.99
    assert len(gpu) == 1
    query = unit(1, seed=5)[0]
    (best, _), *_ = index.search(query, 1)
    index.remove([best])
    assert best not in {label for label, _ in index.search(query, 10)}
    assert len(index.search(query, 10, range(400))) == 10
    index.add([best], vectors[[best]])
    assert index.search(query, 1)[0][0] == best
    assert len(gpu) == 2  # copied anew once it had changed


def test_a_gpu_that_fails_is_left(new, gpu, monkeypatch, caplog) -> None:
    def full(index):
        raise RuntimeError("Error in allocMemory: out of memory\nat StandardGpuResources.cpp")

    monkeypatch.setattr(faiss, "index_cpu_to_all_gpus", full)
    index, vectors = new(), unit(200)
    index.add(range(200), vectors)
    assert recall(index, vectors) == 1
    assert "without a GPU: Error in allocMemory: out of memory" in caplog.text
    assert len(caplog.records) == 1


def test_without_the_package_its_installation_is_told() -> None:
    code = (
        "import sys; sys.modules['faiss'] = None\n"
        "from kg_videorag.compose import engine_factory\n"
        "from kg_videorag.errors import EngineUnavailable\n"
        "try: engine_factory('vector_index', 'faiss')\n"
        "except EngineUnavailable as error: print(error.message, '|', error.hint)\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    ).stdout
    assert "FAISS cannot be imported" in told
    assert "pip install 'kg-videorag[faiss]'" in told

"""What every VectorIndex keeps to, whether it copies the graph's vectors or is the graph."""

from __future__ import annotations

import numpy as np
import pytest

from kg_videorag.errors import VectorIndexError
from kg_videorag.graph.vector_index import Neo4jIndex
from kg_videorag.ports import VectorIndex
from kg_videorag.vectors.faiss_index import FaissIndex
from kg_videorag.vectors.faiss_kinds import Sizes
from kg_videorag.vectors.hnsw_index import HnswIndex
from kg_videorag.vectors.json_index import JsonIndex

DIMENSION = 16
HIGHEST = 2**63 - 1  # labels are 63-bit integers

ADD = """
UNWIND $rows AS row
MERGE (e:Embedding {label: row.label})
SET e:TextEmbedding, e.space = 'text', e.vector = row.vector, e.seq = 1, e.id = toString(row.label)
"""
REMOVE = "MATCH (e:Embedding) WHERE e.label IN $labels DETACH DELETE e"


def unit(count, *, dimension=DIMENSION, seed=0):
    drawn = np.random.default_rng(seed).standard_normal((count, dimension)).astype(np.float32)
    return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)


def nearest(labels, vectors, query, k):
    """The exact answer."""
    cosines = vectors @ query
    best = np.argsort(-cosines, kind="stable")[:k]
    return [(labels[i], pytest.approx(float(cosines[i]), abs=1e-5)) for i in best]


class Copies:
    """Stores that hold copies: what the graph holds is added to them."""

    def __init__(self, factory, folder):
        self.factory, self.folder = factory, folder

    def new(self, dimension=DIMENSION):
        return self.factory(
            self.folder, space="text", model="m/1", dimension=dimension, library_id="library"
        )

    def add(self, index, labels, vectors):
        index.add(labels, vectors)

    def remove(self, index, labels):
        index.remove(labels)


class Saved(Copies):
    """The same, saved after each change: a FAISS index gets the kind that suits it then."""

    def add(self, index, labels, vectors):
        index.add(labels, vectors)
        index.save()

    def remove(self, index, labels):
        index.remove(labels)
        index.save()


FAISS_KINDS = {
    "faiss hnsw": Sizes(flat_to=0, hnsw_to=1_000_000),
    "faiss ivfpq": Sizes(flat_to=1, hnsw_to=256),  # codes cannot be learnt of fewer
}


class Mirror:
    """The graph itself: vectors come and go with their videos, and the index follows."""

    def __init__(self, client, statement, folder):
        self.client, self.statement, self.folder = client, statement, folder

    def new(self, dimension=DIMENSION):
        index = Neo4jIndex(
            self.folder,
            space="text",
            model="m/1",
            dimension=dimension,
            library_id="library",
            graph=self.client,
        )
        if self.dimension() != dimension:  # as an embedder of that length would have made it
            index.clear()
        return index

    def dimension(self):
        query = self.statement("SHOW VECTOR INDEXES YIELD name, options WHERE name = 'text_vector'")
        (row,) = self.client.read(query)
        return row["options"]["indexConfig"]["vector.dimensions"]

    def add(self, index, labels, vectors):
        index.add(labels, vectors)
        rows = [
            {"label": label, "vector": vector.tolist()}
            for label, vector in zip(labels, vectors, strict=True)
        ]
        self.client.write(lambda tx: tx.run_batches(self.statement(ADD), rows))

    def remove(self, index, labels):
        index.remove(labels)
        self.client.write(lambda tx: tx.run(self.statement(REMOVE), labels=list(labels)))


@pytest.fixture(
    scope="module",
    params=[
        "hnswlib",
        "json",
        "faiss",
        *FAISS_KINDS,
        pytest.param("2026.08.1", id="neo4j"),
        pytest.param("5.26.31", id="neo4j 5.26"),
    ],
)
def kind(request):
    """A store's name, and for the graph its client."""
    if request.param in {"hnswlib", "json", "faiss", *FAISS_KINDS}:
        yield request.param, None
        return
    client = request.getfixturevalue("neo4j_of")(request.param)
    yield request.param, client
    index = Neo4jIndex(
        None, space="text", model="m", dimension=384, library_id="library", graph=client
    )
    index.clear()  # as the other tests expect it


@pytest.fixture
def store(kind, tmp_path, empty, statement, monkeypatch):
    name, client = kind
    if name in FAISS_KINDS:
        monkeypatch.setattr(FaissIndex, "sizes", FAISS_KINDS[name])
        return Saved(FaissIndex, tmp_path / "index")
    if client is None:
        factory = {"hnswlib": HnswIndex, "json": JsonIndex, "faiss": FaissIndex}[name]
        return Copies(factory, tmp_path / "index")
    empty(client)
    return Mirror(client, statement, tmp_path / "index")


@pytest.fixture
def new(store):
    """Makes an index over what the store holds, as another process would."""
    return store.new


@pytest.fixture
def filled(store):
    """An index of 300 vectors, labelled 0 to 299."""
    index = store.new()
    store.add(index, range(300), unit(300))
    return index


def test_it_is_a_vector_index(new):
    assert isinstance(new(), VectorIndex)


# Add, search, remove


def test_an_empty_index_finds_nothing(new):
    index = new()
    assert (len(index), index.labels, index.seq) == (0, frozenset(), 0)
    assert list(index.search(unit(1)[0], 5)) == []
    assert list(index.search(unit(1)[0], 5, within=[1, 2])) == []
    assert index.vectors([]).shape == (0, DIMENSION)


def test_adding_nothing_changes_nothing(store, filled):
    store.add(filled, [], np.empty((0, DIMENSION), dtype=np.float32))
    assert len(filled) == 300


def test_the_nearest_come_first_with_their_cosines(filled):
    query = unit(1, seed=9)[0]
    assert filled.search(query, 10) == nearest(range(300), unit(300), query, 10)


@pytest.mark.parametrize(
    ("query", "cosine"), [([1, 0], 1.0), ([0.6, 0.8], 0.6), ([0, 1], 0.0), ([-1, 0], -1.0)]
)
def test_scores_are_cosines(store, query, cosine, new):
    index = new(dimension=2)
    store.add(index, [5], np.asarray([[1, 0]], dtype=np.float32))
    found = index.search(np.asarray(query, dtype=np.float32), 1)
    assert found == [(5, pytest.approx(cosine, abs=1e-6))]


@pytest.mark.parametrize("within", [None, range(300)])
@pytest.mark.parametrize("k", [299, 300, 301, 5_000])
def test_more_than_there_are_finds_all(k, within, filled):
    found = filled.search(unit(1)[0], k, within)
    assert {label for label, _ in found} == set(range(min(k, 300))) or k == 299
    assert len(found) == min(k, 300)


@pytest.mark.parametrize("within", [None, [1, 2, 3], range(300)])
@pytest.mark.parametrize("k", [0, -1])
def test_none_wanted_is_none_found(k, within, filled):
    assert list(filled.search(unit(1)[0], k, within)) == []


@pytest.mark.parametrize("within", [None, [1, 2, 3], range(300)])
@pytest.mark.parametrize("shape", [(), (0,), (1,), (DIMENSION - 1,), (DIMENSION + 1,), (1, 16)])
def test_a_query_of_another_shape_is_refused(shape, within, filled):
    with pytest.raises(VectorIndexError, match="does not fit"):
        filled.search(np.ones(shape, dtype=np.float32), 3, within)


def test_what_was_removed_is_never_found(store, filled):
    gone = set(range(0, 300, 2))
    store.remove(filled, gone)
    assert filled.labels == frozenset(range(1, 300, 2))
    for query in unit(300)[:10]:
        for k in (1, 150, 300):
            assert not gone & {label for label, _ in filled.search(query, k)}
            assert not gone & {label for label, _ in filled.search(query, k, within=range(300))}


def test_removing_what_is_unknown_is_ignored(store, filled):
    store.remove(filled, [3, 3, 999, HIGHEST])
    store.remove(filled, [3])
    assert len(filled) == 299


def test_what_comes_back_is_found_with_its_new_vector(store, filled):
    store.remove(filled, [3])
    moved = unit(1, seed=77)
    store.add(filled, [3], moved)
    assert len(filled) == 300
    assert filled.search(moved[0], 1) == [(3, pytest.approx(1, abs=1e-5))]


def test_the_same_label_replaces(store, filled):
    moved = unit(1, seed=77)
    store.add(filled, [3], moved)
    assert len(filled) == 300
    assert filled.search(moved[0], 1)[0][0] == 3
    assert filled.search(unit(300)[3], 1)[0][1] < 0.999
    np.testing.assert_allclose(filled.vectors([3]), moved, atol=1e-6)


def test_vectors_are_given_back_in_the_order_asked(filled):
    np.testing.assert_allclose(filled.vectors([7, 0, 299]), unit(300)[[7, 0, 299]], atol=1e-6)


@pytest.mark.parametrize("label", [3, 999])
def test_vectors_of_what_is_not_there_are_refused(store, label, filled):
    store.remove(filled, [3])
    with pytest.raises(VectorIndexError, match=f"no label {label}"):
        filled.vectors([0, label])


def test_labels_take_63_bits(store, new):
    index, labels = new(), [0, 1, 2**62, HIGHEST - 1, HIGHEST]
    store.add(index, labels, unit(5))
    for label, query in zip(labels, unit(5), strict=True):
        assert index.search(query, 1)[0][0] == label
        assert index.search(query, 5, within=[label])[0][0] == label
    store.remove(index, [HIGHEST])
    index.save()
    again = new()
    assert again.load() is True
    assert again.labels == frozenset(labels[:-1])


def test_it_grows_as_it_must(store, new):
    index, vectors = new(), unit(5_000)
    for start in range(0, 5_000, 700):
        store.add(index, range(5_000)[start : start + 700], vectors[start : start + 700])
    assert len(index) == 5_000
    for label in (0, 1_023, 1_024, 2_100, 4_999):
        assert index.search(vectors[label], 1)[0][0] == label


@pytest.mark.parametrize(
    ("labels", "vectors"),
    [
        ([1], unit(1, dimension=DIMENSION - 1)),
        ([1], unit(1, dimension=DIMENSION + 1)),
        ([1, 2], unit(1)),
        ([1], unit(2)),
        ([1], unit(1)[0]),
        ([], unit(1)),
    ],
)
def test_vectors_of_another_shape_are_refused(labels, vectors, filled):
    with pytest.raises(VectorIndexError, match="do not fit"):
        filled.add(labels, vectors)
    assert len(filled) == 300


# Search among some


@pytest.mark.parametrize("k", [1, 10, 100, 400])
@pytest.mark.parametrize(
    "within",
    [
        [],
        [5],
        [5, 5, 5],
        [999, HIGHEST],  # unknown
        [7, 3, 299, 999],
        range(0, 300, 30),  # few: a scan
        range(0, 300, 2),
        range(1, 300),  # nearly all: a filtered search
    ],
    ids=["none", "one", "one thrice", "unknown", "some", "few", "half", "most"],
)
def test_a_filtered_search_is_exact(within, k, filled):
    labels = sorted(set(within) & set(range(300)))
    for query in unit(5, seed=8):
        expected = nearest(labels, unit(300)[labels], query, k)
        assert filled.search(query, k, within) == expected


def test_a_filter_never_brings_back_what_was_removed(store, filled):
    store.remove(filled, [5])
    assert list(filled.search(unit(300)[5], 3, within=[5])) == []


# Recall


def test_recall_at_10_is_99_percent(store, new):
    vectors, queries = unit(2_000, dimension=64), unit(100, dimension=64, seed=1)
    index = new(dimension=64)
    store.add(index, range(2_000), vectors)
    exact = np.argsort(-(queries @ vectors.T), axis=1)[:, :10]
    hits = sum(
        len({label for label, _ in index.search(query, 10)} & set(best.tolist()))
        for query, best in zip(queries, exact, strict=True)
    )
    assert hits / 1_000 >= 0.99

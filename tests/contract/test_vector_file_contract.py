"""What every VectorIndex that is a file keeps to: saved whole, loaded only if it is that."""

from __future__ import annotations

import json
import resource
from contextlib import contextmanager

import numpy as np
import pytest

from kg_videorag.errors import IndexCorruptError, VectorIndexError
from kg_videorag.vectors.faiss_index import FaissIndex
from kg_videorag.vectors.faiss_kinds import Sizes
from kg_videorag.vectors.hnsw_index import HnswIndex
from kg_videorag.vectors.json_index import JsonIndex
from kg_videorag.vectors.synchronise import verify

DIMENSION = 16


def unit(count, *, dimension=DIMENSION, seed=0):
    drawn = np.random.default_rng(seed).standard_normal((count, dimension)).astype(np.float32)
    return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)


class FaissGraph(FaissIndex):
    """As a larger library has it: a graph of neighbours."""

    sizes = Sizes(flat_to=1, hnsw_to=1_000_000)


class FaissLists(FaissIndex):
    """As a huge library has it: lists of compressed vectors, the vectors themselves on disk."""

    sizes = Sizes(flat_to=1, hnsw_to=256)


STORES = {
    "hnswlib": HnswIndex,
    "json": JsonIndex,
    "faiss flat": FaissIndex,
    "faiss hnsw": FaissGraph,
    "faiss ivfpq": FaissLists,
}


@pytest.fixture(params=STORES)
def store(request):
    return STORES[request.param]


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "index"


@pytest.fixture
def new(store, folder):
    """Makes an empty index over one folder, as another process would."""

    def new(**changed):
        kind = {"space": "text", "model": "m/1", "dimension": DIMENSION, "library_id": "library"}
        return store(folder, **{**kind, **changed})

    return new


@pytest.fixture
def filled(new):
    """An index of 300 vectors, labelled 0 to 299."""
    index = new()
    index.add(range(300), unit(300))
    return index


@pytest.fixture
def saved(filled):
    """The same, saved, with two removed, at change 7."""
    filled.remove([3, 4])
    filled.mark(7)
    filled.save()
    return filled


def test_clear_forgets_everything(saved):
    saved.clear()
    assert (len(saved), saved.labels, saved.seq) == (0, frozenset(), 0)
    assert list(saved.search(unit(1)[0], 3)) == []
    saved.add([1], unit(1))
    assert len(saved) == 1


def test_an_index_remembers_how_far_it_is(new):
    index = new()
    index.mark(41)
    assert index.seq == 41


@pytest.mark.parametrize("kept", [2, 5, 20, 100])
@pytest.mark.parametrize("collection", [list, frozenset, np.asarray, lambda labels: labels])
def test_a_filter_of_any_width_and_collection(kept, collection, new):
    index, vectors = new(), unit(4_000)
    index.add(range(4_000), vectors)
    index.save()
    labels = range(0, 4_000, kept)
    hits = 0
    for query in unit(20, seed=6):
        found = [label for label, _ in index.search(query, 10, collection(labels))]
        best = np.argsort(-(vectors[labels] @ query))[:10]
        hits += len(set(found) & {labels[n] for n in best})
        assert len(found) == 10
    assert hits >= 198


def test_a_filter_far_from_the_query_is_scanned(new):
    index, vectors = new(), unit(4_000)
    index.add(range(4_000), vectors)
    index.save()
    query = vectors[0]
    far = np.argsort(vectors @ query)[:2_000]
    best = [label for label, _ in index.search(query, 10, frozenset(far.tolist()))]
    assert best == far[::-1][:10].tolist()


# Save and load


def test_without_a_file_there_is_nothing_to_load(new):
    assert new().load() is False


def test_what_was_saved_is_what_is_loaded(saved, new):
    again = new()
    assert again.load() is True
    assert (again.labels, again.seq) == (saved.labels, 7)
    for query in unit(20, seed=5):
        assert again.search(query, 10) == saved.search(query, 10)
        assert again.search(query, 10, range(50)) == saved.search(query, 10, range(50))


def test_a_loaded_index_goes_on(saved, new):
    again = new()
    again.load()
    again.add([3, *range(1_000, 4_000)], unit(3_001, seed=4))
    again.remove([0])
    again.save()
    third = new()
    third.load()
    assert third.labels == again.labels
    assert len(third) == 300 - 2 + 1 + 3_000 - 1


def test_an_empty_index_can_be_saved(new):
    index = new()
    index.mark(3)
    index.save()
    again = new()
    assert again.load() is True
    assert (len(again), again.seq) == (0, 3)


def test_an_index_whose_vectors_are_mostly_gone_is_saved_without_them(filled, new):
    filled.remove(range(250))
    filled.save()
    again = new()
    again.load()
    assert again.labels == frozenset(range(250, 300))
    for label in (250, 299):
        assert again.search(unit(300)[label], 1)[0][0] == label


def test_a_later_save_replaces_the_former(saved, new):
    saved.remove([0])
    saved.mark(8)
    saved.save()
    again = new()
    again.load()
    assert (len(again), again.seq) == (297, 8)


def test_a_save_leaves_nothing_else_behind(saved, folder):
    (folder / "text.99999.tmp").write_bytes(b"left by a process that was killed")
    (folder / "text-0123456789abcdef.index").write_bytes(b"a former index")
    (folder / "vision.json").write_bytes(b"another space's")
    saved.mark(8)
    saved.save()
    names = sorted(path.name for path in folder.iterdir())
    assert names == [index_file(folder).name, "text.json", "vision.json"]
    assert names[0] != "text-0123456789abcdef.index"


def test_a_killed_save_leaves_the_former_index_whole(saved, new, folder):
    (folder / "text.99999.tmp").write_bytes(b"half an index")
    (folder / "text-0123456789abcdef.index").write_bytes(b"renamed, but not yet named")
    again = new()
    assert again.load() is True
    assert again.labels == saved.labels


def test_a_save_that_the_disk_refuses_is_told(new, tmp_path):
    (tmp_path / "index").write_text("a file where the folder should be", encoding="utf-8")
    index = new()
    index.add([1], unit(1))
    with pytest.raises(VectorIndexError, match="cannot be saved") as caught:
        index.save()
    assert caught.value.hint


@contextmanager
def room_for(size_bytes):
    """A disk on which no file can grow beyond this."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("size_bytes", [0, 1_000, 60_000])
def test_a_full_disk_is_told_and_keeps_the_former_index(size_bytes, saved, new):
    before = saved.labels
    saved.add(range(1_000, 2_000), unit(1_000))
    saved.mark(8)
    with room_for(size_bytes), pytest.raises(VectorIndexError, match="cannot be saved"):
        saved.save()
    former = new()
    assert former.load() is True
    assert (former.labels, former.seq) == (before, 7)
    saved.save()  # there is room again
    assert new().load() is True


# Damage


def index_file(folder):
    (path,) = [
        path for suffix in ("index", "vectors", "faiss") for path in folder.glob(f"*.{suffix}")
    ]
    return path


def manifest(folder):
    (path,) = folder.glob("*.json")
    return path


def refuses(index):
    with pytest.raises(IndexCorruptError) as caught:
        index.load()
    assert caught.value.hint
    assert len(index) == 0


class Graph:
    """The graph of which `saved` is the copy, as `index verify` reads it."""

    labels = tuple(label for label in range(300) if label not in {3, 4})

    def latest_seq(self):
        return 7

    def added_since(self, seq):
        yield list(self.labels), unit(300)[list(self.labels)], 7

    def removed_since(self, seq):
        return []


def places(size):
    """Everywhere in a small file; in a larger one its ends and a hundred places between."""
    if size <= 2_000:
        return range(size)
    return sorted({*range(64), *range(0, size, size // 100), *range(size - 64, size)})


# One bit, all bits, and what turns a line's end into another white space.
@pytest.mark.parametrize("flip", [0x01, 0x80, 0xFF, 0x07])
@pytest.mark.parametrize("which", [index_file, manifest], ids=["index", "manifest"])
def test_each_single_flipped_byte_is_found(flip, which, saved, new, folder):
    path = which(folder)
    whole = path.read_bytes()
    assert verify(new(), Graph()).faults == ()
    for place in places(len(whole)):
        content = bytearray(whole)
        content[place] ^= flip
        path.write_bytes(content)
        assert verify(new(), Graph()).faults, place
        with pytest.raises(IndexCorruptError):
            new().load()
    path.write_bytes(whole)
    assert verify(new(), Graph()).faults == ()


@pytest.mark.parametrize("which", [index_file, manifest], ids=["index", "manifest"])
def test_no_byte_of_a_small_index_can_be_flipped_unseen(which, new, folder):
    index = new()
    index.add([1, 2], unit(2))
    index.mark(1)
    index.save()
    path = which(folder)
    whole = path.read_bytes()
    for place in range(0, len(whole), max(1, len(whole) // 1_000)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x20]) + whole[place + 1 :])
        with pytest.raises(IndexCorruptError):
            new().load()


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: content[:-1],
        lambda content: content[: len(content) // 2],
        lambda content: content + b"\0",
        lambda content: bytes(len(content)),
    ],
    ids=["empty", "a byte short", "halved", "a byte long", "zeros"],
)
def test_an_index_of_other_content_is_refused(damage, saved, new, folder):
    path = index_file(folder)
    path.write_bytes(damage(path.read_bytes()))
    refuses(new())


def test_a_missing_index_is_refused(saved, new, folder):
    index_file(folder).unlink()
    refuses(new())


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"{}", b"null", b"7", b'"text"', b"\xff\xfe", b'{"format": 1}'],
)
def test_what_is_no_manifest_is_refused(content, saved, new, folder):
    manifest(folder).write_bytes(content)
    refuses(new())


def test_a_manifest_that_was_cut_is_refused(saved, new, folder):
    path = manifest(folder)
    path.write_bytes(path.read_bytes()[:-3])
    refuses(new())


@pytest.mark.parametrize(
    "change",
    [
        {"format": 0},
        {"metric": "l2"},
        {"dimension": DIMENSION + 1},
        {"sha256": "0" * 64},
        {"sha256": ""},
        {"sha256": 5},
        {"count": "x"},
        {"seq": None},
        {"seq": 8},  # it would hide a change
        {"deleted": None},
        {"deleted": ["a"]},
        {"deleted": []},  # it would bring back what was removed
        {"deleted": [3, 4, 5]},
        {"surplus": 1},
    ],
    ids=str,
)
def test_a_manifest_of_other_content_is_refused(change, saved, new, folder):
    path = manifest(folder)
    path.write_text(json.dumps({**json.loads(path.read_bytes()), **change}), encoding="utf-8")
    refuses(new())


@pytest.mark.parametrize("field", ["sha256", "seq", "deleted", "count", "model", "library_id"])
def test_a_manifest_that_lacks_a_field_is_refused(field, saved, new, folder):
    path = manifest(folder)
    fields = json.loads(path.read_bytes())
    del fields[field]
    path.write_text(json.dumps(fields), encoding="utf-8")
    refuses(new())


@pytest.mark.parametrize(
    "other", [{"model": "m/2"}, {"dimension": DIMENSION * 2}, {"library_id": "another library"}]
)
def test_an_index_of_another_kind_is_refused(other, saved, new):
    refuses(new(**other))


def test_a_refused_index_can_be_built_anew(saved, new, folder):
    index_file(folder).write_bytes(b"")
    index = new()
    refuses(index)
    index.add(range(10), unit(10))
    index.save()
    again = new()
    assert again.load() is True
    assert len(again) == 10


def test_the_file_of_another_store_is_refused_and_replaced(new, folder, store):
    other = JsonIndex if store is HnswIndex else HnswIndex
    former = other(folder, space="text", model="m/1", dimension=DIMENSION, library_id="library")
    former.add(range(10), unit(10))
    former.save()
    index = new()
    refuses(index)
    index.add(range(5), unit(5))
    index.save()
    assert len(list(folder.iterdir())) == 2
    again = new()
    assert again.load() is True
    assert len(again) == 5


def test_what_json_saves_can_be_read(folder):
    index = JsonIndex(folder, space="text", model="m/1", dimension=2, library_id="library")
    index.add([7, 5], np.asarray([[0.6, 0.8], [1, 0]], dtype=np.float32))
    index.save()
    assert json.loads(index_file(folder).read_bytes()) == {
        "space": "text",
        "model": "m/1",
        "dimension": 2,
        "vectors": [
            {"label": 7, "vector": [0.600000024, 0.800000012]},
            {"label": 5, "vector": [1, 0]},
        ],
    }


def test_json_brings_every_number_back_exactly(new, folder):
    index = JsonIndex(folder, space="text", model="m", dimension=64, library_id="library")
    index.add(range(50), unit(50, dimension=64))
    index.save()
    again = JsonIndex(folder, space="text", model="m", dimension=64, library_id="library")
    assert again.load() is True
    np.testing.assert_array_equal(again.vectors(range(50)), unit(50, dimension=64))

"""What every VectorIndex keeps to."""

from __future__ import annotations

import json
import resource
from contextlib import contextmanager

import numpy as np
import pytest

from kg_videorag.errors import IndexCorruptError, VectorIndexError
from kg_videorag.ports import VectorIndex
from kg_videorag.vectors.hnsw_index import HnswIndex

DIMENSION = 16
HIGHEST = 2**63 - 1  # labels are 63-bit integers


def unit(count, *, dimension=DIMENSION, seed=0):
    drawn = np.random.default_rng(seed).standard_normal((count, dimension)).astype(np.float32)
    return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)


def nearest(labels, vectors, query, k):
    """The exact answer."""
    cosines = vectors @ query
    best = np.argsort(-cosines, kind="stable")[:k]
    return [(labels[i], pytest.approx(float(cosines[i]), abs=1e-5)) for i in best]


@pytest.fixture(params=[HnswIndex])
def new(request, tmp_path):
    """Makes an empty index over one folder, as another process would."""

    def new(**changed):
        kind = {"space": "text", "model": "m/1", "dimension": DIMENSION, "library_id": "library"}
        return request.param(tmp_path / "index", **{**kind, **changed})

    return new


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "index"


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


def test_it_is_a_vector_index(new):
    assert isinstance(new(), VectorIndex)


# Add, search, remove


def test_an_empty_index_finds_nothing(new):
    index = new()
    assert (len(index), index.labels, index.seq) == (0, frozenset(), 0)
    assert list(index.search(unit(1)[0], 5)) == []
    assert list(index.search(unit(1)[0], 5, within=[1, 2])) == []
    assert index.vectors([]).shape == (0, DIMENSION)


def test_adding_nothing_changes_nothing(filled):
    filled.add([], np.empty((0, DIMENSION), dtype=np.float32))
    assert len(filled) == 300


def test_the_nearest_come_first_with_their_cosines(filled):
    query = unit(1, seed=9)[0]
    assert filled.search(query, 10) == nearest(range(300), unit(300), query, 10)


@pytest.mark.parametrize(
    ("query", "cosine"), [([1, 0], 1.0), ([0.6, 0.8], 0.6), ([0, 1], 0.0), ([-1, 0], -1.0)]
)
def test_scores_are_cosines(query, cosine, new):
    index = new(dimension=2)
    index.add([5], np.asarray([[1, 0]], dtype=np.float32))
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


def test_what_was_removed_is_never_found(filled):
    gone = set(range(0, 300, 2))
    filled.remove(gone)
    assert filled.labels == frozenset(range(1, 300, 2))
    for query in unit(300)[:40]:
        for k in (1, 10, 150, 300):
            assert not gone & {label for label, _ in filled.search(query, k)}
            assert not gone & {label for label, _ in filled.search(query, k, within=range(300))}


def test_removing_what_is_unknown_is_ignored(filled):
    filled.remove([3, 3, 999, HIGHEST])
    filled.remove([3])
    assert len(filled) == 299


def test_what_comes_back_is_found_with_its_new_vector(filled):
    filled.remove([3])
    moved = unit(1, seed=77)
    filled.add([3], moved)
    assert len(filled) == 300
    assert filled.search(moved[0], 1) == [(3, pytest.approx(1, abs=1e-5))]


def test_the_same_label_replaces(filled):
    moved = unit(1, seed=77)
    filled.add([3], moved)
    assert len(filled) == 300
    assert filled.search(moved[0], 1)[0][0] == 3
    assert filled.search(unit(300)[3], 1)[0][1] < 0.999
    np.testing.assert_allclose(filled.vectors([3]), moved, atol=1e-6)


def test_vectors_are_given_back_in_the_order_asked(filled):
    np.testing.assert_allclose(filled.vectors([7, 0, 299]), unit(300)[[7, 0, 299]], atol=1e-6)


@pytest.mark.parametrize("label", [3, 999])
def test_vectors_of_what_is_not_there_are_refused(label, filled):
    filled.remove([3])
    with pytest.raises(VectorIndexError, match=f"no label {label}"):
        filled.vectors([0, label])


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


def test_labels_take_63_bits(new):
    index, labels = new(), [0, 1, 2**62, HIGHEST - 1, HIGHEST]
    index.add(labels, unit(5))
    for label, query in zip(labels, unit(5), strict=True):
        assert index.search(query, 1)[0][0] == label
        assert index.search(query, 5, within=[label])[0][0] == label
    index.remove([HIGHEST])
    index.save()
    again = new()
    again.load()
    assert again.labels == frozenset(labels[:-1])


def test_it_grows_as_it_must(new):
    index, vectors = new(), unit(5_000)
    for start in range(0, 5_000, 700):
        index.add(range(5_000)[start : start + 700], vectors[start : start + 700])
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


def test_a_filter_never_brings_back_what_was_removed(filled):
    filled.remove([5])
    assert list(filled.search(unit(300)[5], 3, within=[5])) == []


# Recall


def test_recall_at_10_is_99_percent(new):
    vectors, queries = unit(2_000, dimension=64), unit(100, dimension=64, seed=1)
    index = new(dimension=64)
    index.add(range(2_000), vectors)
    exact = np.argsort(-(queries @ vectors.T), axis=1)[:, :10]
    hits = sum(
        len({label for label, _ in index.search(query, 10)} & set(best.tolist()))
        for query, best in zip(queries, exact, strict=True)
    )
    assert hits / 1_000 >= 0.99


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
    query = unit(1, seed=2)[0]
    assert again.search(query, 5) == nearest(range(250, 300), unit(300)[250:], query, 5)


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
    assert len(names) == 3
    assert names[0].endswith(".index")
    assert names[1:] == ["text.json", "vision.json"]
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
    (path,) = folder.glob("*.index")
    return path


def manifest(folder):
    (path,) = folder.glob("*.json")
    return path


def refuses(index):
    with pytest.raises(IndexCorruptError) as caught:
        index.load()
    assert caught.value.hint
    assert len(index) == 0


@pytest.mark.parametrize("bit", [0, 7])
@pytest.mark.parametrize("place", [0.0, 0.001, 0.1, 0.25, 0.5, 0.75, 0.9, 0.999, 1.0])
def test_a_flipped_bit_of_the_index_is_refused(place, bit, saved, new, folder):
    path = index_file(folder)
    content = bytearray(path.read_bytes())
    content[round(place * (len(content) - 1))] ^= 1 << bit
    path.write_bytes(content)
    refuses(new())


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

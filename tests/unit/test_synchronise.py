"""The index follows the graph: from nothing, from damage, from behind, from ahead."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

import numpy as np
import pytest
from filelock import FileLock

from kg_videorag.errors import VectorIndexError
from kg_videorag.vectors import synchronise
from kg_videorag.vectors.hnsw_index import HnswIndex
from kg_videorag.vectors.synchronise import open_index, rebuild, refresh, verify

DIMENSION = 8


def vector(seed):
    drawn = np.random.default_rng(seed).standard_normal(DIMENSION)
    return (drawn / np.linalg.norm(drawn)).astype(np.float32)


@dataclass
class Graph:
    """An EmbeddingSource in memory. Every `change` is one transaction, with one seq."""

    seq: int = 0
    vectors: dict[int, tuple[int, np.ndarray]] = field(default_factory=dict)
    removed: dict[int, int] = field(default_factory=dict)

    def change(self, *, add=(), remove=()):
        self.seq += 1
        for label in remove:
            del self.vectors[label]
            self.removed[label] = self.seq
        for label in add:
            self.vectors[label] = (self.seq, vector(label))
            self.removed.pop(label, None)
        return self

    def latest_seq(self):
        return self.seq

    def added_since(self, seq):
        rows = sorted((s, label, v) for label, (s, v) in self.vectors.items() if s > seq)
        for start in range(0, len(rows), 3):  # small batches: one change may span several
            batch = rows[start : start + 3]
            labels = [label for _, label, _ in batch]
            yield labels, np.asarray([v for _, _, v in batch]), batch[-1][0]

    def removed_since(self, seq):
        return [label for label, at in self.removed.items() if at > seq]


@pytest.fixture
def new(tmp_path):
    """Makes an index as another process would: empty, over the same folder."""

    def new():
        return HnswIndex(
            tmp_path / "index", space="text", model="m", dimension=DIMENSION, library_id="l"
        )

    return new


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "index"


def agrees(index, graph):
    return (
        index.seq == graph.seq
        and index.labels == graph.vectors.keys()
        and all(
            index.search(v, 1)[0] == (label, pytest.approx(1, abs=1e-5))
            for label, (_, v) in graph.vectors.items()
        )
    )


def test_an_empty_graph_is_an_empty_index(new, folder):
    index = new()
    open_index(index, Graph(), folder)
    assert (len(index), index.seq) == (0, 0)
    assert not folder.exists()


def test_an_index_that_was_never_saved_is_built_and_saved(new, folder):
    graph = Graph().change(add=range(10))
    index = new()
    open_index(index, graph, folder)
    assert agrees(index, graph)
    assert verify(new(), graph).faults == ()


@pytest.mark.parametrize(
    "changes",
    [
        [{"add": [100, 101]}],
        [{"remove": [3, 4]}],
        [{"add": [100], "remove": [3]}],
        [{"remove": [3]}, {"add": [3]}],  # it came back
        [{"add": [100]}, {"remove": [100]}],  # it came and went
        [{"remove": range(10)}],
        [{"remove": range(10)}, {"add": range(20)}],
        [{}],  # a change of nothing
    ],
)
def test_an_index_that_is_behind_catches_up(changes, new, folder):
    graph = Graph().change(add=range(10))
    open_index(new(), graph, folder)
    for change in changes:
        graph.change(**change)
    index = new()
    open_index(index, graph, folder)
    assert agrees(index, graph)
    assert verify(new(), graph).faults == ()


def test_an_index_that_is_ahead_of_a_restored_graph_is_built_anew(new, folder):
    ahead = Graph().change(add=range(10)).change(add=range(10, 20), remove=[0])
    open_index(new(), ahead, folder)
    restored = Graph().change(add=range(10))
    index = new()
    open_index(index, restored, folder)
    assert agrees(index, restored)
    assert verify(new(), restored).faults == ()


def test_a_damaged_index_is_told_and_built_anew(new, folder, caplog):
    graph = Graph().change(add=range(10))
    open_index(new(), graph, folder)
    for path in folder.glob("*.index"):
        path.write_bytes(path.read_bytes()[:-1])
    index = new()
    with caplog.at_level(logging.WARNING):
        open_index(index, graph, folder)
    assert "rebuilding it from the graph" in caplog.text
    assert agrees(index, graph)
    assert verify(new(), graph).faults == ()


def test_refresh_says_whether_something_changed(new, folder):
    graph = Graph().change(add=[1])
    index = new()
    assert refresh(index, graph, folder) is True
    assert refresh(index, graph, folder) is False
    graph.change(remove=[1])
    assert refresh(index, graph, folder) is True
    assert index.labels == frozenset()


def test_what_is_committed_while_we_read_is_found_next_time(new, folder):
    class Busy(Graph):
        """Another process commits between our two reads."""

        def added_since(self, seq):
            yield from list(super().added_since(seq))
            if self.seq < 3:
                self.change(add=[self.seq * 100], remove=[self.seq])

    graph = Busy().change(add=[1, 2, 3])
    index = new()
    for _ in range(3):
        refresh(index, graph, folder)
    assert agrees(index, graph)


def test_a_held_lock_leaves_the_file_but_not_the_memory_behind(new, folder):
    graph = Graph().change(add=range(10))
    open_index(new(), graph, folder)
    graph.change(add=[100])
    index = new()
    with FileLock(folder / ".lock"):  # another process is saving
        open_index(index, graph, folder)
    assert agrees(index, graph)
    assert verify(new(), graph).faults[0] == "the index knows change 1, the graph is at 2"
    graph.change(add=[101])
    refresh(index, graph, folder)
    assert verify(new(), graph).faults == ()


@pytest.mark.parametrize("bring_up", [open_index, refresh, rebuild])
def test_a_folder_that_cannot_be_made_is_told(bring_up, new, folder):
    index = new()
    folder.parent.joinpath("file").write_text("", encoding="utf-8")
    with pytest.raises(VectorIndexError, match="cannot be kept") as caught:
        bring_up(index, Graph().change(add=[1]), folder.parent / "file" / "index")
    assert caught.value.hint


def test_rebuild_forgets_what_the_graph_does_not_hold(new, folder):
    graph = Graph().change(add=range(10))
    index = new()
    open_index(index, graph, folder)
    index.add([999], np.asarray([vector(999)]))
    index.save()
    rebuild(new(), graph, folder)
    again = new()
    assert again.load()
    assert agrees(again, graph)


def test_rebuild_waits_for_who_is_saving_but_not_for_ever(new, folder, monkeypatch):
    monkeypatch.setattr(
        synchronise, "_lock", lambda folder, **_: FileLock(folder / ".lock", timeout=0.05)
    )
    folder.mkdir()
    with (
        FileLock(folder / ".lock"),
        pytest.raises(VectorIndexError, match="another process is saving") as caught,
    ):
        rebuild(new(), Graph().change(add=[1]), folder)
    assert caught.value.hint


def test_verify_of_an_index_that_agrees(new, folder):
    graph = Graph().change(add=range(10)).change(remove=[0])
    open_index(new(), graph, folder)
    found = verify(new(), graph)
    assert (found.vectors, found.seq, found.faults) == (9, 2, ())


def missing(index, graph, folder):
    index.remove([1, 2])
    index.save()


def extra(index, graph, folder):
    index.add([500], np.asarray([vector(500)]))
    index.save()


def different(index, graph, folder):
    index.add([1, 2, 3], np.asarray([vector(500), vector(501), vector(502)]))
    index.save()


def behind(index, graph, folder):
    graph.change(remove=[1])


def damaged(index, graph, folder):
    (path,) = folder.glob("*.index")
    path.unlink()


@pytest.mark.parametrize(
    ("harm", "fault"),
    [
        (missing, "2 vectors of the graph are missing"),
        (extra, "1 vectors are not in the graph"),
        (different, "3 vectors differ from the graph's"),
        (behind, "the index knows change 1, the graph is at 2"),
        (damaged, "names an index file that is gone"),
    ],
)
def test_verify_finds(harm, fault, new, folder):
    graph, index = Graph().change(add=range(10)), new()
    open_index(index, graph, folder)
    harm(index, graph, folder)
    faults = verify(new(), graph).faults
    assert any(fault in found for found in faults), faults


def test_verify_finds_no_fault_in_an_empty_library(new):
    assert verify(new(), Graph()).faults == ()


def test_verify_tells_that_nothing_was_saved(new):
    faults = verify(new(), Graph().change(add=range(10))).faults
    assert faults == (
        "no index is saved",
        "the index knows change 0, the graph is at 1",
        "10 vectors of the graph are missing",
    )


def test_verify_changes_nothing(new, folder):
    graph = Graph().change(add=range(10))
    open_index(new(), graph, folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    graph.change(add=[100])
    verify(new(), graph)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_number_that_was_read_just_now_is_not_read_again(new, folder):
    graph, index = Graph().change(add=[1]), new()
    open_index(index, graph, folder)
    graph.latest_seq = lambda: pytest.fail("it was read before")
    assert refresh(index, graph, folder, graph.seq) is False
    del graph.latest_seq
    behind = graph.seq  # somebody writes after it was read: the next search sees it
    graph.change(add=[2], remove=[1])
    assert refresh(index, graph, folder, behind) is False
    assert refresh(index, graph, folder, graph.seq) is True
    assert agrees(index, graph)


def test_a_number_that_is_behind_the_index_forgets_nothing(new, folder):
    graph = Graph().change(add=[1])
    behind = graph.seq
    graph.change(add=[2])
    index = new()
    open_index(index, graph, folder, behind)
    index.clear = lambda: pytest.fail("the graph is not older")
    assert refresh(index, graph, folder, behind) is False
    assert agrees(index, graph)

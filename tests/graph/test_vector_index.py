"""Neo4j's own vector index as the store: what it finds, by each of its ways, and how it mends."""

from __future__ import annotations

import numpy as np
import pytest

from kg_videorag.errors import GraphError, IndexCorruptError
from kg_videorag.graph import vector_index
from kg_videorag.graph.changes import GraphEmbeddings
from kg_videorag.graph.queries import load
from kg_videorag.graph.vector_index import Neo4jIndex
from kg_videorag.graph.write import delete_video, write_video
from kg_videorag.vectors.synchronise import open_index, rebuild, refresh, verify


@pytest.fixture
def new(graph, tmp_path):
    def new(**changed):
        kind = {"space": "text", "model": "m", "dimension": 384, "library_id": "library"}
        return Neo4jIndex(tmp_path / "index", **{**kind, **changed}, graph=graph)

    return new


@pytest.fixture
def one(video_graph):
    return video_graph("one", [(f"Ann did thing {i}.", ["Ann"]) for i in range(30)])


@pytest.fixture
def source(graph):
    return GraphEmbeddings(graph, "text")


def exact(embeddings, query, k):
    best = sorted(embeddings, key=lambda e: -float(e.vector @ query))[:k]
    return [(e.label, pytest.approx(float(e.vector @ query), abs=1e-5)) for e in best]


@pytest.mark.parametrize("scan_to", [0, 1000], ids=["in the index", "scan"])
@pytest.mark.parametrize("share", [1, 2, 10])
def test_a_filter_is_exact_by_each_way(scan_to, share, graph, new, one, monkeypatch) -> None:
    write_video(graph, one)
    monkeypatch.setattr(vector_index, "_SCAN_TO", {True: scan_to, False: scan_to})
    some = one.embeddings[::share]
    for query in (one.embeddings[3].vector, one.embeddings[10].vector):
        found = new().search(query, 3, [e.label for e in some])
        assert found == exact(some, query, 3)


def test_the_newer_filters_inside_the_index_the_older_draws_more(
    graph, new, one, monkeypatch
) -> None:
    write_video(graph, one)
    monkeypatch.setattr(vector_index, "_SCAN_TO", {True: 0, False: 0})
    asked = []
    read = type(graph).read
    monkeypatch.setattr(
        type(graph),
        "read",
        lambda self, query, **p: asked.append(query.name) or read(self, query, **p),
    )
    new().search(one.embeddings[0].vector, 3, [e.label for e in one.embeddings])
    newer = graph.version >= (2026,)
    assert ("graph/vector_search_text_25" in asked) is newer
    assert ("graph/vector_search" in asked) is not newer
    assert "graph/vector_scan" not in asked


def test_it_follows_every_write_at_once(graph, new, one, source, tmp_path) -> None:
    index = new()
    open_index(index, source, tmp_path)
    write_video(graph, one)
    assert refresh(index, source, tmp_path) is False
    assert index.labels == {e.label for e in one.embeddings}
    query = one.embeddings[5].vector
    assert index.search(query, 1) == exact(one.embeddings, query, 1)
    delete_video(graph, one.video.id)
    assert list(index.search(query, 1)) == []
    assert index.labels == frozenset()
    assert list(tmp_path.iterdir()) == []  # nothing is kept beside the graph


def test_forgetting_takes_nothing_out_of_the_graph(graph, new, one, source, tmp_path) -> None:
    write_video(graph, one)
    index = new()
    index.remove(index.labels)
    rebuild(index, source, tmp_path)
    assert index.labels == {e.label for e in one.embeddings}
    assert verify(new(), source).faults == ()
    query = one.embeddings[5].vector
    assert index.search(query, 1) == exact(one.embeddings, query, 1)


def test_a_lost_mirror_is_told_and_made_anew(graph, new, one, source, tmp_path) -> None:
    write_video(graph, one)
    graph.run_schema(load("graph/drop_index"), name="text_vector")
    assert verify(new(), source).faults == ("the graph has no vector index text_vector",)
    open_index(new(), source, tmp_path)
    assert verify(new(), source).faults == ()
    query = one.embeddings[5].vector
    assert new().search(query, 1) == exact(one.embeddings, query, 1)


@pytest.mark.parametrize(
    ("other", "fault"),
    [({"dimension": 8}, "has dimension 384, not 8"), ({"model": "m/2"}, "were made by m, not m/2")],
)
def test_an_index_of_another_kind_is_refused(other, fault, graph, new, one) -> None:
    write_video(graph, one)
    with pytest.raises(IndexCorruptError, match=fault) as caught:
        new(**other).load()
    assert caught.value.hint


def test_a_vector_that_the_index_cannot_see_is_found(graph, new, one, source, statement) -> None:
    write_video(graph, one)
    unseen = one.embeddings[0].label
    graph.write(
        lambda tx: tx.run(
            statement("MATCH (e:Embedding {label: $label}) REMOVE e:TextEmbedding"), label=unseen
        )
    )
    assert verify(new(), source).faults == ("1 vectors of the graph are missing",)


def test_a_space_without_a_mirror_is_told(new) -> None:
    with pytest.raises(GraphError, match="no space of vectors named 'smell'"):
        new(space="smell")
    with pytest.raises(IndexCorruptError, match="no vector index vision_vector"):
        new(space="vision").load()


def test_vectors_come_back_as_they_went(graph, new, one) -> None:
    write_video(graph, one)
    labels = [e.label for e in one.embeddings[:3]]
    np.testing.assert_allclose(
        new().vectors(labels), [e.vector for e in one.embeddings[:3]], atol=1e-6
    )

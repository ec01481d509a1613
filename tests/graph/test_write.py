"""Writing and deleting videos: whole or not at all, and exactly what is theirs."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from kg_videorag.errors import GraphError
from kg_videorag.graph.changes import GraphEmbeddings
from kg_videorag.graph.read import find_video, list_videos, preview_deletion
from kg_videorag.graph.write import delete_video, write_video

if TYPE_CHECKING:
    from kg_videorag.model import VideoGraph

CONTENTS = """
MATCH (n) WHERE NOT n:Library AND NOT n:Migration AND NOT n:Counter AND NOT n:RemovedEmbedding
AND NOT n:RemovedEntity
WITH collect([labels(n), properties(n)]) AS nodes
RETURN nodes, COLLECT { MATCH ()-[r]->() RETURN [type(r), properties(r)] } AS edges
"""


@pytest.fixture(scope="module")
def one(video_graph):
    return video_graph("one", [("Ann met Bob.", ["Ann", "Bob"]), ("Bob left.", ["Bob"])])


@pytest.fixture(scope="module")
def two(video_graph):
    return video_graph("two", [("Bob met Cy.", ["Bob", "Cy"])])


def contents(graph, statement) -> tuple[list[str], list[str]]:
    """All nodes and edges but for `seq`, which tells when and not what."""
    row = graph.read(statement(CONTENTS))[0]
    nodes, edges = (
        sorted(
            repr((label, sorted((k, v) for k, v in properties.items() if k != "seq")))
            for label, properties in row[kind]
        )
        for kind in ("nodes", "edges")
    )
    return nodes, edges


def test_writing_twice_changes_nothing(graph, statement, one) -> None:
    write_video(graph, one)
    once = contents(graph, statement)
    write_video(graph, one)
    assert contents(graph, statement) == once


def test_the_graph_is_what_was_given(graph, statement, one) -> None:
    write_video(graph, one)
    stored = find_video(graph, one.video.id)
    assert stored is not None
    assert stored.video == one.video
    assert (stored.segments, stored.entities, stored.relations) == (2, 2, 1)
    rows = graph.read(
        statement(
            "MATCH (later:Segment)-[:FOLLOWS]->(earlier:Segment)"
            " RETURN later.index AS later, earlier.index AS earlier"
        )
    )
    assert rows == [{"later": 1, "earlier": 0}]
    labels = graph.read(statement("MATCH (e:Entity {name: 'Ann'}) RETURN labels(e) AS labels"))
    assert sorted(labels[0]["labels"]) == ["Entity", "Person", "ResolveDue"]


def test_deleting_leaves_nothing(graph, statement, one) -> None:
    write_video(graph, one)
    delete_video(graph, one.video.id)
    assert contents(graph, statement) == ([], [])


def test_deleting_one_leaves_the_other_as_it_was(graph, statement, one, two) -> None:
    write_video(graph, two)
    alone = contents(graph, statement)
    write_video(graph, one)
    preview = preview_deletion(graph, one.video.id)
    assert (preview.segments, preview.entities, preview.relations) == (2, 1, 1)  # Ann alone
    delete_video(graph, one.video.id)
    assert contents(graph, statement) == alone


def test_a_new_version_replaces_exactly_the_old_one(
    graph, statement, one, two, video_graph
) -> None:
    write_video(graph, two)
    changed = video_graph("one", [("Ann met Dee.", ["Ann", "Dee"])])
    write_video(graph, changed)
    expected = contents(graph, statement)
    delete_video(graph, changed.video.id)
    write_video(graph, one)
    write_video(graph, changed)
    assert contents(graph, statement) == expected


def test_a_failure_in_the_middle_leaves_no_trace(graph, statement, one, two) -> None:
    write_video(graph, two)
    before = contents(graph, statement)
    colliding = replace(one.embeddings[0], label=two.embeddings[0].label)
    with pytest.raises(GraphError):
        write_video(graph, replace(one, embeddings=(colliding,)))
    assert contents(graph, statement) == before


def test_vectors_of_another_model_are_refused(graph, one, two) -> None:
    write_video(graph, one)
    other = tuple(replace(e, model="other") for e in two.embeddings)
    with pytest.raises(GraphError, match="made by m") as caught:
        write_video(graph, replace(two, embeddings=other))
    assert "KGV_EMBEDDER" in caught.value.hint
    assert [stored.video.title for stored in list_videos(graph)] == ["one"]


def test_changes_are_told_to_indexes_in_order(graph, one, two) -> None:
    source = GraphEmbeddings(graph, "text")
    assert source.latest_seq() == 0
    write_video(graph, one)
    first = source.latest_seq()
    write_video(graph, two)
    since = [labels for labels, _, _ in source.added_since(first)]
    assert since == [[e.label for e in two.embeddings]]
    before_deletion = source.latest_seq()
    delete_video(graph, one.video.id)
    assert sorted(source.removed_since(before_deletion)) == sorted(e.label for e in one.embeddings)
    write_video(graph, one)  # what comes back is no longer removed
    assert source.removed_since(0) == []
    labels, vectors, _ = next(source.added_since(before_deletion))
    assert dict(zip(labels, vectors.tolist(), strict=True)).keys() == {
        e.label for e in one.embeddings
    }


def test_many_writers_and_deleters_at_once(graph, statement, video_graph) -> None:
    """Videos that share all their entities, written and deleted side by side."""
    graphs = [
        video_graph(f"video {i}", [(f"Ann met Bob {i}.", ["Ann", "Bob", "Cy"])] * 3)
        for i in range(8)
    ]

    def churn(item: VideoGraph) -> None:
        for _ in range(4):
            write_video(graph, item)
            delete_video(graph, item.video.id)
        write_video(graph, item)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(churn, graphs))
    together = contents(graph, statement)
    seqs = graph.read(statement("MATCH (e:Embedding) RETURN e.seq AS seq, e.video_id AS video_id"))
    assert len({row["video_id"] for row in seqs}) == len(graphs)
    for item in graphs:
        delete_video(graph, item.video.id)
    assert contents(graph, statement) == ([], [])
    for item in graphs:
        write_video(graph, item)

    assert len(contents(graph, statement)[0]) == len(together[0])
    assert contents(graph, statement)[1] == together[1]

"""Writing and deleting videos: whole or not at all, and exactly what is theirs."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from kg_videorag import identity
from kg_videorag.errors import GraphError
from kg_videorag.graph.changes import GraphEmbeddings
from kg_videorag.graph.read import find_video, list_videos, preview_deletion
from kg_videorag.graph.write import delete_video, write_video
from kg_videorag.model import (
    Embedding,
    Entity,
    EntityType,
    Mention,
    Modality,
    Relation,
    Segment,
    Sentence,
    Span,
    Video,
    VideoGraph,
    VideoStatus,
)

CONTENTS = """
MATCH (n) WHERE NOT n:Library AND NOT n:Migration AND NOT n:Counter AND NOT n:RemovedEmbedding
WITH collect([labels(n), properties(n)]) AS nodes
RETURN nodes, COLLECT { MATCH ()-[r]->() RETURN [type(r), properties(r)] } AS edges
"""


def video_graph(name: str, texts: list[tuple[str, list[str]]]) -> VideoGraph:
    """A video of 10 s segments; each text with the names of the entities that it mentions."""
    video_id = identity.embedding_id(name, "", "", 0, "") * 2
    segments, mentions, relations, embeddings = [], [], [], []
    entities: dict[str, Entity] = {}
    for index, (text, named) in enumerate(texts):
        span = Span(index * 10_000, (index + 1) * 10_000)
        segment_id = identity.segment_id(video_id, span, "test")
        sentence = Sentence(text, Span(span.start_ms + 500, span.start_ms + 4_000))
        segments.append(Segment(segment_id, video_id, index, span, (sentence,)))
        ids = []
        for place, entity_name in enumerate(named):
            entity_id = identity.entity_id(EntityType.PERSON, entity_name)
            ids.append(entity_id)
            entities[entity_id] = Entity(entity_id, entity_name, EntityType.PERSON)
            said = Span(span.start_ms + 500 + 100 * place, span.start_ms + 600 + 100 * place)
            identifier = identity.mention_id(segment_id, entity_id, Modality.SPEECH, said)
            mentions.append(
                Mention(identifier, segment_id, entity_id, Modality.SPEECH, said, entity_name, 0.9)
            )
        for subject, object_ in pairwise(ids):
            identifier = identity.relation_id(
                subject, "know", object_, segment_id, span.start_ms, Modality.SPEECH
            )
            relations.append(
                Relation(
                    identifier, subject, "know", object_, segment_id, Modality.SPEECH,
                    sentence.span, text, 0.8,
                )
            )  # fmt: skip
        embedding_id = identity.embedding_id(segment_id, "text", "m", span.start_ms, text)
        rng = np.random.default_rng(int(embedding_id[:8], 16))
        vector = rng.normal(size=384).astype(np.float32)
        embeddings.append(
            Embedding(
                embedding_id, identity.embedding_label(embedding_id), segment_id, "text", "m",
                span.start_ms, vector / np.linalg.norm(vector),
            )
        )  # fmt: skip
    video = Video(video_id, name, f"/v/{name}.mp4", len(texts) * 10_000, None, None, "en")
    return VideoGraph(
        video, tuple(segments), tuple(entities.values()), tuple(mentions), tuple(relations),
        tuple(embeddings), "1", ("test/1",), VideoStatus.DONE, (),
    )  # fmt: skip


ONE = video_graph("one", [("Ann met Bob.", ["Ann", "Bob"]), ("Bob left.", ["Bob"])])
TWO = video_graph("two", [("Bob met Cy.", ["Bob", "Cy"])])


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


def test_writing_twice_changes_nothing(graph, statement) -> None:
    write_video(graph, ONE)
    once = contents(graph, statement)
    write_video(graph, ONE)
    assert contents(graph, statement) == once


def test_the_graph_is_what_was_given(graph, statement) -> None:
    write_video(graph, ONE)
    stored = find_video(graph, ONE.video.id)
    assert stored is not None
    assert stored.video == ONE.video
    assert (stored.segments, stored.entities, stored.relations) == (2, 2, 1)
    rows = graph.read(
        statement(
            "MATCH (later:Segment)-[:FOLLOWS]->(earlier:Segment)"
            " RETURN later.index AS later, earlier.index AS earlier"
        )
    )
    assert rows == [{"later": 1, "earlier": 0}]
    labels = graph.read(statement("MATCH (e:Entity {name: 'Ann'}) RETURN labels(e) AS labels"))
    assert sorted(labels[0]["labels"]) == ["Entity", "Person"]


def test_deleting_leaves_nothing(graph, statement) -> None:
    write_video(graph, ONE)
    delete_video(graph, ONE.video.id)
    assert contents(graph, statement) == ([], [])


def test_deleting_one_leaves_the_other_as_it_was(graph, statement) -> None:
    write_video(graph, TWO)
    alone = contents(graph, statement)
    write_video(graph, ONE)
    preview = preview_deletion(graph, ONE.video.id)
    assert (preview.segments, preview.entities, preview.relations) == (2, 1, 1)  # Ann alone
    delete_video(graph, ONE.video.id)
    assert contents(graph, statement) == alone


def test_a_new_version_replaces_exactly_the_old_one(graph, statement) -> None:
    write_video(graph, TWO)
    changed = video_graph("one", [("Ann met Dee.", ["Ann", "Dee"])])
    write_video(graph, changed)
    expected = contents(graph, statement)
    delete_video(graph, changed.video.id)
    write_video(graph, ONE)
    write_video(graph, changed)
    assert contents(graph, statement) == expected


def test_a_failure_in_the_middle_leaves_no_trace(graph, statement) -> None:
    write_video(graph, TWO)
    before = contents(graph, statement)
    colliding = replace(ONE.embeddings[0], label=TWO.embeddings[0].label)
    with pytest.raises(GraphError):
        write_video(graph, replace(ONE, embeddings=(colliding,)))
    assert contents(graph, statement) == before


def test_vectors_of_another_model_are_refused(graph) -> None:
    write_video(graph, ONE)
    other = tuple(replace(e, model="other") for e in TWO.embeddings)
    with pytest.raises(GraphError, match="made by m") as caught:
        write_video(graph, replace(TWO, embeddings=other))
    assert "KGV_EMBEDDER" in caught.value.hint
    assert [stored.video.title for stored in list_videos(graph)] == ["one"]


def test_changes_are_told_to_indexes_in_order(graph) -> None:
    source = GraphEmbeddings(graph, "text")
    assert source.latest_seq() == 0
    write_video(graph, ONE)
    first = source.latest_seq()
    write_video(graph, TWO)
    since = [labels for labels, _, _ in source.added_since(first)]
    assert since == [[e.label for e in TWO.embeddings]]
    before_deletion = source.latest_seq()
    delete_video(graph, ONE.video.id)
    assert sorted(source.removed_since(before_deletion)) == sorted(e.label for e in ONE.embeddings)
    write_video(graph, ONE)  # what comes back is no longer removed
    assert source.removed_since(0) == []
    labels, vectors, _ = next(source.added_since(before_deletion))
    assert dict(zip(labels, vectors.tolist(), strict=True)).keys() == {
        e.label for e in ONE.embeddings
    }


def test_many_writers_and_deleters_at_once(graph, statement) -> None:
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

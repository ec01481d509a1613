"""SIMILAR_TO edges on real Neo4j, against every pair compared by numpy."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest

from kg_videorag import identity
from kg_videorag.graph.changes import GraphEmbeddings
from kg_videorag.graph.queries import load_analytics
from kg_videorag.graph.vector_index import Neo4jIndex
from kg_videorag.graph.write import delete_video, write_video
from kg_videorag.ingest import similar
from kg_videorag.ingest.similar import EDGES, LEAST_COSINE, link_similar
from kg_videorag.vectors.hnsw_index import HnswIndex
from kg_videorag.vectors.synchronise import refresh

EDGE = """
MATCH (a:Segment)-[r:SIMILAR_TO]->(b:Segment)
RETURN a.id AS start, b.id AS end, r.score AS score, r.space AS space
"""


@pytest.fixture
def index(graph, tmp_path):
    return HnswIndex(
        tmp_path / "index", space="text", model="m", dimension=384, library_id="library"
    )


@pytest.fixture
def put(graph, index, tmp_path):
    """Writes videos one after the other, each followed as ingest follows it."""

    def put(*videos, remove=()):
        for video in videos:
            write_video(graph, video)
            refresh(index, GraphEmbeddings(graph, "text"), tmp_path / "index")
            link_similar(graph, index, "text")
        for video in remove:
            delete_video(graph, video.video.id)
            refresh(index, GraphEmbeddings(graph, "text"), tmp_path / "index")
            link_similar(graph, index, "text")

    return put


@pytest.fixture
def edges(graph, statement):
    def edges():
        rows = graph.read(statement(EDGE))
        assert {row["space"] for row in rows} <= {"text"}
        found = [(row["start"], row["end"], row["score"]) for row in rows]
        assert len({edge[:2] for edge in found}) == len(found)
        return sorted(found)

    return edges


@pytest.fixture
def made(video_graph):
    """A video whose segments have these vectors as a whole, and strangers for their sentences."""

    def made(name, vectors):
        bare = video_graph(name, [(f"{name} {i}.", []) for i in range(len(vectors))])
        wholes = []
        for segment, vector in zip(bare.segments, vectors, strict=True):
            content = str(vector.tolist())
            name_ = identity.embedding_id(segment.id, "text", "m", 0, content)
            sentence = next(e for e in bare.embeddings if e.segment_id == segment.id)
            wholes.append(
                replace(
                    sentence,
                    id=name_,
                    label=identity.embedding_label(name_),
                    vector=vector,
                    whole=True,
                )
            )
        return replace(bare, embeddings=(*bare.embeddings, *wholes))

    return made


def around(subject, count, *, seed, spread):
    """Unit vectors about one direction; random directions of 384 numbers are strangers."""
    centre = np.random.default_rng(subject).standard_normal(384)
    drawn = centre + spread * np.random.default_rng(seed).standard_normal((count, 384))
    return (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)


def expected(*videos):
    """The same, from all pairs."""
    wholes = [
        (
            segment,
            next(e.vector for e in video.embeddings if e.whole and e.segment_id == segment.id),
        )
        for video in videos
        for segment in video.segments
    ]
    edges = []
    for a, u in wholes:
        near = [
            (round(float(u @ v), 4), b.id)
            for b, v in wholes
            if float(u @ v) >= LEAST_COSINE
            and not (a.video_id == b.video_id and abs(a.index - b.index) <= 1)
        ]
        near.sort(key=lambda pair: (-pair[0], pair[1]))
        edges += [(a.id, b, pytest.approx(score, abs=2e-4)) for score, b in near[:EDGES]]
    return sorted(edges, key=lambda edge: edge[:2])


@pytest.fixture
def four(made):
    return [
        made("moon", around(1, 4, seed=10, spread=0.5)),
        made("more moon", around(1, 3, seed=11, spread=0.5)),
        made("bees", around(2, 3, seed=12, spread=0.9)),
        made("moon and bees", np.vstack([around(s, 1, seed=13 + s, spread=0.7) for s in (1, 2)])),
    ]


def test_the_nearest_of_other_moments_are_joined(four, put, edges) -> None:
    put(*four)
    assert edges() == expected(*four)
    joined = {edge[:2] for edge in edges()}
    first = [segment.id for segment in four[0].segments]
    assert (first[0], first[1]) not in joined, "neighbours do not count"
    assert (first[0], first[3]) in joined, "another moment of one video does"
    assert not any(b in {s.id for s in four[2].segments} for a, b in joined if a in first), (
        "strangers are not joined"
    )


def test_the_order_of_ingest_does_not_matter(four, put, edges) -> None:
    for order in list(permutations(four))[::9]:
        put(*order)
        assert edges() == expected(*four)
        put(remove=order)
        assert edges() == []


def test_no_segment_has_more_than_five(made, put, edges) -> None:
    crowd = [made(f"moon {i}", around(1, 4, seed=i, spread=0.6)) for i in range(5)]
    put(*crowd)
    assert edges() == expected(*crowd)
    assert len(edges()) == 20 * EDGES


def test_ingesting_again_changes_nothing(four, put, edges, graph, statement) -> None:
    put(*four)
    before = edges()
    put(*four)
    assert edges() == before
    due = statement("MATCH (s:SimilarDue) RETURN count(s) AS due")
    assert graph.read(due) == [{"due": 0}]


def test_deletion_leaves_what_would_have_been_without_it(made, put, edges) -> None:
    crowd = [made(f"moon {i}", around(1, 3, seed=i, spread=0.6)) for i in range(5)]
    put(*crowd, remove=crowd[:1])
    assert edges() == expected(*crowd[1:])
    put(remove=crowd[1:])
    assert edges() == []


def test_a_video_that_says_something_else_now_is_joined_anew(made, put, edges) -> None:
    crowd = [made(f"moon {i}", around(1, 3, seed=i, spread=0.6)) for i in range(4)]
    put(*crowd)
    other = made("moon 0", around(2, 3, seed=50, spread=0.6))
    assert [s.id for s in other.segments] == [s.id for s in crowd[0].segments]
    put(other)
    assert edges() == expected(other, *crowd[1:])
    shorter = made("moon 0", around(1, 1, seed=51, spread=0.6))
    put(shorter)
    assert edges() == expected(shorter, *crowd[1:])


def test_what_a_killed_run_left_undone_the_next_one_does(four, put, edges, graph) -> None:
    write_video(graph, four[0])
    write_video(graph, four[1])
    put(four[2])
    assert edges() == expected(*four[:3])


def test_a_hundred_segments_are_one_round_trip(made, put, edges, graph, monkeypatch) -> None:
    monkeypatch.setattr(similar, "_BATCH", 10)
    trips = []
    join = similar._join
    monkeypatch.setattr(
        similar, "_join", lambda *given: trips.append(len(given[2])) or join(*given)
    )
    video = made("moon", around(1, 25, seed=3, spread=0.9))
    put(video)
    assert trips == [10, 10, 5]
    assert edges() == expected(video)


def test_the_graph_itself_can_be_the_index(four, edges, graph, tmp_path) -> None:
    index = Neo4jIndex(
        tmp_path, space="text", model="m", dimension=384, library_id="library", graph=graph
    )
    for video in four:
        write_video(graph, video)
        link_similar(graph, index, "text")
    assert edges() == expected(*four)


def test_the_pairs_can_be_listed(made, put, graph) -> None:
    one = np.zeros((2, 384), dtype=np.float32)
    one[0, 0] = one[1, 1] = 1
    two = np.zeros((1, 384), dtype=np.float32)
    two[0, :2] = 0.8, 0.6
    put(made("one", one), made("two", two))
    query = load_analytics("similar_segments")
    table = graph.table(query, query.bind({}))
    assert {frozenset((row[:3], row[3:6])) for row in table.rows} == {
        frozenset((("one", 0, 10_000), ("two", 0, 10_000))),
        frozenset((("one", 10_000, 20_000), ("two", 0, 10_000))),
    }
    assert [row[6] for row in table.rows] == [0.8, 0.6]
    assert {row[7] for row in table.rows} | {row[8] for row in table.rows} == {
        "one 0.", "one 1.", "two 0.",
    }  # fmt: skip
    assert len(graph.table(query, query.bind({"least": "0.7"})).rows) == 1

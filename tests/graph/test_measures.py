"""Measures written into real Neo4j, and read from there by the statements of analysts."""

from __future__ import annotations

import pytest

from kg_videorag.graph.network import read_network
from kg_videorag.graph.queries import load_analytics
from kg_videorag.graph.write import delete_video, write_video
from kg_videorag.measures.run import measure_library

STATE = """
MATCH (e:Entity)
OPTIONAL MATCH (e)-[:IN_COMMUNITY]->(c:Community)
RETURN e.name AS name, e.pagerank AS pagerank, e.betweenness AS betweenness,
       e.community AS community, c.id AS id, c.summary AS summary
ORDER BY name
"""


@pytest.fixture
def library(graph, video_graph):
    """Ann, Bob and Cy are spoken of together; Xi, Yo and Zed too; Bob and Xi once."""
    one = video_graph("one", [("Them.", ["Ann", "Bob", "Cy"])] * 3)
    two = video_graph("two", [("Those.", ["Xi", "Yo", "Zed"])] * 3 + [("Both.", ["Bob", "Xi"])])
    write_video(graph, one)
    write_video(graph, two)
    return graph, one, two


def test_what_is_spoken_of_together_is_joined(library) -> None:
    graph, _, _ = library
    network = read_network(graph)
    names = {entity.id: entity.name for entity in network.entities}
    weights = {frozenset((names[a], names[b])): weight for a, b, weight in network.edges}
    assert weights[frozenset(("Ann", "Cy"))] == 3
    assert weights[frozenset(("Ann", "Bob"))] == 6  # and three times related
    assert weights[frozenset(("Bob", "Xi"))] == 2
    assert len(weights) == 7


def test_a_second_run_changes_nothing(library, statement) -> None:
    graph, _, _ = library
    measured = measure_library(graph)
    assert (measured.entities, measured.edges, measured.pivots) == (6, 7, 0)
    assert sorted(len(c.member_ids) for c in measured.communities) == [3, 3]
    first = graph.read(statement(STATE))
    assert all(row["id"] and row["pagerank"] for row in first)
    assert measure_library(graph) == measured
    assert graph.read(statement(STATE)) == first


def test_analysts_read_it(library) -> None:
    graph, _, _ = library

    def run(name):
        query = load_analytics(name)
        return list(graph.table(query, query.bind({})).rows)

    assert run("communities") == run("bridging_entities") == []
    measure_library(graph)
    for number, name, size, videos, summary, members in run("communities"):
        assert (number in {0, 1}, size, len(members)) == (True, 3, 3)
        assert videos == (2 if "Bob" in members else 1)
        assert name == ", ".join(members)
        assert summary.startswith(name)
        assert "know" in summary
    (bob, *_), (xi, *_) = run("bridging_entities")[:2]
    assert {bob, xi} == {"Bob", "Xi"}
    _, kind, between, communities, spread, videos = run("bridging_entities")[0]
    assert (kind, communities) == ("Person", 2)
    assert 0 < between < 1
    assert 0 < spread < 0.5
    assert videos in {1, 2}


def test_what_is_gone_is_measured_no_longer(library, statement) -> None:
    graph, one, two = library
    measure_library(graph)
    delete_video(graph, two.video.id)
    count = statement("MATCH (c:Community) RETURN count(c) AS communities")
    assert graph.read(count) == [{"communities": 1}]  # the other has no members left
    measured = measure_library(graph)
    assert [set(c.name.split(", ")) for c in measured.communities] == [{"Ann", "Bob", "Cy"}]
    delete_video(graph, one.video.id)
    assert graph.read(count) == [{"communities": 0}]
    assert measure_library(graph).communities == ()

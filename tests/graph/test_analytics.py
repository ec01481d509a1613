"""Each statement of cypher/analytics/ on a graph made by hand, against rows counted by hand."""

from __future__ import annotations

import pytest

from kg_videorag.errors import QueryError
from kg_videorag.graph.queries import load_analytics, names
from kg_videorag.graph.write import write_video


@pytest.fixture
def run(graph, video_graph):
    write_video(
        graph,
        video_graph(
            "one",
            [
                ("Ann met Bob.", ["Ann", "Bob"]),
                ("Bob left with Ann.", ["Bob", "Ann"]),
                ("Rain.", []),
            ],
        ),
    )
    write_video(graph, video_graph("two", [("Bob met Cy.", ["Bob", "Cy"])]))

    def run(name: str, **given: str) -> list[tuple]:
        query = load_analytics(name)
        return list(graph.table(query, query.bind(given)).rows)

    return run


def test_entity_timeline(run) -> None:
    rows = run("entity_timeline", entity="bob")
    assert [row[:6] for row in rows] == [
        ("one", 600, 700, "speech", "Bob", "Person"),
        ("one", 10_500, 10_600, "speech", "Bob", "Person"),
        ("two", 500, 600, "speech", "Bob", "Person"),
    ]
    assert run("entity_timeline", entity="bob", limit="1")[0][:2] == ("one", 600)
    assert run("entity_timeline", entity="nobody") == []
    assert rows[0][7] == "Bob"
    assert [row[9] for row in rows] == ["Ann met Bob.", "Bob left with Ann.", "Bob met Cy."]


def test_chapters(run, graph, statement) -> None:
    rows = run("chapters", video="one")
    assert sorted(row[:2] for row in rows) == [("one", 10_000), ("one", 20_000)]
    at_ten = next(row for row in rows if row[1] == 10_000)
    assert at_ten[2:6] == (None, 2, 2, None)  # its sentences have vectors, it has no whole one
    assert at_ten[6] == "Bob left with Ann."
    graph.write(lambda tx: tx.run(statement("MATCH (e:TextEmbedding) SET e.whole = true")))
    alike = [row[2] for row in run("chapters", video="one")]
    assert all(-1 <= cosine <= 1 for cosine in alike)
    assert alike == sorted(alike)
    assert run("chapters", video="two") == []


def test_summary_entities(run) -> None:
    assert [row[:6] for row in run("summary_entities", video="one")] == [
        ("Ann", "Person", 2, 2, 500, 10_700),
        ("Bob", "Person", 2, 2, 600, 10_600),
    ]
    assert len(run("summary_entities", video="/one.mp4", limit="1")) == 1
    assert run("summary_entities", video="nothing") == []


def test_summary_relations(run) -> None:
    assert run("summary_relations", video="one") == [
        ("Ann", "know", "Bob", 1, 500, 4_000),
        ("Bob", "know", "Ann", 1, 10_500, 14_000),
    ]


def test_top_entities(run) -> None:
    assert run("top_entities") == [
        ("Bob", "Person", 2, 3, 3),
        ("Ann", "Person", 1, 2, 2),
        ("Cy", "Person", 1, 1, 1),
    ]


def test_co_occurrence(run) -> None:
    (row,) = run("co_occurrence")
    assert {row[0], row[1]} == {"Ann", "Bob"}
    # together in 2 of 4 segments; Ann in 2, Bob in 3: 2 * 4 / (2 * 3)
    assert row[2:] == (2, pytest.approx(1.333, abs=1e-3))
    assert len(run("co_occurrence", least="1")) == 2


def test_relation_evidence(run) -> None:
    assert [row[:5] for row in run("relation_evidence", entity="Ann")] == [
        ("Ann", "know", "Bob", "one", 500),
        ("Bob", "know", "Ann", "one", 10_500),
    ]


def test_shared_entities(run) -> None:
    (row,) = run("shared_entities")
    assert {row[0], row[1]} == {"one", "two"}
    assert row[2:] == (1, ["Bob"])


def test_broken_chains(run, graph, statement) -> None:
    assert run("broken_chains") == []
    graph.write(
        lambda tx: tx.run(statement("MATCH (:Segment {index: 2})-[f:FOLLOWS]->(:Segment) DELETE f"))
    )
    assert [(row[0], *row[2:]) for row in run("broken_chains")] == [("one", 3, 1, 0, 0)]


def test_similar_segments(run) -> None:
    assert run("similar_segments") == []  # test_similar.py has the rows


def test_every_statement_was_tried() -> None:
    tried = {name.removeprefix("test_") for name in globals() if name.startswith("test_")}
    assert {name.removeprefix("analytics/") for name in names("analytics")} <= tried


@pytest.mark.parametrize(
    ("given", "message"),
    [({}, "needs parameter 'entity'"), ({"entity": "x", "limit": "many"}, "type integer")],
)
def test_wrong_parameters_are_named(run, given, message) -> None:
    with pytest.raises(QueryError, match=message):
        run("entity_timeline", **given)

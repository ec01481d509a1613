"""Each statement of cypher/analytics/ on a graph made by hand, against rows counted by hand."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from kg_videorag.errors import QueryError
from kg_videorag.graph.queries import Param, load_analytics, names
from kg_videorag.graph.write import write_video
from kg_videorag.ingest.resolve.by_hand import merge, named
from kg_videorag.model import Modality, Segment


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
    assert row[2:] == (1, pytest.approx(1 / 3, abs=1e-3), ["Bob"])  # of Ann, Bob, Cy
    assert run("shared_entities", common="1") == []


def test_broken_chains(run, graph, statement) -> None:
    assert run("broken_chains") == []
    graph.write(
        lambda tx: tx.run(statement("MATCH (:Segment {index: 2})-[f:FOLLOWS]->(:Segment) DELETE f"))
    )
    assert [(row[0], *row[2:]) for row in run("broken_chains")] == [("one", 3, 1, 0, 0, 0)]
    moved = "MATCH (s:Segment {index: 1}) WHERE s.end_ms = 20000 SET s.start_ms = $at"
    for at_ms, faults in ((10_500, (1, 0)), (9_500, (0, 1))):
        graph.write(lambda tx, at_ms=at_ms: tx.run(statement(moved), at=at_ms))
        (row,) = run("broken_chains")
        assert row[5:] == faults


def test_similar_segments(run) -> None:
    assert run("similar_segments") == []  # test_similar.py has the rows


def test_before_after(run) -> None:
    (row,) = run("before_after", first="ann", then="bob", within="0")
    assert row[:6] == ("one", 500, 600, 0, "Ann", "Bob")
    rows = run("before_after", first="Ann", then="Bob")
    assert [row[1:4] for row in rows] == [(500, 600, 0)]  # after 10,600 Bob is not spoken of
    assert [row[:4] for row in run("before_after", first="Bob", then="Ann", within="1")] == [
        ("one", 600, 10_600, 1),
        ("one", 10_500, 10_600, 0),
    ]
    assert run("before_after", first="Bob", then="Ann", within="0")[0][1] == 10_500


def test_explained_link(run) -> None:
    rows = run("explained_link", entity="Ann", other="Cy")
    assert [row[:4] for row in rows] == [(1, "Ann", "Bob", "one"), (2, "Bob", "Cy", "two")]
    assert rows[1][4:7] == (0, 10_000, "Bob met Cy.")
    assert run("explained_link", entity="Ann", other="Ann") == []
    assert run("explained_link", entity="Ann", other="nobody") == []


def test_explained_link_by_another_name(run, graph) -> None:
    merge(graph, named("Cy", None), named("Bob", None), by_rules=False)
    (row,) = run("explained_link", entity="Ann", other="Cy")
    assert row[1:4] == ("Ann", "Bob", "one")


def test_first_mentions(run) -> None:
    assert run("first_mentions", video="one") == [
        ("Ann", "Person", 500, "speech", "Ann", 2, 0),
        ("Bob", "Person", 600, "speech", "Bob", 2, 1),
    ]
    assert run("first_mentions", video="two.mp4", limit="1")[0][0] == "Bob"
    assert run("first_mentions", video="none") == []


def test_novelty(run, graph, video_graph) -> None:
    texts = [("Ann.", ["Ann"])] * 6 + [("Ann saw Dee.", ["Ann", "Dee"])]
    write_video(graph, video_graph("long", texts))
    assert run("novelty", video="long") == [(0, 6, 1, 1, ["Ann"]), (1, 2, 2, 1, ["Dee"])]


def test_mentions_per_minute(run, graph, video_graph) -> None:
    write_video(graph, video_graph("long", [("Ann.", ["Ann"])] * 7))
    assert run("mentions_per_minute", entity="ANN") == [
        ("long", 0, 6, ["speech"]),
        ("long", 1, 1, ["speech"]),
        ("one", 0, 2, ["speech"]),
    ]


def test_topic_shift(run, graph, video_graph) -> None:
    turned = video_graph("turned", [("A.", []), ("B.", []), ("C.", [])])
    vectors = np.zeros((3, 384), np.float32)
    vectors[[0, 1, 2], [0, 0, 1]] = 1  # the third is of something else
    embeddings = [
        replace(e, vector=vector, whole=True)
        for e, vector in zip(turned.embeddings, vectors, strict=True)
    ]
    write_video(graph, replace(turned, embeddings=tuple(embeddings)))
    assert [row[:4] for row in run("topic_shift", video="turned")] == [
        (20_000, pytest.approx(1, abs=1e-3), "B.", "C."),
        (10_000, pytest.approx(0, abs=1e-3), "A.", "B."),
    ]


def test_duplicate_candidates(run, graph, video_graph) -> None:
    people = ["Helen Carter", "Helen Karter", "Zoe Carter", "Xavier Smith Jones"]
    write_video(graph, video_graph("names", [("All.", people)]))
    rows = run("duplicate_candidates")
    pairs = {frozenset(row[:2]) for row in rows}
    assert pairs == {frozenset(people[:2]), frozenset((people[0], people[2]))}
    assert {row[2:7] for row in rows} == {("Person", 0.5, 1, 1, 1)}
    assert run("duplicate_candidates", least="0.6") == []
    assert run("duplicate_candidates", common="1") == []


def spoken(segment: Segment, speaker: str) -> Segment:
    return replace(segment, sentences=tuple(replace(s, speaker=speaker) for s in segment.sentences))


def test_speakers(run, graph, video_graph) -> None:
    talk = video_graph("talk", [("Ann.", ["Ann"]), ("Ann and Dee.", ["Ann", "Dee"]), ("", [])])
    segments = [spoken(s, who) for s, who in zip(talk.segments, ("Eve", "Fay", ""), strict=True)]
    write_video(graph, replace(talk, segments=tuple(segments)))
    assert run("speakers") == [
        ("Eve", "Ann", "Person", 1, 1, "talk", 500),
        ("Fay", "Ann", "Person", 1, 1, "talk", 10_500),
        ("Fay", "Dee", "Person", 1, 1, "talk", 10_600),
    ]
    assert run("speakers", least="2") == []


@pytest.fixture
def slides(run, graph, video_graph):
    """Ann is said and shown, Bob is said alone, Dee stands on the screen alone."""
    made = video_graph("slides", [("Ann saw Bob.", ["Ann", "Bob", "Dee"]), ("Ann.", ["Ann"])])
    ann, bob, dee, again = made.mentions
    shown = [replace(m, id=f"{m.id}x", modality=Modality.SCREEN) for m in (dee, again)]
    write_video(graph, replace(made, mentions=(ann, bob, *shown)))
    return run


def test_shown_not_said(slides) -> None:
    assert slides("shown_not_said") == [("slides", "Dee", "Person", 700, 800, "Dee", 1)]


def test_said_not_shown(slides) -> None:
    rows = [row for row in slides("said_not_shown") if row[0] == "slides"]
    assert rows == [("slides", "Bob", "Person", 600, 700, "Bob", 1)]


def test_video_network(run) -> None:
    (row,) = run("video_network", video="one")
    assert {row[0], row[2]} == {"Ann", "Bob"}
    assert (row[1], row[3:]) == ("Person", ("Person", 2, 2))
    assert run("video_network", video="one", least="3") == []


def test_new_in_video(run) -> None:
    assert run("new_in_video", video="one") == [("Ann", "Person", 2, 500, 600, "speech", "Ann")]
    assert [row[0] for row in run("new_in_video", video="two")] == ["Cy"]


def test_silent_stretches(run) -> None:
    # A sentence from 0.5 to 4 s of every 10 s, the last of 30 s too.
    assert run("silent_stretches", video="one") == [
        (4_000, 10_500, 6_500, ""), (14_000, 20_500, 6_500, ""), (24_000, 30_000, 6_000, ""),
    ]  # fmt: skip
    assert len(run("silent_stretches", video="one", least_ms="6001")) == 2
    assert run("silent_stretches", video="none") == []


def test_modality_coverage(slides) -> None:
    rows = {row[0]: row[1:] for row in slides("modality_coverage")}
    assert rows["slides"] == (20_000, 2, 1.0, 0.0, 0.0, 0.0, 0.0, 7_000)
    assert rows["one"] == (30_000, 3, 1.0, 0.0, 0.0, 0.0, 0.0, 10_500)


def test_predicates(run) -> None:
    assert run("predicates") == [("know", "Person", "Person", 3, 2, "Ann met Bob.")]


ANY = (
    "NodeByLabelScan|NodeIndexScan|NodeIndexSeek|NodeUniqueIndexSeek|ProcedureCall"
    "|DirectedRelationshipTypeScan"
)


@pytest.mark.parametrize("name", names("analytics"))
def test_a_plan_begins_at_an_index_or_a_label(graph, name, statement) -> None:
    """No statement looks at every node, or joins everything with everything."""
    query = load_analytics(name)
    text = statement(f"EXPLAIN {query.statement}")
    example = {p.name: _example(p) for p in query.params}
    plan = graph._driver.execute_query(text.statement, example).summary.plan
    operators = [operator.partition("@")[0] for operator in _operators(plan)]
    assert not {o for o in operators if o.startswith(("AllNodesScan", "CartesianProduct"))}
    assert any(re.match(ANY, o) for o in operators)


def _operators(plan: dict) -> list[str]:
    below = (name for child in plan.get("children", ()) for name in _operators(child))
    return [plan["operatorType"], *below]


def _example(param: Param) -> object:
    given = "[]" if param.type.startswith("list") else "1"
    return param.read(param.default or given)


def test_every_statement_was_tried() -> None:
    tried = {name.removeprefix("test_") for name in globals() if name.startswith("test_")}
    tried |= {"communities", "bridging_entities"}  # test_measures.py
    assert {name.removeprefix("analytics/") for name in names("analytics")} <= tried


@pytest.mark.parametrize(
    ("given", "message"),
    [({}, "needs parameter 'entity'"), ({"entity": "x", "limit": "many"}, "type integer")],
)
def test_wrong_parameters_are_named(run, given, message) -> None:
    with pytest.raises(QueryError, match=message):
        run("entity_timeline", **given)

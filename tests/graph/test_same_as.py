"""SAME_AS edges on real Neo4j: made by rules, made by hand, read through."""

from __future__ import annotations

from itertools import permutations

import pytest

from kg_videorag import identity
from kg_videorag.ask.search import search
from kg_videorag.errors import EntitySelectionError
from kg_videorag.graph.evidence import read_evidence
from kg_videorag.graph.match_words import match_words
from kg_videorag.graph.neighbourhood import expand
from kg_videorag.graph.queries import load_analytics
from kg_videorag.graph.read import summarise
from kg_videorag.graph.write import delete_video, write_video
from kg_videorag.ingest.resolve.by_hand import merge, named, split
from kg_videorag.ingest.resolve.link import link_same
from kg_videorag.model import EntityType

EDGES = """
MATCH (v:Entity)-[r:SAME_AS]->(c:Entity)
RETURN v.name AS variant, c.name AS canonical, r.reason AS reason
ORDER BY variant
"""
DUE = "MATCH (n) WHERE n:ResolveDue OR n:RemovedEntity RETURN count(n) AS due"
APART = "MATCH (v)-[:NOT_SAME_AS]-(c) WHERE v.name < c.name RETURN v.name AS v, c.name AS c"


@pytest.fixture
def put(graph):
    """Writes videos one after the other, each followed as ingest follows it."""

    def put(*videos, remove=()):
        for video in videos:
            write_video(graph, video)
            link_same(graph)
        for video in remove:
            delete_video(graph, video.video.id)
            link_same(graph)

    return put


@pytest.fixture
def edges(graph, statement):
    def edges():
        assert graph.read(statement(DUE)) == [{"due": 0}]
        return {(r["variant"], r["canonical"]): r["reason"] for r in graph.read(statement(EDGES))}

    return edges


@pytest.fixture
def carter(video_graph):
    """Helen Carter in three videos, by three names, always with Ann and Bob."""
    return [
        video_graph("one", [("x", ["Helen Carter", "Ann", "Bob"]), ("y", ["Helen Carter"])]),
        video_graph("two", [("x", ["Doctor Helen Carter", "Ann", "Bob"])]),
        video_graph("three", [("x", ["Helen Karter", "Ann", "Bob"]), ("y", ["Hellen Jones"])]),
    ]


JOINED = {
    ("Doctor Helen Carter", "Helen Carter"): "title",
    ("Helen Karter", "Helen Carter"): "spelling",
}


def test_names_of_one_person_point_at_the_canonical_one(put, edges, carter) -> None:
    put(*carter)
    assert edges() == JOINED


def test_the_order_of_ingest_does_not_matter(put, edges, carter) -> None:
    for order in permutations(carter):
        put(*order)
        assert edges() == JOINED
        put(remove=order)
        assert edges() == {}


def test_what_a_killed_run_left_undone_the_next_one_does(put, edges, carter, graph) -> None:
    write_video(graph, carter[0])
    write_video(graph, carter[1])
    put(carter[2])
    assert edges() == JOINED


def test_a_misspelling_among_strangers_stays_alone(put, edges, carter, video_graph) -> None:
    put(carter[0], video_graph("far", [("x", ["Helen Karter", "Zoe", "Yan", "Xia"])]))
    assert edges() == {}


def test_deletion_leaves_what_would_have_been_without_it(put, edges, carter, video_graph) -> None:
    full = [
        video_graph("f", [("x", ["George W. Bush", "Ann", "Bob"])]),
        video_graph("g", [("x", ["George H. Bush", "Ann", "Bob"])]),
        video_graph("h", [("x", ["George Bush", "Ann"])]),
    ]
    put(*full)
    assert edges() == {}, "it may be either"
    put(remove=full[:1])
    assert edges() == {("George Bush", "George H. Bush"): "fuller name"}
    put(*carter, remove=carter[:1])
    assert edges() == {
        ("George Bush", "George H. Bush"): "fuller name",
        ("Doctor Helen Carter", "Helen Karter"): "spelling",
    }


def test_what_is_said_by_hand_stands_before_rules_and_after(put, edges, carter, graph) -> None:
    put(*carter)
    change = merge(graph, named("Ann", None), named("Bob", None), by_rules=True)
    assert [(v.name, c.name, r, s) for v, c, r, s in change.joined] == [
        ("Ann", "Bob", "by hand", 1.0)
    ]
    split(graph, named("Helen Karter", None), by_rules=True)
    by_hand = {("Ann", "Bob"): "by hand", ("Doctor Helen Carter", "Helen Carter"): "title"}
    assert edges() == by_hand
    put(*carter)  # --force: the same ids come again
    assert edges() == by_hand
    put(remove=carter[:2])
    assert edges() == {("Ann", "Bob"): "by hand"}


def test_merging_again_what_was_split(put, edges, carter, graph, statement) -> None:
    put(*carter)
    split(graph, named("Helen Karter", None), by_rules=True)
    assert len(graph.read(statement(APART))) == 2
    merge(graph, named("Helen Karter", None), named("helen carter", None), by_rules=True)
    assert graph.read(statement(APART)) == []
    assert edges() == {**JOINED, ("Helen Karter", "Helen Carter"): "by hand"}


def test_chains_and_cycles_are_pointed_anew(put, edges, carter, graph) -> None:
    put(*carter)
    merge(graph, named("Helen Carter", None), named("Hellen Jones", None), by_rules=True)
    assert edges() == {
        ("Doctor Helen Carter", "Hellen Jones"): "title",
        ("Helen Carter", "Hellen Jones"): "by hand",
        ("Helen Karter", "Hellen Jones"): "spelling",
    }
    merge(graph, named("Hellen Jones", None), named("Helen Carter", None), by_rules=True)
    assert edges() == {**JOINED, ("Hellen Jones", "Helen Carter"): "by hand"}
    merge(graph, named("Ann", None), named("Hellen Jones", None), by_rules=True)
    assert edges()["Ann", "Helen Carter"] == "by hand"
    split(graph, named("Hellen Jones", None), by_rules=True)
    assert edges() == {**JOINED, ("Ann", "Hellen Jones"): "by hand"}, "who came with it goes too"


def test_without_rules_only_hands_join(put, edges, carter, graph, statement) -> None:
    put(*carter[:2])
    write_video(graph, carter[2])
    merge(graph, named("Ann", None), named("Helen Carter", None), by_rules=False)
    rows = graph.read(statement(EDGES))
    assert {(r["variant"], r["reason"]) for r in rows} == {
        ("Ann", "by hand"),
        ("Doctor Helen Carter", "title"),
    }


def test_a_dry_run_writes_nothing(put, edges, carter, graph) -> None:
    put(*carter)
    change = merge(graph, named("Ann", None), named("Bob", None), by_rules=True, dry_run=True)
    assert len(change.joined) == 1
    change = split(graph, named("Helen Karter", None), by_rules=True, dry_run=True)
    assert [(v.name, c.name) for v, c in change.parted] == [("Helen Karter", "Helen Carter")]
    assert edges() == JOINED


@pytest.mark.parametrize(
    ("variant", "type_name", "message", "hint"),
    [
        ("Hellen Carter", None, "no entity is named", "Helen Carter (Person)"),
        ("Helen Carter", "place", "no Place is named", "Helen Carter (Person)"),
        ("Helen Carter", "planet", "no type of entities", "Known: Person"),
        ("Helen Carter", None, "variant of no other", "Helen Karter"),
        ("Ann", None, "variant of no other", "Nothing is joined"),
        ("0", None, "no entity is named", "top_entities"),
    ],
)
def test_who_cannot_be_split_is_told(put, carter, graph, variant, type_name, message, hint) -> None:
    put(*carter)
    with pytest.raises(EntitySelectionError, match=message) as caught:
        split(graph, named(variant, type_name), by_rules=True)
    assert hint in caught.value.hint


def test_two_names_of_one_entity_are_not_merged(put, carter, graph) -> None:
    put(*carter)
    prefix = identity.entity_id(EntityType.PERSON, "Ann")[:8]
    with pytest.raises(EntitySelectionError, match="name the same entity"):
        merge(graph, named("the Ann", None), named(prefix, None), by_rules=True)


@pytest.fixture
def nasa(graph, video_graph, put):
    """One agency by two names, of which only the longer is told something of."""
    short = video_graph("short", [("NASA is an agency.", ["NASA", "Ann"]), ("Rain.", [])])
    long = "National Aeronautics and Space Administration"
    other = video_graph("long", [(f"The {long} met Bob in Ohio.", [long, "Bob", "Ohio"])])
    put(short, other)
    merge(graph, named(long, None), named("NASA", None), by_rules=True)
    return graph, short, other


def person(name):
    return identity.entity_id(EntityType.PERSON, name)


def test_a_question_finds_what_is_said_under_another_name(nasa) -> None:
    graph, short, other = nasa
    found = search("Where did NASA meet Bob?", [], graph=graph)
    assert {hit.segment_id for hit in found.hits["entity"]} == {
        short.segments[0].id, other.segments[0].id,
    }  # fmt: skip
    asked = "Where did the National Aeronautics and Space Administration go?"
    matches = match_words(graph, asked, limit=5)
    assert {entity.name for entity in matches.whole(matches.entities)} == {"NASA"}


def test_the_neighbourhood_is_of_all_names(nasa) -> None:
    graph, short, other = nasa
    around = expand(graph, entity_ids=[person("NASA")], segment_ids=[])
    spoken = around.mentioned[person("NASA")]
    assert set(spoken.segment_ids) == {short.segments[0].id, other.segments[0].id}
    names = {id_: entity.name for id_, entity in around.entities.items()}
    told = {(names[r.subject_id], names[r.object_id], r.segment_id) for r in around.relations}
    assert told == {
        ("NASA", "Ann", short.segments[0].id),
        ("NASA", "Bob", other.segments[0].id),
        ("Bob", "Ohio", other.segments[0].id),
    }


def test_an_answer_names_the_canonical_one(nasa) -> None:
    graph, _, other = nasa
    _, known = read_evidence(graph, [(other.segments[0].id, 1.0, ("text",))])
    assert {entity.name for entity in known.entities} == {"NASA", "Bob", "Ohio"}
    names = known.names[person("NASA")]  # by which an answer may call it
    assert names[0] == "NASA"
    assert len(names) == 2
    assert {(r.subject_id, r.object_id) for r in known.relations} == {
        (person("NASA"), person("Bob")),
        (person("Bob"), person("Ohio")),
    }


def test_analytics_read_through(nasa) -> None:
    graph, _, _ = nasa

    def run(name, **given):
        query = load_analytics(name)
        return list(graph.table(query, query.bind(given)).rows)

    assert run("top_entities")[0] == ("NASA", "Person", 2, 2, 2)
    for name in ("nasa", "National Aeronautics and Space Administration"):
        assert [row[:2] for row in run("entity_timeline", entity=name)] == [
            ("long", 500), ("short", 500),
        ]  # fmt: skip
        assert [row[:4] for row in run("relation_evidence", entity=name)] == [
            ("NASA", "know", "Bob", "long"),
            ("NASA", "know", "Ann", "short"),
        ]
    assert [row[2:] for row in run("shared_entities")] == [(1, 0.25, ["NASA"])]
    pairs = {frozenset(row[:2]): row[2:] for row in run("co_occurrence", least="1")}
    # together in 1 of 3 segments; NASA in 2, Bob in 1: 1 * 3 / (2 * 1)
    assert pairs[frozenset(("NASA", "Bob"))] == (1, 1.5)
    assert summarise(graph).variants == 1

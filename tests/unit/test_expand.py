"""What the graph brings is ranked: rare before frequent, what is asked first, near hits."""

from __future__ import annotations

from math import log2

import pytest

from kg_videorag.ask.expand import entity_hits, walk
from kg_videorag.ask.terms import Terms
from kg_videorag.graph.neighbourhood import Neighbourhood, Spoken
from kg_videorag.model import Entity, EntityType, GraphRelation, Hit, Span

TERMS = Terms.read("Who founded it?")


def relation(subject, predicate, object_, segment):
    return GraphRelation(subject, predicate, object_, segment, Span(0, 1))


def neighbourhood(mentioned=None, relations=(), **around):
    mentioned = mentioned or {}
    ends = {end for r in relations for end in (r.subject_id, r.object_id)}
    held = {e for ids in around.get("held", {}).values() for e in ids}
    known = {*mentioned, *ends, *held}
    return Neighbourhood(
        {name: Spoken(ids) for name, ids in mentioned.items()},
        {id_: Entity(id_, id_, EntityType.PERSON) for id_ in known},
        tuple(relations),
        **around,
    )


def told_in(*segments):
    return [relation("e", "know", "f", segment) for segment in segments]


@pytest.mark.parametrize(
    ("mentioned", "relations", "expected"),
    [
        ({}, (), []),
        ({"e": []}, (), []),
        ({"e": ["A"]}, told_in("A"), [("A", 1 / log2(3))]),
        ({"e": ["A", "B"]}, told_in("A", "B"), [("A", 1 / 2), ("B", 1 / 2)]),
        ({"e": ["a", "B"]}, told_in("B"), [("B", 1 / 2), ("a", 1 / 4)]),  # only named: half
        ({"e": ["a"]}, told_in("B"), [("B", 1 / 2), ("a", 1 / 4)]),  # told where it was cut
        (
            {"e": ["A"], "hub": ["A", "B", "C", "D", "E", "F"]},  # six: 1 / log2(8)
            told_in("A"),
            [("A", 1 / log2(3) + 1 / 6), *((name, 1 / 6) for name in "BCDEF")],
        ),
    ],
)
def test_entities_bring_segments_that_mention_them(mentioned, relations, expected):
    hits = entity_hits(neighbourhood(mentioned, relations))
    assert [(hit.segment_id, pytest.approx(hit.score)) for hit in hits] == expected


def test_hits_that_mention_a_named_entity_are_its_segments_even_where_it_was_cut():
    hits = entity_hits(neighbourhood({"e": ["b"]}, held={"a": ["e"]}))
    assert [hit.segment_id for hit in hits] == ["a", "b"]


def test_ties_stand_in_order_of_id():
    hits = entity_hits(neighbourhood({"e": ["c", "a", "b"]}))
    assert [hit.segment_id for hit in hits] == ["a", "b", "c"]


def order(hits):
    return [hit.segment_id for hit in hits]


def test_a_walk_reaches_what_is_two_relations_away():
    relations = [
        relation("lab", "design", "computer", "s1"),
        relation("draper", "found", "lab", "s2"),
        relation("x", "like", "y", "s3"),
    ]
    hits = walk(neighbourhood({"computer": ["s1"]}, relations), [], TERMS)
    ranks = {hit.segment_id: hit.score for hit in hits}
    assert ranks["s1"] > ranks["s2"] > ranks["s3"] == 0


def test_a_relation_whose_predicate_is_asked_draws_the_walk():
    relations = [relation("e", "visit", "f", "s1"), relation("e", "found", "g", "s2")]
    assert order(walk(neighbourhood({"e": []}, relations), [], TERMS)) == ["s2", "s1"]


def test_what_stands_beside_a_hit_or_is_like_it_comes_after_it():
    near = neighbourhood(follows={"h": ["n"]}, similar={"h": [("l", 0.5)]})
    assert order(walk(near, [Hit("h", 1.0)], TERMS)) == ["h", "n", "l"]


def test_the_better_a_hit_the_nearer_its_surroundings():
    near = neighbourhood(follows={"h1": ["a"], "h2": ["b"]})
    assert order(walk(near, [Hit("h1", 2.0), Hit("h2", 1.0)], TERMS)) == ["h1", "a", "h2", "b"]


def test_nothing_found_is_nowhere():
    assert order(walk(neighbourhood(), [], TERMS)) == []

"""From names to SAME_AS edges, in memory: order, ambiguity, contradictions, hands."""

from __future__ import annotations

import random

import pytest

from kg_videorag.identity import entity_id
from kg_videorag.ingest.resolve.clusters import Clusters
from kg_videorag.ingest.resolve.context import Context, agreement
from kg_videorag.ingest.resolve.library import Known, Library, SameAs
from kg_videorag.ingest.resolve.match import Agreement
from kg_videorag.ingest.resolve.names import read_name
from kg_videorag.ingest.resolve.plan import plan
from kg_videorag.ingest.resolve.rules import BY_HAND
from kg_videorag.model import EntityType

PERSON, CONCEPT = EntityType.PERSON, EntityType.CONCEPT
ORGANIZATION, PLACE, PRODUCT = EntityType.ORGANIZATION, EntityType.PLACE, EntityType.PRODUCT
MENTIONS = 5


def library(*given, **more):
    """(type, name[, mentions]) of every entity."""
    known = {}
    for entity_type, name, *mentions in given:
        identity = entity_id(entity_type, name)
        count = mentions[0] if mentions else MENTIONS
        known[identity] = Known(identity, read_name(name, entity_type), count)
    return Library(known, **more)


def edges(held, companies=None, due=None):
    """(variant, canonical): reason, of a library in which names keep some company."""
    companies = companies or {}

    def contexts(ids):
        return {i: Context(frozenset(companies.get(held.entities[i].name.text, ()))) for i in ids}

    planned = plan(held, held.entities if due is None else due, contexts)
    text = {identity: known.name.text for identity, known in held.entities.items()}
    return {(text[e.variant], text[e.canonical]): e.reason for e in planned.made}


TOGETHER = ("a", "b", "c")
ELSEWHERE = ("x", "y", "z")


def test_a_cluster_has_one_canonical_and_no_chains():
    held = library(
        (PERSON, "Doctor Helen Carter", 9),
        (PERSON, "Helen Carter"),
        (PERSON, "Helen Karter", 7),
        (PERSON, "Hellen Carter"),
        (PERSON, "Carter", 20),
    )
    found = edges(held, dict.fromkeys(("Helen Carter", "Helen Karter", "Carter"), TOGETHER))
    assert found == {
        ("Doctor Helen Carter", "Helen Karter"): "title",
        ("Helen Carter", "Helen Karter"): "spelling",
        ("Carter", "Helen Karter"): "surname",
    }, "the most mentioned that is well formed"


@pytest.mark.parametrize(
    ("given", "best"),
    [
        ([(CONCEPT, "NASA", 9), (ORGANIZATION, "NASA", 1)], (ORGANIZATION, "NASA")),
        ([(PRODUCT, "Saturn V", 3), (PRODUCT, "Saturn 5", 3)], (PRODUCT, "Saturn 5")),
        ([(PRODUCT, "Saturn V", 4), (PRODUCT, "Saturn 5", 3)], (PRODUCT, "Saturn V")),
        ([(CONCEPT, "rockets", 3), (CONCEPT, "rocket", 9)], (CONCEPT, "rocket")),
        ([(PERSON, "Dr. Ann Lee", 9), (PERSON, "Ann Lee", 1)], (PERSON, "Ann Lee")),
    ],
)
def test_the_canonical_name(given, best):
    held = library(*given)
    (edge,) = plan(held, held.entities, lambda _: {}).made
    assert edge.canonical == entity_id(*best)


def test_a_short_form_of_two_things_is_neither_unless_context_says():
    names = [
        (ORGANIZATION, "CIA"),
        (ORGANIZATION, "Central Intelligence Agency"),
        (ORGANIZATION, "Culinary Institute of America"),
    ]
    everybody = {name: TOGETHER for _, name in names}
    assert edges(library(*names), everybody) == {}
    assert edges(library(*names[:2]), everybody) == {
        ("CIA", "Central Intelligence Agency"): "acronym"
    }
    cooks = {**everybody, "Culinary Institute of America": ELSEWHERE}
    assert edges(library(*names), cooks) == {("CIA", "Central Intelligence Agency"): "acronym"}


def test_a_concept_that_may_be_two_things_is_neither():
    held = library((CONCEPT, "Mercury"), (PLACE, "Mercury"), (PRODUCT, "Mercury"))
    assert edges(held) == {}


def test_father_and_son_are_not_joined_by_the_name_that_both_may_have():
    held = library((PERSON, "John Smith Jr."), (PERSON, "John Smith Sr."), (PERSON, "John Smith"))
    everybody = dict.fromkeys(("John Smith Jr.", "John Smith Sr.", "John Smith"), TOGETHER)
    assert edges(held, everybody) == {}


def test_what_contradicts_is_not_joined_through_a_third():
    held = library((PERSON, "Georgia"), (CONCEPT, "Georgia"), (PLACE, "Georgia"))
    assert edges(held) == {}, "the concept may be either"
    same = dict.fromkeys(("Georgia",), TOGETHER)
    assert edges(held, same) == {}


def test_a_split_stands_and_so_does_a_merge():
    names = [(PERSON, "Helen Carter", 9), (PERSON, "Dr. Helen Carter"), (PERSON, "Ann Lee")]
    carter, doctor, ann = (entity_id(kind, name) for kind, name, *_ in names)
    held = library(*names, apart=frozenset({frozenset({carter, doctor})}))
    assert edges(held) == {}
    hand = SameAs(carter, ann, BY_HAND, 1.0, ann)
    held = library(*names, edges={carter: hand})
    planned = plan(held, held.entities, lambda _: {})
    assert planned.made == (SameAs(doctor, ann, "title", 0.98),), "a user's word leads the cluster"


def test_only_what_is_near_the_due_is_touched():
    far = SameAs("1" * 32, "2" * 32, "title", 0.98)
    held = library((PERSON, "Ann Lee"), (PERSON, "Dr. Ann Lee"), edges={far.variant: far})
    assert edges(held, due=[entity_id(PERSON, "Ann Lee")]) == {("Dr. Ann Lee", "Ann Lee"): "title"}
    assert plan(held, [], lambda _: {}).made == ()
    assert plan(held, ["gone"], lambda _: {}).ended == ()


def test_planning_what_is_planned_changes_nothing():
    held = library(*MANY)
    first = plan(held, held.entities, company_of(held))
    done = library(*MANY, edges={edge.variant: edge for edge in first.made})
    again = plan(done, done.entities, company_of(done))
    assert (again.made, again.ended) == ((), ())


MANY = [
    (PERSON, "Helen Carter", 4), (PERSON, "Helen Karter", 4), (PERSON, "Dr. Helen Carter"),
    (PERSON, "Carter"), (PERSON, "H. Carter"), (PERSON, "Ellen Carter"), (CONCEPT, "Carter"),
    (PERSON, "George Bush"), (PERSON, "George W. Bush"), (PERSON, "George H. W. Bush"),
    (ORGANIZATION, "NASA"), (CONCEPT, "NASA"), (PRODUCT, "NASA"),
    (ORGANIZATION, "National Aeronautics and Space Administration"),
    (ORGANIZATION, "CIA"), (ORGANIZATION, "Central Intelligence Agency"),
    (ORGANIZATION, "Culinary Institute of America"), (PRODUCT, "Saturn V"), (PRODUCT, "Saturn 5"),
    (PRODUCT, "Saturn I"), (CONCEPT, "rocket"), (CONCEPT, "rockets"), (CONCEPT, "Гагарин"),
    (CONCEPT, "Гагарина"), (PERSON, "Gagarin"), (PERSON, "Gagaren"), (PLACE, "Georgia"),
    (ORGANIZATION, "Georgia"), (CONCEPT, "Georgia"),
]  # fmt: skip


def company_of(held):
    """Company drawn for each entity, always the same."""

    def contexts(ids):
        drawn = {}
        for identity in ids:
            rng = random.Random(identity)
            drawn[identity] = Context(frozenset(rng.choices("abcdef", k=4)))
        return drawn

    return contexts


def test_neither_the_order_nor_the_pace_of_ingest_matters():
    held = library(*MANY)
    at_once = {e.variant: e for e in plan(held, held.entities, company_of(held)).made}
    assert len(at_once) > 8
    for seed in range(20):
        order = random.Random(seed).sample(MANY, len(MANY))
        known = {}
        for count in range(1, len(order) + 1):
            new = order[count - 1]
            grown = library(*order[:count], edges=known)
            planned = plan(grown, [entity_id(new[0], new[1])], company_of(grown))
            known = {v: e for v, e in known.items() if v not in planned.ended}
            known |= {edge.variant: edge for edge in planned.made}
        assert known == at_once


def test_union_find_does_not_depend_on_order():
    pairs = [("a", "b"), ("c", "d"), ("b", "c"), ("e", "f"), ("a", "d")]
    for seed in range(20):
        clusters = Clusters("abcdefg")
        for pair in random.Random(seed).sample(pairs, len(pairs)):
            clusters.join(*pair)
        assert {frozenset(members) for members in clusters} == {
            frozenset("abcd"), frozenset("ef"), frozenset("g"),
        }  # fmt: skip
        assert set(clusters.members("d")) == set("abcd")


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("", "", Agreement.NONE),
        ("abc", "", Agreement.NONE),
        ("abc", "xyz", Agreement.NONE),
        ("a", "abcdef", Agreement.SOME),  # one acquaintance may be chance
        ("ab", "abcdef", Agreement.STRONG),
        ("abxy", "abcdef", Agreement.SOME),
        ("axyz", "abcdef", Agreement.NONE),
    ],
)
def test_how_far_company_agrees(first, second, expected):
    assert agreement(Context(frozenset(first)), Context(frozenset(second))) is expected


def test_the_same_thing_told_of_both_is_agreement():
    told = frozenset({("walk on", "subject", "moon")})
    assert agreement(Context(told=told), Context(told=told)) is Agreement.SOME
    one, other = Context(frozenset("a"), told), Context(frozenset("ab"), told)
    assert agreement(one, other) is Agreement.STRONG

"""What the graph brings is ranked: rare before frequent, strong relations first, near hits."""

from __future__ import annotations

from math import log2

import pytest

from kg_videorag.ask.expand import entity_hits, graph_hits
from kg_videorag.graph.neighbourhood import Neighbourhood, Spoken
from kg_videorag.model import Hit


def neighbourhood(mentioned=None, related=None, adjacent=None):
    """With something told in every segment of an upper-case id."""
    return Neighbourhood(
        {name: Spoken(ids, told(ids)) for name, ids in (mentioned or {}).items()},
        {name: Spoken(ids, told(ids), weight) for name, (weight, ids) in (related or {}).items()},
        adjacent or {},
    )


def told(segment_ids):
    return frozenset(filter(str.isupper, segment_ids))


def scored(hits):
    return [(hit.segment_id, pytest.approx(hit.score)) for hit in hits]


@pytest.mark.parametrize(
    ("mentioned", "expected"),
    [
        ({}, []),
        ({"e": []}, []),
        ({"e": ["A"]}, [("A", 1 / log2(3))]),
        ({"e": ["A", "B"]}, [("A", 1 / 2), ("B", 1 / 2)]),
        ({"e": ["a", "B"]}, [("B", 1 / 2), ("a", 1 / 4)]),  # only named: half
        (
            {"rare": ["A"], "hub": ["A", "B", "C", "D", "E", "F"]},  # six: 1 / log2(8)
            [("A", 1 / log2(3) + 1 / 3), *((name, 1 / 3) for name in "BCDEF")],
        ),
    ],
)
def test_entities_bring_segments_that_mention_them(mentioned, expected):
    assert scored(entity_hits(neighbourhood(mentioned))) == expected


@pytest.mark.parametrize(
    ("related", "adjacent", "found", "expected"),
    [
        ({}, {}, [], []),
        ({"e": (1, ["A"])}, {}, [], [("A", 1 / log2(3))]),
        ({"e": (3, ["A", "B"])}, {}, [], [("A", 1.0), ("B", 1.0)]),  # log2(4) / log2(4)
        ({"e": (3, ["a", "B"])}, {}, [], [("B", 1.0), ("a", 0.5)]),
        (
            {"weak": (1, ["A"]), "strong": (7, ["B"])},
            {},
            [],
            [("B", 3 / log2(3)), ("A", 1 / log2(3))],
        ),
        ({}, {"h1": ["a", "b"]}, ["h1"], [("a", 0.5), ("b", 0.5)]),
        ({}, {"h1": ["a"], "h2": ["b"]}, ["h1", "h2"], [("a", 0.5), ("b", 0.25)]),
        ({}, {"h1": ["h2"], "h2": ["h1"]}, ["h1", "h2"], [("h2", 0.5), ("h1", 0.25)]),
        ({}, {"h1": ["a"]}, ["unknown"], []),
        ({"e": (1, ["A"])}, {"h1": ["A"]}, ["h1"], [("A", 1 / log2(3) + 0.5)]),
    ],
)
def test_relations_and_neighbours_in_time_bring_segments(related, adjacent, found, expected):
    hits = graph_hits(
        neighbourhood(related=related, adjacent=adjacent), [Hit(name, 1.0) for name in found]
    )
    assert scored(hits) == expected


def test_ties_stand_in_order_of_id():
    hits = entity_hits(neighbourhood({"e": ["c", "a", "b"]}))
    assert [hit.segment_id for hit in hits] == ["a", "b", "c"]

"""What the graph brings is ranked: rare before frequent, strong relations first, near hits."""

from __future__ import annotations

from math import log2

import pytest

from kg_videorag.ask.expand import entity_hits, graph_hits
from kg_videorag.graph.retrieve import Neighbourhood
from kg_videorag.model import Hit


def neighbourhood(mentioned=None, related=None, adjacent=None):
    return Neighbourhood(mentioned or {}, related or {}, adjacent or {}, cut=())


def scored(hits):
    return [(hit.segment_id, pytest.approx(hit.score)) for hit in hits]


@pytest.mark.parametrize(
    ("mentioned", "expected"),
    [
        ({}, []),
        ({"e": []}, []),
        ({"e": ["a"]}, [("a", 1 / log2(3))]),
        ({"e": ["a", "b"]}, [("a", 1 / 2), ("b", 1 / 2)]),
        (
            {"rare": ["a"], "hub": ["a", "b", "c", "d", "e", "f"]},  # six: 1 / log2(8)
            [("a", 1 / log2(3) + 1 / 3), *((name, 1 / 3) for name in "bcdef")],
        ),
    ],
)
def test_entities_bring_segments_that_mention_them(mentioned, expected):
    assert scored(entity_hits(neighbourhood(mentioned))) == expected


@pytest.mark.parametrize(
    ("related", "adjacent", "found", "expected"),
    [
        ({}, {}, [], []),
        ({"e": (1, ["a"])}, {}, [], [("a", 1 / log2(3))]),
        ({"e": (3, ["a", "b"])}, {}, [], [("a", 1.0), ("b", 1.0)]),  # log2(4) / log2(4)
        (
            {"weak": (1, ["a"]), "strong": (7, ["b"])},
            {},
            [],
            [("b", 3 / log2(3)), ("a", 1 / log2(3))],
        ),
        ({}, {"h1": ["a", "b"]}, ["h1"], [("a", 0.5), ("b", 0.5)]),
        ({}, {"h1": ["a"], "h2": ["b"]}, ["h1", "h2"], [("a", 0.5), ("b", 0.25)]),
        ({}, {"h1": ["h2"], "h2": ["h1"]}, ["h1", "h2"], [("h2", 0.5), ("h1", 0.25)]),
        ({}, {"h1": ["a"]}, ["unknown"], []),
        ({"e": (1, ["a"])}, {"h1": ["a"]}, ["h1"], [("a", 1 / log2(3) + 0.5)]),
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

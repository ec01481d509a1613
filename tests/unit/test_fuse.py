"""Reciprocal rank fusion, reckoned by hand: a hit of rank r gains 1 / (60 + r)."""

from __future__ import annotations

import itertools

import pytest

from kg_videorag.ask.fuse import fuse
from kg_videorag.model import Hit


def hits(*segment_ids):
    return [Hit(segment_id, 0.0) for segment_id in segment_ids]


@pytest.mark.parametrize(
    ("roads", "expected"),
    [
        ({}, []),
        ({"text": hits()}, []),
        ({"text": hits("a")}, [("a", 0.016393, ("text",))]),  # 1/61
        ({"text": hits("a", "b")}, [("a", 0.016393, ("text",)), ("b", 0.016129, ("text",))]),
        (
            {"text": hits("a", "b"), "fulltext": hits("b")},  # b: 1/62 + 1/61
            [("b", 0.032522, ("fulltext", "text")), ("a", 0.016393, ("text",))],
        ),
        (
            {"text": hits("a"), "fulltext": hits("a"), "entity": hits("a")},  # 3/61
            [("a", 0.04918, ("entity", "fulltext", "text"))],
        ),
        (
            {"graph": hits("a"), "text": hits("b")},  # graph counts half: 0.5/61
            [("b", 0.016393, ("text",)), ("a", 0.008197, ("graph",))],
        ),
        (
            {"text": hits("x", "a"), "graph": hits("a")},  # a: 1/62 + 0.5/61
            [("a", 0.024326, ("text", "graph")), ("x", 0.016393, ("text",))],
        ),
    ],
)
def test_scores(roads, expected):
    assert [(r.segment_id, r.score, r.via) for r in fuse(roads)] == expected


def test_a_roads_own_scores_do_not_count():
    loud = {"text": [Hit("a", 0.1), Hit("b", 0.05)], "fulltext": [Hit("b", 900.0), Hit("a", 1.0)]}
    assert [r.score for r in fuse(loud)] == [0.032522, 0.032522]


def test_ties_stand_in_order_of_id_whatever_the_order_of_roads():
    roads = {"text": hits("b"), "fulltext": hits("a"), "entity": hits("c")}
    for order in itertools.permutations(roads):
        ranked = fuse({road: roads[road] for road in order})
        assert [r.segment_id for r in ranked] == ["a", "b", "c"]


def test_roads_stand_in_order_of_gain_then_name():
    roads = {"text": hits("x", "a"), "fulltext": hits("a"), "entity": hits("y", "a")}
    (found,) = [r for r in fuse(roads) if r.segment_id == "a"]
    assert found.via == ("fulltext", "entity", "text")


def test_a_segment_that_a_road_finds_twice_gains_once_at_its_best_rank():
    assert fuse({"text": hits("a", "a", "b", "a")})[0].score == 0.016393

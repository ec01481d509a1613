"""Reciprocal rank fusion, reckoned by hand: a hit of rank r gains 1 / (10 + r)."""

from __future__ import annotations

import itertools

import pytest

from kg_videorag.ask.fuse import emotion_in, fuse
from kg_videorag.model import Hit


def hits(*segment_ids):
    return [Hit(segment_id, 0.0) for segment_id in segment_ids]


@pytest.mark.parametrize(
    ("roads", "expected"),
    [
        ({}, []),
        ({"text": hits()}, []),
        ({"text": hits("a")}, [("a", 0.090909, ("text",))]),  # 1/11
        ({"text": hits("a", "b")}, [("a", 0.090909, ("text",)), ("b", 0.083333, ("text",))]),
        (
            {"text": hits("a", "b"), "fulltext": hits("b")},  # b: 1/12 + 1/11
            [("b", 0.174242, ("fulltext", "text")), ("a", 0.090909, ("text",))],
        ),
        (
            {"text": hits("a"), "fulltext": hits("a"), "entity": hits("a")},  # 2.5/11
            [("a", 0.227273, ("fulltext", "text", "entity"))],
        ),
        (
            {"graph": hits("a"), "text": hits("b")},  # graph counts a quarter: 0.25/11
            [("b", 0.090909, ("text",)), ("a", 0.022727, ("graph",))],
        ),
        (
            {"text": hits("x", "a"), "graph": hits("a")},  # a: 1/12 + 0.25/11
            [("a", 0.106061, ("text", "graph")), ("x", 0.090909, ("text",))],
        ),
    ],
)
def test_scores(roads, expected):
    assert [(r.segment_id, r.score, r.via) for r in fuse(roads)] == expected


def test_a_roads_own_scores_do_not_count():
    loud = {"text": [Hit("a", 0.1), Hit("b", 0.05)], "fulltext": [Hit("b", 900.0), Hit("a", 1.0)]}
    assert [r.score for r in fuse(loud)] == [0.174242, 0.174242]


def test_ties_stand_in_order_of_id_whatever_the_order_of_roads():
    roads = {"text": hits("b"), "fulltext": hits("a"), "screen": hits("c")}
    for order in itertools.permutations(roads):
        ranked = fuse({road: roads[road] for road in order})
        assert [r.segment_id for r in ranked] == ["a", "b", "c"]


def test_roads_stand_in_order_of_gain_then_name():
    roads = {"text": hits("x", "a"), "fulltext": hits("a"), "screen": hits("y", "a")}
    (found,) = [r for r in fuse(roads) if r.segment_id == "a"]
    assert found.via == ("fulltext", "screen", "text")


def test_a_segment_that_a_road_finds_twice_gains_once_at_its_best_rank():
    assert fuse({"text": hits("a", "a", "b", "a")})[0].score == 0.090909


def test_what_words_and_meaning_find_is_not_crowded_out_by_shared_names():
    """Nineteen segments name what the question names, and share some words with it too."""
    crowd = [f"c{i:02}" for i in range(19)]
    roads = {
        "text": hits(crowd[0], "answer", *crowd[1:]),
        "fulltext": hits(crowd[-1], "answer", *reversed(crowd[:-1])),
        "entity": hits(*crowd),
        "graph": hits(*crowd),
    }
    assert "answer" in [r.segment_id for r in fuse(roads)][:4]  # with k = 60: the last


def test_a_mood_orders_and_is_no_road():
    plain = {"text": hits("a", "b", "c")}
    assert [r.segment_id for r in fuse(plain)] == ["a", "b", "c"]
    coloured = fuse({**plain, emotion_in("text"): hits("c", "b", "a")})
    assert [(r.segment_id, r.score) for r in coloured] == [
        ("c", 0.258741), ("b", 0.25), ("a", 0.244755),
    ]  # fmt: skip
    assert {r.via for r in coloured} == {("text",)}


def test_pictures_and_sounds_together_say_as_much_as_words():
    roads = {"vision": hits("a"), "audio": hits("a"), "text": hits("b")}
    assert [(r.segment_id, r.score, r.via) for r in fuse(roads)] == [
        ("a", 0.090909, ("audio", "vision")),  # 2 * 0.5/11
        ("b", 0.090909, ("text",)),
    ]


@pytest.mark.parametrize(
    ("space", "gain"),
    [("text", 0.181818), ("vision", 0.090909), ("audio", 0.090909)],  # 2/11, 2 * 0.5/11
)
def test_a_mood_is_twice_as_loud_as_the_query_in_its_space(space, gain):
    plain, moody = (
        fuse({space: hits("a")} | mood) for mood in ({}, {emotion_in(space): hits("a")})
    )
    assert moody[0].score - plain[0].score == pytest.approx(gain, abs=2e-6)
    assert moody[0].via == (space,)

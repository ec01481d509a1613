"""A reranker's order is one road among the others."""

from __future__ import annotations

import numpy as np
import pytest

from kg_videorag.ask.fuse import fuse
from kg_videorag.ask.rerank import RERANKED, reranked
from kg_videorag.ask.search import Roads
from kg_videorag.model import Hit

TEXTS = {"a": "one", "b": "two words", "c": "three more words", "d": " "}
FOUND = Roads({"text": [Hit(id_, 1.0) for id_ in "abcd"], "fulltext": [Hit("a", 1.0)]})


class _ByLength:
    """Scores a passage by its length."""

    name = version = model = "length"

    def __init__(self, *languages):
        self.languages = frozenset(languages)
        self.asked = []

    def rerank(self, question, texts):
        self.asked.append((question, list(texts)))
        return np.array([len(text) for text in texts], dtype=np.float32)


def texts_of(ids):
    return {id_: TEXTS.get(id_, id_) for id_ in ids}


def test_it_orders_what_was_found_and_finds_nothing():
    found = reranked(FOUND, "who", _ByLength(), texts_of)
    assert [hit.segment_id for hit in found.hits["rerank"]] == ["c", "b", "a"]  # d says nothing
    fused = fuse(found.hits)
    assert [ranked.segment_id for ranked in fused] == [
        "a",
        "c",
        "b",
        "d",
    ]  # a was best by two roads
    assert {road for ranked in fused for road in ranked.via} == {"text", "fulltext"}


def test_only_the_best_are_read():
    many = Roads({"text": [Hit(f"{n:03}", 1.0) for n in range(100)]})
    reranker = _ByLength()
    found = reranked(many, "who", reranker, texts_of)
    assert len(reranker.asked[0][1]) == len(found.hits["rerank"]) == RERANKED
    assert {r.segment_id for r in fuse(found.hits)[:RERANKED]} == {
        f"{n:03}" for n in range(RERANKED)
    }


@pytest.mark.parametrize(
    ("question", "reranker"),
    [("who", None), ("", _ByLength()), ("кто это был", _ByLength("en"))],
    ids=["nobody", "a time alone", "another language"],
)
def test_nothing_changes_where_it_cannot_help(question, reranker):
    assert reranked(FOUND, question, reranker, texts_of) is FOUND
    assert reranked(Roads({}), "who", _ByLength(), texts_of) == Roads({})

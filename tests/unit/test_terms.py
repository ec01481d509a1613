"""A question's words, and which words of a sentence answer to them."""

from __future__ import annotations

import pytest

from kg_videorag.ask.terms import Terms, root
from kg_videorag.words import content_stems


@pytest.mark.parametrize(
    ("question", "sentence", "said"),
    [
        ("Who was the founder of Medara?", "Medara was founded by Falk.", {"founder", "medara"}),
        ("Who designed it?", "The designer was Nora.", {"design"}),
        ("Who is the owner?", "She owned the mill.", {"owner"}),
        ("Who was the teacher?", "He taught there.", {"teacher"}),
        ("Who was the winner?", "Ann won.", {"winner"}),
        ("Who commanded the ship?", "The commander slept.", {"command"}),
        ("Where was Ann born?", "Bob was born in Rome.", {"born"}),
        ("What is an art?", "The artillery fired.", set()),
        ("Кто основатель института?", "Институт основал Брандт.", {"институт", "основа"}),
    ],
)
def test_doers_and_deeds_are_told_by_their_verbs(question, sentence, said):
    terms = Terms.read(question)
    found = terms.said_in(content_stems(sentence))
    wanted = {stem for stem in terms.stems if any(stem.startswith(s[:5]) for s in said)}
    assert found == wanted


def test_an_ending_is_not_all_of_a_word():
    assert [root(stem) for stem in ("owner", "winner", "seller", "her", "ore", "studi")] == [
        "own", "win", "sell", "her", "ore", "stud",
    ]  # fmt: skip


def test_names_are_no_deeds():
    terms = Terms.read("Who built the Marlow Bridge?", ["Marlow Bridge"])
    assert terms.named == {"marlow", "bridg"}
    assert terms.roots == ["build"]
    assert terms.asked_by("build in")
    assert not terms.asked_by("bridge")  # by its name alone nothing is asked
    assert terms.words_of({"bridg", "build"}) == ("built", "bridge")

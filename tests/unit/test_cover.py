"""The first evidence together says what is asked, joined by what it speaks of."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kg_videorag.ask.cover import choose
from kg_videorag.ask.explain import reason_of
from kg_videorag.ask.terms import Terms
from kg_videorag.graph.evidence import Pool
from kg_videorag.model import (
    Entity,
    EntityType,
    Evidence,
    GraphRelation,
    Sentence,
    Span,
    chain_in_words,
)

QUESTION = "In which town is the prize handed over that Maria Kessler received?"
TERMS = Terms.read(QUESTION, ["Maria Kessler"])
RECEIVED = "Maria Kessler received the Lindqvist Prize."
HANDED = "The Lindqvist Prize is handed over in Varholm, a town."
GOSSIP = "Maria Kessler and Felden were on a poster."


def pool_of(*texts, relations=(), scores=None):
    """One segment a text; entities are pairs of capital words, and the Prize and towns."""
    names = ("Maria Kessler", "Lindqvist Prize", "Varholm", "Felden", "Skarn")
    evidence, mentions = [], {}
    for place, text in enumerate(texts):
        sentence = Sentence(text, Span(1_000, 4_000))
        score = scores[place] if scores else 0.1
        evidence.append(
            Evidence(f"s{place}", "v", f"{place}.mp4", Span(0, 9_000), score, (), (sentence,))
        )
        mentions[f"s{place}"] = [(name, 1_500) for name in names if name in text]
    entities = {name: Entity(name, name, EntityType.PERSON) for name in names}
    told = tuple(
        GraphRelation(subject, predicate, object_, segment, Span(1_000, 4_000))
        for subject, predicate, object_, segment in relations
    )
    return Pool(tuple(evidence), entities, mentions, told)


def order(pool, wanted=5, terms=TERMS):
    return [choice.place for choice in choose(pool, terms, wanted=wanted)]


def test_a_fact_whose_words_the_question_does_not_say_is_found_by_what_joins_it():
    scores = (0.3, 0.25, 0.2, 0.2, 0.01, 0.01)
    pool = pool_of(RECEIVED, GOSSIP, GOSSIP, GOSSIP, "Skarn is handed food.", HANDED, scores=scores)
    assert order(pool, 2) == [0, 5]


def test_what_says_nothing_new_comes_after_what_does():
    pool = pool_of(RECEIVED, RECEIVED, "In this town all is handed over.", scores=(0.3, 0.1, 0.1))
    assert order(pool, 2) == [0, 2]


def test_where_nothing_is_said_of_the_question_the_fused_order_stands():
    pool = pool_of("Rain fell.", "Snow fell.", "Hail fell.", scores=(0.3, 0.2, 0.1))
    assert order(pool) == [0, 1, 2]


def test_a_relation_weighs_more_than_names_in_one_breath():
    asked = Terms.read("What did Maria Kessler discover?", ["Maria Kessler"])
    dropped = "Did Maria Kessler discover Skarn or Felden?"
    told = "Maria Kessler discovered Varholm."
    relations = [("Maria Kessler", "discover", "Varholm", "s1")]
    assert order(pool_of(dropped, told, relations=relations), 1, asked) == [1]


@pytest.mark.parametrize("wanted", [0, 1, 3, 9])
def test_scores_fall_and_nothing_is_chosen_twice(wanted):
    scores = (0.1, 0.4, 0.2, 0.3)
    choices = choose(pool_of(RECEIVED, GOSSIP, HANDED, GOSSIP, scores=scores), TERMS, wanted=wanted)
    assert len({c.place for c in choices}) == len(choices) == min(wanted, 4)
    gained = [c.score for c in choices]
    assert gained == sorted(gained, reverse=True)


def test_the_same_pool_gives_the_same_choice():
    pool = pool_of(RECEIVED, GOSSIP, HANDED, GOSSIP)
    assert choose(pool, TERMS, wanted=4) == choose(replace(pool), TERMS, wanted=4)


def test_an_empty_pool_gives_nothing():
    assert choose(Pool(), TERMS, wanted=5) == []


def test_the_chain_is_told_in_words_with_its_moments():
    relations = [
        ("Maria Kessler", "receive", "Lindqvist Prize", "s0"),
        ("Lindqvist Prize", "hand over in", "Varholm", "s1"),
    ]
    pool = pool_of(RECEIVED, HANDED, relations=relations)
    reasons = [reason_of(choice, (), pool, TERMS) for choice in choose(pool, TERMS, wanted=2)]
    forward = (
        "Maria Kessler -receive-> Lindqvist Prize (0.mp4 00:00:01)"
        " -hand over in-> Varholm (1.mp4 00:00:01)"
    )
    back = (
        "Lindqvist Prize -hand over in-> Varholm (1.mp4 00:00:01);"
        " Maria Kessler -receive-> Lindqvist Prize (0.mp4 00:00:01)"
    )
    assert {chain_in_words(reason.chain) for reason in reasons} <= {forward, back}
    assert all(len(reason.chain) == 2 for reason in reasons)
    assert {word for reason in reasons for word in reason.covers} == {
        "town", "prize", "handed", "maria", "kessler", "received",
    }  # fmt: skip

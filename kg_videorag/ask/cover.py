"""Chooses the first evidence: together it has to say all that the question asks.

Source: greedy choice for what is still to be said, as in Carbonell and Goldstein, "The use of MMR,
diversity-based reranking for reordering documents and producing summaries", SIGIR 1998. What is
weighed against relevance is not likeness but words of the question that nothing chosen says yet,
and the chains of facts that a piece of evidence is part of.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from math import exp
from typing import TYPE_CHECKING

from kg_videorag.ask.chains import find_chains
from kg_videorag.ask.facts import read_facts, term_weights

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg_videorag.ask.chains import Chain
    from kg_videorag.ask.facts import Fact
    from kg_videorag.ask.terms import Terms
    from kg_videorag.graph.evidence import Pool

# In units of the best fused score; chosen on half of the questions of ADR 26.
_CHAINED = 2.0  # what being part of the best chain is worth
_COVERS = 1.0  # what it is worth to say all of the question that nothing chosen says
_BEHIND = 0.15  # a chain that says so much less than the best is worth 1/e of it
_AGAIN = 0.25  # of what a chain is worth that only says again what was chosen
_CHAINS = 12  # the best are looked at


@dataclass(frozen=True, slots=True)
class Choice:
    """One piece of evidence, and why it is chosen.

    Args:
        place: In the pool, from 0.
        score: Fused, with what chain and covered words add; never more than the one before.
        chained: What its chain adds.
        covered: What the words add that it is the first to say.
        covers: Those words, as stems.
        chain: The best that it is part of.
    """

    place: int
    score: float
    chained: float
    covered: float
    covers: frozenset[str]
    chain: Chain | None


def choose(pool: Pool, terms: Terms, *, wanted: int) -> list[Choice]:
    """The evidence to be read, in its order.

    Args:
        pool: What was found, with fused scores.
        terms: Of the question.
        wanted: How many.
    """
    facts = read_facts(pool, terms)
    weights = term_weights(facts, terms)
    offers = _offers(facts, weights)
    unit = max((item.score for item in pool.evidence), default=0.0) or 1.0
    share = _COVERS / (sum(weights.values()) or 1.0)
    left = list(range(len(pool.evidence)))
    covered: frozenset[str] = frozenset()
    spoken_of: frozenset[str] = frozenset()
    choices: list[Choice] = []

    def choice(place: int) -> Choice:
        offer = offers.get(place, _NOTHING)
        new = offer.terms - covered
        again = not new and offer.entity_ids <= spoken_of
        chained = unit * _CHAINED * offer.worth * (_AGAIN if again else 1.0)
        covers = unit * share * sum(weights[term] for term in sorted(new))
        score = round(pool.evidence[place].score + chained + covers, 6)
        return Choice(place, score, chained, covers, new, offer.chain)

    while left and len(choices) < wanted:
        best = max(map(choice, left), key=lambda c: (c.score, -c.place))
        left.remove(best.place)
        choices.append(best)
        covered |= best.covers
        spoken_of |= offers.get(best.place, _NOTHING).entity_ids
    return choices


@dataclass(frozen=True, slots=True)
class _Offer:
    """What an evidence has to offer.

    Args:
        terms: Words of the question that it says.
        chain: The best that it is part of.
        worth: Of that chain, 0..1.
        entity_ids: What it speaks of in that chain.
    """

    terms: frozenset[str] = frozenset()
    chain: Chain | None = None
    worth: float = 0.0
    entity_ids: frozenset[str] = frozenset()


_NOTHING = _Offer()


def _offers(facts: Sequence[Fact], weights: Mapping[str, float]) -> dict[int, _Offer]:
    """By place in the pool."""
    frequency = Counter(id_ for fact in facts for id_ in fact.entity_ids)
    offers: dict[int, _Offer] = {}
    for fact in facts:
        known = offers.get(fact.place, _NOTHING)
        offers[fact.place] = replace(known, terms=known.terms | fact.terms)
    chains = find_chains(facts, weights, frequency)[:_CHAINS]
    for chain in reversed(chains):
        worth = exp((chain.score - chains[0].score) / _BEHIND)
        for place in {fact.place for fact in chain.facts}:
            ids = (fact.entity_ids for fact in chain.facts if fact.place == place)
            said = frozenset().union(*ids)
            offers[place] = _Offer(offers[place].terms, chain, worth, said)
    return offers

"""Chooses the first evidence: together it has to say all that the question asks."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg_videorag.ask.chains import find_chains
from kg_videorag.ask.facts import read_facts, term_weights

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg_videorag.ask.chains import Chain
    from kg_videorag.ask.facts import Fact
    from kg_videorag.ask.terms import Terms
    from kg_videorag.graph.evidence import Pool

# Chosen on half of the questions of docs/adr/0026-graph-retrieval.md.
_FUSED = 1.0  # of the fused score, as a share of the best one's
_CHAINED = 1.2  # of the score of the best chain that it is in, as a share of the best chain's
_COVERS = 1.0  # of what it says of the question that nothing chosen says, as a share of all
_CHAINS = 12  # the best are looked at


@dataclass(frozen=True, slots=True)
class Chosen:
    """The order of evidence, and why.

    Args:
        places: Of evidence in its pool, best first.
        chains: By place: the chain for which it was chosen.
        facts: By place: the sentences of it that speak of the question.
    """

    places: tuple[int, ...]
    chains: Mapping[int, Chain]
    scores: Mapping[int, float]


def choose(pool: Pool, terms: Terms, *, wanted: int) -> Chosen:
    """Evidence in the order in which it should be read.

    Args:
        pool: What was found, best first, with fused scores.
        terms: Of the question.
        wanted: How many.
    """
    facts = read_facts(pool, terms)
    weights = term_weights(facts, terms)
    frequency = Counter(id_ for fact in facts for id_ in fact.entity_ids)
    chains = find_chains(facts, weights, frequency)[:_CHAINS]
    best = chains[0].score if chains else 1.0
    chained: dict[int, tuple[float, Chain]] = {}
    for chain in chains:
        for fact in chain.facts:
            chained.setdefault(fact.place, (chain.score / best, chain))
    said: dict[int, frozenset[str]] = {}
    for fact in facts:
        said[fact.place] = said.get(fact.place, frozenset()) | fact.terms
    total = sum(weights.values()) or 1.0
    top = max((item.score for item in pool.evidence), default=0.0) or 1.0
    fixed = [
        _FUSED * item.score / top + _CHAINED * chained.get(place, (0.0,))[0]
        for place, item in enumerate(pool.evidence)
    ]
    left = list(range(len(pool.evidence)))
    covered: frozenset[str] = frozenset()
    places: list[int] = []
    scores: dict[int, float] = {}
    while left and len(places) < wanted:
        gains = {
            place: fixed[place]
            + _COVERS * sum(weights[t] for t in sorted(said.get(place, frozenset()) - covered)) / total
            for place in left
        }
        place = max(left, key=lambda p: (gains[p], -p))
        left.remove(place)
        places.append(place)
        scores[place] = gains[place]
        covered |= said.get(place, frozenset())
    return Chosen(tuple(places), {p: c for p, (_, c) in chained.items() if p in scores}, scores)

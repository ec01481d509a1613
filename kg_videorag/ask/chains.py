"""Chains of facts: each says more of the question, and speaks of what another one spoke of.

"In which town is the prize handed over that Maria Kessler received?" is answered by two
sentences: "In 1951 Maria Kessler received the Lindqvist Prize" and "The Lindqvist Prize is
handed over in the town hall of Varholm". Neither says all; the prize, which the question does not
name, joins them. A beam search finds such chains among the facts of a pool.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from math import log2
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kg_videorag.ask.facts import Fact
    from kg_videorag.model import GraphRelation

_BEAM = 24
_MAX_FACTS = 4
# Chosen on half of the questions of docs/adr/0026-graph-retrieval.md.
_LINK = 0.35  # what a further fact costs: it must say as much of the question as this
_TOLD = 0.4  # what a fact gains that tells of its link what is asked; half, if something else
_NEW = 0.2  # what a fact gains that speaks of something not yet spoken of
_UNTOLD = 0.4  # what a term is worth that no relation tells: extraction misses many, names drop it
_HUB = 0.1  # what a link costs for each doubling of the facts that speak of it
_RANK = 0.3  # what a fact gains that is in the first evidence; half of it in the second


@dataclass(frozen=True, slots=True)
class Chain:
    """Facts in the order in which they were joined.

    Args:
        facts: Joined ones; the first is no continuation.
        links: The entity by which each but the first was joined.
        score: What it says of the question, less what its links cost.
        terms: Words of the question that it says.
        entity_ids: All that it speaks of.
    """

    facts: tuple[Fact, ...]
    links: tuple[str, ...]
    score: float
    terms: frozenset[str]
    entity_ids: frozenset[str]


def find_chains(
    facts: Sequence[Fact],
    weights: Mapping[str, float],
    frequency: Mapping[str, int],
) -> list[Chain]:
    """The best chains, best first.

    Args:
        facts: Of a pool.
        weights: Of the question's terms, 0..1.
        frequency: In how many facts each entity is.
    """
    by_entity: defaultdict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        if fact.terms:
            for entity_id in fact.entity_ids:
                by_entity[entity_id].append(fact)
    beam = _best((_first(fact, weights) for fact in facts if fact.terms), 2 * _BEAM)
    found = list(beam)
    for _ in range(_MAX_FACTS - 1):
        joined = (
            _join(chain, fact, entity_id, weights, frequency)
            for chain in beam
            for entity_id in sorted(chain.entity_ids)
            for fact in by_entity[entity_id]
        )
        beam = _best(filter(None, joined), _BEAM)
        found += beam
    return _best(found, len(found))


def _best(chains: Iterable[Chain], most: int) -> list[Chain]:
    """The best chains, best first; of those of the same facts, the best alone."""
    distinct: dict[frozenset[tuple[int, int]], Chain] = {}
    for chain in sorted(chains, key=_order):
        distinct.setdefault(_key(chain), chain)
    return list(distinct.values())[:most]


def _first(fact: Fact, weights: Mapping[str, float]) -> Chain:
    score = _said(fact, fact.terms, weights) + _RANK / (1 + fact.place)
    return Chain((fact,), (), score, fact.terms, fact.entity_ids)


def _join(
    chain: Chain,
    fact: Fact,
    entity_id: str,
    weights: Mapping[str, float],
    frequency: Mapping[str, int],
) -> Chain | None:
    """A chain with one more fact; None where that adds nothing."""
    new = fact.terms - chain.terms
    if not new or fact in chain.facts:
        return None
    told = (_tells(fact.asked, entity_id) + _tells(fact.told, entity_id)) / 2
    gain = _said(fact, new, weights) - _LINK + _RANK / (1 + fact.place)
    gain += _TOLD * told + _NEW * bool(fact.entity_ids - chain.entity_ids)
    gain -= _HUB * log2(frequency[entity_id])
    if gain <= 0:
        return None
    return Chain(
        (*chain.facts, fact),
        (*chain.links, entity_id),
        chain.score + gain,
        chain.terms | fact.terms,
        chain.entity_ids | fact.entity_ids,
    )


def _tells(relations: Sequence[GraphRelation], entity_id: str) -> bool:
    return any(entity_id in (r.subject_id, r.object_id) for r in relations)


def _said(fact: Fact, terms: frozenset[str], weights: Mapping[str, float]) -> float:
    """What a fact says of the question with some of its terms."""
    return sum(
        weights[term] * (1.0 if term in fact.told_terms else _UNTOLD) for term in sorted(terms)
    )


def _key(chain: Chain) -> frozenset[tuple[int, int]]:
    return frozenset((fact.place, fact.line) for fact in chain.facts)


def _order(chain: Chain) -> tuple[float, int, list[tuple[int, int]]]:
    return -chain.score, len(chain.facts), sorted(_key(chain))

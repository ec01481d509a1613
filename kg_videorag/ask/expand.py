"""Ranks what the graph brings: segments and entities around the question, by a walk from it."""

from __future__ import annotations

from collections import defaultdict
from itertools import chain
from math import log2
from typing import TYPE_CHECKING

from kg_videorag.ask.rank import pagerank
from kg_videorag.model import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kg_videorag.ask.terms import Terms
    from kg_videorag.graph.neighbourhood import Neighbourhood
    from kg_videorag.model import GraphRelation

_MENTIONED = 0.5  # a segment that only says a name counts half of one that tells something of it
# Weights of edges, chosen on half of the questions of docs/adr/0026-graph-retrieval.md.
_TOLD = 1.0  # entity to entity by a relation, and both to the segment that tells it
_ASKED = 16.0  # the same where the relation's predicate is one of the question's words
_HELD = 0.5  # entity to a segment that only mentions it
_BESIDE = 0.5  # a segment to the one before or after it
_SIMILAR = 0.5  # a segment to one that is like it, times their cosine
_NAMED = 1.0  # where walks begin: all that the question names together, and all hits together


def entity_hits(neighbourhood: Neighbourhood) -> tuple[Hit, ...]:
    """Segments that mention what the question names, first those that tell something of it.

    A rare entity counts more than a hub.
    """
    told: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for relation in neighbourhood.relations:
        for end in _ends(relation):
            told[end][relation.segment_id] = None
    held: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for segment_id, entity_ids in neighbourhood.held.items():
        for entity_id in entity_ids:
            held[entity_id][segment_id] = None
    scores: defaultdict[str, float] = defaultdict(float)
    for entity_id, spoken in neighbourhood.mentioned.items():
        within = dict.fromkeys(spoken.segment_ids) | told[entity_id] | held[entity_id]
        for segment_id in within:
            weight = 1.0 if segment_id in told[entity_id] else _MENTIONED
            scores[segment_id] += weight / log2(2 + len(within))
    return _by_score(scores)


def walk(neighbourhood: Neighbourhood, found: Sequence[Hit], terms: Terms) -> tuple[Hit, ...]:
    """Segments by personalised PageRank from the named entities and the hits, most visited first.

    Args:
        neighbourhood: Of the question's entities and of `found`.
        found: What search found, best first, with fused scores.
        terms: Of the question.
    """
    edges = _edges(neighbourhood, terms)
    seeds: defaultdict[str, float] = defaultdict(float)
    for entity_id in neighbourhood.mentioned:
        seeds[entity_id] += _NAMED / len(neighbourhood.mentioned)
    total = sum(hit.score for hit in found)
    for hit in found:
        seeds[hit.segment_id] += hit.score / total
    ranks = pagerank(edges, seeds)
    return _by_score({id_: r for id_, r in ranks.items() if id_ not in neighbourhood.entities})


def _edges(neighbourhood: Neighbourhood, terms: Terms) -> Mapping[tuple[str, str], float]:
    edges: defaultdict[tuple[str, str], float] = defaultdict(float)
    for one, other, weight in chain(_told(neighbourhood, terms), _seen(neighbourhood)):
        if one != other:
            edges[min(one, other), max(one, other)] += weight
    return edges


def _told(neighbourhood: Neighbourhood, terms: Terms) -> Iterator[tuple[str, str, float]]:
    """What relations join: their ends, and each with the segment."""
    for relation in neighbourhood.relations:
        weight = _ASKED if terms.asked_by(relation.predicate) else _TOLD
        yield relation.subject_id, relation.object_id, weight
        for end in _ends(relation):
            yield end, relation.segment_id, weight


def _seen(neighbourhood: Neighbourhood) -> Iterator[tuple[str, str, float]]:
    """What mentions join, and what stands beside the hits."""
    for entity_id, spoken in neighbourhood.mentioned.items():
        for segment_id in spoken.segment_ids:
            yield entity_id, segment_id, _HELD
    for segment_id, entity_ids in neighbourhood.held.items():
        for entity_id in entity_ids:
            yield entity_id, segment_id, _HELD
    for segment_id, neighbour_ids in neighbourhood.follows.items():
        for neighbour_id in neighbour_ids:
            yield segment_id, neighbour_id, _BESIDE
    for segment_id, similar in neighbourhood.similar.items():
        for other_id, cosine in similar:
            yield segment_id, other_id, _SIMILAR * cosine


def _ends(relation: GraphRelation) -> tuple[str, str]:
    return relation.subject_id, relation.object_id


def _by_score(scores: Mapping[str, float]) -> tuple[Hit, ...]:
    hits = [Hit(segment_id, score) for segment_id, score in scores.items()]
    return tuple(sorted(hits, key=lambda hit: (-hit.score, hit.segment_id)))

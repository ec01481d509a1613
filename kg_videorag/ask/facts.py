"""What evidence says, sentence by sentence: which entities, and which words of the question."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING

from kg_videorag.words import content_stems

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg_videorag.ask.terms import Terms
    from kg_videorag.graph.evidence import Pool
    from kg_videorag.model import Evidence, GraphRelation, Span


_IS = "be"  # "the rector is Helen Ortega" tells what a noun of the question asks for


@dataclass(frozen=True, slots=True)
class Fact:
    """A sentence of the evidence that speaks of something.

    Args:
        place: Of its evidence in the pool, from 0.
        line: Of the sentence in its evidence, from 0.
        span: When it is said.
        entity_ids: What it mentions.
        terms: Words of the question that it says.
        told: Relations that it tells.
        asked: Those of them whose predicate says a word of the question, or only "be".
        told_terms: Words of the question in the predicates of these, or in the names of their ends.
    """

    place: int
    line: int
    span: Span
    entity_ids: frozenset[str]
    terms: frozenset[str]
    told: tuple[GraphRelation, ...] = ()
    asked: tuple[GraphRelation, ...] = ()
    told_terms: frozenset[str] = frozenset()


def read_facts(pool: Pool, terms: Terms) -> list[Fact]:
    """All facts of a pool that say a word of the question or mention an entity."""
    told: defaultdict[str, list[GraphRelation]] = defaultdict(list)
    for relation in pool.relations:
        told[relation.segment_id].append(relation)
    facts = []
    for place, item in enumerate(pool.evidence):
        facts += _facts_of(place, item, pool, told[item.segment_id], terms)
    return facts


def _facts_of(
    place: int, item: Evidence, pool: Pool, told: Sequence[GraphRelation], terms: Terms
) -> list[Fact]:
    facts = []
    for line, sentence in enumerate(item.sentences):
        span = sentence.span
        inside = range(span.start_ms, max(span.end_ms, span.start_ms + 1))
        relations = tuple(r for r in told if r.span.start_ms in inside)
        entities = {id_ for id_, at_ms in pool.mentions[item.segment_id] if at_ms in inside}
        entities |= {end for r in relations for end in (r.subject_id, r.object_id)}
        stems = content_stems(sentence.under_heading)
        said = terms.said_in(stems)
        if entities or said:
            asked = tuple(r for r in relations if r.predicate == _IS or terms.asked_by(r.predicate))
            in_told = said & terms.said_in(_stems_of(asked, pool))
            facts.append(
                Fact(place, line, span, frozenset(entities), said, relations, asked, in_told)
            )
    return facts


def _stems_of(relations: Sequence[GraphRelation], pool: Pool) -> frozenset[str]:
    """Stems of what relations tell, in the words of the graph."""
    said = [r.predicate for r in relations]
    for relation in relations:
        ends = (pool.entities.get(end) for end in (relation.subject_id, relation.object_id))
        said += [end.name for end in ends if end]
    return content_stems(" ".join(said))


def term_weights(facts: Sequence[Fact], terms: Terms) -> Mapping[str, float]:
    """How much each word of the question tells, 0..1: the rarer among the facts, the more."""
    counts = Counter(term for fact in facts for term in fact.terms)
    most = log(1 + len(facts)) or 1.0
    return {term: log(1 + len(facts) / max(counts[term], 1)) / most for term in terms.stems}

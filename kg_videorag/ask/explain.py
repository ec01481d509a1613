"""Why an evidence stands where it stands: roads, words and the chain of the graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg_videorag.model import Link, Reason

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg_videorag.ask.chains import Chain
    from kg_videorag.ask.cover import Choice
    from kg_videorag.ask.facts import Fact
    from kg_videorag.ask.terms import Terms
    from kg_videorag.graph.evidence import Pool
    from kg_videorag.model import GraphRelation, RoadGain


def reason_of(choice: Choice, gains: Sequence[RoadGain], pool: Pool, terms: Terms) -> Reason:
    """Why an evidence was chosen.

    Args:
        choice: What it was chosen for.
        gains: What roads gave it.
        pool: It was chosen from.
        terms: Of the question.
    """
    chain = choice.chain
    return Reason(
        segment_id=pool.evidence[choice.place].segment_id,
        roads=tuple(gains),
        covers=terms.words_of(choice.covers),
        chain=links_of(chain, pool) if chain is not None and len(chain.facts) > 1 else (),
        chained=round(choice.chained, 6),
        covered=round(choice.covered, 6),
    )


def links_of(chain: Chain, pool: Pool) -> tuple[Link, ...]:
    """A chain as steps of the graph; two names in one sentence are one too."""
    joints = set(chain.links)
    return tuple(link for fact in chain.facts for link in _links(fact, joints, pool))


def _links(fact: Fact, joints: set[str], pool: Pool) -> list[Link]:
    item = pool.evidence[fact.place]

    def link(subject_id: str, predicate: str, object_id: str) -> Link:
        names = [pool.entities[id_].name for id_ in (subject_id, object_id)]
        return Link(names[0], predicate, names[1], item.segment_id, item.video, fact.span)

    told = sorted(fact.told, key=lambda r: (not _ends(r) & joints, r.predicate))
    if told and _ends(told[0]) & joints:
        best = told[0]
        return [link(best.subject_id, best.predicate, best.object_id)]
    held = sorted(fact.entity_ids & joints) + sorted(fact.entity_ids - joints)
    return [link(held[0], "", held[1])] if len(held) > 1 else []


def _ends(relation: GraphRelation) -> set[str]:
    return {relation.subject_id, relation.object_id}

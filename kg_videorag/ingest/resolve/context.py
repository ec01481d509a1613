"""Whether two entities live in the same company: what a name alone does not tell."""

from __future__ import annotations

from dataclasses import dataclass

from kg_videorag.ingest.resolve.match import Agreement

# benchmarks/resolve.py: the company in one segment against that in all others. Of one entity
# 87 % share .25, of different entities of other texts 4 %, of the same texts 37 %; .60 is shared by
# 74 %, 0.3 % and 18 %. The Jaccard index is worse (83 % against 4 %): what is mentioned once never
# shares much with what is mentioned often.
SOME_SHARED = 0.25
STRONG_SHARED = 0.60


@dataclass(frozen=True, slots=True)
class Context:
    """Whom an entity is mentioned with, and what is told of it.

    Args:
        company: Ids of entities that are mentioned in segments that mention it.
        told: (predicate, which end it is, id of the other end) of its relations.
    """

    company: frozenset[str] = frozenset()
    told: frozenset[tuple[str, str, str]] = frozenset()


def agreement(first: Context, second: Context) -> Agreement:
    """How far two contexts agree: by the share of company, or by the same thing told of both."""
    share = shared(first.company, second.company)
    tells_same = not first.told.isdisjoint(second.told)
    if share >= STRONG_SHARED or (tells_same and share >= SOME_SHARED):
        return Agreement.STRONG
    return Agreement.SOME if tells_same or share >= SOME_SHARED else Agreement.NONE


def shared(first: frozenset[str], second: frozenset[str]) -> float:
    """The share of the smaller company that is in the larger, 0..1; a single one counts half.

    Source: the overlap coefficient (Szymkiewicz, Simpson), with 1 added below.
    """
    return len(first & second) / (min(len(first), len(second)) + 1)

"""Whether two entities live in the same company: what a name alone does not tell."""

from __future__ import annotations

from dataclasses import dataclass

from kg_videorag.ingest.resolve.rules import Agreement

# benchmarks/resolve.py: see SOME_SHARED there.
SOME_SHARED = 0.10
STRONG_SHARED = 0.25


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
    """The Jaccard index of two sets, 0..1; 0 where one is empty."""
    union = len(first | second)
    return len(first & second) / union if union else 0.0

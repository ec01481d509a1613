"""A library's entities and what joins them, as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg_videorag.ingest.resolve.rules import BY_HAND

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg_videorag.ingest.resolve.names import Name

Pair = frozenset[str]  # two ids


@dataclass(frozen=True, slots=True)
class Known:
    """An entity of the library; `mentions` is how often it is mentioned."""

    id: str
    name: Name
    mentions: int


@dataclass(frozen=True, slots=True)
class SameAs:
    """A SAME_AS edge. `chosen` is whom a user named as canonical; "" where rules made the edge."""

    variant: str
    canonical: str
    reason: str
    score: float
    chosen: str = ""

    @property
    def is_by_hand(self) -> bool:
        return self.reason == BY_HAND


@dataclass(frozen=True, slots=True)
class Library:
    """What resolution looks at.

    Args:
        entities: By id.
        edges: SAME_AS edges by variant, of which each has one at most.
        apart: Pairs that a user has split.
    """

    entities: Mapping[str, Known]
    edges: Mapping[str, SameAs] = field(default_factory=dict)
    apart: frozenset[Pair] = frozenset()

    def canonical_of(self, identity: str) -> str:
        """Whom an entity is a variant of, itself where of none."""
        edge = self.edges.get(identity)
        return edge.canonical if edge else identity

    def cluster_of(self, identity: str) -> frozenset[str]:
        """All that are one with an entity, itself among them."""
        canonical = self.canonical_of(identity)
        variants = (edge.variant for edge in self.edges.values() if edge.canonical == canonical)
        return frozenset({canonical, *variants})

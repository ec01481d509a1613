"""Matches to clusters: union-find that refuses what contradicts, then a canonical name for each.

The surest matches join first. Nothing depends on the order in which entities or matches come.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import product
from typing import TYPE_CHECKING

from kg_videorag.ingest.resolve.match import Agreement
from kg_videorag.ingest.resolve.rules import contradict
from kg_videorag.model import EntityType

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from kg_videorag.ingest.resolve.library import Known, Pair, SameAs
    from kg_videorag.ingest.resolve.match import Match

Matches = dict[tuple[str, str], "Match"]  # by ids, the smaller first


class Clusters:
    """Disjoint sets of ids. Source: Tarjan's union-find, by size, with path halving."""

    def __init__(self, ids: Iterable[str]) -> None:
        self._parent = {identity: identity for identity in ids}
        self._members = {identity: [identity] for identity in self._parent}

    def root(self, identity: str) -> str:
        """What stands for the cluster of an id."""
        while (parent := self._parent[identity]) != identity:
            self._parent[identity] = identity = self._parent[parent]
        return identity

    def members(self, identity: str) -> Sequence[str]:
        """The ids of a cluster, of which one is given."""
        return self._members[self.root(identity)]

    def join(self, first: str, second: str) -> None:
        """Make two clusters one."""
        large, small = self.root(first), self.root(second)
        if large == small:
            return
        if len(self._members[large]) < len(self._members[small]):
            large, small = small, large
        self._parent[small] = large
        self._members[large] += self._members.pop(small)

    def __iter__(self) -> Iterator[Sequence[str]]:
        return iter(self._members.values())


def cluster(
    entities: Mapping[str, Known],
    matches: Matches,
    *,
    hand: Iterable[SameAs],
    apart: frozenset[Pair],
    agreed: Callable[[str, str], Agreement],
) -> Clusters:
    """Join what is one thing.

    Args:
        entities: Those that are looked at.
        matches: Between them.
        hand: What users have joined; it stands before every rule.
        apart: What users have split.
        agreed: How far the contexts of two entities agree.
    """
    clusters = Clusters(entities)
    for edge in sorted(hand, key=lambda edge: edge.variant):
        clusters.join(edge.variant, edge.chosen)
    # What a user joined goes by all its names: it contradicts others only where each of them does.
    aliases = {i: tuple(clusters.members(i)) for i in entities}

    def clash(first: str, second: str) -> bool:
        pairs = product(clusters.members(first), clusters.members(second))
        return any(
            frozenset(pair) in apart
            or all(
                contradict(entities[one].name, entities[other].name)
                for one, other in product(aliases[pair[0]], aliases[pair[1]])
            )
            for pair in pairs
        )

    for short, pairs in _in_order(matches):
        fitting = {
            pair: agreed(*pair)
            for pair in pairs
            if clusters.root(pair[0]) != clusters.root(pair[1]) and not clash(*pair)
        }
        fitting = {p: found for p, found in fitting.items() if found >= matches[p].needs}
        chosen = _unambiguous(fitting, short, clusters) if short else tuple(fitting)
        for pair in chosen:
            clusters.join(*pair)
    return clusters


def _in_order(matches: Matches) -> Iterator[tuple[str | None, list[tuple[str, str]]]]:
    """Matches that are decided together, the surest first.

    Those of one short form by one rule are, since it may stand for one thing only.
    """
    groups: defaultdict[tuple[float, str, str], list[tuple[str, str]]] = defaultdict(list)
    for pair, match in sorted(matches.items()):
        short = "" if match.short is None else pair[match.short]
        whose = short or "\x1f".join(pair)
        groups[-match.score, whose, match.reason].append(pair)
    for (_, whose, _), pairs in sorted(groups.items()):
        yield (whose if "\x1f" not in whose else None), pairs


def _unambiguous(
    fitting: Mapping[tuple[str, str], Agreement], short: str, clusters: Clusters
) -> tuple[tuple[str, str], ...]:
    """What a short form stands for: the one thing that there is, or that context speaks for."""

    def things(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, str]]:
        return {clusters.root(b if a == short else a): (a, b) for a, b in pairs}

    every = things(fitting)
    if len(every) > 1:
        every = things(pair for pair, found in fitting.items() if found is Agreement.STRONG)
    return tuple(every.values()) if len(every) == 1 else ()


def canonical(members: Iterable[Known], named: frozenset[str] = frozenset()) -> str:
    """The id of the member that stands for a cluster.

    Args:
        members: At least one.
        named: Ids that a user has named as canonical: one of them it is, if there are any.
    """
    return min(members, key=lambda known: _rank(known, named)).id


def _rank(known: Known, named: frozenset[str]) -> tuple[object, ...]:
    """The best first: well formed, mentioned often, long (Russian: not inflected, so short)."""
    name = known.name
    is_lone = name.is_person and len(name.words) == 1
    letters = len(name.text) if name.is_russian else -len(name.text)
    return (
        known.id not in named,
        name.type is EntityType.CONCEPT,
        bool(name.titles) or not name.is_proper,
        is_lone,
        -known.mentions,
        letters,
        name.text,
        known.id,
    )

"""Which SAME_AS edges a library should have around some of its entities.

What is due is compared with what shares a key with it, that again with what shares one with it,
until nothing more matches: inside such a neighbourhood the edges depend on what the library holds,
not on how it came to hold it. All other edges are left as they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg_videorag.ingest.resolve.blocks import Blocks
from kg_videorag.ingest.resolve.clusters import Matches, canonical, cluster
from kg_videorag.ingest.resolve.context import Context, agreement
from kg_videorag.ingest.resolve.library import Library, SameAs
from kg_videorag.ingest.resolve.match import Agreement, Match
from kg_videorag.ingest.resolve.rules import BY_HAND, BY_HAND_SCORE, match

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from kg_videorag.ingest.resolve.clusters import Clusters
    from kg_videorag.ingest.resolve.library import Known

Contexts = dict[str, Context]
_THROUGH_VARIANT = "through a variant"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be written.

    Args:
        made: Edges that are new, or changed; each takes the place of its variant's former one.
        ended: Variants that are so no longer.
    """

    made: tuple[SameAs, ...] = ()
    ended: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Around:
    """A neighbourhood: its entities, and all matches between them."""

    entities: Mapping[str, Known]
    matches: Matches


def plan(
    library: Library,
    due: Collection[str],
    contexts: Callable[[Collection[str]], Contexts],
    *,
    by_rules: bool = True,
) -> Plan:
    """The edges around some entities, as far as they are not there already.

    Args:
        library: All of it.
        due: Ids of entities that are new, or whose mentions changed.
        contexts: Gives the contexts of entities by their ids.
        by_rules: Whether names are compared; else only what users joined is put in order.
    """
    if not any(identity in library.entities for identity in due):
        return Plan()
    around = _neighbourhood(library, due, by_rules=by_rules)
    agreed = _agreements(around.matches, contexts)
    hand = [
        edge
        for edge in library.edges.values()
        if edge.is_by_hand and edge.variant in around.entities and edge.chosen in around.entities
    ]
    clusters = cluster(
        around.entities, around.matches, hand=hand, apart=library.apart, agreed=agreed
    )
    proved = {pair: found for pair, found in around.matches.items() if agreed(*pair) >= found.needs}
    wanted = dict(_edges(_Around(around.entities, proved), clusters, hand))
    former = {v: edge for v, edge in library.edges.items() if v in around.entities}
    return Plan(
        made=tuple(edge for v, edge in sorted(wanted.items()) if former.get(v) != edge),
        ended=tuple(sorted(former.keys() - wanted.keys())),
    )


def _neighbourhood(library: Library, due: Collection[str], *, by_rules: bool) -> _Around:
    names = {identity: known.name for identity, known in library.entities.items()}
    blocks = Blocks(names if by_rules else {})
    linked = _linked(library)
    matches: Matches = {}
    reached = {identity for identity in due if identity in names}
    waiting = sorted(reached)
    while waiting:
        here = waiting.pop()
        near = set(linked.get(here, ()))
        if not by_rules:
            matches |= _kept(library, here)
        for there in blocks.near(names[here]) - {here}:
            first, second = sorted((here, there))
            found = matches.get((first, second)) or match(names[first], names[second])
            if found and frozenset((here, there)) not in library.apart:
                matches[first, second] = found
                near.add(there)
        waiting += sorted(near - reached)
        reached |= near
    return _Around({identity: library.entities[identity] for identity in reached}, matches)


def _linked(library: Library) -> dict[str, set[str]]:
    """Ids by id: both ends of every edge there is."""
    linked: dict[str, set[str]] = {}
    for edge in library.edges.values():
        for end in (edge.canonical, edge.chosen):
            if end in library.entities:
                linked.setdefault(edge.variant, set()).add(end)
                linked.setdefault(end, set()).add(edge.variant)
    return linked


def _kept(library: Library, identity: str) -> Matches:
    """An edge that rules once made, as a match that needs no second proof."""
    edge = library.edges.get(identity)
    if edge is None or edge.is_by_hand:
        return {}
    if frozenset((edge.variant, edge.canonical)) in library.apart:
        return {}
    first, second = sorted((edge.variant, edge.canonical))
    return {(first, second): Match(edge.reason, edge.score)}


def _agreements(
    matches: Matches, contexts: Callable[[Collection[str]], Contexts]
) -> Callable[[str, str], Agreement]:
    """How far contexts agree; they are read at once, and only where they are asked for."""
    asked = {
        identity
        for pair, found in matches.items()
        if found.needs or found.short is not None
        for identity in pair
    }
    known = contexts(sorted(asked)) if asked else {}

    def agreed(first: str, second: str) -> Agreement:
        pair = {first, second}
        if not pair <= known.keys():
            return Agreement.NONE
        one, other = (Context(known[i].company - pair, known[i].told) for i in (first, second))
        return agreement(one, other)

    return agreed


def _edges(
    around: _Around, clusters: Clusters, hand: Sequence[SameAs]
) -> Iterator[tuple[str, SameAs]]:
    chosen = {edge.variant: edge.chosen for edge in hand}
    best = _best(around.matches, clusters)
    for members in clusters:
        if len(members) == 1:
            continue
        named = frozenset(chosen[v] for v in members if v in chosen) - chosen.keys()
        target = canonical((around.entities[i] for i in members), named)
        for variant in members:
            if variant == target:
                continue
            if variant in chosen:
                yield variant, SameAs(variant, target, BY_HAND, BY_HAND_SCORE, chosen[variant])
                continue
            first, second = sorted((variant, target))
            found = around.matches.get((first, second)) or best.get(variant)
            # Two that users named as canonical may be joined by their variants alone.
            found = found or Match(_THROUGH_VARIANT, BY_HAND_SCORE)
            yield variant, SameAs(variant, target, found.reason, found.score)


def _best(matches: Matches, clusters: Clusters) -> dict[str, Match]:
    """The surest match of each entity inside its cluster."""
    best: dict[str, Match] = {}
    ranked: Iterable[tuple[tuple[str, str], Match]] = sorted(
        matches.items(), key=lambda item: (-item[1].score, item[0])
    )
    for (first, second), found in ranked:
        if clusters.root(first) == clusters.root(second):
            best.setdefault(first, found)
            best.setdefault(second, found)
    return best

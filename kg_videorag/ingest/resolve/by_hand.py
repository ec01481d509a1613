"""`graph merge` and `graph split`: what a user says of two names, which no rule undoes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kg_videorag.errors import EntitySelectionError
from kg_videorag.graph.queries import load
from kg_videorag.graph.select_entity import select_entity
from kg_videorag.ingest.resolve.library import SameAs
from kg_videorag.ingest.resolve.link import read_contexts, read_library, write_plan
from kg_videorag.ingest.resolve.plan import plan
from kg_videorag.ingest.resolve.rules import BY_HAND, BY_HAND_SCORE
from kg_videorag.model import Entity, EntityType, SameAsChange

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from kg_videorag.graph.client import GraphClient, Transaction
    from kg_videorag.ingest.resolve.library import Library, Pair
    from kg_videorag.ingest.resolve.plan import Plan


@dataclass(frozen=True, slots=True)
class Named:
    """An entity as a user names it: an id, the beginning of one, or a name; a type if several."""

    selector: str
    type: EntityType | None = None


def named(selector: str, type_name: str | None) -> Named:
    """An entity as a user names it, the type in whatever case.

    Raises:
        EntitySelectionError: If there is no such type; lists those that there are.
    """
    if type_name is None:
        return Named(selector)
    known = {str(entity_type).lower(): entity_type for entity_type in EntityType}
    if type_name.lower() not in known:
        raise EntitySelectionError(
            f"no type of entities is named {type_name!r}", hint=f"Known: {', '.join(EntityType)}."
        )
    return Named(selector, known[type_name.lower()])


def merge(
    graph: GraphClient, variant: Named, canonical: Named, *, by_rules: bool, dry_run: bool = False
) -> SameAsChange:
    """Make one entity a variant of another.

    Args:
        graph: The graph.
        variant: Which; its own variants come with it.
        canonical: Whom it is.
        by_rules: Whether rules may join others around them.
        dry_run: Only say what would change.

    Raises:
        EntitySelectionError: If a selector names none or several, or both name one.
    """
    one = select_entity(graph, variant.selector, variant.type)
    other = select_entity(graph, canonical.selector, canonical.type)
    if one.id == other.id:
        raise EntitySelectionError(
            f"{variant.selector!r} and {canonical.selector!r} name the same entity",
            hint="Give two entities; --variant-type and --canonical-type tell types apart.",
        )

    def work(tx: Transaction) -> SameAsChange:
        tx.run(load("ingest/lock_library"))
        former = read_library(tx)
        joined = _merged(former, one.id, other.id)
        found = plan(joined, {one.id, other.id}, lambda i: read_contexts(tx, i), by_rules=by_rules)
        planned = _since(former, joined, found)
        if not dry_run:
            _set_apart(tx, former.apart - joined.apart, apart=False)
            write_plan(tx, planned)
        return _change(former, planned, one)

    return graph.write(work)


def split(
    graph: GraphClient, variant: Named, *, by_rules: bool, dry_run: bool = False
) -> SameAsChange:
    """Take a variant out of its cluster, and remember it.

    Args:
        graph: The graph.
        variant: Which.
        by_rules: Whether rules may join what is left anew.
        dry_run: Only say what would change.

    Raises:
        EntitySelectionError: If the selector names none or several, or what is no variant.
    """
    one = select_entity(graph, variant.selector, variant.type)

    def work(tx: Transaction) -> SameAsChange:
        tx.run(load("ingest/lock_library"))
        former = read_library(tx)
        if one.id not in former.edges:
            raise _no_variant(one, former)
        own = {edge.variant for edge in former.edges.values() if edge.chosen == one.id}
        others = former.cluster_of(one.id) - {one.id} - own
        new = frozenset(frozenset((one.id, other)) for other in others)
        parted = replace(
            former, edges=_without(former.edges.values(), new), apart=former.apart | new
        )
        found = plan(
            parted, {one.id, *others}, lambda ids: read_contexts(tx, ids), by_rules=by_rules
        )
        planned = _since(former, parted, found)
        if not dry_run:
            _set_apart(tx, new, apart=True)
            write_plan(tx, planned)
        return _change(former, planned, one)

    return graph.write(work)


def _merged(library: Library, variant: str, canonical: str) -> Library:
    """The library with a user's word in it; what the user said before and denies now is gone."""
    denied = frozenset((frozenset((variant, canonical)),))
    edges = _without(library.edges.values(), denied)
    former = edges.get(canonical)
    if former and not former.is_by_hand:  # a user's canonical is no variant for a rule
        del edges[canonical]
    edges[variant] = SameAs(variant, canonical, BY_HAND, BY_HAND_SCORE, canonical)
    clusters = library.cluster_of(variant), library.cluster_of(canonical)
    together = {frozenset((a, b)) for a in clusters[0] for b in clusters[1]}
    return replace(library, edges=edges, apart=library.apart - together)


def _without(edges: Iterable[SameAs], pairs: Collection[Pair]) -> dict[str, SameAs]:
    """Edges by variant, but those that join one of the pairs."""
    return {
        edge.variant: edge
        for edge in edges
        if frozenset((edge.variant, edge.chosen or edge.canonical)) not in pairs
    }


def _since(former: Library, changed: Library, planned: Plan) -> Plan:
    """What is to be written, counted from the library as it is and not as it was changed here."""
    made = {edge.variant: edge for edge in planned.made}
    gone = former.edges.keys() - changed.edges.keys()
    ended = {*planned.ended, *(variant for variant in gone if variant not in made)}
    for variant, edge in changed.edges.items():
        if variant not in made and variant not in ended and former.edges.get(variant) != edge:
            made[variant] = edge
    return replace(
        planned,
        made=tuple(e for v, e in sorted(made.items()) if former.edges.get(v) != e),
        ended=tuple(sorted(ended & former.edges.keys())),
    )


def _set_apart(tx: Transaction, pairs: Iterable[Pair], *, apart: bool) -> None:
    rows = [dict(zip(("variant", "other"), sorted(pair), strict=True)) for pair in pairs]
    tx.run_batches(load("ingest/set_apart"), rows, apart=apart)


def _change(former: Library, planned: Plan, variant: Entity) -> SameAsChange:
    def entity(identity: str) -> Entity:
        known = former.entities[identity]
        return Entity(identity, known.name.text, known.name.type)

    return SameAsChange(
        variant=variant,
        joined=tuple(
            (entity(e.variant), entity(e.canonical), e.reason, e.score) for e in planned.made
        ),
        parted=tuple((entity(v), entity(former.edges[v].canonical)) for v in planned.ended),
    )


def _no_variant(entity: Entity, library: Library) -> EntitySelectionError:
    variants = sorted(library.cluster_of(entity.id) - {entity.id})
    names = "; ".join(f"{v[:12]} {library.entities[v].name.text}" for v in variants[:10])
    return EntitySelectionError(
        f"{entity.name!r} is a variant of no other entity",
        hint=f"Its own variants: {names}" if names else "Nothing is joined with it.",
    )

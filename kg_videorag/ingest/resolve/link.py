"""SAME_AS: reads what is due from the graph, plans, and writes what differs.

Writing an entity marks it as due, and so does losing a mention. All is done in one transaction
that holds the library's lock: whoever writes next finds the edges of a library without gaps, and
what a killed run left undone the next one does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg_videorag.graph.queries import load
from kg_videorag.ingest.resolve.blocks import Blocks
from kg_videorag.ingest.resolve.context import Context
from kg_videorag.ingest.resolve.library import Known, Library, SameAs
from kg_videorag.ingest.resolve.names import read_name
from kg_videorag.ingest.resolve.plan import Plan, plan
from kg_videorag.model import EntityType

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from kg_videorag.graph.client import GraphClient, Row, Transaction
    from kg_videorag.ingest.resolve.plan import Contexts

_BATCH = 500  # entities whose company one round trip reads
# Mentions of an entity whose company is read: what a hub is mentioned with says little of it.
_COMPANY = 200


def link_same(graph: GraphClient) -> None:
    """Give every entity that is due its SAME_AS edge, or none."""
    if graph.read(load("ingest/resolve_due")):
        graph.write(_link)


def _link(tx: Transaction) -> None:
    tx.run(load("ingest/lock_library"))
    due = tx.run(load("ingest/resolve_due"))
    library = read_library(tx)
    wanted = {row["id"] for row in due if not row["is_gone"]}
    wanted |= _rivals(library, [row for row in due if row["is_gone"]])
    write_plan(tx, plan(library, wanted, lambda ids: read_contexts(tx, ids)))
    tx.run(load("ingest/resolved"))


def _rivals(library: Library, gone: Sequence[Row]) -> set[str]:
    """Entities that names compare with which are no longer: what was ambiguous may not be now."""
    if not gone:
        return set()
    blocks = Blocks({identity: known.name for identity, known in library.entities.items()})
    return {i for row in gone for i in blocks.near(read_name(row["name"], EntityType(row["type"])))}


def read_library(tx: Transaction) -> Library:
    """All entities with what joins them and what users set apart."""
    entities = {
        row["id"]: Known(
            row["id"], read_name(row["name"], EntityType(row["type"])), row["mentions"]
        )
        for row in tx.run(load("graph/entities"))
    }
    rows = tx.run(load("graph/same_as"))
    return Library(
        entities,
        {row["variant"]: _edge(row) for row in rows if not row["apart"]},
        frozenset(frozenset((r["variant"], r["canonical"])) for r in rows if r["apart"]),
    )


def read_contexts(tx: Transaction, ids: Collection[str]) -> Contexts:
    """Whom entities are mentioned with, and what is told of them."""
    wanted = list(ids)
    return dict(
        _context(row)
        for start in range(0, len(wanted), _BATCH)
        for row in tx.run(
            load("graph/company"), entity_ids=wanted[start : start + _BATCH], cap=_COMPANY
        )
    )


def write_plan(tx: Transaction, planned: Plan) -> None:
    """Write what a plan says."""
    tx.run(load("ingest/end_same_as"), variant_ids=list(planned.ended))
    tx.run_batches(load("ingest/same_as"), list(_rows(planned)))


def _rows(planned: Plan) -> Iterator[dict[str, object]]:
    for edge in planned.made:
        yield {
            "variant": edge.variant,
            "canonical": edge.canonical,
            "reason": edge.reason,
            "score": edge.score,
            "chosen": edge.chosen or None,
        }


def _edge(row: Row) -> SameAs:
    return SameAs(
        row["variant"], row["canonical"], row["reason"], row["score"], row["chosen"] or ""
    )


def _context(row: Row) -> tuple[str, Context]:
    told = frozenset((predicate, end, other) for predicate, end, other in row["told"])
    return row["id"], Context(frozenset(row["company"]), told)

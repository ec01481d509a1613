"""Numbered migrations: the statements of `cypher/schema/`, each applied once, in order.

Every statement says IF NOT EXISTS, so that two commands may migrate at once, and a kill
between a statement and its record only repeats the statement.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from kg_videorag.errors import GraphError
from kg_videorag.graph.queries import load, names

if TYPE_CHECKING:
    from kg_videorag.graph.client import GraphClient
    from kg_videorag.graph.queries import Query

_AWAIT_S = 300


@dataclass(frozen=True, slots=True)
class Migration:
    """One statement of the schema, with its place in the order."""

    number: int
    query: Query

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.query.statement.encode()).hexdigest()


def migrations() -> list[Migration]:
    """All migrations of this version, in order."""
    return [
        Migration(int(name.partition("/")[2].partition("_")[0]), load(name))
        for name in names("schema")
    ]


def migrate(client: GraphClient, *, dimension: int) -> str:
    """Bring the graph's schema to this version's.

    Args:
        client: The graph.
        dimension: Length of the vectors of the text space, for its mirror index.

    Returns:
        The id of the library that this graph is.

    Raises:
        GraphError: If the graph was made by a newer version, or a migration was edited.
    """
    state = client.read(load("graph/schema_state"))[0]
    applied: dict[int, str] = {row["number"]: row["sha256"] for row in state["applied"]}
    known = {migration.number: migration for migration in migrations()}
    _check(applied, known)
    pending = [migration for number, migration in known.items() if number not in applied]
    if not pending:
        return str(state["library_id"])
    for migration in pending:
        declared = {param.name for param in migration.query.params}
        params = {"dimension": dimension} if "dimension" in declared else {}
        client.run_schema(migration.query, **params)
    client.run_schema(load("graph/await_indexes"), timeout_s=_AWAIT_S)
    rows = [{"number": m.number, "name": m.query.name, "sha256": m.sha256} for m in pending]
    record = load("graph/record_migrations")
    return str(client.write(lambda tx: tx.run(record, rows=rows, library_id=uuid4().hex))[0]["id"])


def _check(applied: dict[int, str], known: dict[int, Migration]) -> None:
    for number, sha256 in applied.items():
        if number not in known:
            raise GraphError(
                f"this graph was made by a newer kg-videorag (migration {number})",
                hint="Upgrade kg-videorag, or point KGV_HOME at another library.",
            )
        if known[number].sha256 != sha256:
            raise GraphError(
                f"{known[number].query.name} is not the migration that this graph was made with",
                hint="Migrations are never edited: add a new one.",
            )

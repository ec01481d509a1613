"""Runs a statement that somebody wrote, after both looks at it, within limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kg_videorag.errors import GraphError
from kg_videorag.graph.guard.plan import check_plan
from kg_videorag.graph.guard.rules import check_statement
from kg_videorag.graph.queries import Query

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg_videorag.graph.client import GraphClient, Table


def read_statement(
    client: GraphClient,
    statement: str,
    params: Mapping[str, object],
    *,
    timeout_s: float,
    rows: int,
) -> Table:
    """All rows of an analyst's own statement.

    Args:
        client: Where to ask.
        statement: Cypher.
        params: Its parameters.
        timeout_s: For the plan, and again for the rows.
        rows: How many it may have.

    Raises:
        StatementRefusedError: If it would do more than read.
        GraphError: If it fails, takes too long or has more rows.
    """
    check_statement(statement, params.keys())
    query = as_query(statement)
    check_plan(client, query, params, timeout_s=timeout_s)
    table, more = client.head(query, params, rows=rows, timeout_s=timeout_s)
    if more:
        raise GraphError(f"the statement has more than {rows:,} rows", hint="Add a LIMIT.")
    return table


def as_query(statement: str) -> Query:
    """A statement as the client takes it."""
    # The driver asks for literals; this is what somebody typed, checked before it is run.
    text: Any = statement
    return Query("your query", "", (), "", "", text)

"""Asks the server what a statement would do, without doing it: the second look.

The plan is made by Neo4j's own parser, so it sees through whatever the tokens hid.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg_videorag.errors import StatementRefusedError
from kg_videorag.graph.guard.rules import called_procedure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg_videorag.graph.client import GraphClient, Plan
    from kg_videorag.graph.queries import Query

_READING = "r"
_CALL = "ProcedureCall"
_NEVER = ("LoadCSV", "Show", "Terminate", "AdministrationCommand")


def check_plan(
    client: GraphClient, query: Query, params: Mapping[str, object], *, timeout_s: float
) -> None:
    """Refuse a statement that Neo4j plans to write or fetch by.

    Raises:
        StatementRefusedError: With what it would do.
        GraphError: If Neo4j does not understand the statement.
    """
    judge_plan(client.explain(query, params, timeout_s=timeout_s))


def judge_plan(plan: Plan) -> None:
    """Refuse a plan that does more than read.

    Raises:
        StatementRefusedError: With what it would do.
    """
    if plan.kind != _READING:
        raise StatementRefusedError("Neo4j says that the statement writes, and this only reads")
    for operator, details in plan.operators:
        if operator.startswith(_NEVER):
            raise StatementRefusedError(
                f"Neo4j would run {operator}, which is no reading of the graph"
            )
        if operator.startswith(_CALL):
            called_procedure(details.partition("(")[0].strip())

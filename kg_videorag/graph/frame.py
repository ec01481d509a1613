"""The graph as tables: named statements and an analyst's own Cypher, for pandas and without."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kg_videorag.errors import EngineUnavailable, QueryError
from kg_videorag.graph.guard.read import read_statement
from kg_videorag.graph.queries import load_analytics

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd

    from kg_videorag.graph.client import GraphClient, Table
    from kg_videorag.graph.queries import Query

_TIMEOUT_S = 60.0
_MAX_ROWS = 1_000_000  # some gigabytes as Python has them
_MS = "_ms"


@dataclass(frozen=True, slots=True)
class GraphTables:
    """What `VideoRAG.graph` is.

    Args:
        client: Connects when it is first asked.
    """

    client: Callable[[], GraphClient]

    def table(self, name_or_query: str, /, **params: object) -> Table:
        """Rows with their columns; nothing but reading is let through.

        Args:
            name_or_query: A name of `cypher/analytics/`, or Cypher of your own.
            **params: The statement's parameters; a named one fills in its defaults.

        Raises:
            QueryError: If the name is unknown, or a parameter is wrong.
            StatementRefusedError: If the statement would write, fetch or administer.
            GraphError: If Neo4j refuses the statement, it takes longer than a minute, or it has
                more than a million rows.
        """
        if not _is_statement(name_or_query):
            query, bound = _bound(name_or_query, params)
            return self.client().table(query, bound, timeout_s=_TIMEOUT_S)
        return read_statement(
            self.client(), name_or_query, params, timeout_s=_TIMEOUT_S, rows=_MAX_ROWS
        )

    def frame(self, name_or_query: str, /, **params: object) -> pd.DataFrame:
        """The same as a DataFrame, each column of one type that knows missing values.

        A column `start_ms` stays as it is, integer milliseconds, and is followed by `start`, the
        same as Timedelta.

        Raises:
            QueryError: If the name is unknown, or a parameter is wrong.
            GraphError: If Neo4j refuses the statement, or it takes longer than a minute.
            EngineUnavailable: If pandas is not installed.
        """
        return frame_of(self.table(name_or_query, **params))


def frame_of(table: Table) -> pd.DataFrame:
    """A table as a DataFrame: see `GraphTables.frame`.

    Raises:
        EngineUnavailable: If pandas is not installed.
    """
    try:
        import pandas as pd
    except ImportError as error:
        raise EngineUnavailable(
            "pandas is not installed", hint="Install it: pip install pandas"
        ) from error
    columns: dict[str, pd.Series[Any]] = {}
    for place, name in enumerate(table.columns):
        values = [_native(row[place]) for row in table.rows]
        columns[name] = pd.Series(values, dtype="object").convert_dtypes()
        bare = name.removesuffix(_MS)
        if bare != name and bare not in table.columns:
            columns[name] = columns[name].astype("Int64")
            columns[bare] = pd.to_timedelta(columns[name], unit="ms")
    return pd.DataFrame(columns)


def _is_statement(name_or_query: str) -> bool:
    return any(letter.isspace() for letter in name_or_query.strip())


def _bound(name: str, params: Mapping[str, object]) -> tuple[Query, dict[str, object]]:
    query = load_analytics(name)
    try:
        typed = {n: v if isinstance(v, str) else json.dumps(v) for n, v in params.items()}
    except TypeError as error:
        raise QueryError(f"{query.name}: {error}", hint="Give texts, numbers and lists.") from error
    return query, query.bind(typed)


def _native(value: object) -> object:
    """Neo4j's own dates and times as Python's."""
    convert = getattr(value, "to_native", None)
    return convert() if convert else value

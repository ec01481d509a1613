"""The sole user of the Neo4j driver: sessions, transactions, and its errors in our words."""

from __future__ import annotations

import re
import ssl
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self, TypeVar

import neo4j
from neo4j.exceptions import (
    AuthError,
    ConfigurationError,
    DriverError,
    Neo4jError,
    ServiceUnavailable,
    SessionExpired,
    TransientError,
)

from kg_videorag.errors import GraphError, GraphUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

    from kg_videorag.graph.queries import Query

BATCH_ROWS = 1000  # MERGE ran at full speed from 1,000 rows on (shared facts: 27k nodes/s)
Row = dict[str, Any]
_ANOTHER_WAS_FIRST = "Neo.ClientError.Schema.EquivalentSchemaRuleAlreadyExists"
_TOO_MANY_LOGINS = "Neo.ClientError.Security.AuthenticationRateLimit"
_RETRY_S = 30  # the driver's own: a cluster may be choosing its leader
_MANAGED_RETRY_S = 10  # one server on this machine: where it is gone it stays gone
_ANY_CERTIFICATE = "+ssc"
_CHECKED_CERTIFICATE = "+s"
_UNTRUSTED = (
    "Name its authority's certificate by KGV_NEO4J_CA, or take any certificate: +ssc, as in"
    " bolt+ssc://host:7687."
)
_OWN_GONE = "Check KGV_NEO4J_URI, or unset it to use the managed server."
_MANAGED_GONE = "It was stopped or killed: run the command again, which starts it."
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a Neo4j is and who enters.

    Args:
        uri: `bolt` or `neo4j`; with `+s` encrypted and its certificate checked, with `+ssc`
            encrypted alone.
        user: The login.
        password: Its password.
        database: Which database of the server.
        managed: Whether it is the managed server of a data directory.
        ca: Certificates (PEM) of the authorities that `+s` trusts; None for the machine's.
    """

    uri: str
    user: str
    password: str = field(repr=False)
    database: str = "neo4j"
    managed: bool = False
    ca: Path | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of a query with their columns in the order of its RETURN."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What Neo4j would do for a statement.

    Args:
        kind: "r" for reading, "w" and "rw" for writing, "s" for the schema and administration.
        operators: Each with its details, from the result down.
    """

    kind: str
    operators: tuple[tuple[str, str], ...]


class Transaction:
    """One open transaction, all of it or nothing."""

    def __init__(self, tx: neo4j.ManagedTransaction) -> None:
        self._tx = tx

    def run(self, query: Query, **params: object) -> list[Row]:
        """Run one statement and fetch its rows."""
        return self._tx.run(query.statement, params).data()

    def run_batches(
        self, query: Query, rows: Sequence[Mapping[str, Any]], **params: object
    ) -> None:
        """Run a statement that UNWINDs `$rows`, a thousand rows a time."""
        for start in range(0, len(rows), BATCH_ROWS):
            batch = rows[start : start + BATCH_ROWS]
            self._tx.run(query.statement, {**params, "rows": batch}).consume()


class GraphClient:
    """A pool of connections to one database. Close it, or use it in a `with`.

    Raises:
        GraphUnavailable: From any method, if the server cannot be reached or refuses us.
        GraphError: From any method, if a statement fails.
    """

    def __init__(self, address: Address) -> None:
        self.address = address
        self._database = address.database
        self._gone_hint = _MANAGED_GONE if address.managed else _OWN_GONE
        with _translated(self._gone_hint):
            uri, encryption = _encryption(address)
            self._driver = neo4j.GraphDatabase.driver(
                uri,
                **encryption,
                auth=(address.user, address.password),
                user_agent="kg-videorag",
                connection_timeout=10,
                connection_acquisition_timeout=30,
                max_transaction_retry_time=_MANAGED_RETRY_S if address.managed else _RETRY_S,
                # An empty graph lacks labels that queries name; that is no news for a user.
                notifications_min_severity="OFF",
            )
            try:
                # Fails at once, where a first transaction would be retried for half a minute.
                self._driver.verify_connectivity()
            except BaseException:
                self._driver.close()
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _value: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._driver.close()

    @cached_property
    def version(self) -> tuple[int, ...]:
        """The server's version, such as (5, 26, 31) or (2026, 8, 1); asked once."""
        with _translated(self._gone_hint):
            agent = self._driver.get_server_info().agent
        numbers = re.findall(r"\d+", agent.partition("/")[2].partition("-")[0])
        return tuple(int(number) for number in numbers)

    def read(self, query: Query, **params: object) -> list[Row]:
        """All rows of a statement, in a transaction that the server holds to reading."""
        table = self.table(query, params)
        return [dict(zip(table.columns, row, strict=True)) for row in table.rows]

    def table(
        self, query: Query, params: Mapping[str, object], *, timeout_s: float | None = None
    ) -> Table:
        """Rows with their columns, in a transaction that the server holds to reading.

        Args:
            query: What to run.
            params: Its parameters.
            timeout_s: The server stops the statement after this long.
        """
        statement = neo4j.Query(query.statement, timeout=timeout_s)
        with self._session(neo4j.READ_ACCESS) as session:
            try:
                # One round trip, where a transaction that the driver manages takes two: 1.7 ms
                # against 2.0 of an empty read, of which a question makes several.
                return _table(session.run(statement, dict(params)))
            except (DriverError, Neo4jError) as error:
                if not error.is_retryable():
                    raise

        @neo4j.unit_of_work(timeout=timeout_s)
        def work(tx: neo4j.ManagedTransaction) -> Table:
            return _table(tx.run(query.statement, dict(params)))

        with self._session(neo4j.READ_ACCESS) as session:
            return session.execute_read(work)

    def explain(
        self, query: Query, params: Mapping[str, object], *, timeout_s: float | None = None
    ) -> Plan:
        """What the server would do; nothing of it is done."""
        explained: Any = f"EXPLAIN {query.statement}"
        with (
            self._session(neo4j.READ_ACCESS) as session,
            session.begin_transaction(timeout=timeout_s) as tx,
        ):
            summary = tx.run(explained, dict(params)).consume()
        return Plan(summary.query_type or "", tuple(_operators(summary.plan)))

    def head(
        self,
        query: Query,
        params: Mapping[str, object],
        *,
        rows: int,
        timeout_s: float | None = None,
    ) -> tuple[Table, bool]:
        """The first rows, and whether there are more; held to reading, fetched as they come.

        Args:
            query: What to run.
            params: Its parameters.
            rows: How many at most.
            timeout_s: The server stops the statement after this long, where it looks at its clock.
        """
        with (
            self._session(neo4j.READ_ACCESS, fetch=min(rows + 1, BATCH_ROWS)) as session,
            session.begin_transaction(timeout=timeout_s) as tx,
        ):
            result = tx.run(query.statement, dict(params))
            found = [tuple(record) for record in result.fetch(rows + 1)]
            table = Table(tuple(result.keys()), tuple(found[:rows]))
            tx.close()  # a commit would fetch what is left
        return table, len(found) > rows

    def stream(self, query: Query, **params: object) -> Iterator[list[Row]]:
        """Rows in batches of at most BATCH_ROWS, so that memory stays bounded."""
        with self._session(neo4j.READ_ACCESS) as session:
            result = session.run(query.statement, params)
            while batch := [record.data() for record in result.fetch(BATCH_ROWS)]:
                yield batch

    def write(self, work: Callable[[Transaction], _Result]) -> _Result:
        """Run `work` in one transaction; again from the start if the server says try again."""
        with self._session(neo4j.WRITE_ACCESS) as session:
            return session.execute_write(lambda tx: work(Transaction(tx)))

    def run_schema(self, query: Query, **params: object) -> None:
        """Run one schema statement in a transaction of its own, as Neo4j wants it.

        Commands that meet in a new library migrate it at once and get into each other's way.
        After a deadlock the driver tries again; and IF NOT EXISTS, which looks before it
        takes the lock, may still find that another command was first: then it is done.
        """

        def work(tx: neo4j.ManagedTransaction) -> None:
            tx.run(query.statement, params).consume()

        with self._session(neo4j.WRITE_ACCESS) as session:
            try:
                session.execute_write(work)
            except Neo4jError as error:
                if error.code != _ANOTHER_WAS_FIRST:
                    raise

    @contextmanager
    def _session(self, access: str, fetch: int = BATCH_ROWS) -> Iterator[neo4j.Session]:
        with (
            _translated(self._gone_hint),
            self._driver.session(
                database=self._database, default_access_mode=access, fetch_size=fetch
            ) as session,
        ):
            yield session


def _table(result: neo4j.Result) -> Table:
    return Table(tuple(result.keys()), tuple(tuple(record) for record in result.values()))


def _operators(plan: Mapping[str, Any] | None) -> Iterator[tuple[str, str]]:
    if plan:
        details = str(plan.get("args", {}).get("Details", ""))
        yield str(plan["operatorType"]).partition("@")[0], details
        for child in plan.get("children", ()):
            yield from _operators(child)


def _encryption(address: Address) -> tuple[str, dict[str, Any]]:
    """The driver's own words for an address: it takes a list of authorities or `+s`, not both."""
    if address.ca is None:
        return address.uri, {}
    scheme, _, rest = address.uri.partition("://")
    if not scheme.endswith(_CHECKED_CERTIFICATE):
        raise GraphUnavailable(
            f"KGV_NEO4J_CA is set, but {scheme}:// checks no certificate",
            hint=f"Use {scheme.removesuffix(_ANY_CERTIFICATE)}+s://{rest}, or unset KGV_NEO4J_CA.",
        )
    try:
        ssl.create_default_context(cafile=str(address.ca))
    except OSError as error:  # of no file, and of a file without a certificate
        raise GraphUnavailable(
            f"KGV_NEO4J_CA: {address.ca} holds no certificates: {error.strerror or error}",
            hint="It must be a file of certificates in PEM, as their authority gives out.",
        ) from error
    return f"{scheme.removesuffix(_CHECKED_CERTIFICATE)}://{rest}", {
        "encrypted": True,
        "trusted_certificates": neo4j.TrustCustomCAs(str(address.ca)),
    }


def _refused_certificate(error: BaseException | None) -> ssl.SSLCertVerificationError | None:
    """The reason below the driver's error, if it is a certificate."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return error
        error = error.__cause__ or error.__context__
    return None


@contextmanager
def _translated(gone_hint: str) -> Iterator[None]:
    """The driver's exceptions, said in this package's; `gone_hint` mends a lost server."""
    try:
        yield
    except AuthError as error:
        raise GraphUnavailable(
            f"Neo4j refused the login: {_first_line(error)}",
            hint="Check KGV_NEO4J_USER and KGV_NEO4J_PASSWORD.",
        ) from error
    except (ServiceUnavailable, SessionExpired, ConfigurationError) as error:
        if certificate := _refused_certificate(error):
            raise GraphUnavailable(
                f"Neo4j's certificate is not trusted: {certificate.verify_message}",
                hint=_UNTRUSTED,
            ) from error
        raise GraphUnavailable(
            f"Neo4j cannot be reached: {_first_line(error)}",
            hint=gone_hint,
        ) from error
    except TransientError as error:
        raise GraphError(
            f"Neo4j was too busy: {_first_line(error)}", hint="Run the command again."
        ) from error
    except (Neo4jError, DriverError) as error:
        if getattr(error, "code", None) == _TOO_MANY_LOGINS:
            raise GraphUnavailable(
                f"Neo4j refuses logins for a while: {_first_line(error)}",
                hint="Check KGV_NEO4J_PASSWORD, then wait some seconds.",
            ) from error
        raise GraphError(f"Neo4j: {_first_line(error)}") from error
    except (UnicodeEncodeError, OverflowError) as error:
        raise GraphError(
            f"a value cannot be sent to Neo4j: {error}", hint="Check the parameters' text."
        ) from error


def _first_line(error: Exception) -> str:
    message = getattr(error, "message", None) or str(error)
    return str(message).strip().splitlines()[0] if str(message).strip() else type(error).__name__

"""How the driver is used: reading in one round trip, and again where that may help."""

from __future__ import annotations

import neo4j
import pytest
from neo4j.exceptions import SessionExpired, TransientError

from kg_videorag.errors import GraphError, GraphUnavailable

ONE = "RETURN 1 AS one"


@pytest.fixture
def failing(monkeypatch):
    """Lets the first statement that is run in a session of its own fail."""
    run, calls = neo4j.Session.run, []

    def failing(error):
        def once(self, *args, **kwargs):
            calls.append(args)
            if len(calls) == 1:
                raise error
            return run(self, *args, **kwargs)

        monkeypatch.setattr(neo4j.Session, "run", once)
        return calls

    return failing


@pytest.mark.parametrize("error", [SessionExpired("gone"), TransientError("busy")])
def test_a_read_is_tried_again_where_the_driver_would(error, graph, statement, failing) -> None:
    calls = failing(error)
    assert graph.read(statement(ONE)) == [{"one": 1}]
    assert len(calls) == 1  # then in a transaction that the driver manages


def test_a_read_that_cannot_succeed_is_not_tried_again(graph, statement, failing) -> None:
    calls = failing(neo4j.exceptions.AuthError("no"))
    with pytest.raises(GraphUnavailable, match="refused the login"):
        graph.read(statement(ONE))
    assert len(calls) == 1


def test_the_server_refuses_to_write_in_a_read(graph, statement) -> None:
    with pytest.raises(GraphError, match=r"(?i)read access mode"):
        graph.read(statement("CREATE (:Library {name: 'another'})"))
    assert graph.read(statement("MATCH (l:Library {name: 'another'}) RETURN l")) == []


def test_a_read_that_takes_too_long_is_stopped(graph, statement) -> None:
    endless = "UNWIND range(1, 1000000000) AS n WITH n WHERE n < 0 RETURN count(n) AS found"
    with pytest.raises(GraphError, match=r"terminated|timed out"):
        graph.table(statement(endless), {}, timeout_s=0.5)


def test_columns_come_in_their_order_without_any_row(graph, statement) -> None:
    table = graph.table(statement("UNWIND [] AS n RETURN n AS b, n AS a"), {})
    assert (table.columns, table.rows) == (("b", "a"), ())

"""The schema and every statement, on real Neo4j."""

from __future__ import annotations

import pytest

from kg_videorag.errors import GraphError, GraphUnavailable
from kg_videorag.graph.client import Address, GraphClient
from kg_videorag.graph.migrate import migrate, migrations
from kg_videorag.graph.queries import load, names

STATEMENTS = [name for folder in ("analytics", "ask", "graph", "ingest") for name in names(folder)]


def test_migrating_again_changes_nothing(client, statement) -> None:
    before = client.read(statement("MATCH (m:Migration) RETURN m.number AS n, m.applied_at AS at"))
    first = migrate(client, dimension=384)
    assert migrate(client, dimension=384) == first
    after = client.read(statement("MATCH (m:Migration) RETURN m.number AS n, m.applied_at AS at"))
    assert sorted(row["n"] for row in after) == [m.number for m in migrations()]
    assert before == after


def test_migrations_come_in_the_order_of_their_numbers() -> None:
    numbers = [m.number for m in migrations()]
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_graph_of_a_newer_version_is_refused(client, statement) -> None:
    client.write(lambda tx: tx.run(statement("CREATE (:Migration {number: 9999, sha256: 'x'})")))
    try:
        with pytest.raises(GraphError, match="newer kg-videorag"):
            migrate(client, dimension=384)
    finally:
        client.write(lambda tx: tx.run(statement("MATCH (m:Migration {number: 9999}) DELETE m")))


def test_every_index_is_online_and_vectors_are_not_quantized(client, statement) -> None:
    rows = client.read(statement("SHOW INDEXES YIELD name, type, state, options"))
    assert {row["state"] for row in rows} == {"ONLINE"}
    vector = next(row for row in rows if row["type"] == "VECTOR")
    config = vector["options"]["indexConfig"]
    assert config["vector.dimensions"] == 384
    assert config.get("vector.quantization.type", "NONE") == "NONE"
    assert config.get("vector.quantization.enabled", False) is False
    assert config["vector.similarity_function"].lower() == "cosine"
    assert {row["name"] for row in rows} >= {
        "segment_fulltext",
        "segment_fulltext_russian",
        "entity_fulltext",
        "entity_fulltext_russian",
        "text_vector",
    }


@pytest.mark.parametrize("name", STATEMENTS)
def test_every_statement_plans(client, statement, name) -> None:
    query = load(name)
    params = {p.name: "none" if p.name == "index" else None for p in query.params}
    if not name.endswith("_25"):
        client.read(statement(f"EXPLAIN {query.statement}"), **params)
        return
    explained = statement(query.statement.replace("CYPHER 25", "CYPHER 25 EXPLAIN"))
    if client.version < (2026,):
        with pytest.raises(GraphError):  # else it needs no file of its own
            client.read(explained, **params)
    else:
        client.run_schema(load("graph/vector_filter_text_25"), dimension=384)
        client.read(explained, **params)


def test_what_the_lts_lacks_it_is_never_asked() -> None:
    """A statement of Cypher 25 stands in a file of its own, whose name says so."""
    newer = [n for n in STATEMENTS if load(n).statement.startswith("CYPHER 25")]
    assert newer == [n for n in STATEMENTS if n.endswith("_25")]


def test_an_unreachable_server_is_named_with_what_to_do() -> None:
    with pytest.raises(GraphUnavailable, match="cannot be reached") as caught:
        GraphClient(Address("bolt://127.0.0.1:1", "neo4j", "x"))
    assert "KGV_NEO4J_URI" in caught.value.hint


def test_reading_is_held_by_the_server(client, statement) -> None:
    with pytest.raises(GraphError, match=r"[Ww]rit"):
        client.read(statement("CREATE (n:Intruder) RETURN n"))
    assert client.read(statement("MATCH (n:Intruder) RETURN n")) == []

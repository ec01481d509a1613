"""Statements of strangers on real Neo4j: none writes, fetches, or goes on without end."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from kg_videorag.errors import GraphError, StatementRefusedError
from kg_videorag.graph.frame import GraphTables
from kg_videorag.graph.guard.apart import ApartReader
from kg_videorag.graph.guard.limits import Limits
from kg_videorag.graph.guard.plan import judge_plan
from kg_videorag.graph.guard.read import as_query
from kg_videorag.graph.write import write_video

# URL stands for an address that would notice to be asked.
WRITING = [
    "CREATE (n:Intruder)",
    "MATCH (n) DETACH DELETE n",
    "MATCH (n) NODETACH DELETE n",
    "MERGE (n:Intruder {id: 1}) RETURN n",
    "MATCH (n) SET n.hacked = true",
    "MATCH (n) SET n:$('Intruder')",
    "MATCH (n) SET n = {}",
    "MATCH (n) SET n += {id: 'x'} RETURN n",
    "MATCH (n) REMOVE n.id",
    "MATCH (n) REMOVE n:Video",
    "MATCH (n) FOREACH (x IN [1] | SET n.x = x)",
    "MATCH (n) /* only reading */ DELETE /* honest */ n",
    "MATCH (n) // reading\nDETACH DELETE n // SET",
    "MATCH (n) WHERE n.name <> 'x\\'' SET n.y = 'RETURN'",
    "MATCH (`n``RETURN`) SET `n``RETURN`.x = 1",
    "MATCH (n) \\u0053ET n.x = 1",
    "RETURN 'a\\u0027 UNION CREATE (n) RETURN \\u0027' AS x",
    "CALL { CREATE (n:Intruder) RETURN n } RETURN n",
    "MATCH (v:Video) CALL (v) { SET v.x = 1 } RETURN v",
    "MATCH (n) CALL { WITH n DETACH DELETE n } IN TRANSACTIONS OF 1 ROWS",
    "UNWIND [1] AS x CALL (x) { CREATE (:Intruder) } IN 2 CONCURRENT TRANSACTIONS",
    "RETURN 1 AS x UNION CREATE (n) RETURN 1 AS x",
    "MATCH (n) RETURN n; MATCH (n) DELETE n",
    "CREATE INDEX intruder FOR (n:Video) ON (n.title)",
    "CREATE CONSTRAINT intruder FOR (n:Video) REQUIRE n.title IS UNIQUE",
    "CREATE VECTOR INDEX v FOR (n:X) ON n.e OPTIONS {indexConfig: {`vector.dimensions`: 3}}",
    "DROP INDEX text_vector IF EXISTS",
    "DROP CONSTRAINT video_id IF EXISTS",
    "CALL db.createLabel('Intruder')",
    "CALL db.createProperty('intruder')",
    "CALL db.index.fulltext.awaitEventuallyConsistentIndexRefresh()",
    "MATCH (n) CALL db.create.setNodeVectorProperty(n, 'vector', [1.0]) RETURN n",
    "CALL apoc.cypher.doIt('CREATE (n)', {}) YIELD value RETURN value",
    "CALL apoc.periodic.iterate('MATCH (n) RETURN n', 'DELETE n', {})",
    "CYPHER 25 INSERT (:Intruder)",
    "CYPHER runtime=slotted MATCH (n) DELETE n",
    "PROFILE MATCH (n) DETACH DELETE n",
    "EXPLAIN MATCH (n) DELETE n",
]
FETCHING = [
    "LOAD CSV FROM 'URL' AS row RETURN row",
    'load  csv\twith headers from "URL" as row return row',
    "LoAd/**/CsV FROM 'URL' AS row RETURN row",
    "LOAD // now\nCSV FROM 'URL' AS row RETURN row",
    "\\u004cOAD CSV FROM 'URL' AS row RETURN row",
    "UNWIND [1] AS as WITH as LOAD CSV FROM 'URL' AS r RETURN r",
    "CALL { LOAD CSV FROM 'URL' AS r RETURN r } RETURN r",
    "RETURN COLLECT { LOAD CSV FROM 'URL' AS r RETURN r } AS x",
    "MATCH (n) WHERE EXISTS { LOAD CSV FROM 'URL' AS r RETURN r } RETURN n",
    "RETURN 1 AS r UNION LOAD CSV FROM 'URL' AS r RETURN r",
    "RETURN 'a\\u0027 AS x LOAD CSV FROM \\u0027URL\\u0027 AS r RETURN r",
    "LOAD CSV FROM 'file:///etc/passwd' AS row RETURN row",
    "CALL apoc.load.json('URL') YIELD value RETURN value",
    "RETURN genai.vector.encode('x', 'OpenAI', {endpoint: 'URL'}) AS v",
    "USING PERIODIC COMMIT LOAD CSV FROM 'URL' AS row RETURN row",
    "RETURN file() AS f, linenumber() AS n",
]
RULING = [
    "SHOW USERS",
    "SHOW TRANSACTIONS YIELD *",
    "SHOW SETTINGS",
    "TERMINATE TRANSACTIONS 'neo4j-transaction-1'",
    "USE system MATCH (n) RETURN n",
    "ALTER CURRENT USER SET PASSWORD FROM 'a' TO 'b'",
    "CREATE USER intruder SET PASSWORD 'intruder1'",
    "GRANT ROLE admin TO intruder",
    "DENY READ {*} ON GRAPH * TO PUBLIC",
    "DROP DATABASE neo4j",
    "STOP DATABASE neo4j",
    "CALL dbms.listConfig() YIELD name, value RETURN name, value",
    "CALL dbms.killConnection('bolt-1')",
    "CALL dbms.setConfigValue('db.logs.query.enabled', 'OFF')",
    "CALL `dbms`.`components`() YIELD name RETURN name",
    "CALL db.ping()",
]
ENDLESS = [
    "UNWIND range(1, 1000000000000) AS x RETURN x",
    "RETURN reduce(s = 0, x IN range(1, 1000000000000) | s + x) AS x",
    "MATCH p = (a)-[*]-(b) RETURN collect(p)",
    "MATCH ((a)-[]-(b))+ RETURN a, b",
    "RETURN 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' =~ '(a|aa)+b' AS x",
    "MATCH (e:Embedding) RETURN e.vector",
    "RETURN $missing",
    "MATCH (n) FINISH",
]
# Neo4j plans nothing bad for these: it only explains, and there is no file.
TOKENS_ALONE = {"EXPLAIN MATCH (n) DELETE n", "RETURN file() AS f, linenumber() AS n"}
HOSTILE = WRITING + FETCHING + RULING + ENDLESS


class _Counter(BaseHTTPRequestHandler):
    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"a,b\n1,2\n")

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@pytest.fixture
def listener():
    """An address on this machine, and who asked it."""
    asked: list[str] = []
    handler = type("Handler", (_Counter,), {"asked": asked})
    with HTTPServer(("127.0.0.1", 0), handler) as http:
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{http.server_address[1]}/x.csv", asked
        http.shutdown()
        thread.join()


@pytest.fixture
def filled(graph, video_graph):
    write_video(
        graph,
        video_graph("one", [("Ann met Bob.", ["Ann", "Bob"]), ("Bob met Cid.", ["Bob", "Cid"])]),
    )
    return graph


@pytest.fixture
def state(filled, statement):
    """Says what is in the graph: counts, all properties, schema and who may enter."""

    def state() -> tuple[object, ...]:
        rows = filled.read(statement("MATCH (n) RETURN labels(n) AS l, properties(n) AS p"))
        edges = filled.read(statement("MATCH ()-[r]->() RETURN type(r) AS t, properties(r) AS p"))
        schema = filled.read(statement("SHOW INDEXES YIELD name, state RETURN name, state"))
        rules = filled.read(statement("SHOW CONSTRAINTS YIELD name RETURN name"))
        users = filled.read(statement("SHOW USERS YIELD user RETURN user"))
        return tuple(sorted(map(str, part)) for part in (rows, edges, schema, rules, users))

    return state


@pytest.fixture
def apart(filled):
    def apart(**limits) -> ApartReader:
        return ApartReader(filled.address, replace(Limits(), **limits))

    return apart


def test_there_are_enough_of_them() -> None:
    assert len(HOSTILE) >= 60
    assert len(set(HOSTILE)) == len(HOSTILE)


def test_none_writes_or_fetches(apart, filled, state, listener) -> None:
    """Neither by a model's statement nor by an analyst's; all are refused before they run."""
    url, asked = listener
    before = state()
    tables = GraphTables(lambda: filled)
    for text in HOSTILE:
        hostile = text.replace("URL", url)
        with pytest.raises(StatementRefusedError):
            apart().read(hostile)
        if text not in ENDLESS:
            with pytest.raises(StatementRefusedError):
                tables.table(hostile)
    assert asked == []
    assert state() == before


def test_the_second_look_alone_would_do(filled, state, listener) -> None:
    """Were the tokens fooled, the server's plan would not be: none of them is even run."""
    url, asked = listener
    before = state()
    for hostile in WRITING + FETCHING + RULING:
        if hostile in TOKENS_ALONE:
            continue
        with pytest.raises(GraphError):
            judge_plan(filled.explain(as_query(hostile.replace("URL", url)), {}, timeout_s=10))
    assert asked == []
    assert state() == before


def test_the_listener_would_have_noticed(filled, listener, statement) -> None:
    """READ mode alone lets a statement fetch: what the guard is for."""
    url, asked = listener
    filled.read(statement(f"LOAD CSV FROM '{url}' AS row RETURN row"))
    assert asked == ["/x.csv"]


def test_what_only_reads_is_answered(apart) -> None:
    found = apart().read(
        "MATCH (e:Entity)<-[m:MENTIONS]-(s:Segment) WITH e, count(m) AS n"
        " RETURN e.name AS entity, n, date('2026-01-31') AS day ORDER BY n DESC, entity;"
    )
    assert found.columns == ("entity", "n", "day")
    assert found.rows[0] == ("Bob", 2, "2026-01-31")
    assert not found.cut


def test_nodes_and_paths_are_told_without_vectors(apart) -> None:
    found = apart().read(
        "MATCH p = (s:Segment)-[:HAS_EMBEDDING]->(x:Embedding) WITH p, x, s"
        " ORDER BY s.index LIMIT 1 RETURN x, properties(x) AS all, x {.*} AS some, p"
    )
    assert "'vector'" not in str(found.rows)
    node, all_, some, path = found.rows[0]
    assert "Embedding" in node["labels"]
    assert all_["space"] == some["space"] == "text"
    assert [r["type"] for r in path["relationships"]] == ["HAS_EMBEDDING"]


def test_a_vector_by_a_hidden_name_is_cut_short(apart) -> None:
    found = apart().read("MATCH (x:Embedding) RETURN x['vec' + 'tor'] AS v LIMIT 1")
    assert len(found.rows[0][0]) == Limits().items
    assert found.cut


def test_rows_columns_and_values_are_capped(apart) -> None:
    found = apart(rows=3).read("UNWIND range(1, 9000) AS x RETURN x")
    assert (found.rows, found.cut) == (((1,), (2,), (3,)), True)
    wide = apart(columns=2).read("RETURN 1 AS a, 2 AS b, 3 AS c")
    assert (wide.columns, wide.rows, wide.cut) == (("a", "b"), ((1, 2),), True)
    long_ = apart(text_chars=5, items=2).read(
        "RETURN 'abcdefgh' AS t, [1, 2, 3] AS l, {a: 'x'} AS m"
    )
    assert (long_.rows, long_.cut) == ((("abcde", [1, 2], {"a": "x"}),), True)
    few = apart(bytes=30).read("UNWIND range(1, 100) AS x RETURN 'abcdefghij' AS t")
    assert (len(few.rows), few.cut) == (2, True)
    deep = apart().read("RETURN [[[[[[[1]]]]]]] AS l, 0.0 / 0.0 AS n")
    assert (deep.rows[0][0], deep.rows[0][1], deep.cut) == ([[[[["..."]]]]], "NaN", True)


PRODUCT = (
    "UNWIND range(1, 9000) AS a UNWIND range(1, 9000) AS b UNWIND range(1, 9000) AS c"
    " RETURN sum(a * b * c % 7)"
)
COLLECT = (
    "UNWIND range(1, 9000) AS a UNWIND range(1, 9000) AS b"
    " RETURN collect([a, b, a, b, a, b, a, b, a, b]) AS all"
)
# A list of lists of lists, 10^10 numbers of which none is stored: one endless value.
NESTED = "WITH range(1, 9999) AS l " + "WITH [l,l,l,l,l,l,l,l,l,l] AS l " * 6 + "RETURN l"


@pytest.mark.parametrize("slow", [PRODUCT, COLLECT, NESTED], ids=["product", "collect", "nested"])
def test_what_passes_and_never_ends_is_ended(apart, filled, slow) -> None:
    began = time.monotonic()
    with pytest.raises(GraphError) as caught:
        apart(timeout_s=3.0, memory_bytes=512 << 20).read(slow)
    assert time.monotonic() - began < 60
    assert not isinstance(caught.value, StatementRefusedError)
    assert GraphTables(lambda: filled).table("RETURN 1 AS x").rows == ((1,),)


def test_what_neo4j_does_not_understand_is_told(apart) -> None:
    with pytest.raises(GraphError, match="Invalid input"):
        apart().read("MATCH (n RETURN n LIMIT 5)")
    with pytest.raises(GraphError, match="not defined"):
        apart().read("MATCH (n) RETURN m.name")


def test_an_analyst_has_parameters_and_long_paths(filled) -> None:
    tables = GraphTables(lambda: filled)
    table = tables.table(
        "MATCH (a:Segment {index: $index})<-[:FOLLOWS*]-(b) RETURN b.index AS index", index=0
    )
    assert table.rows == ((1,),)
    with pytest.raises(StatementRefusedError, match=r"no parameter \$other"):
        tables.table("RETURN $other", index=0)

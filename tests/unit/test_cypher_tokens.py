"""What the guard of statements lets through, and what it refuses, without a server."""

from __future__ import annotations

from contextlib import suppress

import pytest

from kg_videorag.errors import StatementRefusedError
from kg_videorag.graph.guard import check_statement
from kg_videorag.graph.guard.tokens import Kind, tokenise
from kg_videorag.graph.queries import load, names

READING = [
    "MATCH (e:Entity) RETURN count(e)",
    "match (n) return n.name as name order by name desc skip 1 limit 5;",
    "MATCH (e:Person|Place&!Group)<-[m:MENTIONS {modality: 'speech'}]-(s) RETURN e, m.start_ms",
    "MATCH p = (a:Segment)-[:FOLLOWS*1..3]->(b) RETURN length(p) AS length",
    "MATCH p = shortestPath((a:Entity)-[:RELATES_TO*..4]-(b:Entity)) RETURN nodes(p)",
    "MATCH ((a:Segment)-[:FOLLOWS]->(b)){1,3} RETURN count(*) AS count ORDER BY count",
    "MATCH (a)-[:FOLLOWS]->{1,3}(b) RETURN a.id",
    "MATCH (e:Entity) WHERE toLower(e.name) CONTAINS 'create' RETURN e.name AS `set`",
    "MATCH (e {name: 'DELETE // LOAD CSV /* \"'}) RETURN e.name // SET it",
    "MATCH (v:Video) CALL (v) { MATCH (v)-[:HAS_SEGMENT]->(s) RETURN count(s) AS n } RETURN v, n",
    "CALL db.labels() YIELD label RETURN label",
    "CALL db.index.fulltext.queryNodes('entity_fulltext', 'radium') YIELD node RETURN node.name",
    "UNWIND range(0, 5) AS x RETURN x + 1 AS y",
    "MATCH (s:Segment) UNWIND range(0, size(s.sentences) - 1) AS i RETURN s.sentences[i]",
    "MATCH (e) WHERE e.name =~ '(?i).*moon.*' RETURN e.name",
    "MATCH (e) RETURN [x IN collect(e.name) WHERE x STARTS WITH 'A' | toUpper(x)][0..3] AS names",
    "MATCH (v) RETURN v {.title, seconds: v.duration_ms / 1000.0} AS video",
    "MATCH (e) WHERE EXISTS { (e)<-[:MENTIONS]-() } AND NOT (e)-[:SAME_AS]->() RETURN e.name",
    "MATCH (e) RETURN CASE WHEN e.type = 'Person' THEN 'p' ELSE e.type END AS kind, -1.5e3 AS n",
    "MATCH (a) RETURN a.name AS n UNION ALL MATCH (b:Video) RETURN b.title AS n",
    "MATCH (e) WHERE e.x IS :: STRING NOT NULL AND e.y IS NOT NULL RETURN DISTINCT e.name",
    "RETURN date('2026-01-31') AS day, duration.between(date(), date()) AS d, 0x1F AS hex",
    "MATCH (э:Entity {name: 'Королёв'}) RETURN э.name AS имя",
    "RETURN 5 AS start_ms, 'x' AS start",
    "MATCH (a), (b) WHERE (a.x) + (b.x) < 3 AND ((a.x) * (b.x)) > 2 RETURN a.x - b.x AS d",
]


@pytest.mark.parametrize("statement", READING)
def test_reading_is_let_through(statement) -> None:
    check_statement(statement, by_machine=True)


@pytest.mark.parametrize("name", names("analytics"))
def test_the_statements_that_users_may_run_are_let_through(name) -> None:
    query = load(name)
    check_statement(query.statement, {param.name for param in query.params})


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("CREATE (n)", "CREATE writes"),
        ("MATCH (n) sEt n.x = 1", "SET writes"),
        ("MATCH (n) /* a */ DETACH /* b */ DELETE n", "DETACH writes"),
        ("MATCH (n) // '\nREMOVE n.x", "REMOVE writes"),
        ("MATCH (n) WHERE n.x = 'it\\'s' MERGE (m)", "MERGE writes"),
        ("MATCH (n) WHERE n.`a``b` = 1 FOREACH (x IN [1] | CREATE (m))", "FOREACH writes"),
        ("MATCH (n) ſET n.x = 1", "SET writes"),
        ("load csv from 'http://x' as r return r", "LOAD CSV fetches"),
        ("UNWIND [1] AS as WITH as LOAD/**/CSV FROM 'http://x' AS r RETURN r", "LOAD CSV"),
        ("UNWIND [1] AS x WITH x.LOAD CSV FROM 'u' AS r RETURN r", "LOAD CSV"),
        ("RETURN 'a\\u0027 LOAD CSV FROM \"u\" AS r RETURN r //'", "unicode escape"),
        ("\\u004cOAD CSV FROM 'u' AS r RETURN r", "unicode escape"),
        ("RETURN 1 /* never", "comment .* does not end"),
        ("RETURN 'never", "a string .* does not end"),
        ("RETURN `never", "a quoted name .* does not end"),
        ("RETURN 1 /*/", "comment .* does not end"),
        ("MATCH (n)\u00a0RETURN n", "xa0"),
        ("MATCH (a)\u2010[r]->(b) RETURN r", "u2010"),
        ("RETURN 1; CREATE (n)", "more than one statement"),
        ("RETURN 1; RETURN 2", "more than one statement"),
        ("", "empty"),
        ("// nothing", "empty"),
        ("SHOW USERS", "SHOW"),
        ("USE system RETURN 1", "USE"),
        ("EXPLAIN RETURN 1", "EXPLAIN"),
        ("CYPHER 25 RETURN 1", "CYPHER"),
        ("MATCH (n) FINISH", "FINISH"),
        ("(n) RETURN n", "does not begin with '\\('"),
        ("LET x = 1 RETURN x", "does not begin with 'LET'"),
        ("MATCH (n) LET x = 1 RETURN x", "'LET' is no word"),
        ("MATCH (n) RETURN n NEXT MATCH (m) RETURN m", "'NEXT' is no word"),
        ("START n = node(*) RETURN n", "does not begin with 'START'"),
        ("CALL apoc.load.json('http://x') YIELD value RETURN value", "LOAD CSV"),
        ("CALL apoc.meta.stats() YIELD nodeCount RETURN nodeCount", "procedure apoc.meta.stats"),
        ("CALL `dbms`.`listConfig`() YIELD name RETURN name", "procedure dbms.listConfig"),
        ("CALL dbms /**/ . /**/ killQuery('x')", "procedure dbms.killQuery"),
        ("RETURN apoc.util.sleep(1)", "function apoc.util.sleep"),
        ("RETURN `genai` . vector . encode('x', 'OpenAI', {})", "function genai.vector.encode"),
        ("RETURN file()", "function file"),
        ("RETURN $x", "no parameter \\$x"),
        ("MATCH (n:$('Video')) RETURN n", "no parameter \\$\\(...\\)"),
        ("CALL { MATCH (n) RETURN n } IN TRANSACTIONS RETURN n", "TRANSACTIONS writes"),
    ],
)
def test_all_else_is_refused(statement, told) -> None:
    with pytest.raises(StatementRefusedError, match=told):
        check_statement(statement)


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("MATCH p = (a)-[*]-(b) RETURN p", "longest length"),
        ("MATCH p = (a)-[r:FOLLOWS*2..]-(b) RETURN p", "longest length"),
        ("MATCH p = (a)-[*1..999]-(b) RETURN p", "longest length"),
        ("MATCH ((a)-[:FOLLOWS]->(b))+ RETURN a", "longest length"),
        ("MATCH ((a)<-[:FOLLOWS]-(b))* RETURN a", "longest length"),
        ("MATCH ((a)--(b)){1,} RETURN a", "longest length"),
        ("MATCH (a)-[:FOLLOWS]->+(b) RETURN a", "longest length"),
        ("MATCH (a)-->*(b) RETURN a", "longest length"),
        ("UNWIND range(1, 1000000000000) AS x RETURN x", "range"),
        ("WITH 1000000000 AS n RETURN range(1, n)", "range"),
        ("RETURN range(1, toInteger('9999999999'))", "range"),
        ("RETURN range(1, size(range(1, 10)))", "range"),
        ("RETURN range(1, 100 * 100 * 100)", "range"),
        ("RETURN reduce(s = 0, x IN [1] | s + x)", "reduce"),
        ("RETURN replace('aaa', 'a', 'aaaaaaaa')", "replace"),
        ("RETURN [x IN [1] | [y IN [1] | [z IN [1] | z]]]", "inside of one another"),
        ("RETURN all(x IN [1] WHERE any(y IN [1] WHERE none(z IN [1] WHERE z)))", "inside of"),
        ("RETURN 'aaaa' =~ '(a+)+b'", "regular expression"),
        ("RETURN 'aaaa' =~ '.*.*.*.*b'", "regular expression"),
        ("RETURN 'aaaa' =~ '(a' + '+)+b'", "a text in quotes"),
        ("MATCH (e:Embedding) RETURN e.vector", "vectors"),
        ("MATCH (e:Embedding) RETURN e.`vector` AS v", "vectors"),
        ("MATCH (e:Embedding) RETURN e {.vector}", "vectors"),
        ("RETURN " + "+".join("1" * 30), "times \\+"),
        ("RETURN " + "[" * 40 + "]" * 40, "too deep"),
        ("WITH [1] AS l " + "WITH l AS l " * 20 + "RETURN l", "times WITH"),
        ("RETURN range(1, 2", "does not close"),
    ],
)
def test_a_model_may_not_ask_without_end(statement, told) -> None:
    with pytest.raises(StatementRefusedError, match=told):
        check_statement(statement, by_machine=True)


def test_tokens_are_what_stands_there() -> None:
    tokens = tokenise("RETURN `a``b`.c[1..2] AS x /* y */ // z")
    assert [token.text for token in tokens] == [
        "RETURN", "a`b", ".", "c", "[", "1", "..", "2", "]", "AS", "x",
    ]  # fmt: skip
    assert tokens[1].kind is Kind.NAME


@pytest.mark.parametrize(
    "letters", ["'", "\\", "/*", "`", "{" * 3_000, "a\ud800", "$", "\x00", "CALL"]
)
def test_no_statement_breaks_the_guard(letters) -> None:
    for text in (letters, f"RETURN {letters}", f"{letters} RETURN 1", f"RETURN '{letters}"):
        for by_machine in (False, True):
            with suppress(StatementRefusedError):
                check_statement(text, by_machine=by_machine)


def test_parameters_that_are_given_may_be_used() -> None:
    check_statement("MATCH (n {name: $name}) RETURN n LIMIT $`limit`", {"name", "limit"})

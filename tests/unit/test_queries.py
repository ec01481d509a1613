"""Cypher is files: each has a true header, is used, binds its parameters, and is bounded."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import kg_videorag
from kg_videorag.errors import QueryError
from kg_videorag.graph.queries import Param, Query, cypher_folder, load, load_analytics, names

PACKAGE = Path(kg_videorag.__file__).parent
CODE = {path: path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")}
ALL = sorted(
    path.relative_to(cypher_folder()).with_suffix("").as_posix()
    for path in cypher_folder().rglob("*.cypher")
    if "browser" not in path.parts  # to be imported there: test_browser_files.py
)
LOADED = {name for text in CODE.values() for name in re.findall(r'\bload\(\s*"([^"]+)"', text)}

# A path of any length: `*`, `*2..`, `+`, `{2,}` after a relationship or a parenthesised path.
UNBOUNDED = re.compile(
    r"""\[[^\[\]]*\*(?!\s*\d+\s*[\]{])(?!\s*\d*\s*\.\.\s*\d)[^\[\]]*\]
      | (?:-|->)(?:\*|\+|\{\s*\d*\s*,\s*\})
      | \)(?:\*|\+|\{\s*\d*\s*,\s*\})""",
    re.VERBOSE,
)


def body(name):
    """The statement without comments and quoted text."""
    bare = re.sub(r"//.*", "", load(name).statement)
    return re.sub(r"'[^']*'|\"[^\"]*\"", "''", bare)


@pytest.mark.parametrize("name", ALL)
def test_the_header_names_exactly_the_parameters_of_the_body(name):
    query = load(name)
    assert sorted(p.name for p in query.params) == sorted(set(re.findall(r"\$(\w+)", body(name))))


@pytest.mark.parametrize("name", ALL)
def test_the_example_to_paste_gives_every_parameter(name):
    query = load(name)
    given = re.findall(r"(\w+): ", re.sub(r'"[^"]*"', '""', query.example))
    assert {p.name for p in query.params} <= set(given)


@pytest.mark.parametrize("name", ALL)
def test_a_file_holds_one_statement_without_a_semicolon(name):
    assert ";" not in body(name)


@pytest.mark.parametrize("name", [n for n in ALL if not n.startswith(("schema/", "analytics/"))])
def test_every_file_is_loaded_by_code(name):
    assert name in LOADED


def test_code_loads_only_files_that_exist():
    assert set(ALL) >= LOADED


@pytest.mark.parametrize("name", ALL)
def test_no_cypher_is_built_from_strings(name):
    """Data reaches a statement as a parameter; labels come from rows that are checked."""
    text = body(name)
    assert "apoc" not in text.lower()
    assert not re.search(r"%[sd]|\{\w*\}", text)
    checked = {"row.type", "row.space_label"}
    if name.startswith("graph/sketch_"):
        checked = {"label", "type"}  # as the database itself lists them, to read by
    assert set(re.findall(r":\$\(([^)]*)\)", text)) <= checked


@pytest.mark.parametrize("path", CODE, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_cypher_stands_in_code(path):
    assert not re.search(r"\b(MATCH|MERGE|CREATE|DETACH DELETE|UNWIND)\b\s*[\(\$]", CODE[path])


@pytest.mark.parametrize("name", ALL)
def test_every_path_is_bounded(name):
    assert not UNBOUNDED.search(body(name))


@pytest.mark.parametrize(
    ("pattern", "bounded"),
    [
        ("(a)-[:KNOWS]->(b)", True),
        ("(a)-[*]->(b)", False),
        ("(a)-[:KNOWS*]->(b)", False),
        ("(a)-[r:KNOWS*2..]->(b)", False),
        ("(a)-[:KNOWS*..5]->(b)", True),
        ("(a)-[:KNOWS*2..5]->(b)", True),
        ("(a)-[:KNOWS*3]->(b)", True),
        ("(a)-[:KNOWS]->+(b)", False),
        ("(a)-->{2,}(b)", False),
        ("(a)-->{2,4}(b)", True),
        ("((a)-[:KNOWS]->(b))+", False),
        ("((a)-[:KNOWS]->(b)){1,}", False),
        ("((a)-[:KNOWS]->(b)){1,3}", True),
        ("together * total / (x * y)", True),
        ("[i IN range(0, n) | i * 2]", True),
    ],
)
def test_the_check_of_bounds_sees_them(pattern, bounded):
    assert bool(UNBOUNDED.search(pattern)) is not bounded


def test_each_migration_has_a_number_of_its_own():
    numbers = [int(name.partition("/")[2][:3]) for name in names("schema")]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("name", names("schema"))
def test_a_migration_can_be_repeated(name):
    assert "IF NOT EXISTS" in load(name).statement


@pytest.mark.parametrize("name", names("analytics"))
def test_analytics_only_read_and_are_limited(name):
    text = body(name)
    assert not re.search(r"\b(CREATE|MERGE|SET|DELETE|REMOVE|DROP|LOAD CSV)\b", text)
    bounded = {"analytics/broken_chains", "analytics/explained_link"}  # by videos, by steps
    assert "LIMIT $limit" in text or name in bounded


def test_analytics_are_found_by_their_own_name():
    assert load_analytics("top_entities") is load_analytics("analytics/top_entities")


@pytest.mark.parametrize(
    "name",
    [
        "nonsense",
        "",
        "top_entities.cypher",
        "\udcff",
        "a\0b",
        "a" * 300,
        # files that exist, and are not offered
        "/etc/passwd",
        "../../pyproject",
        "../graph/space",
        "../ingest/delete_video",
        "analytics/../ingest/video",
        "./top_entities",
    ],
)
def test_an_unknown_name_is_refused_and_the_known_are_listed(name):
    with pytest.raises(QueryError, match="no query named") as caught:
        load_analytics(name)
    for known in names("analytics"):
        assert known.partition("/")[2] in caught.value.hint


@pytest.mark.parametrize("name", ["../x", "../../README", "graph/../../x"])
def test_a_path_out_of_the_folder_is_refused(name):
    with pytest.raises(QueryError):
        load(name)


TIMELINE = load_analytics("entity_timeline")  # entity (string), limit (integer, default 200)


@pytest.mark.parametrize(
    ("given", "bound"),
    [
        ({"entity": "NASA"}, {"entity": "NASA", "limit": 200}),
        ({"entity": "NASA", "limit": "5"}, {"entity": "NASA", "limit": 5}),
        ({"entity": "7"}, {"entity": "7", "limit": 200}),
        ({"entity": ""}, {"entity": "", "limit": 200}),
        ({"entity": "'}) DETACH DELETE n //"}, {"entity": "'}) DETACH DELETE n //", "limit": 200}),
    ],
)
def test_parameters_are_bound_by_type(given, bound):
    assert TIMELINE.bind(given) == bound


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "needs parameter 'entity'"),
        ({"limit": "5"}, "needs parameter 'entity'"),
        ({"entity": "NASA", "limits": "5"}, "no parameter 'limits'"),
        ({"entity": "NASA", "limit": "five"}, "limit must be of type integer"),
        ({"entity": "NASA", "limit": "5.0"}, "limit must be of type integer"),
        ({"entity": "NASA", "limit": ""}, "limit must be of type integer"),
    ],
)
def test_wrong_parameters_are_told(given, told):
    with pytest.raises(QueryError, match=told) as caught:
        TIMELINE.bind(given)
    assert caught.value.hint


@pytest.mark.parametrize("text", ["5", "null", "{}", '"a"', "a", ""])
def test_what_is_no_list_is_told(text):
    with pytest.raises(QueryError, match="ids must be of type list of string"):
        Param("ids", "list of string", "ids of segments", None).read(text)


@pytest.mark.parametrize("name", names("analytics"))
def test_the_defaults_of_analytics_are_of_their_types(name):
    query = load(name)
    assert isinstance(query, Query)
    given = {p.name: "x" for p in query.params if p.default is None}
    for param in query.params:
        value = query.bind(given)[param.name]
        assert isinstance(value, {"integer": int, "float": float, "string": str}[param.type])


@pytest.mark.parametrize("text", [str(2**63), str(-(2**63) - 1)])
def test_an_integer_that_neo4j_cannot_hold_is_refused(text):
    with pytest.raises(QueryError, match="of type integer"):
        Param("limit", "integer", "rows", None).read(text)

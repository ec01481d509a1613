"""The graph as pandas tables, from real Neo4j."""

from __future__ import annotations

import pandas as pd
import pytest

from kg_videorag.errors import GraphError, QueryError
from kg_videorag.graph.frame import GraphTables
from kg_videorag.graph.write import write_video


@pytest.fixture
def tables(graph, video_graph):
    write_video(graph, video_graph("one", [("Ann met Bob.", ["Ann", "Bob"]), ("Rain.", [])]))
    return GraphTables(lambda: graph)


def test_a_named_statement_is_a_frame_with_its_types(tables) -> None:
    frame = tables.frame("entity_timeline", entity="Bob")
    assert list(frame.columns) == [
        "video", "start_ms", "start", "end_ms", "end", "modality", "surface", "type", "segment_id",
        "entity", "video_id", "told",
    ]  # fmt: skip
    (row,) = frame.to_dict("records")
    assert (row["video"], row["start_ms"], row["type"]) == ("one", 600, "Person")
    assert row["start"] == pd.Timedelta(milliseconds=600)
    assert frame.dtypes["start_ms"] == "Int64"
    assert frame.dtypes["end"].kind == "m"
    assert frame.dtypes["video"] == "string"


def test_a_frame_without_rows_has_its_columns(tables) -> None:
    frame = tables.frame("entity_timeline", entity="Nobody")
    assert len(frame) == 0
    assert frame.dtypes["start_ms"] == "Int64"
    assert frame.dtypes["start"].kind == "m"


def test_parameters_are_values_or_texts(tables) -> None:
    assert len(tables.frame("top_entities", limit=1)) == 1
    assert len(tables.frame("top_entities", limit="1")) == 1
    assert len(tables.table("top_entities").rows) == 2


@pytest.mark.parametrize(
    ("name", "given", "told"),
    [
        ("nonsense", {}, "no query named"),
        ("top_entities", {"limits": 1}, "no parameter 'limits'"),
        ("top_entities", {"limit": "many"}, "of type integer"),
        ("top_entities", {"limit": object()}, "not JSON serializable"),
        ("entity_timeline", {}, "needs parameter 'entity'"),
    ],
)
def test_wrong_names_and_parameters_are_told(name, given, told, tables) -> None:
    with pytest.raises(QueryError, match=told):
        tables.frame(name, **given)


def test_an_analyst_can_ask_in_cypher(tables) -> None:
    frame = tables.frame(
        "MATCH (s:Segment) WHERE s.index >= $least"
        " RETURN s.start_ms AS start_ms, s.index = 1 AS rainy, 0.5 AS share,"
        " CASE s.index WHEN 0 THEN 7 END AS some, date('2026-01-31') AS day, s.sentences AS said"
        " ORDER BY s.index",
        least=0,
    )
    assert frame["rainy"].tolist() == [False, True]
    assert frame["start"].tolist() == [pd.Timedelta(0), pd.Timedelta(seconds=10)]
    assert frame.dtypes[["rainy", "share", "some"]].astype(str).tolist() == [
        "boolean", "Float64", "Int64",
    ]  # fmt: skip
    assert frame["some"].isna().tolist() == [False, True]
    assert frame["day"][0].isoformat() == "2026-01-31"
    assert frame["said"][1] == ["Rain."]


def test_a_name_that_is_taken_is_left_alone(tables) -> None:
    frame = tables.frame("RETURN 5 AS start_ms, 'x' AS start")
    assert frame["start"].tolist() == ["x"]


def test_the_server_holds_it_to_reading(tables) -> None:
    with pytest.raises(GraphError, match=r"[Ww]rit"):
        tables.frame("CREATE (n:Intruder) RETURN n")


def test_a_wrong_statement_is_told(tables) -> None:
    with pytest.raises(GraphError, match="Neo4j"):
        tables.frame("MATCH (n RETURN n")

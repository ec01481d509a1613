"""Tables as files."""

from __future__ import annotations

import csv
import json

import pandas as pd
import pytest

from kg_videorag.errors import ExportError
from kg_videorag.export.tables import as_csv, save_table
from kg_videorag.graph.client import Table

TABLE = Table(
    ("video", "start_ms", "names"),
    (('a, "b".mp4', 600, ["Ann", "Bob"]), ("две\nстроки.mp4", None, [])),
)


def test_csv_is_read_back_as_it_was() -> None:
    rows = list(csv.reader(as_csv(TABLE).splitlines(keepends=True)))
    assert rows == [
        ["video", "start_ms", "names"],
        ['a, "b".mp4', "600", '["Ann", "Bob"]'],
        ["две\nстроки.mp4", "", "[]"],
    ]


@pytest.mark.parametrize("name", ["t.csv", "t.CSV", "t.json", "t.parquet"])
def test_a_file_holds_what_its_ending_says(tmp_path, name) -> None:
    path = tmp_path / name
    save_table(TABLE, path)
    if name.endswith("json"):
        assert json.loads(path.read_text(encoding="utf-8"))["rows"][0] == list(TABLE.rows[0])
    elif name.endswith("parquet"):
        frame = pd.read_parquet(path)
        assert list(frame.columns) == ["video", "start_ms", "start", "names"]
        assert frame["start"][0] == pd.Timedelta(milliseconds=600)
        assert list(frame["names"][0]) == ["Ann", "Bob"]
    else:
        assert path.read_bytes().decode() == as_csv(TABLE)
    assert [file.name for file in tmp_path.iterdir()] == [name]


def test_another_ending_and_a_missing_folder_are_told(tmp_path) -> None:
    with pytest.raises(ExportError, match="no table can be written") as told:
        save_table(TABLE, tmp_path / "t.xlsx")
    assert ".parquet" in told.value.hint
    with pytest.raises(ExportError, match="cannot be written"):
        save_table(TABLE, tmp_path / "nowhere" / "t.csv")

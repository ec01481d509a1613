"""Tables of results as CSV, JSON and Parquet."""

from __future__ import annotations

import csv
import io
import json
from importlib.util import find_spec
from typing import TYPE_CHECKING

from kg_videorag.errors import EngineUnavailable, ExportError
from kg_videorag.graph.frame import frame_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from kg_videorag.graph.client import Table

FORMATS = ("csv", "json", "parquet")


def as_csv(table: Table) -> str:
    """A header and a line a row, as RFC 4180 has it; lists and maps as JSON."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(table.columns)
    writer.writerows([_cell(value) for value in row] for row in table.rows)
    return text.getvalue()


def as_json(table: Table) -> str:
    """What `cypher run --json` prints."""
    document = {"columns": list(table.columns), "rows": [list(row) for row in table.rows]}
    return json.dumps(document, ensure_ascii=False, indent=2, default=str) + "\n"


def save_table(table: Table, path: Path) -> None:
    """Write a table in the format that the file's ending names; whole or not at all.

    Parquet has typed columns, and beside `start_ms` a duration `start`.

    Args:
        table: Rows with their columns.
        path: Ends in .csv, .json or .parquet.

    Raises:
        ExportError: If the ending is another, or the file cannot be written.
        EngineUnavailable: If pyarrow is not installed.
    """
    write = _WRITERS.get(path.suffix.lower())
    if write is None:
        raise ExportError(
            f"{path.name}: no table can be written in that format",
            hint=f"Let the name end in .{', .'.join(FORMATS)}.",
        )
    partial = path.with_name(f".{path.name}.partial")
    try:
        write(table, partial)
        partial.replace(path)
    except OSError as error:
        raise ExportError(
            f"{path} cannot be written: {error.strerror or error}",
            hint="Choose another place with --output.",
        ) from error
    finally:
        partial.unlink(missing_ok=True)


def _cell(value: object) -> object:
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False, default=str)
    return value


def _save_csv(table: Table, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(as_csv(table))


def _save_json(table: Table, path: Path) -> None:
    path.write_text(as_json(table), encoding="utf-8")


def _save_parquet(table: Table, path: Path) -> None:
    if find_spec("pyarrow") is None:  # pandas would tell of it in many lines
        raise EngineUnavailable(
            "Parquet needs pyarrow, which is not installed",
            hint="Install it: pip install 'kg-videorag[analysis]'",
        )
    frame_of(table).to_parquet(path, index=False)


_WRITERS: Mapping[str, Callable[[Table, Path], None]] = {
    ".csv": _save_csv,
    ".json": _save_json,
    ".parquet": _save_parquet,
}

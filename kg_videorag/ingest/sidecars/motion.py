"""Motion: a table of accelerations and turnings, cut into stretches of even times."""

from __future__ import annotations

import csv
import math
from typing import TYPE_CHECKING

import numpy as np

from kg_videorag.errors import MediaError
from kg_videorag.model import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from typing import TextIO

    from numpy.typing import NDArray

COLUMNS = ("time_ms", "ax", "ay", "az", "gx", "gy", "gz")
STRETCH_MS, STEPS = 5_000, 2_000  # as ports.SidecarEmbedder takes them
# Between two measurements: people's motion has nothing above some 5 Hz that a step of 2.5 ms
# between them could make up, and less than 10 measurements a second do not even show that.
_GAP_MS = 100.0
_MAX_ROWS = 50_000  # of one stretch: 10,000 measurements a second
_MAX_LINE_CHARS = 4_096


def motions(path: Path, until_ms: int) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """The middle of each stretch of 5 s that was measured throughout, and its motion, (6, 2000).

    Args:
        path: A CSV file; docs/sidecars.md says of what form.
        until_ms: The video's length.

    Raises:
        MediaError: At the first line that cannot be read; the stretches before it were given.
    """
    number, rows = 0, list[list[float]]()
    for row in _rows(path):
        if row[0] >= until_ms:
            break
        if int(row[0] // STRETCH_MS) != number:
            yield from _stretch(number, rows)
            number, rows = int(row[0] // STRETCH_MS), []
        rows.append(row)
        if len(rows) > _MAX_ROWS:
            raise MediaError(f"{one_line(path.name)}: over 10,000 measurements a second")
    yield from _stretch(number, rows)


def _stretch(number: int, rows: list[list[float]]) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """One, if it was measured throughout."""
    start_ms = number * STRETCH_MS
    table = np.asarray(rows, dtype=np.float64).reshape(-1, len(COLUMNS))
    times = np.concatenate([[start_ms], table[:, 0], [start_ms + STRETCH_MS]])
    if np.diff(times).max() > _GAP_MS:
        return
    even = start_ms + np.arange(STEPS) * (STRETCH_MS / STEPS)
    channels = [np.interp(even, table[:, 0], channel) for channel in table[:, 1:].T]
    yield start_ms + STRETCH_MS // 2, np.asarray(channels, dtype=np.float32)


def _rows(path: Path) -> Iterator[list[float]]:
    """The table's rows as numbers, their times rising."""
    name = one_line(path.name)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(_lines(file))
            header = tuple(cell.strip().lower() for cell in next(reader, []))
            if header != COLUMNS:
                raise MediaError(f"{name}, line 1: the columns must be {','.join(COLUMNS)}")
            before_ms = -1.0
            for cells in reader:
                if not cells:
                    continue
                try:
                    row = _numbers(cells, before_ms)
                except ValueError as error:
                    raise MediaError(f"{name}, line {reader.line_num}: {error}") from error
                before_ms = row[0]
                yield row
    except (OSError, UnicodeError, csv.Error) as error:
        raise MediaError(f"{name} cannot be read: {one_line(str(error))}") from error


def _lines(file: TextIO) -> Iterator[str]:
    """Line by line, none longer than such a line can be."""
    while line := file.readline(_MAX_LINE_CHARS):
        if len(line) == _MAX_LINE_CHARS:
            raise csv.Error(f"a line has {_MAX_LINE_CHARS} characters and more")
        yield line


def _numbers(cells: Sequence[str], before_ms: float) -> list[float]:
    if len(cells) != len(COLUMNS):
        raise ValueError(f"it has {len(cells)} values, not {len(COLUMNS)}")
    row = [float(cell) for cell in cells]
    if not all(map(math.isfinite, row)):
        raise ValueError("a value is not finite")
    if row[0] <= before_ms:
        raise ValueError("its time is not after the one before")
    return row

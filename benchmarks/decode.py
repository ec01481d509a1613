"""What it costs to decode strangers' files in a process of their own.

    .venv/bin/python benchmarks/decode.py                # the samples, and a film of 10 minutes
    .venv/bin/python benchmarks/decode.py --minutes 2

Each file is decoded in turn in this process and apart, nothing done with what comes out; best of
three. What a start costs is best seen in the short files.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from films import SAMPLES, talking_film
from rich.console import Console
from rich.table import Table

from kg_videorag.ingest.media import MediaReader, decoded
from kg_videorag.model import Picture

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

RUNS = 3


def seconds(decode: Callable[[Path], Iterator[object]], film: Path) -> tuple[float, int]:
    """The best time of all runs, and how many pictures came."""
    times, pictures = [], 0
    for _ in range(RUNS):
        start = time.perf_counter()
        pictures = sum(isinstance(part, Picture) for part in decode(film))
        times.append(time.perf_counter() - start)
    return min(times), pictures


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Decoding in this process and in one apart.")
    parser.add_argument("--minutes", type=float, default=10, help="of the long film")
    minutes = parser.parse_args().minutes
    table = Table("film", "pictures", "in process, s", "apart, s", "apart / in process")
    with tempfile.TemporaryDirectory() as name:
        long_film = Path(name) / "long.mp4"
        talking_film(long_film, minutes)
        for film in (*SAMPLES, long_film):
            here, pictures = seconds(decoded, film)
            apart, same = seconds(MediaReader().decoded, film)
            if pictures != same:
                raise SystemExit(f"{film.name}: {pictures} pictures here, {same} apart")
            cells = (f"{here:.2f}", f"{apart:.2f}", f"{apart / here:.2f}")
            table.add_row(film.name, str(pictures), *cells)
    Console(width=100).print(table)


if __name__ == "__main__":
    main()

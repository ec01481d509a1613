"""How long an ingest takes, beside its stages alone and plain peers; how much memory.

    .venv/bin/python benchmarks/ingest.py                    # a film of 10 minutes
    .venv/bin/python benchmarks/ingest.py --minutes 5
    .venv/bin/python benchmarks/ingest.py --memory           # 10 and 60 minutes of the samples
    .venv/bin/python benchmarks/ingest.py --memory --quiet   # the same of one slide, much faster

The film is the samples over and over. Each row is a process of its own, so that what one loads
or leaves behind helps no other. The whole ingest has all cores; each stage alone has one, with
what the other stages found kept from before. Loading models counts everywhere. Neo4j is a process
beside, on any core.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from films import quiet_film, talking_film
from rich.console import Console
from rich.table import Table

from kg_videorag.compose import managed_server
from kg_videorag.config import load_settings

PART = Path(__file__).with_name("ingest_part.py")
MEMORY_MINUTES = (10, 60)
MOST_TIMES_SUM, MOST_TIMES_MEMORY = 1.15, 1.2
AFTER = ("segment", "extract", "embed", "write", "index")  # the pass over the file


def measured(job: str, film: Path, home: Path, cores: int) -> dict[str, Any]:
    """What a job tells, done in a process of its own."""
    command = [sys.executable, str(PART), job, str(film), str(home), str(cores)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def speed(console: Console, folder: Path, minutes: float) -> None:
    """Print how long all of it takes."""
    film, home, cores = folder / "film.mp4", folder / "home", len(os.sched_getaffinity(0))
    length_s = talking_film(film, minutes)
    table = Table("", "cores", "seconds", "x real time", "CPU s", title=f"{length_s / 60:.1f} min")

    def add(name: str, row_cores: int | str, seconds: float, cpu_s: float | None = None) -> None:
        cpu = f"{cpu_s:.1f}" if cpu_s is not None else ""
        table.add_row(name, str(row_cores), f"{seconds:.1f}", f"{length_s / seconds:.1f}", cpu)

    whole = measured("whole", film, home, cores)
    add("whole ingest", cores, whole["seconds"], whole["cpu_s"])
    for stage, seconds in whole["stages"].items():
        if seconds >= 0.05:
            add(f"  of it {stage}", "", seconds)
    passes = {stage: measured(stage, film, home, 1) for stage in ("speech", "screen")}
    alone = {"read": passes["screen"]["stages"]["read"]}
    alone |= {stage: told["stages"][stage] for stage, told in passes.items()}
    alone |= {stage: passes["screen"]["stages"][stage] for stage in AFTER}
    for stage, seconds in alone.items():
        add(f"{stage} alone", 1, max(seconds, 0.001))
    add("sum of the stages", "1 each", sum(alone.values()))
    for peer in ("tiny.en", "base"):
        told = measured(peer, film, home, 1)
        add(f"plain faster-whisper, {peer}", 1, told["seconds"], told["cpu_s"])
    told = measured("decode", film, home, 1)
    add("plain PyAV decode", 1, told["seconds"], told["cpu_s"])
    console.print(table)
    total, longest = sum(alone.values()), max(alone, key=lambda stage: alone[stage])
    console.print(
        f"whole / sum: {whole['seconds'] / total:.2f} (at most {MOST_TIMES_SUM});"
        f" whole / longest ({longest}): {whole['seconds'] / alone[longest]:.2f}"
    )


def memory(console: Console, folder: Path, *, quiet: bool) -> None:
    """Print what the length of a film does to the memory."""
    table = Table("minutes", "seconds", "own MB", "decoders MB", "together MB", "segments")
    sums = []
    for minutes in MEMORY_MINUTES:
        film, home = folder / f"{minutes}.mp4", folder / "home"
        (quiet_film if quiet else talking_film)(film, minutes)
        told = measured("memory", film, home, len(os.sched_getaffinity(0)))
        own, child = told["own_kb"] / 1024, told["decoders_kb"] / 1024
        sums.append(own + child)
        cells = (f"{told['seconds']:.0f}", f"{own:.0f}", f"{child:.0f}", f"{own + child:.0f}")
        table.add_row(str(minutes), *cells, str(told["segments"]))
    console.print(table)
    console.print(f"60 / 10 minutes: {sums[1] / sums[0]:.2f} (at most {MOST_TIMES_MEMORY})")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="How long an ingest takes, and how much memory.")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--memory", action="store_true", help="measure memory, not time")
    parser.add_argument("--quiet", action="store_true", help="with --memory: a film of one slide")
    arguments = parser.parse_args()
    console = Console(width=100)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        try:
            if arguments.memory:
                memory(console, folder, quiet=arguments.quiet)
            else:
                speed(console, folder, arguments.minutes)
        finally:
            managed_server(load_settings(home=folder / "home")).stop()


if __name__ == "__main__":
    main()

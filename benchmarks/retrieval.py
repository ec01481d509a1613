"""Our retrieval beside what most people build, on one library and one set of questions.

    .venv/bin/python benchmarks/retrieval.py --home build/retrieval

makes the films of benchmarks/library/, ingests them and the samples into a library of its own,
and asks every question of benchmarks/library/questions.toml by each method. The library stays in
`--home` for the next run. docs/adr/0032-evaluation.md tells how to read the tables.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

from chunks import CHUNK_MS, Bm25, ChunkAsk, Vectors, chunks_of
from library.distractors import distractors
from library.films import write_talk
from library.script import talks
from rich.console import Console
from rich.table import Table

from kg_videorag.api import VideoRAG
from kg_videorag.compose import Composition
from kg_videorag.config import load_settings
from kg_videorag.evaluate import Library, evaluate, read_questions
from kg_videorag.evaluate.score import METRICS, summed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg_videorag.evaluate import Evaluation, Group, Question

HERE = Path(__file__).parent
QUESTIONS = HERE / "library" / "questions.toml"
SAMPLES = sorted((HERE.parent / "samples").glob("*.mp4"))
CROWD = 130
K = 5
CONSOLE = Console(width=150)
Ask = "Callable[[str], Answer]"


def fill(home: Path, crowd: int) -> Path:
    """Make the library, or what is missing of it, and take out what another run left.

    Returns:
        Its data directory.
    """
    folder, library = home / "films", home / "library"
    folder.mkdir(parents=True, exist_ok=True)
    files = [*SAMPLES, *(write_talk(talk, folder) for talk in (*talks(), *distractors(crowd)))]
    wanted = {file.name for file in files}
    begin, done = time.perf_counter(), 0
    with VideoRAG(home=str(library)) as rag:
        for stored in rag.videos():
            if Path(stored.video.path).name not in wanted:
                rag.delete(stored.video.id)
        for report in rag.ingest_many(files):
            if report.error is not None:
                sys.exit(f"{report.path}: {report.error.message}")
            done += report.status != "unchanged"
    took_s = time.perf_counter() - begin
    print(f"{len(files)} videos, {done} of them new: {took_s:.0f} s")  # noqa: T201
    return library


def methods(parts: Composition) -> dict[str, Ask]:
    """Everything that is asked, by name."""
    ours = parts.ask
    generator = parts.engine("generator")
    asks: dict[str, Ask] = {}
    for step_ms, name in ((CHUNK_MS, "30 s chunks"), (CHUNK_MS // 2, "overlapping")):
        chunks = chunks_of(parts.graph, step_ms=step_ms)
        rankers = {"BM25": Bm25(chunks), "MiniLM": Vectors(chunks, parts.embedder)}
        for ranker_name, ranker in rankers.items():
            peer = ChunkAsk(chunks, ranker, generator, ours.top_k)
            asks[f"{ranker_name}, {name}"] = peer.ask
    asks["ours, vectors alone"] = replace(ours, roads=("text",)).ask
    asks["ours, no graph"] = replace(ours, roads=("text", "fulltext")).ask
    asks["ours"] = ours.ask
    return asks


def table_of(title: str, rows: Mapping[str, Group]) -> Table:
    """Metrics of one group of questions, a method a row."""
    table = Table("", *METRICS, title=title)
    for name, group in rows.items():
        values = [getattr(group, metric) for metric in METRICS]
        cells = [_cell(metric, v) for metric, v in zip(METRICS, values, strict=True)]
        table.add_row(name, *cells)
    return table


def _cell(metric: str, value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.0f}" if metric.endswith("_ms") else f"{value:.3f}"


def by_kind(metric: str, results: Mapping[str, Evaluation]) -> Table:
    """One metric of each kind, a method a row."""
    groups = next(iter(results.values())).groups
    kinds = [g.name for g in groups if g.by == "kind" and getattr(g, metric) is not None]
    table = Table("", *kinds, title=f"{metric} of the first {K}")
    for name, evaluation in results.items():
        found = {g.name: g for g in evaluation.groups if g.by == "kind"}
        table.add_row(name, *(_cell(metric, getattr(found[kind], metric)) for kind in kinds))
    return table


def part_of(evaluation: Evaluation, part: str, kind: str = "") -> Group:
    """Only the questions of a set, and of a kind where one is given."""
    scores = [
        s
        for s in evaluation.scores
        if s.question.part == part and (not kind or s.question.kind == kind)
    ]
    return summed(scores, "set", part)


def show(questions: Sequence[Question], results: Mapping[str, Evaluation]) -> None:
    """Print what was measured."""
    CONSOLE.print(
        table_of(f"{len(questions)} questions", {n: e.groups[0] for n, e in results.items()})
    )
    for part in dict.fromkeys(q.part for q in questions):
        rows = {name: part_of(evaluation, part) for name, evaluation in results.items()}
        CONSOLE.print(table_of(f"the set {part}", rows))
        rows = {
            name: part_of(evaluation, part, "multi_hop") for name, evaluation in results.items()
        }
        CONSOLE.print(table_of(f"multi_hop of the set {part}", rows))
    for metric in ("recall", "coverage", "temporal_iou", "citation_precision", "accuracy"):
        CONSOLE.print(by_kind(metric, results))


def main() -> None:
    """Make the library, ask by every method, print the tables."""
    arguments = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    arguments.add_argument("--home", type=Path, help="where the library stays between runs")
    arguments.add_argument("--crowd", type=int, default=CROWD, help="talks that answer nothing")
    arguments.add_argument("--as-it-is", action="store_true", help="ask the library of --home now")
    arguments.add_argument("--questions", type=Path, default=QUESTIONS)
    arguments.add_argument("--only", default="", help="methods whose name has this")
    arguments.add_argument("--json", type=Path, help="write question by question to this file")
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = (chosen.home or Path(folder)).resolve()
        library = home / "library" if chosen.as_it_is else fill(home, chosen.crowd)
        parts = Composition(load_settings(home=library))
        try:
            results = measure(parts, read_questions(chosen.questions), chosen.only)
        finally:
            parts.close()
            parts.server.stop()
    if chosen.json:
        told = {name: [asdict(s) for s in e.scores] for name, e in results.items()}
        chosen.json.write_text(json.dumps(told, ensure_ascii=False, indent=1, default=str))


def measure(parts: Composition, questions: Sequence[Question], only: str) -> dict[str, Evaluation]:
    """Ask by every method whose name has `only`, and print the tables."""
    library = Library(parts.graph)
    needs = [library.needs(question) for question in questions]
    results = {}
    for name, ask in methods(parts).items():
        if only in name:
            ask(questions[0].text)  # loads models
            results[name] = evaluate(questions, needs, ask, k=K)
    show(questions, results)
    return results


if __name__ == "__main__":
    main()

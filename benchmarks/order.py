"""Whether what lies beside something in a video is among the first evidence, and is quoted.

    .venv/bin/kg-videorag ingest samples/*.mp4
    .venv/bin/python benchmarks/order.py

Asks the questions of order.toml of the library in KGV_HOME, into which the sample videos were
ingested. The peer takes "after" for a word like any other, as it was before order was read.
"""

from __future__ import annotations

import tomllib
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

from rich.console import Console
from rich.table import Table

from kg_videorag import VideoRAG
from kg_videorag.ask import pipeline
from kg_videorag.ask.question import read_question

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from kg_videorag import Answer

DATA = tomllib.loads((Path(__file__).parent / "order.toml").read_text(encoding="utf-8"))
FIRST = 5
NEAR_MS = 1_000  # times recognised are off by less


def rank_of(answer: Answer, wanted: Mapping[str, Any]) -> int | None:
    """The rank of the evidence that has the right sentence, from 1."""
    for rank, item in enumerate(answer.evidence, start=1):
        starts = (abs(s.span.start_ms - wanted["at_ms"]) <= NEAR_MS for s in item.sentences)
        if item.video == wanted["video"] and any(starts):
            return rank
    return None


def is_quoted(answer: Answer, wanted: Mapping[str, Any]) -> bool:
    """Whether an answer cites the right sentence."""
    return any(
        c.video == wanted["video"] and abs(c.span.start_ms - wanted["at_ms"]) <= NEAR_MS
        for c in answer.citations
    )


def measure(
    rag: VideoRAG, questions: Sequence[Mapping[str, Any]], console: Console
) -> tuple[str, str, str]:
    """Of some questions: how many are in the first few, are first, and are quoted."""
    first = top = quoted = 0
    for wanted in questions:
        answer = rag.query(wanted["ask"])
        rank = rank_of(answer, wanted)
        first += rank == 1
        top += rank is not None and rank <= FIRST
        quoted += is_quoted(answer, wanted)
        if rank is None or rank > FIRST or not is_quoted(answer, wanted):
            console.print(f"  rank {rank}: {wanted['ask']}\n    {answer.text}", style="dim")
    of = len(questions)
    return f"{first}/{of}", f"{top}/{of}", f"{quoted}/{of}"


def main() -> None:
    """Ask all questions twice and print a table."""
    console = Console()
    table = Table("questions", "", "first", f"in the first {FIRST}", "quoted")
    with VideoRAG() as rag:
        for name, questions in DATA.items():
            console.print(f"{name}, order read:")
            table.add_row(name, "order read", *measure(rag, questions, console))
            plain = partial(read_question, by_order=False)
            with patch.object(pipeline, "read_question", plain):
                row = measure(rag, questions, Console(quiet=True))
            table.add_row(name, "words alone", *row)
    console.print(table)


if __name__ == "__main__":
    main()

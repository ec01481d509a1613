"""`eval judge`: two systems' answers compared by a language model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg_videorag.cli.output import JsonFlag, library, print_json, printable, say, show

if TYPE_CHECKING:
    from kg_videorag.evaluate.longer_videos.intervals import Estimate
    from kg_videorag.evaluate.longer_videos.report import Report

_Folder = Annotated[Path, typer.Argument(help="Answers: KEY.md, KEY.txt or KEY.json.")]


def judge(  # noqa: PLR0913, PLR0917 - each is an option of the command
    folder_a: _Folder,
    folder_b: _Folder,
    questions: Annotated[
        Path | None, typer.Option("--questions", help="JSON: the question of each KEY.")
    ] = None,
    judge_url: Annotated[
        str, typer.Option("--judge-url", help="An OpenAI-compatible server; else KGV_LLM_URL.")
    ] = "",
    judge_model: Annotated[
        str, typer.Option("--judge-model", help="Its model; else KGV_LLM_MODEL.")
    ] = "",
    concurrency: Annotated[
        int, typer.Option("--concurrency", min=1, max=64, help="Pairs judged at once.")
    ] = 4,
    scores: Annotated[
        bool, typer.Option("--scores/--no-scores", help="Give each answer 1 to 5 points too.")
    ] = True,
    equal_length: Annotated[
        bool,
        typer.Option(
            "--equal-length/--no-equal-length", help="Judge again with the longer answer cut."
        ),
    ] = True,
    as_json: JsonFlag = False,
) -> None:
    """Compare two systems' answers: each pair in both orders, by the protocol of LongerVideos."""
    with library(as_json=as_json) as rag:
        from kg_videorag.evaluate.longer_videos import Options

        report = rag.judge(
            folder_a,
            folder_b,
            questions=questions,
            options=Options(scores, equal_length, concurrency, judge_url, judge_model),
            on_pair=lambda done, pairs: say(f"judged {done} of {pairs} pairs"),
        )
    if as_json:
        from kg_videorag.documents import judge_document

        print_json(judge_document(report))
    else:
        _show(report)
    if report.failed:
        raise typer.Exit(1)


def _show(report: Report) -> None:
    show(f"judge {report.judge}, {report.pairs} pairs; rates are of A, ties count half, 95 %")
    show(f"words an answer: A {report.words_a:.0f}, B {report.words_b:.0f}")
    for side, missing in (("A", report.missing_a), ("B", report.missing_b)):
        if missing:
            show(f"{side} has no answer to: {', '.join(missing)}")
    for key, error in report.failed:
        show(f"no verdict on {key}: {error.message}")
    from rich.console import Console
    from rich.table import Table

    drawn = Table(
        "dimension", "A : tie : B", "A wins", "of equal length", "length controlled", "points A : B"
    )
    for name, found in report.dimensions.items():
        points = "" if found.score_a is None else f"{found.score_a:.2f} : {found.score_b or 0:.2f}"
        drawn.add_row(
            printable(str(name)),
            f"{found.wins} : {found.ties} : {found.losses}",
            _rate(found.win_rate),
            _rate(found.equal_length),
            _rate(found.length_controlled),
            points,
        )
    Console().print(drawn)


def _rate(estimate: Estimate | None) -> str:
    if estimate is None:
        return "-"
    return f"{estimate.rate:.0%} ({estimate.low:.0%} to {estimate.high:.0%})"

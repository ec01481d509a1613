"""`correct line|name|list|undo`: what people know better than the engines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kg_videorag.cli.output import JsonFlag, counted, library, print_json, say, show

if TYPE_CHECKING:
    from kg_videorag.model import Correction, CorrectionReport

app = typer.Typer(
    name="correct", help="Correct lines and names by hand; they stay so.", no_args_is_help=True
)
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")]
_ID_CHARS = 12


@app.command("line")
def correct_line(
    video: Annotated[str, typer.Argument(help="Id, id prefix, path, title or file name.")],
    right: Annotated[str, typer.Argument(metavar="TEXT", help="What is really said.")],
    at: Annotated[
        str | None, typer.Option("--at", metavar="TIME", help="When: 00:01:23, or seconds.")
    ] = None,
    was: Annotated[
        str, typer.Option("--was", metavar="TEXT", help="What the line says now, in full.")
    ] = "",
    dry_run: DryRun = False,
    as_json: JsonFlag = False,
) -> None:
    """Correct one line of a transcript or of subtitles, named by --at or --was."""
    at_ms = None if at is None else _moment_ms(at)
    if at_ms is None and not was:
        raise typer.BadParameter("name the line by --at TIME or --was TEXT")
    with library(as_json=as_json) as rag:
        report = rag.corrections.line(video, right, at_ms=at_ms, was=was, dry_run=dry_run)
    _print(report, done=not dry_run, as_json=as_json)


@app.command("name")
def correct_name(
    wrong: Annotated[str, typer.Argument(help="The name as it was recognised.")],
    right: Annotated[str, typer.Argument(help="The name as it is.")],
    video: Annotated[
        str | None, typer.Option("--video", help="Only in this video; else in all.")
    ] = None,
    dry_run: DryRun = False,
    as_json: JsonFlag = False,
) -> None:
    """Correct a name wherever it is said or shown, in one video or in all, now and later."""
    with library(as_json=as_json) as rag:
        report = rag.corrections.name(wrong, right, video=video, dry_run=dry_run)
    _print(report, done=not dry_run, as_json=as_json)


@app.command("list")
def list_corrections(
    video: Annotated[
        str | None, typer.Option("--video", help="Only those that count for this video.")
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """What was corrected by hand, in the order in which it was."""
    with library(as_json=as_json) as rag:
        corrections = rag.corrections.all(video)
    from kg_videorag.documents import correction_document

    if as_json:
        print_json({"corrections": [correction_document(c) for c in corrections]})
        return
    for correction in corrections:
        show(_told(correction))
    if not corrections:
        say("nothing was corrected by hand")


@app.command("undo")
def undo_correction(
    correction: Annotated[str, typer.Argument(help="Its id, or what the id begins with.")],
    dry_run: DryRun = False,
    as_json: JsonFlag = False,
) -> None:
    """Take a correction back: what was recognised is there again."""
    with library(as_json=as_json) as rag:
        report = rag.corrections.undo(correction, dry_run=dry_run)
    _print(report, done=not dry_run, as_json=as_json)


def _print(report: CorrectionReport, *, done: bool, as_json: bool) -> None:
    from kg_videorag.documents import correction_report_document
    from kg_videorag.model import timecode

    if as_json:
        print_json(correction_report_document(report, done=done))
        return
    for line in report.lines:
        show(f"{line.video_id[:_ID_CHARS]}  {timecode(line.span.start_ms)}")
        show(f"  - {line.before}\n  + {line.after}")
    for warning in report.warnings:
        say(f"warning: {warning}")
    did = "changed" if done else "would change"
    show(f"{did} {counted(lines=len(report.lines))} ({report.correction.id[:_ID_CHARS]})")


def _told(correction: Correction) -> str:
    from kg_videorag.model import timecode

    where = correction.video_id[:_ID_CHARS] if correction.video_id else "all videos"
    at = f" {timecode(correction.span.start_ms)}" if correction.span else ""
    return (
        f"{correction.id[:_ID_CHARS]}  {where}{at}"
        f"  {correction.original!r} -> {correction.replacement!r}"
    )


def _moment_ms(text: str) -> int:
    from kg_videorag.model import moment_ms

    try:
        return moment_ms(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--at") from error

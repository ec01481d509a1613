"""`ingest`, `ask` and `search`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kg_videorag.cli.output import (
    INTERRUPTED,
    JsonFlag,
    VideosOption,
    counted,
    library,
    print_json,
    say,
    show,
)

if TYPE_CHECKING:
    from kg_videorag.model import Answer, Citation, Evidence, IngestReport


def ingest(
    paths: Annotated[list[str], typer.Argument(help="Video or sound files.", metavar="PATH...")],
    force: Annotated[bool, typer.Option("--force", help="Do it even if nothing changed.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Turn files into graph and vectors. A file that fails does not stop the others."""
    from kg_videorag.cli.progress import StageBars

    reports: list[IngestReport] = []
    with library(as_json=as_json) as rag, StageBars() as bars:
        rag.require_engines()
        rag.connect()  # what it says must not come between the bars
        try:
            for path in paths:
                bars.begin(path)
                reports.extend(rag.ingest_many([path], force=force, on_progress=bars.advance))
                bars.end(_outcome(reports[-1]))
        except KeyboardInterrupt:
            reports.extend(map(_interrupted, paths[len(reports) :]))
            bars.end(INTERRUPTED)
    if as_json:
        from kg_videorag.documents import ingest_document

        print_json(ingest_document(reports))
    if any(report.status in ("partial", "failed") for report in reports):
        raise typer.Exit(1)


def ask(
    question: Annotated[str, typer.Argument(help="In words, in quotes.")],
    video: VideosOption = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show the evidence and how it was found.")
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Answer a question with citations to video and time."""
    with library(as_json=as_json) as rag:
        answer = rag.query(question, videos=video or ())
    for warning in answer.warnings:
        say(f"warning: {warning}")
    if as_json:
        from kg_videorag.documents import answer_document

        print_json(answer_document(answer))
        return
    _show_answer(answer)
    if explain:
        show("\nEvidence, by rank:")
        _show_evidence(answer.evidence)
        for entity in answer.cut:
            show(f"\n{entity.name} is mentioned more often than was looked at.")
        for warning in answer.warnings:
            show(f"\nWarning: {warning}.")
        timings = ", ".join(f"{name} {ms:.0f} ms" for name, ms in answer.timings_ms.items())
        show(f"\nTime: {timings}")


def search(
    query: Annotated[str, typer.Argument(help="In words, in quotes.")],
    emotional_context: Annotated[
        str | None,
        typer.Option(help='A mood that orders what is found, such as "aggressive".'),
    ] = None,
    space: Annotated[
        str | None,
        typer.Option(
            help="Only by vectors of what was said, seen or heard: text, vision, audio; or of what"
            " lies beside a video: depth, thermal, imu."
        ),
    ] = None,
    video: VideosOption = None,
    top_k: Annotated[
        int | None, typer.Option("--top-k", min=1, max=100, help="How many hits at most.")
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Find segments, best first, without an answer."""
    with library(as_json=as_json) as rag:
        hits = rag.search(
            query,
            emotional_context=emotional_context,
            space=space,
            videos=video or (),
            top_k=top_k,
        )
    if as_json:
        from kg_videorag.documents import search_document

        print_json(search_document(hits))
        return
    _show_evidence(hits)
    if not hits:
        say("nothing found")


def _interrupted(path: str) -> IngestReport:
    from kg_videorag.model import Failure, IngestReport, VideoStatus

    failure = Failure("interrupted", f"{path}: not ingested", "Run the command again to go on.")
    return IngestReport(path=path, status=VideoStatus.FAILED, error=failure)


def _outcome(report: IngestReport) -> str:
    if report.error is not None:
        hint = f"\n  {report.error.hint}" if report.error.hint else ""
        return f"{report.path}: failed: {report.error.message}{hint}"
    counts = counted(
        segments=report.segments or 0,
        entities=report.entities or 0,
        relations=report.relations or 0,
    )
    warnings = "".join(f"\n  {warning}" for warning in report.warnings)
    return f"{report.path}: {report.status}: {counts}{warnings}"


def _show_answer(answer: Answer) -> None:
    from kg_videorag.model import one_line

    show(answer.text)
    for citation in answer.citations:
        name = one_line(citation.video)
        show(f'  [{citation.number}] {name} {_span(citation)} "{citation.quote}"')
    if answer.answered and answer.generator == "extractive":
        say("(quoted from the evidence: no language model is configured)")


def _show_evidence(items: tuple[Evidence, ...]) -> None:
    from kg_videorag.model import one_line

    for number, item in enumerate(items, start=1):
        found = f"{item.score:.4f}  {', '.join(item.via)}"
        show(f"{number:3}. {one_line(item.video)} {_span(item)}  {found}")
        show(f"     {item.text}")


def _span(item: Citation | Evidence) -> str:
    from kg_videorag.model import timecode

    return f"{timecode(item.span.start_ms)}-{timecode(item.span.end_ms)}"

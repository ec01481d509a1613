"""`ask` and `search`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kg_videorag.cli.output import (
    JsonFlag,
    VideosOption,
    library,
    print_json,
    printable,
    say,
    show,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg_videorag.api import VideoRAG
    from kg_videorag.model import Answer, Citation, Evidence


def ask(
    question: Annotated[str, typer.Argument(help="In words, in quotes.")],
    video: VideosOption = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show the evidence and how it was found.")
    ] = False,
    stream: Annotated[
        bool, typer.Option("--stream", help="Print each sentence as soon as it is checked.")
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Answer a question with citations to video and time."""
    if stream and as_json:
        raise typer.BadParameter("--stream prints for people; --json prints one document")
    told = ""
    with library(as_json=as_json) as rag:
        if stream:
            answer, told = _streamed(rag, question, video or ())
        else:
            answer = rag.query(question, videos=video or ())
    for warning in answer.warnings:
        say(f"warning: {warning}")
    if as_json:
        from kg_videorag.documents import answer_document

        print_json(answer_document(answer))
        return
    _show_answer(answer, told)
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


def _streamed(rag: VideoRAG, question: str, videos: Sequence[str]) -> tuple[Answer, str]:
    """Print sentences as they come; the answer, and what of it was printed."""
    told = ""
    pieces = rag.stream(question, videos=videos)
    while isinstance(piece := next(pieces), str):
        told += piece
        typer.echo(printable(piece), nl=False)
    if told:
        show()
    return piece, told


def _show_answer(answer: Answer, told: str = "") -> None:
    from kg_videorag.model import one_line

    if answer.text != told:  # nothing was told before, or the model took it back
        show(answer.text)
    for citation in answer.citations:
        name = one_line(citation.video)
        show(f'  [{citation.number}] {name} {_span(citation)} "{citation.quote}"')
        if citation.link:
            show(f"      {citation.link}")
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

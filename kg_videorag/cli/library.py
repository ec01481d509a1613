"""`ask` and `search`."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg_videorag.cli.filters import (  # noqa: TC001 - typer reads them
    ModalitiesOption,
    SpeakerOption,
    TagsOption,
    TimeOption,
)
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
    from kg_videorag.api import VideoRAG
    from kg_videorag.model import Answer, Citation, Evidence, Reason


SessionOption = Annotated[
    str | None,
    typer.Option(
        "--session",
        metavar="NAME",
        help="Go on with the conversation of that name: `and where did she study?`",
    ),
]


def ask(  # noqa: PLR0913, PLR0917 - one parameter an option, as typer wants it
    question: Annotated[str, typer.Argument(help="In words, in quotes.")],
    video: VideosOption = None,
    tag: TagsOption = None,
    time: TimeOption = None,
    speaker: SpeakerOption = None,
    modality: ModalitiesOption = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show the evidence and how it was found.")
    ] = False,
    session: SessionOption = None,
    stream: Annotated[
        bool, typer.Option("--stream", help="Print each sentence as soon as it is checked.")
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Answer a question with citations to video and time."""
    if stream and (as_json or session):
        raise typer.BadParameter("--stream goes neither with --json nor with --session")
    told = ""
    with library(as_json=as_json) as rag:
        where: dict[str, Any] = {
            "videos": video or (),
            "tags": tag or (),
            "time": time,
            "speaker": speaker,
            "modalities": modality or (),
        }
        if stream:
            answer, told = _streamed(rag, question, where)
        elif session:
            answer = rag.session(session).query(question, **where)
        else:
            answer = rag.query(question, **where)
    for warning in answer.warnings:
        say(f"warning: {warning}")
    if as_json:
        from kg_videorag.documents import answer_document, explained_document

        document = explained_document(answer) if explain else answer_document(answer)
        understood = {"understood_as": answer.understood_as} if session else {}
        print_json({**document, **understood})
        return
    if answer.understood_as not in ("", answer.question):
        show(f"({answer.understood_as})")
    _show_answer(answer, told)
    if explain:
        _explain(answer)


def _explain(answer: Answer) -> None:
    show("\nEvidence, by rank:")
    _show_evidence(answer.evidence, answer.explanation)
    for entity in answer.cut:
        show(f"\n{entity.name} is mentioned more often than was looked at.")
    for warning in answer.warnings:
        show(f"\nWarning: {warning}.")
    timings = ", ".join(f"{name} {ms:.0f} ms" for name, ms in answer.timings_ms.items())
    show(f"\nTime: {timings}")


def search(  # noqa: PLR0913, PLR0917 - one parameter an option, as typer wants it
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
    tag: TagsOption = None,
    time: TimeOption = None,
    speaker: SpeakerOption = None,
    modality: ModalitiesOption = None,
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
            tags=tag or (),
            time=time,
            speaker=speaker,
            modalities=modality or (),
            top_k=top_k,
        )
    if as_json:
        from kg_videorag.documents import search_document

        print_json(search_document(hits))
        return
    _show_evidence(hits)
    if not hits:
        say("nothing found")


def _streamed(rag: VideoRAG, question: str, where: dict[str, Any]) -> tuple[Answer, str]:
    """Print sentences as they come; the answer, and what of it was printed."""
    told = ""
    pieces = rag.stream(question, **where)
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


def _show_evidence(items: tuple[Evidence, ...], reasons: tuple[Reason, ...] = ()) -> None:
    from kg_videorag.model import one_line

    for number, (item, reason) in enumerate(zip_longest(items, reasons), start=1):
        found = f"{item.score:.4f}  {', '.join(item.via)}"
        show(f"{number:3}. {one_line(item.video)} {_span(item)}  {found}")
        show(f"     {item.text}")
        if reason is not None:
            _show_reason(reason)


def _show_reason(reason: Reason) -> None:
    """What of an evidence's score comes from where: "text no. 1 +0.0909"."""
    from kg_videorag.model import chain_in_words, one_line

    gains = [f"{gain.road} no. {gain.rank} +{gain.gain:.4f}" for gain in reason.roads]
    if reason.covers:
        gains.append(f"says {', '.join(reason.covers)} +{reason.covered:.4f}")
    if reason.chained:
        gains.append(f"chain +{reason.chained:.4f}")
    show(f"     why: {', '.join(gains)}")
    if reason.chain:
        show(f"     chain: {one_line(chain_in_words(reason.chain))}")


def _span(item: Citation | Evidence) -> str:
    from kg_videorag.model import timecode

    return f"{timecode(item.span.start_ms)}-{timecode(item.span.end_ms)}"

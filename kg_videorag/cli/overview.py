"""`videos summary|chapters` and `graph timeline`."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from kg_videorag.cli import graph, videos
from kg_videorag.cli.output import (
    JsonFlag,
    VideosOption,
    counted,
    library,
    print_json,
    say,
    show,
)

if TYPE_CHECKING:
    from kg_videorag.ask.overview.values import Stretch, VideoSummary


class Language(StrEnum):
    """In which a summary is written."""

    ENGLISH = "en"
    RUSSIAN = "ru"


class Format(StrEnum):
    """What `videos chapters` prints."""

    TEXT = "text"
    VTT = "vtt"
    FFMETADATA = "ffmetadata"


def add_commands() -> None:
    """Add these commands to the groups that they belong to."""
    videos.app.command("summary")(summary)
    videos.app.command("chapters")(chapters)
    graph.app.command("timeline")(timeline)


def summary(
    video: videos.Selector,
    language: Annotated[
        Language | None, typer.Option(help="By a language model; the video's own if not given.")
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """What a video says, in short; every sentence with its time."""
    with library(as_json=as_json) as rag:
        found = rag.summary_of(video, language=language.value if language else "")
    for warning in found.warnings:
        say(f"warning: {warning}")
    if as_json:
        from kg_videorag.overview_documents import summary_document

        print_json(summary_document(found))
        return
    _show_summary(found)


def chapters(
    video: videos.Selector,
    form: Annotated[
        Format,
        typer.Option(
            "--format", help="text as YouTube takes it, vtt for a player, ffmetadata for FFmpeg."
        ),
    ] = Format.TEXT,
    as_json: JsonFlag = False,
) -> None:
    """Where a video turns to something else, each part with a title."""
    with library(as_json=as_json) as rag:
        found = rag.chapters(video)
    if as_json:
        from kg_videorag.overview_documents import chapters_document

        print_json(chapters_document(found))
        return
    from kg_videorag.ask.overview.export import FORMATS

    show(FORMATS[form.value](found))


def timeline(
    entity: Annotated[str, typer.Argument(help="Its name, its id, or 8 or more characters of it.")],
    entity_type: Annotated[
        str | None, typer.Option("--type", help="Where several have that name: Person, Place ...")
    ] = None,
    video: VideosOption = None,
    limit: Annotated[
        int, typer.Option(min=1, max=1000, help="How many stretches of time at most.")
    ] = 100,
    as_json: JsonFlag = False,
) -> None:
    """When something is spoken of, in all videos and by all its names."""
    with library(as_json=as_json) as rag:
        found = rag.timeline(entity, entity_type=entity_type, videos=video or (), limit=limit)
    if as_json:
        from kg_videorag.overview_documents import timeline_document

        print_json(timeline_document(found))
        return
    also = f", also {', '.join(v.name for v in found.variants)}" if found.variants else ""
    counts = counted(mentions=found.mentions, videos=found.videos)
    show(f"{found.entity.name} ({found.entity.type}{also}): {counts}")
    before = ""
    for stretch in found.stretches:
        if stretch.video_id != before:
            show(f"\n{stretch.title}  ({stretch.video})")
            before = stretch.video_id
        _show_stretch(stretch)
    if found.cut:
        say("there are more: name one with --video, or raise --limit")


def _show_summary(found: VideoSummary) -> None:
    from kg_videorag.model import one_line, timecode

    show(f"{one_line(found.video.title)}  {timecode(found.video.duration_ms)}\n")
    show(found.text or "Nothing is said or shown.")
    for citation in found.citations:
        at = timecode(citation.span.start_ms)
        show(f'  [{citation.number}] {at} "{one_line(citation.quote)}"')
    if found.entities:
        names = [f"{top.entity.name} ({top.mentions})" for top in found.entities]
        show(f"\nSpoken of: {', '.join(names)}")
    if found.relations:
        show("Told:")
    for told in found.relations:
        often = f" ({told.times}x)" if told.times > 1 else ""
        what = f"{told.subject} - {told.predicate} - {told.object}{often}"
        show(f"  {timecode(told.span.start_ms)} {what}")
    if found.summariser == "extractive" and found.text:
        say("(the most central sentences: no language model is configured)")


def _show_stretch(stretch: Stretch) -> None:
    from kg_videorag.model import one_line, timecode

    times = f"{timecode(stretch.span.start_ms)}-{timecode(stretch.span.end_ms)}"
    show(f"  {times}  {counted(mentions=stretch.mentions)}")
    for said in stretch.said:
        where = "" if said.modality == "speech" else f" ({said.modality})"
        show(f"    {timecode(said.span.start_ms)}{where} {one_line(said.text)}")
    for told in stretch.relations:
        show(f"    = {told.subject} - {told.predicate} - {told.object}")

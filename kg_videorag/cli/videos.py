"""`videos list|show|tag|delete|relink`."""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Annotated

import typer

from kg_videorag.cli.filters import TagsOption, tag_names
from kg_videorag.cli.output import JsonFlag, counted, library, print_json, say, show

if TYPE_CHECKING:
    from kg_videorag.model import Relinked, RelinkReport, StoredVideo

app = typer.Typer(name="videos", help="The videos of the library.", no_args_is_help=True)
Selector = Annotated[str, typer.Argument(help="Id, id prefix, path, title or file name.")]


@app.command("list")
def list_videos(tag: TagsOption = None, as_json: JsonFlag = False) -> None:
    """All videos, by title."""
    with library(as_json=as_json) as rag:
        stored = rag.videos(tags=tag or ())
    from kg_videorag.documents import video_document
    from kg_videorag.model import one_line, timecode

    if as_json:
        print_json({"videos": [video_document(video) for video in stored]})
        return
    for item in stored:
        video = item.video
        show(
            f"{video.id[:12]}  {timecode(video.duration_ms)}  {item.status:8}"
            f"  {item.segments:4} segments  {item.entities:4} entities  {video.title}"
            f"  ({one_line(PurePath(video.path).name)}){_tags(item)}"
        )
    if not stored:
        say("the library is empty: begin with `kg-videorag ingest FILE`")


@app.command("show")
def show_video(video: Selector, as_json: JsonFlag = False) -> None:
    """One video with its segments and what they say."""
    with library(as_json=as_json) as rag:
        stored, segments = rag.video(video)
    from kg_videorag.documents import segment_document, video_document
    from kg_videorag.model import timecode

    if as_json:
        print_json(
            {"video": video_document(stored), "segments": [segment_document(s) for s in segments]}
        )
        return
    show(f"{stored.video.title}\n  {stored.video.path}\n  {stored.video.id}")
    if stored.source_url:
        show(f"  from {stored.source_url}")
    if stored.tags:
        show(f"  tags: {', '.join(stored.tags)}")
    for warning in stored.warnings:
        show(f"  {stored.status}: {warning}")
    for segment in segments:
        show(f"\n{timecode(segment.span.start_ms)}-{timecode(segment.span.end_ms)}")
        show(f"  {segment.speech or '(nothing said)'}")
        if segment.screen_text:
            show(f"  on screen: {' | '.join(segment.screen_text.splitlines())}")
        if segment.caption:
            show(f"  seen: {segment.caption}")
        show(f"  entities: {', '.join(segment.entities) or 'none'}")


@app.command("tag")
def tag_videos(
    videos: Annotated[
        list[str],
        typer.Argument(help="Ids, id prefixes, paths, titles or file names.", metavar="VIDEO..."),
    ],
    add: Annotated[
        list[str] | None,
        typer.Option("--add", metavar="NAME", callback=tag_names, help="Put this tag on."),
    ] = None,
    remove: Annotated[
        list[str] | None,
        typer.Option("--remove", metavar="NAME", callback=tag_names, help="Take this tag off."),
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Collect videos by tags: `ask`, `search` and `videos list` take --tag."""
    if not add and not remove:
        raise typer.BadParameter("give --add NAME, or --remove NAME")
    with library(as_json=as_json) as rag:
        stored = rag.tag(*videos, add=add or (), remove=remove or ())
    if as_json:
        from kg_videorag.documents import tags_document

        print_json(tags_document(stored))
        return
    for item in stored:
        show(f"{item.video.id[:12]}  {item.video.title}{_tags(item) or '  (no tag)'}")


def _tags(stored: StoredVideo) -> str:
    return f"  [{', '.join(stored.tags)}]" if stored.tags else ""


@app.command("delete")
def delete_video(
    video: Selector,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be removed.")
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Remove a video and exactly what only it supports; its file too, if it was fetched."""
    with library(as_json=as_json) as rag:
        file = rag.fetched_file(video)
        video_id, deletion = rag.delete(video, dry_run=dry_run)
    from dataclasses import asdict

    counts = asdict(deletion)
    if as_json:
        print_json(
            {
                "video_id": video_id,
                "deleted": not dry_run,
                **counts,
                "file": None if file is None else str(file),
            }
        )
        return
    did = "would remove" if dry_run else "removed"
    show(f"{did} {video_id[:12]} with {counted(**counts)}")
    if file is not None:
        show(f"{did} {file}, which was fetched from an address")


@app.command("relink")
def relink_videos(
    where: Annotated[
        list[str],
        typer.Argument(
            help="Folders to look through; or one video (id, path, title, file name) and its file.",
            metavar="FOLDER... | VIDEO FILE",
        ),
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be remembered.")
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Find the files of videos that were moved, by their content."""
    from kg_videorag.cli.reading import FileBar

    one = len(where) == 2 and not any(Path(given).is_dir() for given in where)
    with library(as_json=as_json) as rag, FileBar() as bar:
        if one:
            moved = rag.relink_video(*where, dry_run=dry_run, on_file=bar.advance)
            report = _only(moved)
        else:
            report = rag.relink(*where, dry_run=dry_run, on_file=bar.advance)
    if as_json:
        from kg_videorag.documents import relink_document

        print_json(relink_document(report, dry_run=dry_run))
    else:
        _show_relinked(report, dry_run=dry_run)
    if report.missing:
        raise typer.Exit(1)


def _only(moved: Relinked) -> RelinkReport:
    from kg_videorag.model import RelinkReport

    return RelinkReport(relinked=(moved,), missing=(), read=1)


def _show_relinked(report: RelinkReport, *, dry_run: bool) -> None:
    from kg_videorag.model import one_line

    did = "would be relinked" if dry_run else "relinked"
    for one in report.relinked:
        show(f"{did}: {one_line(one.title)}\n  from {one_line(one.former_path)}")
        show(f"  to   {one_line(one.path)}")
        for copy in one.copies:
            show(f"  also {one_line(copy)}")
    for video in report.missing:
        show(f"still missing: {one_line(video.title)}\n  {one_line(video.path)}")
    for path, reason in report.unreadable:
        say(f"not read: {path}: {reason}")
    if not report.relinked and not report.missing:
        say("no video's file is missing")

"""Reads videos and the library as a whole."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

from kg_videorag.errors import VideoSelectionError
from kg_videorag.graph.queries import load
from kg_videorag.model import Span, StoredVideo, Video, VideoStatus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg_videorag.graph.client import GraphClient, Row

_SHORT_ID_CHARS = 12


@dataclass(frozen=True, slots=True)
class SegmentView:
    """A segment as `videos show` prints it."""

    id: str
    span: Span
    speech: str
    screen_text: str
    caption: str
    entities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Deletion:
    """What deleting a video removes; `entities` are those that only it mentions.

    `corrections` are those made by hand in it; those of names in all videos stay.
    """

    segments: int
    entities: int
    relations: int
    embeddings: int
    corrections: int


@dataclass(frozen=True, slots=True)
class Summary:
    """How much a library holds; `variants` are those entities that are another by SAME_AS."""

    videos: int
    duration_ms: int
    segments: int
    entities: int
    variants: int
    mentions: int
    relations: int
    embeddings: int


def others_at_path(client: GraphClient, path: str, video_id: str) -> tuple[str, ...]:
    """Ids of videos that were ingested from a path before its file changed."""
    rows = client.read(load("graph/others_at_path"), path=path, video_id=video_id)
    return tuple(row["id"] for row in rows)


def list_videos(client: GraphClient, video_ids: Sequence[str] | None = None) -> list[StoredVideo]:
    """Videos by title: all, or only some."""
    return [_stored(row) for row in client.read(load("graph/videos"), video_ids=video_ids)]


def video_ids(client: GraphClient) -> list[str]:
    """The ids of all videos, without looking at what they hold."""
    return [row["id"] for row in client.read(load("graph/video_ids"))]


def find_video(client: GraphClient, video_id: str) -> StoredVideo | None:
    """The video of that id, or None."""
    rows = client.read(load("graph/video"), video_id=video_id)
    return _stored(rows[0]) if rows else None


def select_video(client: GraphClient, selector: str) -> str:
    """The id of the one video that a selector names.

    Args:
        client: The graph.
        selector: An id, an id prefix of 8 characters or more, or an exact path, title or
            file name.

    Raises:
        VideoSelectionError: If it names none, or several; the candidates are in the hint.
    """
    rows = client.read(
        load("graph/select_videos"),
        selector=normalize("NFC", selector),
        absolute_path=normalize("NFC", os.path.abspath(selector)),  # noqa: PTH100 - as stored
    )
    # A whole path names one file, though another's letters may be stored in another form.
    exact = [row for row in rows if row["path"] == selector] or rows
    if len(exact) == 1:
        return str(exact[0]["id"])
    if rows:
        raise VideoSelectionError(
            f"{selector!r} names {len(rows)} videos; use the id", hint=_candidates(rows)
        )
    known = client.read(load("graph/videos"), video_ids=None)
    if not known:
        raise VideoSelectionError(
            f"no video is named {selector!r}: the library is empty",
            hint="Begin with `kg-videorag ingest FILE`.",
        )
    raise VideoSelectionError(f"no video is named {selector!r}", hint=_candidates(known))


def video_segments(client: GraphClient, video_id: str) -> list[SegmentView]:
    """The segments of a video, in order of time."""
    return [
        SegmentView(
            id=row["id"],
            span=Span(row["start_ms"], row["end_ms"]),
            speech=row["speech"],
            screen_text=row["screen_text"],
            caption=row["caption"],
            entities=tuple(sorted(set(row["entities"]))),
        )
        for row in client.read(load("graph/video_segments"), video_id=video_id)
    ]


def preview_deletion(client: GraphClient, video_id: str) -> Deletion:
    """What `delete_video` would remove."""
    return Deletion(**client.read(load("graph/deletion"), video_id=video_id)[0])


def summarise(client: GraphClient) -> Summary:
    """Counts over the whole library."""
    row = client.read(load("graph/summary"))[0]
    durations_ms: list[int] = row.pop("durations_ms")
    return Summary(**row, duration_ms=sum(durations_ms))


def _stored(row: Row) -> StoredVideo:
    fields = (
        *("id", "title", "path", "duration_ms", "width_px", "height_px", "language"),
        "size_bytes",
    )
    return StoredVideo(
        video=Video(**{name: row[name] for name in fields}),
        segments=row["segments"],
        entities=row["entities"],
        relations=row["relations"],
        ingest_version=row["ingest_version"],
        engines=tuple(row["engines"]),
        status=VideoStatus(row["status"]),
        warnings=tuple(row["warnings"]),
        source_url=row["source_url"] or "",
        tags=tuple(row["tags"]),
    )


def _candidates(rows: list[dict[str, Any]]) -> str:
    shown = "; ".join(f"{row['id'][:_SHORT_ID_CHARS]} {row['path']}" for row in rows[:10])
    more = f"; and {len(rows) - 10} more" if len(rows) > 10 else ""
    return f"Candidates: {shown}{more}"

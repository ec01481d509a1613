"""Moments of videos: how long these are, and what lies in a stretch of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from kg_videorag.graph.queries import load
from kg_videorag.graph.scope import scope_map
from kg_videorag.model import EVERYWHERE, Hit, Span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg_videorag.graph.client import GraphClient
    from kg_videorag.model import Scope

_MOMENT_VIDEOS = 8  # in which one moment is looked for, unless videos are chosen
_MOMENT_SEGMENTS = 50


@dataclass(frozen=True, slots=True)
class VideoLength:
    """How long a video is; `name` is its file's."""

    name: str
    duration_ms: int


def video_lengths(
    client: GraphClient,
    *,
    scope: Scope = EVERYWHERE,
    segment_ids: Sequence[str] | None,
    from_ms: int = 0,
) -> dict[str, VideoLength]:
    """Lengths of some videos, or of those that some segments are of, by id.

    Args:
        client: The graph.
        scope: Of which videos.
        segment_ids: Only videos of these; None for all.
        from_ms: Videos longer than this come first, and else the longest: few are read.
    """
    rows = client.read(
        load("ask/lengths"),
        video_ids=scope.video_ids,
        segment_ids=segment_ids,
        from_ms=from_ms,
        limit=_MOMENT_VIDEOS,
    )
    return {
        row["video_id"]: VideoLength(PurePath(row["path"]).name, row["duration_ms"]) for row in rows
    }


def segments_at(
    client: GraphClient, windows: Mapping[str, Span], *, scope: Scope = EVERYWHERE
) -> dict[str, tuple[Hit, Span]]:
    """Segments in a stretch of each video, with that stretch, by id; the best first.

    Args:
        client: The graph.
        windows: By video id.
        scope: Who speaks in them, and in what they are perceived; its videos and its window
            count by `windows` alone.
    """
    if not windows:
        return {}
    rows = client.read(
        load("ask/at_moment"),
        scope=scope_map(replace(scope, window=None)),
        windows=[
            {"video_id": video_id, "start_ms": window.start_ms, "end_ms": window.end_ms}
            for video_id, window in windows.items()
        ],
        limit=_MOMENT_SEGMENTS,
    )
    return {
        row["segment_id"]: (
            Hit(row["segment_id"], row["overlap_ms"]),
            Span(row["start_ms"], row["end_ms"]),
        )
        for row in rows
    }

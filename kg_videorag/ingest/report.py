"""What is told of a file that was ingested, or found to be there already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg_videorag.model import IngestReport, VideoStatus

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kg_videorag.model import StoredVideo, VideoGraph


def report_of(
    path: str | Path, graph: VideoGraph, former: Sequence[str], seconds: dict[str, float]
) -> IngestReport:
    """What became of a file that was ingested; `former` are ids of what lay at its path before."""
    changed = tuple(
        f"the file has changed: what it was stays until `videos delete {video_id[:12]}`"
        for video_id in former
    )
    return IngestReport(
        path=str(path),
        status=graph.status,
        video_id=graph.video.id,
        title=graph.video.title,
        duration_ms=graph.video.duration_ms,
        segments=len(graph.segments),
        entities=len(graph.entities),
        relations=len(graph.relations),
        warnings=(*graph.warnings, *changed),
        stages_s=seconds,
    )


def unchanged(
    path: str | Path, stored: StoredVideo, news: tuple[str, ...], seconds: dict[str, float]
) -> IngestReport:
    """What is told of a file that the library holds already; `news` says what is new of it."""
    # What was partial stays so: the file still lacks what it lacked.
    partial = stored.status is VideoStatus.PARTIAL
    return IngestReport(
        path=str(path),
        status=VideoStatus.PARTIAL if partial else VideoStatus.UNCHANGED,
        video_id=stored.video.id,
        title=stored.video.title,
        duration_ms=stored.video.duration_ms,
        segments=stored.segments,
        entities=stored.entities,
        relations=stored.relations,
        warnings=(*stored.warnings, *news),
        stages_s=seconds,
    )

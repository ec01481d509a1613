"""Ingest, the whole flow: media -> speech, screen -> segments -> entities, vectors -> graph."""

from __future__ import annotations

import os
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

from kg_videorag.errors import KgVideoRagError, MediaError
from kg_videorag.graph.read import find_video, others_at_path
from kg_videorag.graph.write import move_video, write_video
from kg_videorag.identity import video_id
from kg_videorag.ingest.caption import Captioned, caption_segments
from kg_videorag.ingest.clock import StageClock
from kg_videorag.ingest.course import Course
from kg_videorag.ingest.embed import embed_segments
from kg_videorag.ingest.embed_media import media_embeddings
from kg_videorag.ingest.extract import extract_graph
from kg_videorag.ingest.media import probe
from kg_videorag.ingest.perceive import Perceiver
from kg_videorag.ingest.report import report_of, unchanged
from kg_videorag.ingest.segment import cut_segments
from kg_videorag.ingest.stages import FLOW_VERSION, stage_keys
from kg_videorag.ingest.subtitles import Subtitles, find_subtitles
from kg_videorag.model import Failure, IngestReport, Video, VideoGraph, VideoStatus

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg_videorag.graph.client import GraphClient
    from kg_videorag.ingest.clock import OnProgress
    from kg_videorag.ingest.engines import IngestEngines
    from kg_videorag.ingest.perceive import Perceived
    from kg_videorag.model import MediaInfo, Segment, StoredVideo


def _ignore(_stage: str, _share: float) -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True)
class IngestPipeline:
    """Turns files into graph.

    Args:
        graph: Where it goes.
        engines: Who does the work.
        refresh_index: Brings the vector indexes up to the graph.
        subtitles: Whether subtitles are taken, where there are any, instead of the transcriber.
        language: What is spoken, as two letters; "" where nobody said.
        media_batch: How many pictures or sounds are embedded at once.
        captioner_frames: How many pictures of a segment a captioner is shown.
    """

    graph: GraphClient
    engines: IngestEngines
    refresh_index: Callable[[], object]
    subtitles: bool = True
    language: str = ""
    media_batch: int = 8
    captioner_frames: int = 3

    def report(
        self, path: str | Path, *, force: bool = False, on_progress: OnProgress = _ignore
    ) -> IngestReport:
        """Ingest one file; what goes wrong with it is in the report, never raised."""
        clock = StageClock(on_progress)
        try:
            return self._ingest(path, force, clock)
        except KgVideoRagError as error:
            failure = Failure(error.code, error.message, error.hint)
            return IngestReport(
                path=str(path), status=VideoStatus.FAILED, error=failure, stages_s=clock.seconds
            )

    def run(
        self, path: str | Path, *, force: bool = False, on_progress: OnProgress = _ignore
    ) -> IngestReport:
        """Ingest one file.

        Args:
            path: The file.
            force: Do it even if the graph holds it already.
            on_progress: Told the stage and the share of it that is done, 0..1.

        Raises:
            KgVideoRagError: If it fails; nothing of the file is then in the graph.
        """
        return self._ingest(path, force, StageClock(on_progress))

    def _ingest(self, given: str | Path, force: bool, clock: StageClock) -> IngestReport:  # noqa: FBT001
        path = Path(given)
        with clock.stage("read"):
            if "://" in str(given) and not path.exists():
                raise MediaError(
                    f"{given}: addresses are not read in this version",
                    hint="Give the path of a file; download it first if it is elsewhere.",
                )
            if not _is_utf8(path):  # no graph and no JSON could name it
                raise MediaError(
                    f"{path.name.encode('utf-8', 'replace').decode()}: the path is not UTF-8",
                    hint="Rename the file or its folder.",
                )
            info, identity = probe(path), _content_id(path, clock.share)
            written = self._written(info)
        stored = find_video(self.graph, identity)
        if stored and not force and self._is_current(stored, written):
            news = self._follow_move(stored, info.path)
            return unchanged(given, stored, news, clock.seconds)
        graph = self._build(info, identity, written, clock)
        with clock.stage("write"):
            write_video(self.graph, graph)
        with clock.stage("index"):
            self.refresh_index()
        former = others_at_path(self.graph, graph.video.path, identity)
        return report_of(given, graph, former, clock.seconds)

    def _written(self, info: MediaInfo) -> Subtitles:
        if not self.subtitles:
            return Subtitles()
        return find_subtitles(info.path, duration_ms=info.duration_ms, language=self.language)

    def _build(
        self, info: MediaInfo, identity: str, written: Subtitles, clock: StageClock
    ) -> VideoGraph:
        engines = self.engines
        keys = stage_keys(
            _facts(info, identity),
            engines.identities(written),
            {"caption": str(self.captioner_frames)},
        )
        course = Course(clock, keys)
        perceived = Perceiver(info, written, engines, self.media_batch).perceive(course)
        heard, seen = perceived.heard, perceived.seen
        video = _video(info, identity, perceived)
        segments = course.result(
            "segment",
            lambda: cut_segments(
                video, heard.sentences, engines.segmenter, seen.shots_ms, seen.lines
            ),
        )
        captioned = self._captioned(segments, perceived, course)
        segments = captioned.segments
        extracted = course.result("extract", lambda: extract_graph(segments, engines.extractor))
        # Labels of things seen and sounds heard come in here.
        embeddings = course.result("embed", lambda: embed_segments(segments, engines.embedder))
        media = engines.media_embedder
        embeddings += media_embeddings(segments, perceived.vectors, media.model if media else "")
        described = any(segment.captions for segment in segments)
        whole = info.has_audio or seen.readings or written.found or described
        faults = (perceived.fault,) if perceived.fault else ()
        return VideoGraph(
            video=video,
            segments=segments,
            entities=extracted.entities,
            mentions=extracted.mentions,
            relations=extracted.relations,
            embeddings=embeddings,
            ingest_version=FLOW_VERSION,
            engines=engines.names(written),
            status=VideoStatus.DONE if whole and not faults else VideoStatus.PARTIAL,
            warnings=(
                *(*written.warnings, *faults, *heard.warnings, *seen.warnings),
                *captioned.warnings,
            ),
        )

    def _captioned(
        self, segments: tuple[Segment, ...], perceived: Perceived, course: Course
    ) -> Captioned:
        """The segments with what they show, where there is somebody to say it."""
        captioner = self.engines.captioner
        if captioner is None:
            return Captioned(segments)
        return course.result(
            "caption",
            lambda: caption_segments(
                segments,
                perceived.frames,
                captioner,
                per_segment=self.captioner_frames,
                language=perceived.heard.language or "",
                on_share=course.clock.share,
            ),
            is_whole=lambda captioned: not captioned.warnings,
        )

    def _follow_move(self, stored: StoredVideo, path: Path) -> tuple[str, ...]:
        """Where a known file lies under another name now: remembered if the old one is gone."""
        here, known = _absolute(path), stored.video.path
        if here == known:
            return ()
        if os.path.exists(known):  # noqa: PTH110 - the graph's text, not a path of ours
            return (f"a copy: the library holds the same file as {known}",)
        move_video(self.graph, stored.video.id, here)
        return (f"moved: it was {known} before",)

    def _is_current(self, stored: StoredVideo, written: Subtitles) -> bool:
        return (stored.ingest_version, stored.engines) == (
            FLOW_VERSION,
            self.engines.names(written),
        )


def _content_id(path: Path, on_share: Callable[[float], None]) -> str:
    try:
        return video_id(path, on_share)
    except OSError as error:
        raise MediaError(
            f"{path.name} cannot be read: {error.strerror}", hint="Check the disk and permissions."
        ) from error


def _facts(info: MediaInfo, identity: str) -> str:
    """All that is read of a file and may change a stage's result; where it lies does not."""
    told = {f.name: getattr(info, f.name) for f in fields(info) if f.name not in ("path", "title")}
    return repr((identity, sorted(told.items())))


def _is_utf8(path: Path) -> bool:
    try:
        str(path.absolute()).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _absolute(path: Path) -> str:
    return os.path.abspath(path)  # noqa: PTH100 - resolve() would follow links


def _video(info: MediaInfo, identity: str, perceived: Perceived) -> Video:
    # A header may state less than the file holds; what lies beyond it still has its time.
    last = (*perceived.heard.sentences[-1:], *perceived.seen.lines)
    ends_ms = (sentence.span.end_ms for sentence in last)
    return Video(
        id=identity,
        title=info.title,
        path=_absolute(info.path),
        duration_ms=max((info.duration_ms, *ends_ms)),
        width_px=info.width_px,
        height_px=info.height_px,
        language=perceived.heard.language,
    )

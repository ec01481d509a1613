"""Ingest, the whole flow: media -> speech, screen -> segments -> entities, vectors -> graph."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg_videorag.errors import KgVideoRagError
from kg_videorag.graph.corrections import corrections_of
from kg_videorag.graph.read import find_video, others_at_path, video_ids
from kg_videorag.graph.write import move_videos, write_video
from kg_videorag.ingest.caption import Captioned, caption_segments
from kg_videorag.ingest.clock import StageClock
from kg_videorag.ingest.corrections import correct
from kg_videorag.ingest.course import Course
from kg_videorag.ingest.embed import embed_segments
from kg_videorag.ingest.embed_media import media_embeddings
from kg_videorag.ingest.extract import extract_graph
from kg_videorag.ingest.label import label_graph, merged
from kg_videorag.ingest.perceive import Perceiver
from kg_videorag.ingest.remembered import remembering
from kg_videorag.ingest.report import report_of, unchanged
from kg_videorag.ingest.resolve.within import resolve_within
from kg_videorag.ingest.segment import cut_segments
from kg_videorag.ingest.sidecars import sidecar_vectors
from kg_videorag.ingest.stages import FLOW_VERSION, speed_name
from kg_videorag.model import Failure, IngestReport, Video, VideoGraph, VideoStatus
from kg_videorag.ports import SidecarEmbedder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from kg_videorag.graph.client import GraphClient
    from kg_videorag.ingest.clock import OnStep
    from kg_videorag.ingest.engines import IngestEngines
    from kg_videorag.ingest.kept import KeptFolder
    from kg_videorag.ingest.media import MediaReader
    from kg_videorag.ingest.perceive import Perceived
    from kg_videorag.ingest.subject import Subject, SubjectReader
    from kg_videorag.model import Correction, Segment, StoredVideo, TimedVector
    from kg_videorag.ports import Captioner

NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class IngestPipeline:
    """Turns files into graph.

    Args:
        graph: Where it goes.
        media: Decodes the files.
        engines: Who does the work.
        reader: Reads what is known of a file beforehand.
        kept: Results of stages, from this run and former ones.
        refresh_index: Brings the vector indexes up to the graph.
        media_batch: How many pictures or sounds are embedded at once.
        captioner_frames: How many pictures of a segment a captioner is shown.
        resolve: Whether short names of a person become mentions of the full one.
    """

    graph: GraphClient
    media: MediaReader
    engines: IngestEngines
    reader: SubjectReader
    kept: KeptFolder
    refresh_index: Callable[[], object]
    media_batch: int = 8
    captioner_frames: int = 3
    resolve: bool = True

    def report(
        self, path: str | Path, *, again: frozenset[str] = NOTHING, on_step: OnStep
    ) -> IngestReport:
        """Ingest one file; what goes wrong with it is in the report, never raised."""
        clock = StageClock(on_step)
        try:
            return self._ingest(path, again, clock)
        except KgVideoRagError as error:
            failure = Failure(error.code, error.message, error.hint)
            return IngestReport(
                path=str(path), status=VideoStatus.FAILED, error=failure, stages_s=clock.seconds
            )

    def run(
        self, path: str | Path, *, again: frozenset[str] = NOTHING, on_step: OnStep
    ) -> IngestReport:
        """Ingest one file.

        Args:
            path: The file.
            again: Stages that are done even if their results are kept; with any, a file is
                ingested even if the graph holds it already.
            on_step: Told how far each stage has come.

        Raises:
            KgVideoRagError: If it fails; nothing of the file is then in the graph. What stages
                have found until then is kept.
        """
        return self._ingest(path, again, StageClock(on_step))

    def _ingest(self, given: str | Path, again: frozenset[str], clock: StageClock) -> IngestReport:
        with clock.stage("read"):
            subject = self.reader.read(given, clock.share)
        clock.duration_ms = subject.info.duration_ms
        stored = find_video(self.graph, subject.identity)
        if stored and not again and subject.is_current(stored, self.engines):
            news = self._follow_move(stored, subject.info.path)
            return unchanged(given, stored, news, clock.seconds)
        graph, course = self._write(subject, clock, again)
        with clock.stage("index"):
            self.refresh_index()
        self._note_speeds(course, subject.info.duration_ms)
        self.kept.forget_unknown(lambda: video_ids(self.graph))
        former = others_at_path(self.graph, graph.video.path, subject.identity)
        return report_of(given, graph, former, clock.seconds)

    def _write(
        self, subject: Subject, clock: StageClock, again: frozenset[str]
    ) -> tuple[VideoGraph, Course]:
        """Build the file's graph and write it.

        What is corrected by hand meanwhile is built in: stages that a correction does not
        concern give what they found.
        """
        while True:
            corrections = corrections_of(self.graph, subject.identity)
            keys = subject.keys(self.engines, corrections, captioner_frames=self.captioner_frames)
            with self.kept.store(subject.identity) as kept:
                course = Course(clock, keys, kept, again)
                graph = self._build(subject, course, corrections)
            with clock.stage("write"):
                if write_video(self.graph, graph, corrections):
                    return graph, course
            again = NOTHING

    def _build(
        self, subject: Subject, course: Course, corrections: Sequence[Correction]
    ) -> VideoGraph:
        info, written = subject.info, subject.written
        engines = remembering(self.engines, course)
        perceived = Perceiver(self.media, subject, engines, self.media_batch).perceive(course)
        heard, seen = perceived.heard, perceived.seen
        told = correct(heard.sentences, seen.lines, corrections)
        video = _video(subject, perceived)
        segments = course.result(
            "segment",
            lambda: cut_segments(
                video, told.sentences, engines.segmenter, seen.shots_ms, told.lines
            ),
        )
        captioned = self._captioned(segments, perceived, engines.captioner, course)
        segments = captioned.segments
        found = course.result(
            "extract",
            lambda: extract_graph(segments, engines.extractor),
            is_whole=lambda extracted: not extracted.warnings,
        )
        extracted = resolve_within(found, segments, join=self.resolve)
        extracted = merged(extracted, label_graph(segments, perceived.labels))
        embeddings = course.result("embed", lambda: embed_segments(segments, engines.embedder))
        media = engines.media_embedder
        beside, besides = self._beside(subject, course)
        vectors = (*perceived.vectors, *beside)
        embeddings += media_embeddings(segments, vectors, media.model if media else "")
        described = any(segment.captions for segment in segments)
        perceived_any = seen.readings or perceived.labels or described
        whole = info.has_audio or written.found or perceived_any
        faults = (perceived.fault,) if perceived.fault else ()
        notes = (info.sound_note,) if info.sound_note else ()
        return VideoGraph(
            video=video,
            segments=segments,
            entities=extracted.entities,
            mentions=extracted.mentions,
            relations=extracted.relations,
            embeddings=embeddings,
            ingest_version=FLOW_VERSION,
            engines=subject.makers(self.engines),
            status=VideoStatus.DONE if whole and not faults else VideoStatus.PARTIAL,
            warnings=(
                *(*notes, *written.warnings, *faults, *heard.warnings, *seen.warnings),
                *(*told.warnings, *captioned.warnings, *extracted.warnings, *besides),
            ),
        )

    def _captioned(
        self,
        segments: tuple[Segment, ...],
        perceived: Perceived,
        captioner: Captioner | None,
        course: Course,
    ) -> Captioned:
        """The segments with what they show, where there is somebody to say it."""
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

    def _beside(
        self, subject: Subject, course: Course
    ) -> tuple[tuple[TimedVector, ...], tuple[str, ...]]:
        """Vectors of what other sensors recorded, and what is wrong with it."""
        sidecars, embedder = subject.sidecars, self.engines.media_embedder
        if not sidecars.found or embedder is None:
            return (), sidecars.warnings
        if not isinstance(embedder, SidecarEmbedder):
            what = ", ".join(sidecar.name for sidecar in sidecars.found)
            return (), (*sidecars.warnings, f"{embedder.name} makes no vectors of {what}")
        with course.clock.stage("sidecars"):
            known = course.known("sidecars")
            if known is not None:
                return known, sidecars.warnings
            vectors, told = sidecar_vectors(
                sidecars,
                embedder,
                self.media,
                duration_ms=subject.info.duration_ms,
                batch=self.media_batch,
            )
            if not told:  # what is broken may be mended without another name or size
                course.keep("sidecars", vectors)
        return vectors, (*sidecars.warnings, *told)

    def _note_speeds(self, course: Course, duration_ms: int) -> None:
        """What whole stages took; of those that went on from what was kept it says nothing."""
        spent_s = {
            speed_name(key): course.clock.seconds[stage]
            for stage, key in course.keys.items()
            if stage in course.clock.seconds and stage not in course.resumed
        }
        self.kept.speeds.note(spent_s, duration_ms)

    def _follow_move(self, stored: StoredVideo, path: Path) -> tuple[str, ...]:
        """Where a known file lies under another name now: remembered if the old one is gone."""
        here, known = _absolute(path), stored.video.path
        if here == known:
            return ()
        if os.path.exists(known):  # noqa: PTH110 - the graph's text, not a path of ours
            return (f"a copy: the library holds the same file as {known}",)
        move_videos(self.graph, {stored.video.id: here})
        return (f"moved: it was {known} before",)


def _absolute(path: Path) -> str:
    return os.path.abspath(path)  # noqa: PTH100 - resolve() would follow links


def _video(subject: Subject, perceived: Perceived) -> Video:
    info = subject.info
    # A header may state less than the file holds; what lies beyond it still has its time.
    last = (*perceived.heard.sentences[-1:], *perceived.seen.lines)
    ends_ms = (sentence.span.end_ms for sentence in last)
    return Video(
        id=subject.identity,
        title=info.title,
        path=_absolute(info.path),
        duration_ms=max((info.duration_ms, *ends_ms)),
        width_px=info.width_px,
        height_px=info.height_px,
        language=perceived.heard.language,
        size_bytes=subject.size_bytes,
    )

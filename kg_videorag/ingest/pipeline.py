"""Ingest, the whole flow: media -> speech, screen -> segments -> entities, vectors -> graph."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg_videorag.errors import KgVideoRagError
from kg_videorag.graph.read import find_video, list_videos, others_at_path
from kg_videorag.graph.write import move_videos, write_video
from kg_videorag.ingest.clock import StageClock
from kg_videorag.ingest.course import Course
from kg_videorag.ingest.embed import embed_segments
from kg_videorag.ingest.embed_media import media_embeddings
from kg_videorag.ingest.extract import extract_graph
from kg_videorag.ingest.perceive import Perceiver
from kg_videorag.ingest.remembered import remembering
from kg_videorag.ingest.report import report_of, unchanged
from kg_videorag.ingest.segment import cut_segments
from kg_videorag.ingest.stages import FLOW_VERSION, speed_name, stage_keys
from kg_videorag.model import Failure, IngestReport, Video, VideoGraph, VideoStatus

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kg_videorag.graph.client import GraphClient
    from kg_videorag.ingest.clock import OnStep
    from kg_videorag.ingest.engines import IngestEngines
    from kg_videorag.ingest.kept import KeptFolder
    from kg_videorag.ingest.perceive import Perceived
    from kg_videorag.ingest.subject import Subject, SubjectReader
    from kg_videorag.model import StoredVideo

NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class IngestPipeline:
    """Turns files into graph.

    Args:
        graph: Where it goes.
        engines: Who does the work.
        reader: Reads what is known of a file beforehand.
        kept: Results of stages, from this run and former ones.
        refresh_index: Brings the vector indexes up to the graph.
        media_batch: How many pictures or sounds are embedded at once.
    """

    graph: GraphClient
    engines: IngestEngines
    reader: SubjectReader
    kept: KeptFolder
    refresh_index: Callable[[], object]
    media_batch: int = 8

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
        if stored and not again and self.is_current(stored, subject):
            news = self._follow_move(stored, subject.info.path)
            return unchanged(given, stored, news, clock.seconds)
        keys = stage_keys(subject.facts, self.engines.identities(subject.written), {})
        with self.kept.store(subject.identity) as kept:
            course = Course(clock, keys, kept, again)
            graph = self._build(subject, course)
        with clock.stage("write"):
            write_video(self.graph, graph)
        with clock.stage("index"):
            self.refresh_index()
        self._note_speeds(course, subject.info.duration_ms)
        self.kept.forget_unknown(lambda: [held.video.id for held in list_videos(self.graph)])
        former = others_at_path(self.graph, graph.video.path, subject.identity)
        return report_of(given, graph, former, clock.seconds)

    def is_current(self, stored: StoredVideo, subject: Subject) -> bool:
        """Whether the graph holds what these engines would make of a file."""
        now = (FLOW_VERSION, self._makers(subject))
        return (stored.ingest_version, stored.engines) == now

    def _makers(self, subject: Subject) -> tuple[str, ...]:
        """Who makes what is written of a file, and of which of its sound tracks."""
        track = subject.info.sound_track
        heard = (f"sound/{track}",) if track else ()
        return (*self.engines.names(subject.written), *heard)

    def _build(self, subject: Subject, course: Course) -> VideoGraph:
        info, written = subject.info, subject.written
        engines = remembering(self.engines, course)
        perceived = Perceiver(info, written, engines, self.media_batch).perceive(course)
        heard, seen = perceived.heard, perceived.seen
        video = _video(subject, perceived)
        segments = course.result(
            "segment",
            lambda: cut_segments(
                video, heard.sentences, engines.segmenter, seen.shots_ms, seen.lines
            ),
        )
        # A captioner's sentences come in here.
        extracted = course.result("extract", lambda: extract_graph(segments, engines.extractor))
        # Labels of things seen and sounds heard come in here.
        embeddings = course.result("embed", lambda: embed_segments(segments, engines.embedder))
        media = engines.media_embedder
        embeddings += media_embeddings(segments, perceived.vectors, media.model if media else "")
        whole = info.has_audio or seen.readings or written.found
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
            engines=self._makers(subject),
            status=VideoStatus.DONE if whole and not faults else VideoStatus.PARTIAL,
            warnings=(*notes, *written.warnings, *faults, *heard.warnings, *seen.warnings),
        )

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

"""Ingest, the whole flow: media -> speech -> segments -> entities, vectors -> graph, index."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from kg_videorag.errors import KgVideoRagError, MediaError
from kg_videorag.graph.read import find_video, others_at_path
from kg_videorag.graph.write import move_video, write_video
from kg_videorag.identity import video_id
from kg_videorag.ingest.embed import embed_segments
from kg_videorag.ingest.extract import extract_graph
from kg_videorag.ingest.media import audio_blocks, probe
from kg_videorag.ingest.observe import Heard, listen
from kg_videorag.ingest.segment import cut_segments
from kg_videorag.model import Failure, IngestReport, Video, VideoGraph, VideoStatus

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg_videorag.graph.client import GraphClient
    from kg_videorag.model import MediaInfo, StoredVideo
    from kg_videorag.ports import Embedder, Extractor, Segmenter, Transcriber

OnProgress = Callable[[str, float], None]
VERSION = "1"  # of this flow: raise it when the same engines would build another graph
STAGES = ("read", "speech", "segment", "extract", "embed", "write", "index")


def _ignore(_stage: str, _share: float) -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True)
class IngestPipeline:
    """Turns files into graph.

    Args:
        graph: Where it goes.
        transcriber: Speech to words.
        segmenter: Time to segments.
        extractor: Sentences to entities and relations.
        embedder: Sentences to vectors.
        refresh_index: Brings the vector index up to the graph.
    """

    graph: GraphClient
    transcriber: Transcriber
    segmenter: Segmenter
    extractor: Extractor
    embedder: Embedder
    refresh_index: Callable[[], object]

    @property
    def engines(self) -> tuple[str, ...]:
        """Who made what this flow writes; stored with every video."""
        parts = (self.transcriber, self.segmenter, self.extractor, self.embedder)
        return tuple(f"{engine.name}/{engine.version}" for engine in parts)

    def report(
        self, path: str | Path, *, force: bool = False, on_progress: OnProgress = _ignore
    ) -> IngestReport:
        """Ingest one file; what goes wrong with it is in the report, never raised."""
        clock = _Stages(on_progress)
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
        return self._ingest(path, force, _Stages(on_progress))

    def _ingest(self, given: str | Path, force: bool, clock: _Stages) -> IngestReport:  # noqa: FBT001
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
        stored = find_video(self.graph, identity)
        if stored and not force and self._is_current(stored):
            news = self._follow_move(stored, info.path)
            return _unchanged(given, stored, news, clock.seconds)
        graph = self._build(info, identity, clock)
        with clock.stage("write"):
            write_video(self.graph, graph)
        with clock.stage("index"):
            self.refresh_index()
        former = others_at_path(self.graph, graph.video.path, identity)
        return _report(given, graph, former, clock.seconds)

    def _build(self, info: MediaInfo, identity: str, clock: _Stages) -> VideoGraph:
        with clock.stage("speech"):
            heard = self._listen(info, clock)
        video = _video(info, identity, heard)
        with clock.stage("segment"):
            segments = cut_segments(video, heard.sentences, self.segmenter)
        with clock.stage("extract"):
            extracted = extract_graph(segments, self.extractor)
        with clock.stage("embed"):
            embeddings = embed_segments(segments, self.embedder)
        whole = info.has_audio and not heard.truncated
        return VideoGraph(
            video=video,
            segments=segments,
            entities=extracted.entities,
            mentions=extracted.mentions,
            relations=extracted.relations,
            embeddings=embeddings,
            ingest_version=VERSION,
            engines=self.engines,
            status=VideoStatus.DONE if whole else VideoStatus.PARTIAL,
            warnings=heard.warnings,
        )

    def _listen(self, info: MediaInfo, clock: _Stages) -> Heard:
        if not info.has_audio:
            return Heard((), None, (f"{info.path.name} has no sound: nothing was heard",))
        duration_ms = max(info.duration_ms, 1)
        return listen(
            audio_blocks(info.path),
            self.transcriber,
            on_heard_ms=lambda at_ms: clock.share(at_ms / duration_ms),
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

    def _is_current(self, stored: StoredVideo) -> bool:
        return stored.ingest_version == VERSION and stored.engines == self.engines


@dataclass(slots=True)
class _Stages:
    """Times stages and passes their progress on."""

    on_progress: OnProgress
    seconds: dict[str, float] = field(default_factory=dict)
    _current: str = ""

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        self._current = name
        self.on_progress(name, 0.0)
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = round(time.perf_counter() - start, 3)
        self.on_progress(name, 1.0)

    def share(self, done: float) -> None:
        self.on_progress(self._current, min(done, 1.0))


def _content_id(path: Path, on_share: Callable[[float], None]) -> str:
    try:
        return video_id(path, on_share)
    except OSError as error:
        raise MediaError(
            f"{path.name} cannot be read: {error.strerror}", hint="Check the disk and permissions."
        ) from error


def _is_utf8(path: Path) -> bool:
    try:
        str(path.absolute()).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _absolute(path: Path) -> str:
    return os.path.abspath(path)  # noqa: PTH100 - resolve() would follow links


def _video(info: MediaInfo, identity: str, heard: Heard) -> Video:
    # A header may state less than the file holds; speech beyond it still has its time.
    heard_until_ms = heard.sentences[-1].span.end_ms if heard.sentences else 0
    return Video(
        id=identity,
        title=info.title,
        path=_absolute(info.path),
        duration_ms=max(info.duration_ms, heard_until_ms),
        width_px=info.width_px,
        height_px=info.height_px,
        language=heard.language,
    )


def _report(
    path: str | Path, graph: VideoGraph, former: Sequence[str], seconds: dict[str, float]
) -> IngestReport:
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


def _unchanged(
    path: str | Path, stored: StoredVideo, news: tuple[str, ...], seconds: dict[str, float]
) -> IngestReport:
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

"""Ingest, the whole flow: media -> speech, screen -> segments -> entities, vectors -> graph."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from kg_videorag.errors import KgVideoRagError, MediaError, MediaTruncatedError
from kg_videorag.graph.read import find_video, others_at_path
from kg_videorag.graph.write import move_video, write_video
from kg_videorag.identity import video_id
from kg_videorag.ingest.embed import embed_segments
from kg_videorag.ingest.extract import extract_graph
from kg_videorag.ingest.media import decoded, probe
from kg_videorag.ingest.observe import Heard, listen
from kg_videorag.ingest.segment import cut_segments
from kg_videorag.ingest.watch import Seen, Watcher
from kg_videorag.model import (
    AudioBlock,
    Failure,
    IngestReport,
    Picture,
    Video,
    VideoGraph,
    VideoStatus,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg_videorag.graph.client import GraphClient
    from kg_videorag.model import MediaInfo, StoredVideo
    from kg_videorag.ports import (
        Embedder,
        Extractor,
        MediaEmbedder,
        Segmenter,
        TextReader,
        Transcriber,
    )

OnProgress = Callable[[str, float], None]
VERSION = "2"  # of this flow: raise it when the same engines would build another graph
STAGES = ("read", "speech", "screen", "segment", "extract", "embed", "write", "index")


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
        text_reader: Pictures to lines; None: screens are not read.
        media_embedder: Pictures and sounds to vectors; None: nobody makes them.
    """

    graph: GraphClient
    transcriber: Transcriber
    segmenter: Segmenter
    extractor: Extractor
    embedder: Embedder
    refresh_index: Callable[[], object]
    text_reader: TextReader | None = None
    media_embedder: MediaEmbedder | None = None

    @property
    def engines(self) -> tuple[str, ...]:
        """Who made what this flow writes; stored with every video."""
        parts = (
            *(self.transcriber, self.segmenter, self.extractor, self.embedder),
            *(self.text_reader, self.media_embedder),
        )
        return tuple(f"{part.name}/{part.version}" for part in parts if part is not None)

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
        heard, seen = self._perceive(info, clock)
        video = _video(info, identity, heard, seen)
        with clock.stage("segment"):
            segments = cut_segments(
                video, heard.sentences, self.segmenter, seen.shots_ms, seen.lines
            )
        with clock.stage("extract"):
            extracted = extract_graph(segments, self.extractor)
        with clock.stage("embed"):
            embeddings = embed_segments(segments, self.embedder)
        whole = (info.has_audio or seen.readings) and not heard.truncated
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
            warnings=(*heard.warnings, *seen.warnings),
        )

    def _perceive(self, info: MediaInfo, clock: _Stages) -> tuple[Heard, Seen]:
        """Hear and see the file in one pass.

        Whoever listens pulls; the pictures that come by meanwhile are watched.
        """
        watcher = Watcher(self.text_reader)
        with clock.stage("speech"):
            heard = self._listen(info, self._attend(info, watcher, clock), clock)
        with clock.stage("screen", before_s=clock.apart_s):
            seen = watcher.finish(None if heard.truncated else info.duration_ms)
        return heard, seen

    def _attend(self, info: MediaInfo, watcher: Watcher, clock: _Stages) -> Iterator[AudioBlock]:
        """The file's sound, block by block; every picture and block comes by here once."""
        duration_ms = max(info.duration_ms, 1)
        for part in decoded(info.path):
            if isinstance(part, Picture):
                with clock.apart("screen", part.at_ms / duration_ms):
                    watcher.see(part)
            else:
                yield part

    def _listen(self, info: MediaInfo, blocks: Iterable[AudioBlock], clock: _Stages) -> Heard:
        if not info.has_audio:
            lacks = f"{info.path.name} has no sound: nothing was heard"
            fault = _pass_over(blocks)
            return Heard((), None, (lacks, *fault), truncated=bool(fault))
        duration_ms = max(info.duration_ms, 1)
        return listen(
            blocks,
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
    """Times stages and passes their progress on.

    Attributes:
        apart_s: Seconds that a later stage spent during the current one.
    """

    on_progress: OnProgress
    seconds: dict[str, float] = field(default_factory=dict)
    apart_s: float = 0.0
    _current: str = ""

    @contextmanager
    def stage(self, name: str, *, before_s: float = 0.0) -> Iterator[None]:
        """Time a stage; `before_s` is what it spent during another."""
        self._current, self.apart_s = name, 0.0
        self.on_progress(name, 0.0)
        start = time.perf_counter()
        try:
            yield
        finally:
            spent_s = time.perf_counter() - start - self.apart_s + before_s
            self.seconds[name] = round(max(spent_s, 0.0), 3)
        self.on_progress(name, 1.0)

    @contextmanager
    def apart(self, name: str, done: float) -> Iterator[None]:
        """Time a piece of a later stage's work, done during the current one."""
        start = time.perf_counter()
        yield
        self.apart_s += time.perf_counter() - start
        self.on_progress(name, min(done, 1.0))

    def share(self, done: float) -> None:
        self.on_progress(self._current, min(done, 1.0))


def _pass_over(blocks: Iterable[AudioBlock]) -> tuple[str, ...]:
    """Go through sound that nobody listens to; what is wrong with the file, if anything."""
    try:
        for _ in blocks:
            pass
    except MediaTruncatedError as error:
        return (error.message,)
    return ()


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


def _video(info: MediaInfo, identity: str, heard: Heard, seen: Seen) -> Video:
    # A header may state less than the file holds; what lies beyond it still has its time.
    ends_ms = (perceived.span.end_ms for perceived in (*heard.sentences[-1:], *seen.lines))
    return Video(
        id=identity,
        title=info.title,
        path=_absolute(info.path),
        duration_ms=max((info.duration_ms, *ends_ms)),
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

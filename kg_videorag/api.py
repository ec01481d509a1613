"""The Python interface: one class, `VideoRAG`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, TypeVar

from kg_videorag.compose import INGEST_KINDS, Composition
from kg_videorag.config import load_settings
from kg_videorag.errors import GraphUnavailable
from kg_videorag.graph.tags import tag_names
from kg_videorag.ingest.clock import Step
from kg_videorag.ingest.stages import stages_again
from kg_videorag.intake import FETCH

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

    from kg_videorag.ask.overview.values import Chapters, Timeline, VideoSummary
    from kg_videorag.ask.session import Session
    from kg_videorag.ask.session.store import SessionStore
    from kg_videorag.config import Settings
    from kg_videorag.correct import Corrections
    from kg_videorag.evaluate import Evaluation, Question
    from kg_videorag.evaluate.longer_videos import Options
    from kg_videorag.evaluate.longer_videos.report import Report
    from kg_videorag.graph.client import GraphClient, Table
    from kg_videorag.graph.frame import GraphTables
    from kg_videorag.graph.read import Deletion, SegmentView, Summary
    from kg_videorag.ingest.plan import FilePlan
    from kg_videorag.intake.inputs import Input
    from kg_videorag.measures.run import Measured
    from kg_videorag.model import (
        Answer,
        Evidence,
        GraphAnswer,
        IngestReport,
        Relinked,
        RelinkReport,
        SameAsChange,
        Scope,
        Span,
        StoredVideo,
        Video,
    )
    from kg_videorag.vectors.spaces import LibraryVerification

_QUERY_TIMEOUT_S = 60.0

_Result = TypeVar("_Result")


class VideoRAG:
    """A library of videos: ingest files, ask questions, read the graph.

    Example:
        with VideoRAG() as rag:
            rag.ingest("lecture.mp4")
            print(rag.query("Who discovered radium?").text)

    Args:
        settings: Read from the environment and files if not given.
        on_status: Told in one line when something takes its time, such as a download.
        **overrides: Single settings, for example `home="my-library"`.

    Raises:
        ConfigError: If a setting is wrong.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        on_status: Callable[[str], None] = lambda _: None,
        **overrides: Any,  # noqa: ANN401 - load_settings checks each one
    ) -> None:
        self.settings = settings or load_settings(**overrides)
        self._on_status = on_status
        self._parts = Composition(self.settings, on_status)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _value: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close connections; the managed Neo4j stays up for the next user of the library."""
        self._parts.close()

    def connect(self) -> None:
        """Start the managed Neo4j and bring the schema up to date now, not at first use.

        Raises:
            GraphUnavailable: If no Neo4j can be reached or started.
        """
        self._revived(self._ready)

    def require_engines(self) -> None:
        """Say now, before anything is started, which model of a hub an ingest would miss.

        Raises:
            EngineUnavailable: The first that is not there; the hint brings it.
        """
        self._parts.require_engines(*INGEST_KINDS)

    def ingest(
        self,
        path: str | Path,
        *,
        force: bool = False,
        stages: Sequence[str] = (),
        tags: Sequence[str] = (),
        on_progress: Callable[[str, float], None] | None = None,
        on_step: Callable[[Step], None] | None = None,
    ) -> IngestReport:
        """Turn one file into graph and vectors.

        Args:
            path: A video or sound file, or the address of one or of a page that shows one.
            force: Do all of it, even if the library holds it already, and fetch it again.
            stages: Do these and what takes their results, such as ("extract",), even if the
                library holds it already; results of the others are taken as they were kept.
            tags: Put these on it, also if the library holds it already.
            on_progress: Told the stage and the share of it that is done, 0..1.
            on_step: Told the same, with the time that it took and will take.

        Raises:
            ConfigError: If there is no such stage.
            TagError: If a tag is none.
            MediaError: If it cannot be read. Nothing of it is then in the graph.
            FetchError: If it cannot be fetched from its address, or may not be.
            EngineError: If an engine fails or is missing.
            GraphError: If Neo4j fails.
        """
        from kg_videorag.intake.inputs import single

        again, told = stages_again(stages, everything=force), _told(on_progress, on_step)
        tag_names(tags)  # refused now, not after minutes
        flow = self._parts.ingest
        return self._parts.taker.run(
            single(path),
            lambda file: self._tagged(flow.run(file, again=again, on_step=told), tags),
            force=force,
            on_share=lambda share, elapsed_s: told(Step(FETCH, share, elapsed_s)),
        )

    def inputs(self, arguments: Iterable[str | Path]) -> Iterator[Input]:
        """What arguments name: files, the files of folders and patterns, addresses.

        They are found while they are asked for. A folder or pattern without video and sound is
        an input that fails.
        """
        from kg_videorag.intake.inputs import inputs

        return inputs(arguments)

    def arrivals(
        self, folders: Iterable[str | Path], stop: threading.Event | None = None
    ) -> Iterator[Input]:
        """Files that are in folders, then those that arrive there, each when it is whole.

        Args:
            folders: With all below them.
            stop: Ends it when set; otherwise it never ends.

        Raises:
            MediaError: If a folder cannot be watched.
        """
        from pathlib import Path

        from kg_videorag.intake.inputs import Input
        from kg_videorag.intake.watch import Arrivals

        for path in Arrivals([Path(folder) for folder in folders], stop=stop):
            yield Input(str(path), path)

    def ingest_many(
        self,
        paths: Iterable[str | Path | Input],
        *,
        force: bool = False,
        stages: Sequence[str] = (),
        tags: Sequence[str] = (),
        on_progress: Callable[[str, float], None] | None = None,
        on_step: Callable[[Step], None] | None = None,
    ) -> Iterator[IngestReport]:
        """Ingest one after another what paths name; what fails is reported, and the rest go on.

        Args:
            paths: Files, folders, patterns such as `lectures/*.mp4`, addresses, or what
                `inputs` and `arrivals` give.
            force: Do all of it, even if the library holds it already, and fetch it again.
            stages: Do these and what takes their results: see `ingest`.
            tags: Put these on each.
            on_progress: Told the stage and the share of it that is done, 0..1.
            on_step: Told the same, with the time that it took and will take.

        Raises:
            ConfigError: If there is no such stage.
        """
        from kg_videorag.intake.inputs import inputs

        again, told = stages_again(stages, everything=force), _told(on_progress, on_step)
        tag_names(tags)  # refused now, not after minutes

        def take(item: Input, *, refetch: bool) -> IngestReport:
            flow = self._revived(lambda: self._parts.ingest)
            return self._parts.taker.report(
                item,
                lambda file: self._tagged(flow.report(file, again=again, on_step=told), tags),
                force=refetch,
                on_share=lambda share, elapsed_s: told(Step(FETCH, share, elapsed_s)),
            )

        for item in inputs(paths):
            report = take(item, refetch=force)
            if report.error and report.error.code == GraphUnavailable.code and self._is_managed:
                # Somebody stopped the server meanwhile; starting it again saves the rest.
                self._reconnect()
                report = take(item, refetch=False)
            yield report

    def plan(
        self,
        paths: Iterable[str | Path | Input],
        *,
        force: bool = False,
        stages: Sequence[str] = (),
        on_share: Callable[[float], None] = lambda _: None,
    ) -> Iterator[FilePlan]:
        """Say what `ingest_many` would do; nothing is written, and no Neo4j is started.

        Args:
            paths: As there.
            force: As there.
            stages: As there.
            on_share: Told the share of a file that is read, 0..1.

        Raises:
            ConfigError: If there is no such stage.
            GraphUnavailable: If the Neo4j of your own cannot be reached.
        """
        from kg_videorag.ingest.plan import Action, FilePlan
        from kg_videorag.intake.inputs import inputs
        from kg_videorag.model import Failure

        again, planner = stages_again(stages, everything=force), self._parts.planner
        for item in inputs(paths):
            if item.error is not None:
                failure = Failure(item.error.code, item.error.message, item.error.hint)
                yield FilePlan(item.given, Action.FAIL, error=failure)
            elif item.url:
                yield FilePlan(item.given, Action.FETCH)
            else:
                yield planner.plan(item.given, again, on_share)

    def query(
        self,
        question: str,
        *,
        videos: str | Sequence[str] = (),
        tags: str | Sequence[str] = (),
        time: str | Span | None = None,
        speaker: str | None = None,
        modalities: str | Sequence[str] = (),
    ) -> Answer:
        """Answer a question with citations to video and time.

        Filters hold for all that is looked at and quoted. Each narrows what the others leave.

        Args:
            question: In words.
            videos: Only from these: ids, id prefixes, paths, titles or file names.
            tags: Only from videos that carry any of these.
            time: Only what overlaps this stretch of each video: "00:10:00-00:20:00", "10:00-".
            speaker: Only what this one says, as the transcript names speakers.
            modalities: Only what was perceived in any of these: "speech", "caption", "screen",
                "vision", "sound".

        Raises:
            AskError: If the question is empty or too long, or a filter names what is not there.
            TagError: If no video carries a tag.
        """
        scope = self._scope(
            videos=videos, tags=tags, time=time, speaker=speaker, modalities=modalities
        )
        return self._parts.ask.ask(question, scope=scope)

    def stream(
        self,
        question: str,
        *,
        videos: str | Sequence[str] = (),
        tags: str | Sequence[str] = (),
        time: str | Span | None = None,
        speaker: str | None = None,
        modalities: str | Sequence[str] = (),
    ) -> Iterator[str | Answer]:
        """Answer a question while the generator writes.

        The arguments are those of `query`.

        Yields:
            Text, each sentence when it was checked against the evidence; then the `Answer`. Its
            text is what was yielded, unless the model took something back; of a refusal nothing
            was yielded before.

        Raises:
            AskError: If the question is empty or too long, or a filter names what is not there.
        """
        scope = self._scope(
            videos=videos, tags=tags, time=time, speaker=speaker, modalities=modalities
        )
        yield (yield from self._parts.ask.stream(question, scope=scope))

    def session(self, name: str | None = None) -> Session:
        """A conversation, whose questions may lean on those before: "and where did she study?".

        Args:
            name: Under which it is kept in the data directory; without one it is forgotten.

        Raises:
            AskError: If that is no name of a session.
        """
        from kg_videorag.ask.session import Session
        from kg_videorag.graph.read import video_ids

        return Session(
            self.query,
            lambda: video_ids(self._connected()),
            name=name,
            store=self.sessions,
            rewriter=self._parts.rewriter,
        )

    @property
    def sessions(self) -> SessionStore:
        """The conversations that are kept: `rag.sessions.list()`, `.all(name)`, `.delete(name)`."""
        return self._parts.sessions

    def chapters(self, video: str) -> Chapters:
        """A video's chapters, each with its title and times; they tile it.

        Args:
            video: An id, id prefix, path, title or file name.

        Raises:
            VideoSelectionError: If it names none, or several.
            EngineError: If a language model is set and fails.
        """
        return self._parts.overviews.chapters(self._stored(video))

    def summary_of(self, video: str, *, language: str = "") -> VideoSummary:
        """What a video says, in short; every sentence is cited.

        Without a language model its most central sentences, quoted.

        Args:
            video: An id, id prefix, path, title or file name.
            language: "en" or "ru"; the video's own if not given.

        Raises:
            AskError: If that is another language.
            VideoSelectionError: If no video is named, or several.
            EngineError: If a language model is set and fails.
        """
        return self._parts.overviews.summary(self._stored(video), language=language)

    def timeline(
        self,
        entity: str,
        *,
        entity_type: str | None = None,
        videos: str | Sequence[str] = (),
        limit: int = 100,
    ) -> Timeline:
        """When an entity is spoken of, across videos, by whatever name.

        Args:
            entity: A name, an id, or the first 8 or more characters of one.
            entity_type: Where several have that name: "Person", "Place" ...
            videos: Only in these: ids, id prefixes, paths, titles or file names.
            limit: How many stretches at most, 1 to 1000.

        Raises:
            AskError: If the limit is another.
            EntitySelectionError: If the name is unknown or ambiguous.
            VideoSelectionError: If a video is not found.
        """
        from kg_videorag.graph.select_entity import select_entity
        from kg_videorag.ingest.resolve.by_hand import named

        wanted, scope = named(entity, entity_type), self._scope(videos=videos)
        found = select_entity(self._connected(), wanted.selector, wanted.type)
        return self._parts.overviews.timeline(found.id, scope.video_ids, limit)

    def _stored(self, selector: str) -> Video:
        from kg_videorag.errors import VideoSelectionError
        from kg_videorag.graph.read import find_video, select_video

        graph = self._connected()
        stored = find_video(graph, select_video(graph, selector))
        if stored is None:  # deleted between the two reads
            raise VideoSelectionError(f"no video is named {selector!r}")
        return stored.video

    def search(  # noqa: PLR0913 - one parameter a filter
        self,
        query: str,
        *,
        emotional_context: str | None = None,
        space: str | None = None,
        videos: str | Sequence[str] = (),
        tags: str | Sequence[str] = (),
        time: str | Span | None = None,
        speaker: str | None = None,
        modalities: str | Sequence[str] = (),
        top_k: int | None = None,
    ) -> tuple[Evidence, ...]:
        """Segments for a query, best first.

        Args:
            query: In words.
            emotional_context: A mood, such as "aggressive", that orders what is found.
            space: Only by vectors of "text", "vision", "audio", "depth", "thermal" or "imu"; by
                every road if not given.
            videos: Only from these; this and the other filters as for `query`.
            tags: Only from videos that carry any of these.
            time: Only what overlaps this stretch of each video.
            speaker: Only what this one says.
            modalities: Only what was perceived in any of these.
            top_k: How many at most; the setting `top_k` if not given.

        Raises:
            AskError: If the query is empty or too long, a filter names what is not there, or the
                library has no vectors in that space.
            TagError: If no video carries a tag.
        """
        scope = self._scope(
            videos=videos, tags=tags, time=time, speaker=speaker, modalities=modalities
        )
        return self._parts.ask.search(
            query,
            emotional_context=emotional_context,
            space=space,
            scope=scope,
            top_k=top_k,
        )

    def evaluate(
        self,
        questions: Sequence[Question],
        *,
        videos: str | Sequence[str] = (),
        top_k: int = 5,
        on_question: Callable[[int], None] = lambda _: None,
    ) -> Evaluation:
        """Ask questions whose answers are known, and measure what comes.

        Args:
            questions: As `kg_videorag.evaluate.read_questions` reads them; at least one.
            videos: Only from these: ids, id prefixes, paths, titles or file names.
            top_k: How many evidences count, from 1 to the setting `top_k`.
            on_question: Told how many are done.

        Raises:
            EvaluationError: If the library does not hold what a question needs, there is no
                question, or answers have fewer evidences than `top_k`.
        """
        from kg_videorag.errors import EvaluationError
        from kg_videorag.evaluate import Library, evaluate

        most = self.settings.top_k
        if not 1 <= top_k <= most:
            raise EvaluationError(
                f"top_k is {top_k}; answers have 1 to {most} evidences",
                hint="Set KGV_TOP_K_RESULTS for more.",
            )
        if not questions:
            raise EvaluationError("there is no question")
        scope, library = self._scope(videos=videos), Library(self._connected())
        needs = [library.needs(question) for question in questions]
        ask = self._parts.ask
        return evaluate(
            questions,
            needs,
            lambda text: ask.ask(text, scope=scope),
            k=top_k,
            on_question=on_question,
        )

    def videos(self, tags: str | Sequence[str] = ()) -> list[StoredVideo]:
        """Videos by title: all, or those that carry any of some tags.

        Raises:
            TagError: If no video carries one of them.
        """
        from kg_videorag.graph.read import list_videos
        from kg_videorag.graph.tags import videos_tagged

        graph = self._connected()
        named = [tags] if isinstance(tags, str) else tags
        return list_videos(graph, videos_tagged(graph, named) if named else None)

    def tag(
        self, *selectors: str, add: Iterable[str] = (), remove: Iterable[str] = ()
    ) -> list[StoredVideo]:
        """Put tags on videos, take others off; a video that is ingested again keeps its own.

        Args:
            *selectors: Ids, id prefixes, paths, titles or file names.
            add: Tags; letters' case does not tell two apart.
            remove: Tags.

        Returns:
            The videos, by title.

        Raises:
            TagError: If a name is no tag, or no video carries one that is to be removed.
            VideoSelectionError: If a selector names none, or several.
        """
        from kg_videorag.graph.read import list_videos, select_video
        from kg_videorag.graph.tags import change_tags

        graph = self._connected()
        video_ids = [select_video(graph, selector) for selector in selectors]
        change_tags(graph, video_ids, add=add, remove=remove)
        return list_videos(graph, video_ids)

    def video(self, selector: str) -> tuple[StoredVideo, list[SegmentView]]:
        """One video with its segments.

        Raises:
            VideoSelectionError: If the selector names none, or several.
        """
        from kg_videorag.errors import VideoSelectionError
        from kg_videorag.graph.read import find_video, select_video, video_segments

        self._ready()
        video_id = select_video(self._parts.graph, selector)
        stored = find_video(self._parts.graph, video_id)
        if stored is None:  # deleted between the two reads
            raise VideoSelectionError(f"no video is named {selector!r}")
        return stored, video_segments(self._parts.graph, video_id)

    def delete(self, selector: str, *, dry_run: bool = False) -> tuple[str, Deletion]:
        """Remove a video and exactly what only it supports; its file too, if it was fetched.

        Returns:
            Its id, and how much is (or with `dry_run` would be) removed.

        Raises:
            VideoSelectionError: If the selector names none, or several.
        """
        from kg_videorag.graph.read import preview_deletion, select_video
        from kg_videorag.graph.write import delete_video

        self._ready()
        video_id = select_video(self._parts.graph, selector)
        deletion = preview_deletion(self._parts.graph, video_id)
        if not dry_run:
            file = self.fetched_file(video_id)
            delete_video(self._parts.graph, video_id)
            self._parts.kept.remove(video_id)
            self._parts.follow_write()
            if file is not None:
                self._parts.shelf.discard(file)
        return video_id, deletion

    def merge(
        self,
        variant: str,
        canonical: str,
        *,
        variant_type: str | None = None,
        canonical_type: str | None = None,
        dry_run: bool = False,
    ) -> SameAsChange:
        """Say that one entity is another; no rule undoes it, `split` does.

        Args:
            variant: A name, an id, or the first 8 or more characters of one.
            canonical: Whom it is.
            variant_type: Where several have that name: "Person", "Place" ...
            canonical_type: The same.
            dry_run: Only say what would change.

        Raises:
            EntitySelectionError: If a name is unknown or ambiguous.
        """
        from kg_videorag.ingest.resolve.by_hand import merge, named

        one, other = named(variant, variant_type), named(canonical, canonical_type)
        self._ready()
        by_rules = self.settings.resolve
        return merge(self._parts.graph, one, other, by_rules=by_rules, dry_run=dry_run)

    def split(
        self, variant: str, *, variant_type: str | None = None, dry_run: bool = False
    ) -> SameAsChange:
        """Say that a variant is something else; rules do not join it again, `merge` does.

        Args:
            variant: A name, an id, or the first 8 or more characters of one.
            variant_type: Where several have that name.
            dry_run: Only say what would change.

        Raises:
            EntitySelectionError: If the name is unknown or ambiguous, or of no variant.
        """
        from kg_videorag.ingest.resolve.by_hand import named, split

        one = named(variant, variant_type)
        self._ready()
        by_rules = self.settings.resolve
        return split(self._parts.graph, one, by_rules=by_rules, dry_run=dry_run)

    @property
    def corrections(self) -> Corrections:
        """Lines and names put right by hand: `rag.corrections.name("Jon Glen", "John Glenn")`."""
        from kg_videorag.correct import Corrections

        return Corrections(self._ready_parts)

    def fetched_file(self, selector: str) -> Path | None:
        """The file of a video that was fetched from an address, which `delete` removes with it.

        Raises:
            VideoSelectionError: If the selector names none, or several.
        """
        from pathlib import Path

        from kg_videorag.graph.read import find_video, others_at_path, select_video

        self._ready()
        graph = self._parts.graph
        stored = find_video(graph, select_video(graph, selector))
        if stored is None or self._parts.shelf.folder_of(stored.video.path) is None:
            return None
        path = stored.video.path
        shared = others_at_path(graph, path, stored.video.id)  # what the address gave earlier
        return None if shared else Path(path)

    def relink(
        self,
        *folders: str | Path,
        dry_run: bool = False,
        on_file: Callable[[Path, float], None] = lambda _path, _share: None,
    ) -> RelinkReport:
        """Find the files of videos that were moved, and remember where they lie now.

        Args:
            *folders: Where to look, with all that is in them.
            dry_run: Whether to leave the library as it is.
            on_file: Told which file is read, and the share of it that is, 0..1.

        Raises:
            MediaError: If one is no folder.
        """
        from pathlib import Path

        from kg_videorag.ingest.relink import relink

        places = [Path(folder) for folder in folders]
        return relink(self._connected(), places, dry_run=dry_run, on_file=on_file)

    def relink_video(
        self,
        selector: str,
        path: str | Path,
        *,
        dry_run: bool = False,
        on_file: Callable[[Path, float], None] = lambda _path, _share: None,
    ) -> Relinked:
        """Remember that one video's file lies elsewhere.

        Args:
            selector: An id, id prefix, path, title or file name.
            path: The file; it must be the same, byte by byte.
            dry_run: Whether to leave the library as it is.
            on_file: Told which file is read, and the share of it that is, 0..1.

        Raises:
            MediaError: If the file cannot be read, or is another one.
            VideoSelectionError: If the selector names none, or several.
        """
        from pathlib import Path

        from kg_videorag.graph.read import select_video
        from kg_videorag.ingest.relink import relink_one

        graph = self._connected()
        identity = select_video(graph, selector)
        return relink_one(graph, identity, Path(path), dry_run=dry_run, on_file=on_file)

    def summary(self) -> Summary:
        """How much the library holds."""
        from kg_videorag.graph.read import summarise

        self._ready()
        return summarise(self._parts.graph)

    def measure(self) -> Measured:
        """Find communities, PageRank and betweenness of what is spoken of, and write them back.

        Entities get `community`, `pagerank` and `betweenness`, and `(:Community)` nodes a summary.
        They stay as they are until this is called again.

        Raises:
            EngineUnavailable: If the extra `analysis` is not installed.
        """
        from kg_videorag.measures.run import measure_library

        return measure_library(self._connected())

    def cypher(self, name: str, params: Mapping[str, str] | None = None) -> Table:
        """Run a named analytics statement; the server holds it to reading.

        Args:
            name: One of `cypher/analytics/`.
            params: Values as text; each is read as the type that the statement declares.

        Raises:
            QueryError: If the name is unknown, or a parameter is.
        """
        from kg_videorag.graph.queries import load_analytics

        query = load_analytics(name)
        bound = query.bind(dict(params or {}))
        self._ready()
        return self._parts.graph.table(query, bound, timeout_s=_QUERY_TIMEOUT_S)

    def ask_graph(
        self, question: str, *, on_query: Callable[[str], None] = lambda _: None
    ) -> GraphAnswer:
        """Let the language model ask the graph in Cypher: for what counts, compares and lists.

        The statement can only read, and takes and gives a bounded amount; nothing checks that it
        asks what you asked, so look at `query`.

        Args:
            question: In words.
            on_query: Told each statement before it is run.

        Raises:
            ConfigError: If no language model is configured.
            AskError: If the question is empty, or the model writes no statement.
            EngineError: If the model fails.
            GraphError: If neither of its two tries can be run.
        """
        return self._revived(lambda: self._parts.graph_asker.ask(question, on_query))

    def judge(
        self,
        folder_a: str | Path,
        folder_b: str | Path,
        *,
        questions: str | Path | None = None,
        options: Options | None = None,
        on_pair: Callable[[int, int], None] = lambda _done, _all: None,
    ) -> Report:
        """Let a language model compare two systems' answers, by the protocol of LongerVideos.

        Args:
            folder_a: Answers, one a question: `KEY.md`, `KEY.txt`, or `ask --json` as `KEY.json`.
            folder_b: The other system's, named alike.
            questions: JSON that says which question each key is; see `read_questions`.
            options: How they are compared, and by whom; the settings' language model if they name
                none.
            on_pair: Told how many of how many pairs are done.

        Raises:
            ComparisonError: If folders or questions cannot be read.
            ConfigError: If no language model is configured.
            EngineUnavailable: If it cannot be reached; a second run goes on where this stopped.
        """
        from pathlib import Path

        from kg_videorag.evaluate.longer_videos import Options
        from kg_videorag.evaluate.longer_videos.answers import read_pairs

        given = read_pairs(Path(folder_a), Path(folder_b), Path(questions) if questions else None)
        comparison = self._parts.comparison(options or Options())
        return comparison.run(given, lambda done: on_pair(done, len(given.pairs)))

    @property
    def graph(self) -> GraphTables:
        """The graph as tables: `rag.graph.frame("top_entities", limit=10)` for pandas."""
        from kg_videorag.graph.frame import GraphTables

        return GraphTables(self._connected)

    def verify_index(self) -> LibraryVerification:
        """Compare the saved vector indexes, one a space, with the graph."""
        return self._parts.indexes.verify(self._parts.spaces())

    def rebuild_index(self) -> LibraryVerification:
        """Build the vector indexes of all spaces anew from the graph."""
        self._parts.indexes.rebuild(self._parts.spaces())
        return self.verify_index()

    @property
    def _is_managed(self) -> bool:
        return self.settings.neo4j_uri is None

    def _revived(self, work: Callable[[], _Result]) -> _Result:
        """What some work gives; it is done again if the managed server was stopped meanwhile."""
        try:
            return work()
        except GraphUnavailable:
            if not self._is_managed:
                raise
            self._reconnect()
            return work()

    def _reconnect(self) -> None:
        self._parts.close()
        self._parts = Composition(self.settings, self._on_status)

    def _connected(self) -> GraphClient:
        self._ready()
        return self._parts.graph

    def _ready_parts(self) -> Composition:
        self._ready()
        return self._parts

    def _ready(self) -> None:
        """A graph that was never used first gets its schema."""
        _ = self._parts.library_id

    def _scope(self, **given: Any) -> Scope:  # noqa: ANN401 - as `filters` takes them
        from kg_videorag.graph.select_scope import Filters, filters, select_scope
        from kg_videorag.model import EVERYWHERE

        chosen = filters(**given)
        return EVERYWHERE if chosen == Filters() else select_scope(self._connected(), chosen)

    def _tagged(self, report: IngestReport, tags: Sequence[str]) -> IngestReport:
        """Put tags on a video that was ingested, or is there already."""
        from kg_videorag.graph.tags import change_tags

        if tags and report.video_id is not None:
            change_tags(self._parts.graph, [report.video_id], add=tags, remove=())
        return report


def _told(
    on_progress: Callable[[str, float], None] | None, on_step: Callable[[Step], None] | None
) -> Callable[[Step], None]:
    """Tells whoever wants to be told of a step."""

    def tell(step: Step) -> None:
        if on_progress is not None:
            on_progress(step.stage, step.share)
        if on_step is not None:
            on_step(step)

    return tell

"""The composition root: settings in, wired parts out. Nothing else knows how to build a part."""

from __future__ import annotations

import importlib
from dataclasses import replace
from functools import cached_property
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any

from kg_videorag.config import NONE
from kg_videorag.engine_arguments import engine_arguments, generator_options
from kg_videorag.engines import devices
from kg_videorag.errors import ConfigError, EngineUnavailable, UnknownEngineError
from kg_videorag.model import MEDIA_SPACES, SIDECAR_SPACES, DecodeLimits, VectorSpace

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from importlib.metadata import EntryPoint
    from pathlib import Path

    from kg_videorag.ask.cypher import CypherAsker
    from kg_videorag.ask.overview.overviews import Overviews
    from kg_videorag.ask.pipeline import AskPipeline
    from kg_videorag.ask.session.store import SessionStore
    from kg_videorag.config import ServerSettings, Settings
    from kg_videorag.engines.summary_writer import SummaryWriter
    from kg_videorag.evaluate.longer_videos import Comparison, Options
    from kg_videorag.graph.client import GraphClient
    from kg_videorag.graph.server import ManagedServer
    from kg_videorag.ingest.corrector import Corrector
    from kg_videorag.ingest.engines import IngestEngines
    from kg_videorag.ingest.kept import KeptFolder
    from kg_videorag.ingest.media import MediaReader
    from kg_videorag.ingest.pipeline import IngestPipeline
    from kg_videorag.ingest.plan import Planner
    from kg_videorag.ingest.subject import SubjectReader
    from kg_videorag.intake.shelf import Shelf
    from kg_videorag.intake.take import Taker
    from kg_videorag.ports import (
        ChatModel,
        Embedder,
        MediaEmbedder,
        Rewriter,
        Summariser,
        VectorIndex,
    )
    from kg_videorag.vectors.spaces import SpaceIndexes

# kind -> name -> "module:factory". A factory takes the keyword arguments of its kind, see
# engine_arguments.py. Other packages add theirs by entry points of this group, named "kind.name".
ENGINES: Mapping[str, Mapping[str, str]] = {
    "transcriber": {
        "faster-whisper": "kg_videorag.engines.faster_whisper:FasterWhisperTranscriber",
        "whisperx": "kg_videorag.engines.whisperx:WhisperXTranscriber",
        "whisper-hf": "kg_videorag.engines.whisper_hf:WhisperHfTranscriber",
    },
    "text_reader": {
        "rapidocr": "kg_videorag.engines.rapidocr:RapidOcrReader",
    },
    "media_embedder": {
        "imagebind": "kg_videorag.engines.imagebind:ImageBindEmbedder",
    },
    "captioner": {
        "transformers": "kg_videorag.engines.transformers_captioner:TransformersCaptioner",
        "openai-compatible": "kg_videorag.engines.openai_vision:OpenAIVisionCaptioner",
    },
    "detector": {
        "yolox": "kg_videorag.engines.yolox:YoloxDetector",
    },
    "sound_tagger": {
        "yamnet": "kg_videorag.engines.yamnet:YamnetTagger",
    },
    "segmenter": {
        "sentence": "kg_videorag.ingest.segment:SentenceSegmenter",
    },
    "extractor": {
        "spacy": "kg_videorag.engines.spacy:SpacyExtractor",
        "gliner": "kg_videorag.engines.gliner:GlinerExtractor",
        "llm": "kg_videorag.engines.llm_extractor:LlmExtractor",
    },
    "embedder": {
        "minilm": "kg_videorag.engines.minilm:MiniLMEmbedder",
        "sentence-transformers": (
            "kg_videorag.engines.sentence_transformers:SentenceTransformersEmbedder"
        ),
    },
    "reranker": {
        "cross-encoder": "kg_videorag.engines.cross_encoder:CrossEncoderReranker",
    },
    "generator": {
        "extractive": "kg_videorag.engines.extractive:ExtractiveGenerator",
        "openai-compatible": "kg_videorag.engines.openai_compatible:OpenAICompatibleGenerator",
        "transformers": "kg_videorag.engines.transformers_llm:TransformersGenerator",
        "langchain": "kg_videorag.engines.langchain_chat:LangChainGenerator",
    },
    "vector_index": {
        "hnswlib": "kg_videorag.vectors.hnsw_index:HnswIndex",
        "json": "kg_videorag.vectors.json_index:JsonIndex",
        "neo4j": "kg_videorag.graph.vector_index:Neo4jIndex",
        "faiss": "kg_videorag.vectors.faiss_index:FaissIndex",
    },
}
_SETTINGS = {"transcriber": "asr_engine"}  # kinds whose setting has another name
_OPTIONAL = frozenset(  # kinds that "none" leaves out
    {"text_reader", "media_embedder", "captioner", "detector", "sound_tagger", "reranker"}
)
# What a flow may have to load; see require_engines.
INGEST_KINDS = (
    "transcriber",
    "text_reader",
    "media_embedder",
    "captioner",
    "detector",
    "sound_tagger",
    "extractor",
    "embedder",
)
_ASK_KINDS = ("embedder", "media_embedder", "reranker", "generator")
_SUMMARY_TOKENS = 700  # a summary of 20 sentences is longer than an answer
_CYPHER_TOKENS = 500  # of a statement: the longest of cypher/analytics/ are some 350
_VERDICT_TOKENS = 1_000  # the JSON is some 80; models that think first need the rest
ENTRY_POINT_GROUP = "kg_videorag.engines"


def engine_factory(kind: str, name: str) -> Callable[..., Any]:
    """The factory of an engine.

    Raises:
        UnknownEngineError: If there is none of that name; lists those that exist.
    """
    target = ENGINES[kind].get(name)
    if target is not None:
        module, _, attribute = target.partition(":")
        factory: Callable[..., Any] = getattr(importlib.import_module(module), attribute)
        return factory
    plugins = entry_points(group=ENTRY_POINT_GROUP)
    for plugin in plugins:
        if plugin.name.lower().replace("_", "-") == f"{kind}.{name}".replace("_", "-"):
            return _load_plugin(plugin)
    offered = [p.name.partition(".")[2] for p in plugins if p.name.startswith(f"{kind}.")]
    known = ", ".join(sorted([*ENGINES[kind], *offered]))
    raise UnknownEngineError(f"no {kind} is named {name!r}", hint=f"Known: {known}.")


def _load_plugin(plugin: EntryPoint) -> Callable[..., Any]:
    try:
        loaded: Callable[..., Any] = plugin.load()
    except Exception as error:
        raise EngineUnavailable(
            f"the engine {plugin.name} ({plugin.value}) cannot be imported: {error}",
            hint="Reinstall the package that offers it.",
        ) from error
    return loaded


def managed_server(
    settings: ServerSettings, on_status: Callable[[str], None] = lambda _: None
) -> ManagedServer:
    """The managed Neo4j of a data directory, running or not."""
    from kg_videorag.graph.server import ManagedServer

    limit = settings.max_memory_limit
    return ManagedServer(
        settings.home,
        settings.cache_dir,
        settings.neo4j_version,
        idle_minutes=settings.neo4j_idle_minutes,
        memory_limit_bytes=None if limit is None else int(limit),
        progress=on_status,
    )


class Composition:
    """Parts, each built when it is first asked for.

    Args:
        settings: What to build.
        on_status: Told in one line when something takes its time, such as a download.
    """

    def __init__(
        self, settings: Settings, on_status: Callable[[str], None] = lambda _: None
    ) -> None:
        self.settings = settings
        self._on_status = on_status
        devices.limit_memory(int(settings.cuda_memory_limit or 0))

    engine_kinds = (
        "transcriber",
        "text_reader",
        "media_embedder",
        "captioner",
        "detector",
        "sound_tagger",
        "segmenter",
        "extractor",
        "embedder",
        "reranker",
        "generator",
    )

    def engine_name(self, kind: str) -> str:
        """The name that the settings give an engine of a kind."""
        return str(getattr(self.settings, _SETTINGS.get(kind, kind)))

    def engine(self, kind: str) -> Any:  # noqa: ANN401 - each caller states its port
        """An engine of a kind, built but not loaded; None where the settings leave it out.

        Raises:
            UnknownEngineError: If the settings name one that does not exist.
        """
        name = self.engine_name(kind)
        if kind in _OPTIONAL and name == NONE:
            return None
        return engine_factory(kind, name)(
            **engine_arguments(kind, self.settings, lambda: self.embedder)
        )

    def require_engines(self, *kinds: str) -> None:
        """Refuse now, not after minutes of work, what a missing model would stop.

        Only engines with models of hubs are looked at: what packages carry was installed with
        them, and to compare it would cost every question a tenth of a second.

        Raises:
            EngineUnavailable: If one is not ready; the hint mends it.
        """
        missing: list[EngineUnavailable] = []
        for kind in kinds:
            engine = self.engine(kind)
            if not hasattr(engine, "hub_models"):
                continue
            state = engine.check()
            if not state.ready:
                what = f"{state.model}: {state.checksum}"
                missing.append(
                    EngineUnavailable(
                        f"the {kind} {engine.name} is not ready: {what}", hint=state.hint
                    )
                )
        if len(missing) > 1:
            doctor = f"kg-videorag --profile {self.settings.profile} doctor"
            missing[0].hint += f" It is not the only one: see `{doctor}`."
        if missing:
            raise missing[0]

    @cached_property
    def graph(self) -> GraphClient:
        """The graph, connected."""
        from kg_videorag.graph.client import GraphClient

        return GraphClient(self._address())

    @cached_property
    def library_id(self) -> str:
        """The id of the library, its schema brought up to date."""
        from kg_videorag.graph.migrate import migrate

        return migrate(self.graph, dimension=self.embedder.dimension)

    @cached_property
    def server(self) -> ManagedServer:
        """The managed Neo4j of this data directory, running or not."""
        return managed_server(self.settings, self._on_status)

    @cached_property
    def embedder(self) -> Embedder:
        embedder: Embedder = self.engine("embedder")
        wanted = self.settings.embedding_dim
        if wanted is not None and wanted != embedder.dimension:
            raise ConfigError(
                f"KGV_EMBEDDING_DIM is {wanted}, but {embedder.name} makes"
                f" {embedder.dimension}-d vectors",
                hint="Unset KGV_EMBEDDING_DIM, or choose another KGV_EMBEDDER.",
            )
        return embedder

    @cached_property
    def media_embedder(self) -> MediaEmbedder | None:
        """What makes the vectors of pictures and sounds; None where nothing does."""
        embedder: MediaEmbedder | None = self.engine("media_embedder")
        return embedder

    @property
    def index_folder(self) -> Path:
        """Where this library's indexes are kept; bound to the graph that they copy."""
        return self.settings.home / "index" / self.library_id

    def spaces(self) -> tuple[VectorSpace, ...]:
        """The spaces of vectors that the library has, whoever made them; text always."""
        return tuple(self._changes())

    def _changes(self) -> dict[VectorSpace, int]:
        """The spaces, text first, each with its latest change."""
        from kg_videorag.graph.changes import latest_changes

        begun, text = latest_changes(self.graph), self._text_space
        texts = {space: seq for space, seq in begun.items() if space.name == text.name}
        return {**(texts or {text: 0}), **begun}

    @cached_property
    def indexes(self) -> SpaceIndexes:
        """The vector indexes, one a space."""
        from kg_videorag.graph.changes import GraphEmbeddings
        from kg_videorag.vectors.spaces import SpaceIndexes

        name = self.engine_name("vector_index")
        make = engine_factory("vector_index", name)
        return SpaceIndexes(
            lambda space: make(**self._index_arguments(space)),
            lambda space: GraphEmbeddings(self.graph, space),
            self.index_folder,
        )

    def asked_indexes(self) -> dict[str, VectorIndex]:
        """The indexes that a question is put to, by space, up to the graph; text comes first."""
        others = (*MEDIA_SPACES, *SIDECAR_SPACES) if self.media_embedder else ()
        asked = {self._text_space.name, *others}
        changes = {space: seq for space, seq in self._changes().items() if space.name in asked}
        return self.indexes.current(list(changes), changes)

    def follow_write(self) -> None:
        """Bring what is derived from the graph up to it: indexes, SIMILAR_TO and SAME_AS edges.

        The indexes of spaces that nobody asks now are among them.
        """
        from kg_videorag.ingest.resolve.link import link_same
        from kg_videorag.ingest.similar import link_similar

        text = self._text_space.name
        link_similar(self.graph, self.indexes.current(self.spaces())[text], text)
        if self.settings.resolve:
            link_same(self.graph)

    @property
    def kept(self) -> KeptFolder:
        """Results of the stages of ingests."""
        from kg_videorag.ingest.kept import KeptFolder

        return KeptFolder(self.settings.home / "stages")

    @property
    def sessions(self) -> SessionStore:
        """Conversations that are kept."""
        from kg_videorag.ask.session.store import SessionStore

        return SessionStore(self.settings.home / "sessions.sqlite3")

    @cached_property
    def rewriter(self) -> Rewriter | None:
        """The language model that rewords follow-ups; None where rules alone do."""
        return self._summary_writer if self.settings.follow_up == "model" else None

    @property
    def summariser(self) -> Summariser | None:
        """The language model that summarises videos; None where the generator has none."""
        return self._summary_writer

    @cached_property
    def _summary_writer(self) -> SummaryWriter | None:
        from kg_videorag.engines.chat import has_model

        name = self.engine_name("generator")
        if not has_model(name):
            return None
        from kg_videorag.engines.summary_writer import SummaryWriter

        options = engine_arguments("generator", self.settings, lambda: self.embedder)["options"]
        longer = replace(options, max_tokens=max(options.max_tokens, _SUMMARY_TOKENS))
        return SummaryWriter(name, longer, self.settings.cache_dir)

    @property
    def overviews(self) -> Overviews:
        """What whole videos say, and where entities are spoken of."""
        from kg_videorag.ask.overview.overviews import Overviews

        return Overviews(
            self.graph,
            self.embedder.languages,
            self.summariser,
            self.settings.evidence_tokens,
        )

    @cached_property
    def ingest_engines(self) -> IngestEngines:
        """Who works in an ingest, built but not loaded."""
        from kg_videorag.ingest.engines import IngestEngines

        return IngestEngines(
            transcriber=self.engine("transcriber"),
            segmenter=self.engine("segmenter"),
            extractor=self.engine("extractor"),
            embedder=self.embedder,
            text_reader=self.engine("text_reader"),
            media_embedder=self.media_embedder,
            captioner=self.engine("captioner"),
            detector=self.engine("detector"),
            sound_tagger=self.engine("sound_tagger"),
        )

    @cached_property
    def subject_reader(self) -> SubjectReader:
        """Reads what is known of a file before it is ingested."""
        from kg_videorag.ingest.subject import SubjectReader

        return SubjectReader(
            self.media,
            self.settings.subtitles,
            self.settings.asr_language,
            sidecars=self.settings.sidecars and self.media_embedder is not None,
        )

    @cached_property
    def media(self) -> MediaReader:
        """What reads media files, within the limits of the settings."""
        from kg_videorag.ingest.media import MediaReader

        settings = self.settings
        return MediaReader(
            DecodeLimits(
                memory_bytes=int(settings.decode_memory_limit),
                stall_s=settings.decode_stall_s,
                pixels=settings.max_pixels,
                duration_ms=round(settings.max_hours * 3_600_000),
                streams=settings.max_streams,
            )
        )

    @cached_property
    def ingest(self) -> IngestPipeline:
        from kg_videorag.ingest.pipeline import IngestPipeline

        self.require_engines(*INGEST_KINDS)
        self._require_spaces(to_write=True)
        self.follow_write()  # of an ingest that was killed between its write and this
        return IngestPipeline(
            graph=self.graph,
            media=self.media,
            engines=self.ingest_engines,
            reader=self.subject_reader,
            kept=self.kept,
            refresh_index=self.follow_write,
            media_batch=self.settings.imagebind_batch,
            captioner_frames=self.settings.captioner_frames,
            resolve=self.settings.resolve,
        )

    @property
    def planner(self) -> Planner:
        """What says what an ingest would do; it starts nothing."""
        from kg_videorag.graph.corrections import corrections_of
        from kg_videorag.graph.read import find_video
        from kg_videorag.ingest.plan import Planner

        is_up = self.settings.neo4j_uri is not None or self.server.status().running
        return Planner(
            reader=self.subject_reader,
            engines=self.ingest_engines,
            kept=self.kept,
            library=(lambda video_id: find_video(self.graph, video_id)) if is_up else None,
            corrections=(lambda video_id: corrections_of(self.graph, video_id)) if is_up else None,
            captioner_frames=self.settings.captioner_frames,
        )

    @cached_property
    def shelf(self) -> Shelf:
        """Where the files of addresses are kept."""
        from kg_videorag.intake.shelf import Shelf

        return Shelf(self.settings.home / "downloads")

    @cached_property
    def taker(self) -> Taker:
        """What takes arguments of `ingest` to the flow."""
        from kg_videorag.graph.write import note_source
        from kg_videorag.intake.fetch import Fetcher
        from kg_videorag.intake.take import Taker
        from kg_videorag.intake.terms import Terms

        settings = self.settings
        languages = dict.fromkeys(filter(None, (settings.asr_language, "en")))
        terms = Terms(int(settings.download_limit), settings.download_private, tuple(languages))
        return Taker(
            Fetcher(self.shelf, terms),
            lambda video_id, url, title: note_source(self.graph, video_id, url, title),
        )

    @cached_property
    def corrector(self) -> Corrector:
        from kg_videorag.ingest.corrector import Corrector

        self.require_engines("extractor", "embedder")
        return Corrector(
            self.graph,
            self.engine("extractor"),
            self.embedder,
            self.follow_write,
            resolve=self.settings.resolve,
        )

    @cached_property
    def ask(self) -> AskPipeline:
        from kg_videorag.ask.pipeline import AskPipeline
        from kg_videorag.ask.probe import Prober

        self.require_engines(*_ASK_KINDS)
        self._require_spaces(to_write=False)
        return AskPipeline(
            graph=self.graph,
            prober=Prober(self.asked_indexes, self.embedder, self.media_embedder),
            generator=self.engine("generator"),
            top_k=self.settings.top_k,
            evidence_tokens=self.settings.evidence_tokens,
            unsupported=self.settings.unsupported,
            reranker=self.engine("reranker"),
        )

    def chat(self, *, max_tokens: int, url: str = "", model: str = "") -> ChatModel:
        """The generator's language model, for what is no answer; always its likeliest words.

        Args:
            max_tokens: Upper bound of a reply.
            url: Of another OpenAI-compatible server; the key of the settings is not sent there.
            model: Of another name.

        Raises:
            ConfigError: If the settings name none.
        """
        from dataclasses import replace

        from kg_videorag.engines.chat import chat_model

        options = replace(generator_options(self.settings), temperature=0.0, max_tokens=max_tokens)
        if url and url != options.url:
            return chat_model("", replace(options, url=url, model=model, api_key=""))
        if self.settings.generator == "extractive" and not options.url:
            raise ConfigError(
                "no language model is configured: the generator extractive has none",
                hint="Set KGV_GENERATOR=openai-compatible and KGV_LLM_URL, such as"
                " http://127.0.0.1:11434/v1 (Ollama); docs/generation.md tells of others.",
            )
        return chat_model(self.settings.generator, replace(options, model=model or options.model))

    @cached_property
    def graph_asker(self) -> CypherAsker:
        """What asks the graph by a language model's Cypher."""
        from kg_videorag.ask.cypher import CypherAsker
        from kg_videorag.graph.guard.apart import ApartReader

        chat = self.chat(max_tokens=_CYPHER_TOKENS)  # before a server is started for nothing
        _ = self.library_id
        return CypherAsker(self.graph, ApartReader(self.graph.address), chat)

    def comparison(self, options: Options) -> Comparison:
        """What compares two systems' answers by a language model; the graph has no part in it."""
        from kg_videorag.evaluate.longer_videos import Comparison
        from kg_videorag.evaluate.longer_videos.judge import Judge
        from kg_videorag.evaluate.longer_videos.kept import KeptVerdicts

        kept = KeptVerdicts(self.settings.home / "judge" / "verdicts.jsonl")
        chat = self.chat(max_tokens=_VERDICT_TOKENS, url=options.url, model=options.model)
        return Comparison(Judge(chat, kept), options)

    def close(self) -> None:
        """Give back what was opened; the managed server stays up for the next command."""
        if "graph" in self.__dict__:
            self.graph.close()

    def _index_arguments(self, space: VectorSpace) -> dict[str, Any]:
        """What the factory of a vector index is given."""
        return {
            "folder": self.index_folder,
            "space": space.name,
            "model": space.model,
            "dimension": space.dimension,
            "library_id": self.library_id,
            "graph": self.graph,
        }

    def _address(self) -> Any:  # noqa: ANN401 - graph.client is imported here, not at start
        from kg_videorag.graph.client import Address

        settings = self.settings
        if settings.neo4j_uri is None:
            endpoint = self.server.ensure()
            return Address(endpoint.bolt_uri, endpoint.user, endpoint.password, managed=True)
        if settings.neo4j_password is None:
            raise ConfigError(
                "KGV_NEO4J_URI is set, but KGV_NEO4J_PASSWORD is not",
                hint="Set it in the environment or in .env.",
            )
        return Address(
            settings.neo4j_uri,
            settings.neo4j_user,
            settings.neo4j_password.get_secret_value(),
            settings.neo4j_database,
            ca=settings.neo4j_ca,
        )

    @property
    def _text_space(self) -> VectorSpace:
        return VectorSpace(self.embedder.space, self.embedder.model, self.embedder.dimension)

    def _require_spaces(self, *, to_write: bool) -> None:
        """Refuse now, not after an hour of transcription, what the write would refuse.

        Args:
            to_write: Whether pictures and sounds will be embedded: then what makes their vectors
                is needed, before the library has any too.
        """
        from kg_videorag.graph.changes import begun_spaces
        from kg_videorag.graph.write import require_space

        _ = self.library_id  # an empty graph first gets its schema
        begun = {space.name: space for space in begun_spaces(self.graph)}
        made = [self._text_space]
        if media := self.media_embedder:
            names = [name for name in MEDIA_SPACES if to_write or name in begun]
            names += [name for name in SIDECAR_SPACES if name in begun]
            made += [VectorSpace(name, media.model, media.dimension) for name in names]
        for space in made:
            require_space(space, begun.get(space.name, space))

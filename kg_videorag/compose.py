"""The composition root: settings in, wired parts out. Nothing else knows how to build a part."""

from __future__ import annotations

import importlib
from functools import cached_property
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any

from kg_videorag.config import NONE
from kg_videorag.errors import ConfigError, EngineUnavailable, UnknownEngineError
from kg_videorag.ports import GeneratorOptions, TranscriberOptions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from importlib.metadata import EntryPoint
    from pathlib import Path

    from pydantic import SecretStr

    from kg_videorag.ask.pipeline import AskPipeline
    from kg_videorag.config import Settings
    from kg_videorag.graph.changes import GraphEmbeddings
    from kg_videorag.graph.client import GraphClient
    from kg_videorag.graph.server import ManagedServer
    from kg_videorag.ingest.pipeline import IngestPipeline
    from kg_videorag.ports import Embedder, VectorIndex

# kind -> name -> "module:factory". A factory takes the keyword arguments of its kind, see
# `_arguments`. Other packages add theirs by entry points of this group, named "kind.name".
ENGINES: Mapping[str, Mapping[str, str]] = {
    "transcriber": {
        "faster-whisper": "kg_videorag.engines.faster_whisper:FasterWhisperTranscriber",
    },
    "text_reader": {
        "rapidocr": "kg_videorag.engines.rapidocr:RapidOcrReader",
    },
    "media_embedder": {},
    "segmenter": {
        "sentence": "kg_videorag.ingest.segment:SentenceSegmenter",
    },
    "extractor": {
        "spacy": "kg_videorag.engines.spacy:SpacyExtractor",
    },
    "embedder": {
        "minilm": "kg_videorag.engines.minilm:MiniLMEmbedder",
    },
    "generator": {
        "extractive": "kg_videorag.engines.extractive:ExtractiveGenerator",
    },
    "vector_index": {
        "hnswlib": "kg_videorag.vectors.hnsw_index:HnswIndex",
    },
}
_SETTINGS = {"transcriber": "asr_engine"}  # kinds whose setting has another name
_OPTIONAL = frozenset({"text_reader", "media_embedder"})  # kinds that "none" leaves out
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


def _secret(value: SecretStr | None) -> str:
    return value.get_secret_value() if value else ""


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

    engine_kinds = (
        "transcriber",
        "text_reader",
        "media_embedder",
        "segmenter",
        "extractor",
        "embedder",
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
        return engine_factory(kind, name)(**self._arguments(kind))

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
        from kg_videorag.graph.server import ManagedServer

        limit = self.settings.max_memory_limit
        return ManagedServer(
            self.settings.home,
            self.settings.cache_dir,
            idle_minutes=self.settings.neo4j_idle_minutes,
            memory_limit_bytes=None if limit is None else int(limit),
            progress=self._on_status,
        )

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
    def source(self) -> GraphEmbeddings:
        """The graph's vectors, as the index copies them."""
        from kg_videorag.graph.changes import GraphEmbeddings

        return GraphEmbeddings(self.graph, self.embedder.space)

    @property
    def index_folder(self) -> Path:
        """Where this library's index is kept; bound to the graph that it copies."""
        return self.settings.home / "index" / self.library_id

    def new_index(self) -> VectorIndex:
        """An empty vector index, not loaded."""
        index: VectorIndex = self.engine("vector_index")
        return index

    @cached_property
    def index(self) -> VectorIndex:
        """The vector index, loaded and up to date."""
        from kg_videorag.vectors.synchronise import open_index

        index = self.new_index()
        open_index(index, self.source, self.index_folder)
        return index

    def refresh_index(self) -> None:
        """Bring the index up to the graph."""
        from kg_videorag.vectors.synchronise import refresh

        refresh(self.index, self.source, self.index_folder)

    @cached_property
    def ingest(self) -> IngestPipeline:
        from kg_videorag.ingest.pipeline import IngestPipeline

        self._require_space()
        return IngestPipeline(
            graph=self.graph,
            transcriber=self.engine("transcriber"),
            segmenter=self.engine("segmenter"),
            extractor=self.engine("extractor"),
            embedder=self.embedder,
            refresh_index=self.refresh_index,
            text_reader=self.engine("text_reader"),
        )

    @cached_property
    def ask(self) -> AskPipeline:
        from kg_videorag.ask.pipeline import AskPipeline

        self._require_space()
        return AskPipeline(
            graph=self.graph,
            index=self.index,
            refresh_index=self.refresh_index,
            embedder=self.embedder,
            generator=self.engine("generator"),
            top_k=self.settings.top_k,
            evidence_tokens=self.settings.evidence_tokens,
        )

    def close(self) -> None:
        """Give back what was opened; the managed server stays up for the next command."""
        if "graph" in self.__dict__:
            self.graph.close()

    def _arguments(self, kind: str) -> dict[str, Any]:
        """What factories of a kind are given."""
        settings = self.settings
        given: dict[str, Callable[[], dict[str, Any]]] = {
            "transcriber": lambda: {"options": self._transcriber_options()},
            "media_embedder": lambda: {
                "cache_dir": settings.cache_dir,
                "checkpoint": settings.imagebind_checkpoint,
                "batch": settings.imagebind_batch,
                "device": settings.device,
                "dtype": settings.dtype,
            },
            "segmenter": lambda: {
                "min_ms": round(settings.segment_min_s * 1000),
                "max_ms": round(settings.segment_max_s * 1000),
            },
            "embedder": lambda: {
                "cache_dir": settings.cache_dir,
                "model": settings.embedder_model,
                "device": settings.device,
            },
            "generator": lambda: {
                "embedder": self.embedder,
                "options": self._generator_options(),
            },
            "vector_index": lambda: {
                "folder": self.index_folder,
                "space": self.embedder.space,
                "model": self.embedder.model,
                "dimension": self.embedder.dimension,
                "library_id": self.library_id,
            },
        }
        return given.get(kind, dict)()

    def _transcriber_options(self) -> TranscriberOptions:
        settings = self.settings
        return TranscriberOptions(
            cache_dir=settings.cache_dir,
            model=settings.asr_model,
            language=settings.asr_language,
            threads=settings.asr_threads,
            device=settings.device,
            dtype=settings.dtype,
            hub_token=_secret(settings.hub_token),
        )

    def _generator_options(self) -> GeneratorOptions:
        settings = self.settings
        return GeneratorOptions(
            cache_dir=settings.cache_dir,
            model=settings.llm_model,
            url=settings.llm_url,
            api_key=_secret(settings.llm_api_key),
            chat_class=settings.chat_class,
            temperature=settings.temperature,
            max_tokens=settings.max_tokens,
            timeout_s=settings.llm_timeout_s,
            retries=settings.llm_retries,
            device=settings.device,
            dtype=settings.dtype,
            hub_token=_secret(settings.hub_token),
        )

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
        )

    def _require_space(self) -> None:
        """Refuse now, not after an hour of transcription, what the write would refuse."""
        from kg_videorag.graph.queries import load
        from kg_videorag.graph.write import require_space

        _ = self.library_id  # an empty graph first gets its schema
        embedder = self.embedder
        for begun in self.graph.read(load("graph/space"), space=embedder.space):
            require_space(embedder.space, begun, model=embedder.model, dimension=embedder.dimension)

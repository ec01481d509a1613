"""Settings: the only place that reads environment variables, `.env` and `kg_videorag.toml`.

Order of precedence: arguments, `KGV_*` variables, `.env`, `kg_videorag.toml` in the working
directory, `kg_videorag.toml` in `KGV_HOME`, defaults.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, TypeVar

from platformdirs import user_cache_path, user_data_path
from pydantic import (
    AfterValidator,
    ByteSize,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from kg_videorag.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_Settings = TypeVar("_Settings", bound="ServerSettings")
TOML_NAME = "kg_videorag.toml"
_APP = "kg-videorag"
NONE = "none"  # the name of an engine that is left out
_BOLT_SCHEMES = ("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc")
_NEO4J_NEEDS_BYTES = 768 << 20  # 512 MiB of heap and 256 MiB of page cache
# Names that older configurations use, without our prefix.
_OLDER_NAMES = {
    "asr_engine": "asr_engine",
    "top_k_results": "top_k",
    "kgv_top_k_results": "top_k",
    "embedding_dim": "embedding_dim",
    "max_memory_limit": "max_memory_limit",
    "max_tokens": "max_tokens",
    "cuda_memory_limit": "cuda_memory_limit",
}


def _canonical(name: str) -> str:
    return name.strip().lower().replace("_", "-")


def _bolt_address(uri: str) -> str:
    scheme, _, rest = uri.partition("://")
    if scheme not in _BOLT_SCHEMES or not rest:
        # Most often the address of Browser, which speaks HTTP.
        raise ValueError(
            "must begin with bolt:// or neo4j:// (or +s, +ssc), as in bolt://host:7687"
        )
    if "@" in rest:
        raise ValueError("must not hold a login: set KGV_NEO4J_USER and KGV_NEO4J_PASSWORD")
    return uri


# Engine names are read without regard to case or `-`/`_`: ASR_ENGINE=Faster_Whisper works.
EngineName = Annotated[str, AfterValidator(_canonical)]


# What a profile uses where nothing else is named; docs/adr/0009-profiles.md says why.
PROFILES: Mapping[str, Mapping[str, str]] = {
    "local": {
        "asr_engine": "faster-whisper",
        "text_reader": "rapidocr",
        "media_embedder": NONE,
        "captioner": NONE,
        "detector": NONE,
        "sound_tagger": NONE,
        "extractor": "spacy",
        "embedder": "minilm",
        "generator": "extractive",
    },
    "full": {
        "asr_engine": "whisperx",
        "asr_model": "large-v3-turbo",
        "text_reader": "rapidocr",
        "media_embedder": "imagebind",
        "captioner": "transformers",
        "detector": NONE,
        "sound_tagger": NONE,
        "extractor": "spacy",
        "embedder": "sentence-transformers",
        "generator": "transformers",
    },
}


# Naming the weights of an engine that no package carries, or its server, turns it on.
_TURNED_ON_BY = (
    ("imagebind_checkpoint", "media_embedder", "imagebind"),
    ("captioner_url", "captioner", "openai-compatible"),
    ("yolox_model", "detector", "yolox"),
    ("yamnet_model", "sound_tagger", "yamnet"),
)


class ServerSettings(BaseSettings):
    """Where the library is and which Neo4j holds it: what `db` needs, whatever else is wrong."""

    model_config = SettingsConfigDict(
        env_prefix="KGV_",
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,  # KGV_HOME= says nothing, least of all "here"
        extra="ignore",
        frozen=True,
        validate_default=True,
    )

    home: Path = Field(
        default_factory=lambda: user_data_path(_APP),
        description="Data directory: the managed Neo4j, vector indexes, made models.",
    )
    cache_dir: Path = Field(
        default_factory=lambda: user_cache_path(_APP),
        description="What can be fetched or made again: Neo4j's jars, converted models.",
    )
    neo4j_uri: Annotated[str, AfterValidator(_bolt_address)] | None = Field(
        default=None, description="A Neo4j of your own; without it a managed one is started."
    )
    neo4j_user: str = "neo4j"
    neo4j_password: SecretStr | None = None
    neo4j_database: str = "neo4j"
    neo4j_ca: Path | None = Field(
        default=None,
        description="Certificates (PEM) of the authorities that bolt+s:// and neo4j+s:// trust.",
    )
    neo4j_version: str = Field(
        default="2026.08.1",
        pattern=r"^\d+\.\d+\.\d+$",
        description="Of the managed Neo4j: 2026.08.1, or 5.26.31 of the LTS.",
    )
    max_memory_limit: ByteSize | None = Field(
        default=None,
        ge=_NEO4J_NEEDS_BYTES,
        description="Cap on the managed Neo4j's heap and page cache together.",
    )
    neo4j_idle_minutes: int = Field(
        default=30, ge=1, description="An unused managed Neo4j stops after this long."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        del file_secret_settings
        return (
            init_settings,
            env_settings,
            _older_names(settings_cls, env_settings),
            dotenv_settings,
            _older_names(settings_cls, dotenv_settings),
            _Toml(settings_cls, Path(TOML_NAME)),
            _Toml(settings_cls, _home_hint() / TOML_NAME),
        )


class Settings(ServerSettings):
    """All settings, frozen. Every field is `KGV_<FIELD>` in the environment."""

    profile: Literal["local", "full"] = Field(
        default="local", description="Which engines are used where none is named."
    )
    device: Literal["auto", "cpu", "cuda", "mps"] = Field(
        default="auto", description="Where models run; auto: a graphics card if there is one."
    )
    dtype: Literal["auto", "float32", "float16", "bfloat16", "int8"] = Field(
        default="auto", description="Numbers that models calculate with; auto: by device."
    )
    cuda_memory_limit: ByteSize | None = Field(
        default=None, description="Cap on what torch takes of a graphics card's memory."
    )
    hub_token: SecretStr | None = Field(
        default=None, description="Of the model hub, for models behind a licence."
    )

    # Empty engine names and models are filled in by the profile: see PROFILES.
    asr_engine: EngineName = ""
    asr_model: str = Field(default="", description="The engine's model: a name or a folder.")
    asr_language: str = Field(
        default="", pattern=r"^([a-z]{2,3})?$", description="What is spoken, as en; empty: detect."
    )
    asr_threads: int = Field(default=0, ge=0, description="0: one per core.")
    subtitles: bool = Field(
        default=True, description="Trust subtitles beside or in a file before recognised speech."
    )
    text_reader: EngineName = Field(default="", description="Reads screens; none: nobody does.")
    media_embedder: EngineName = Field(
        default="", description="Vectors of pictures and sounds; none: nobody makes them."
    )
    imagebind_checkpoint: Path | None = Field(
        default=None, description="imagebind_huge.pth; naming it turns ImageBind on."
    )
    imagebind_batch: int = Field(default=8, ge=1, description="Pictures or sounds at once.")
    captioner: EngineName = Field(default="", description="Describes pictures; none: nobody.")
    captioner_model: str = Field(
        default="", description="The engine's model: a name or a folder; a server's name for it."
    )
    captioner_url: str = Field(
        default="",
        description="An OpenAI-compatible vision server; naming it turns that one on."
        " Empty: KGV_LLM_URL.",
    )
    captioner_frames: int = Field(default=3, ge=1, le=16, description="Pictures per segment.")
    detector: EngineName = Field(default="", description="Names things seen; none: nobody does.")
    yolox_model: Path | None = Field(
        default=None, description="A YOLOX model as ONNX; naming it turns the detector on."
    )
    sound_tagger: EngineName = Field(default="", description="Names sounds; none: nobody does.")
    yamnet_model: Path | None = Field(
        default=None, description="YAMNet as ONNX; naming it turns the sound tagger on."
    )
    yamnet_labels: Path | None = Field(
        default=None, description="Its class map (CSV); empty: yamnet_class_map.csv beside it."
    )
    sidecars: bool = Field(
        default=True, description="Read depth, thermal and motion files beside a video."
    )
    segmenter: EngineName = "sentence"
    extractor: EngineName = ""
    extractor_model: str = Field(default="", description="The engine's model: a name or a folder.")
    extractor_gleanings: int = Field(
        default=0, ge=0, le=3, description="How often a language model is asked what it missed."
    )
    resolve: bool = Field(default=True, description="Join names of one person or thing by SAME_AS.")
    embedder: EngineName = ""
    embedder_model: str = Field(default="", description="The engine's model: a name or a folder.")
    vector_index: EngineName = "hnswlib"

    reranker: EngineName = Field(
        default=NONE, description="Reads the best of what a search finds again; none: nobody does."
    )
    reranker_model: str = Field(default="", description="The engine's model: a name or a folder.")

    generator: EngineName = ""
    llm_model: str = Field(default="", description="The generator's model: a name or a file.")
    llm_url: str = Field(
        default="", description="An OpenAI-compatible server, as http://127.0.0.1:11434/v1."
    )
    llm_api_key: SecretStr | None = Field(default=None, description="For that server.")
    llm_timeout_s: float = Field(default=120.0, gt=0, description="How long it may take.")
    llm_retries: int = Field(default=2, ge=0, le=10, description="After passing failures.")
    chat_class: str = Field(
        default="", description="Of LangChain: ChatOllama, ChatLlamaCpp, HuggingFacePipeline ..."
    )
    temperature: float = Field(
        default=0.7, ge=0, le=2, description="Of generated answers; 0: the likeliest words."
    )
    follow_up: Literal["rules", "model"] = Field(
        default="rules",
        description="Who rewords the follow-ups of a conversation; model: a second call each.",
    )
    embedding_dim: int | None = Field(
        default=None,
        ge=1,
        description="Refuse to run if the embedder's dimension is another.",
    )

    decode_memory_limit: ByteSize = Field(
        default=ByteSize(2 << 30), ge=256 << 20, description="Of the process that decodes a file."
    )
    decode_stall_s: float = Field(
        default=60.0, gt=0, description="A file whose decoding stands still this long fails."
    )
    max_pixels: int = Field(default=2**25, ge=1, description="Of one picture.")
    max_hours: float = Field(default=24.0, gt=0, description="Of one file.")
    max_streams: int = Field(default=64, ge=1, description="Of one file.")
    download_limit: ByteSize = Field(
        default=ByteSize(20 << 30), ge=1, description="Of one address."
    )
    download_private: bool = Field(
        default=False, description="Allow addresses inside your own network."
    )

    segment_min_s: float = Field(default=10.0, gt=0, le=3600)
    segment_max_s: float = Field(default=30.0, gt=0, le=3600)

    top_k: int = Field(
        default=8,
        ge=1,
        le=100,
        description="How many pieces of evidence an answer rests on.",
    )
    evidence_tokens: int = Field(
        default=2000, ge=100, description="Upper bound of the evidence given to a generator."
    )
    unsupported: Literal["drop", "mark"] = Field(
        default="drop", description="What becomes of an answer's sentences that no evidence says."
    )
    max_tokens: int = Field(
        default=200,
        ge=16,
        description="Upper bound of an answer's length.",
    )

    @model_validator(mode="before")
    @classmethod
    def _by_profile(cls, given: dict[str, Any]) -> dict[str, Any]:
        """Fill in the engines that are not named."""
        profile = PROFILES.get(str(given.get("profile", "local")), {})
        filled = {**given, **{name: v for name, v in profile.items() if not given.get(name)}}
        turned_on = {
            kind: engine
            for weights, kind, engine in _TURNED_ON_BY
            if given.get(weights) and not given.get(kind)
        }
        return filled | turned_on

    @model_validator(mode="after")
    def _spans_fit(self) -> Self:
        if self.segment_max_s < 2 * self.segment_min_s:
            # Otherwise some lengths (say 25 s with 20..24 s segments) cannot be tiled.
            raise ValueError("KGV_SEGMENT_MAX_S must be at least twice KGV_SEGMENT_MIN_S")
        return self


class _Toml(TomlConfigSettingsSource):
    """A TOML file in which a misspelt key is an error, not a setting that does nothing."""

    def __init__(self, settings_cls: type[BaseSettings], file: Path) -> None:
        try:
            super().__init__(settings_cls, toml_file=file)
        except (OSError, ValueError) as error:
            raise ConfigError(f"{file} cannot be read: {error}", hint=_HINT) from error
        if settings_cls is Settings:  # else most of its keys are other settings'
            _refuse_unknown(self.toml_data, str(file))


def _older_names(
    settings_cls: type[BaseSettings], source: PydanticBaseSettingsSource
) -> InitSettingsSource:
    variables = source.env_vars if isinstance(source, EnvSettingsSource) else {}
    given: dict[str, Any] = {
        field: variables[name] for name, field in _OLDER_NAMES.items() if variables.get(name)
    }
    return InitSettingsSource(settings_cls, given)


def _refuse_unknown(given: Iterable[str], where: str) -> None:
    if unknown := sorted(set(given) - Settings.model_fields.keys()):
        raise ConfigError(f"{where}: there is no setting named {unknown[0]!r}", hint=_HINT)


def _home_hint() -> Path:
    """Where the library's own TOML lies; asked before Settings exists."""
    named = os.environ.get("KGV_HOME")
    return Path(named).expanduser() if named else user_data_path(_APP)


def load_settings(**overrides: Any) -> Settings:  # noqa: ANN401 - Settings checks each one
    """Read the settings from every source.

    Args:
        **overrides: Fields that win over every source; None means "not given".

    Returns:
        Settings with absolute `home` and `cache_dir`.

    Raises:
        ConfigError: If a value is wrong; names the setting, the value's fault and its source.
    """
    _refuse_unknown(overrides, "arguments")
    return _load(Settings, {name: v for name, v in overrides.items() if v is not None})


def load_server_settings() -> ServerSettings:
    """Read only the settings that the managed server needs, from every source.

    Raises:
        ConfigError: If one of them is wrong; what is wrong with others does not matter.
    """
    return _load(ServerSettings, {})


def _load(kind: type[_Settings], given: Mapping[str, Any]) -> _Settings:
    try:
        settings = kind(**given)
    except ValidationError as error:
        raise ConfigError(_first_fault(error), hint=_HINT) from error
    except (OSError, UnicodeError) as error:
        raise ConfigError(f".env cannot be read: {error}", hint=_HINT) from error
    paths = {name: getattr(settings, name) for name in ("home", "cache_dir", "neo4j_ca")}
    absolute = {name: path.expanduser().absolute() for name, path in paths.items() if path}
    return settings.model_copy(update=absolute)


_HINT = "The table of settings in README.md says what is allowed."


def _first_fault(error: ValidationError) -> str:
    fault = error.errors(include_url=False, include_input=False)[0]
    name = "_".join(str(part) for part in fault["loc"])
    subject = f"setting KGV_{name.upper()}" if name else "settings"
    return f"{subject}: {fault['msg']}"

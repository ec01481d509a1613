"""Settings: the only place that reads environment variables, `.env` and `kg_videorag.toml`.

Order of precedence: arguments, `KGV_*` variables, `.env`, `kg_videorag.toml` in the working
directory, `kg_videorag.toml` in `KGV_HOME`, defaults.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

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
    from collections.abc import Iterable

TOML_NAME = "kg_videorag.toml"
_APP = "kg-videorag"
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


class Settings(BaseSettings):
    """All settings, frozen. Every field is `KGV_<FIELD>` in the environment."""

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
    profile: Literal["local"] = Field(
        default="local", description="Which engines are used where none is named."
    )

    neo4j_uri: Annotated[str, AfterValidator(_bolt_address)] | None = Field(
        default=None, description="A Neo4j of your own; without it a managed one is started."
    )
    neo4j_user: str = "neo4j"
    neo4j_password: SecretStr | None = None
    neo4j_database: str = "neo4j"
    max_memory_limit: ByteSize | None = Field(
        default=None,
        ge=_NEO4J_NEEDS_BYTES,
        description="Cap on the managed Neo4j's heap and page cache together.",
    )
    neo4j_idle_minutes: int = Field(
        default=30, ge=1, description="An unused managed Neo4j stops after this long."
    )

    asr_engine: EngineName = "faster-whisper"
    asr_threads: int = Field(default=0, ge=0, description="0: one per core.")
    segmenter: EngineName = "sentence"
    extractor: EngineName = "spacy"
    embedder: EngineName = "minilm"
    vector_index: EngineName = "hnswlib"
    generator: EngineName = "extractive"
    embedding_dim: int | None = Field(
        default=None,
        ge=1,
        description="Refuse to run if the embedder's dimension is another.",
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
    max_tokens: int = Field(
        default=200,
        ge=16,
        description="Upper bound of an answer's length.",
    )

    @model_validator(mode="after")
    def _spans_fit(self) -> Self:
        if self.segment_max_s < 2 * self.segment_min_s:
            # Otherwise some lengths (say 25 s with 20..24 s segments) cannot be tiled.
            raise ValueError("KGV_SEGMENT_MAX_S must be at least twice KGV_SEGMENT_MIN_S")
        return self

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


class _Toml(TomlConfigSettingsSource):
    """A TOML file in which a misspelt key is an error, not a setting that does nothing."""

    def __init__(self, settings_cls: type[BaseSettings], file: Path) -> None:
        try:
            super().__init__(settings_cls, toml_file=file)
        except (OSError, ValueError) as error:
            raise ConfigError(f"{file} cannot be read: {error}", hint=_HINT) from error
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
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        settings = Settings(**given)
    except ValidationError as error:
        raise ConfigError(_first_fault(error), hint=_HINT) from error
    except (OSError, UnicodeError) as error:
        raise ConfigError(f".env cannot be read: {error}", hint=_HINT) from error
    absolute = {
        name: getattr(settings, name).expanduser().absolute() for name in ("home", "cache_dir")
    }
    return settings.model_copy(update=absolute)


_HINT = "The table of settings in README.md says what is allowed."


def _first_fault(error: ValidationError) -> str:
    fault = error.errors(include_url=False, include_input=False)[0]
    name = "_".join(str(part) for part in fault["loc"])
    subject = f"setting KGV_{name.upper()}" if name else "settings"
    return f"{subject}: {fault['msg']}"

"""Settings: the only place that reads environment variables, `.env` and `kg_videorag.toml`.

Order of precedence: arguments, `KGV_*` variables, `.env`, `kg_videorag.toml` in the working
directory, `kg_videorag.toml` in `KGV_HOME`, defaults.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from platformdirs import user_cache_path, user_data_path
from pydantic import (
    AfterValidator,
    AliasChoices,
    ByteSize,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from kg_videorag.errors import ConfigError

TOML_NAME = "kg_videorag.toml"
_APP = "kg-videorag"


def _canonical(name: str) -> str:
    return name.strip().lower().replace("_", "-")


# Engine names are read without regard to case or `-`/`_`: ASR_ENGINE=Faster_Whisper works.
EngineName = Annotated[str, AfterValidator(_canonical)]


def _plain(name: str) -> AliasChoices:
    """The names of a setting that older configurations write without our prefix."""
    return AliasChoices(f"kgv_{name}", name)


class Settings(BaseSettings):
    """All settings, frozen. Every field is `KGV_<FIELD>` in the environment."""

    model_config = SettingsConfigDict(
        env_prefix="KGV_",
        env_file=".env",
        env_file_encoding="utf-8",
        extra="ignore",
        frozen=True,
        populate_by_name=True,
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

    neo4j_uri: str | None = Field(
        default=None, description="A Neo4j of your own; without it a managed one is started."
    )
    neo4j_user: str = "neo4j"
    neo4j_password: SecretStr | None = None
    neo4j_database: str = "neo4j"
    max_memory_limit: ByteSize | None = Field(
        default=None,
        validation_alias=_plain("max_memory_limit"),
        description="Cap on the managed Neo4j's heap and page cache together.",
    )
    neo4j_idle_minutes: int = Field(
        default=30, ge=1, description="An unused managed Neo4j stops after this long."
    )

    asr_engine: EngineName = Field(default="faster-whisper", validation_alias=_plain("asr_engine"))
    asr_threads: int = Field(default=0, ge=0, description="0: one per core.")
    segmenter: EngineName = "sentence"
    extractor: EngineName = "spacy"
    embedder: EngineName = "minilm"
    vector_index: EngineName = "hnswlib"
    generator: EngineName = "extractive"
    embedding_dim: int | None = Field(
        default=None,
        validation_alias=_plain("embedding_dim"),
        description="Refuse to run if the embedder's dimension is another.",
    )

    segment_min_s: float = Field(default=10.0, gt=0)
    segment_max_s: float = Field(default=30.0, gt=0)

    top_k: int = Field(
        default=8,
        ge=1,
        le=100,
        validation_alias=AliasChoices("kgv_top_k", "kgv_top_k_results", "top_k_results", "top_k"),
        description="How many pieces of evidence an answer rests on.",
    )
    evidence_tokens: int = Field(
        default=2000, ge=100, description="Upper bound of the evidence given to a generator."
    )
    max_tokens: int = Field(
        default=200,
        ge=16,
        validation_alias=_plain("max_tokens"),
        description="Upper bound of an answer's length.",
    )

    @model_validator(mode="after")
    def _spans_fit(self) -> Self:
        if self.segment_min_s * 2 > self.segment_max_s:
            # Otherwise some lengths (say 25 s with 20..24 s segments) cannot be tiled.
            raise ValueError("segment_max_s must be at least twice segment_min_s")
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
        files = [Path(TOML_NAME), _home_hint() / TOML_NAME]
        tomls = (TomlConfigSettingsSource(settings_cls, toml_file=file) for file in files)
        return (init_settings, env_settings, dotenv_settings, *tomls)


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
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        settings = Settings(**given)
    except ValidationError as error:
        raise ConfigError(_first_fault(error), hint=_HINT) from error
    except (OSError, ValueError) as error:  # an unreadable or malformed TOML file
        raise ConfigError(f"{TOML_NAME} cannot be read: {error}", hint=_HINT) from error
    absolute = {
        name: getattr(settings, name).expanduser().absolute() for name in ("home", "cache_dir")
    }
    return settings.model_copy(update=absolute)


_HINT = "See `kg-videorag config show` and the table of settings in README.md."


def _first_fault(error: ValidationError) -> str:
    fault = error.errors(include_url=False, include_input=False)[0]
    name = "_".join(str(part) for part in fault["loc"]).removeprefix("kgv_") or "settings"
    return f"setting KGV_{name.upper()}: {fault['msg']}"

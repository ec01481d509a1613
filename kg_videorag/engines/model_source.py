"""Where a model for transformers lies: in a folder, or in the hub's cache."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kg_videorag.engines.folder_print import folder_print
from kg_videorag.engines.hub import HubModel
from kg_videorag.model import EngineState

LLAMA = HubModel(
    repo="meta-llama/Llama-3.2-3B-Instruct",
    size_bytes=6_435_000_000,
    licence="Llama 3.2 Community License",
    needs=(
        "config.json",
        "tokenizer.json",
        "tokenizer_config.json",
        "model.safetensors.index.json",
        "model-00001-of-00002.safetensors",
        "model-00002-of-00002.safetensors",
    ),
    allow=("*.json", "*.safetensors"),  # not the same weights again, in Meta's own format
    gated=True,
)
_NEEDS = ("config.json", "tokenizer_config.json")  # of any other model


@dataclass(frozen=True, slots=True)
class ModelSource:
    """A model by the name that the settings give it.

    Args:
        wanted: A folder, or a name on the hub; "" for the first of `known`.
        known: Models of which more is known than their name.
        allow: Patterns of files to fetch of any other; empty: all.
    """

    wanted: str
    known: tuple[HubModel, ...] = (LLAMA,)
    allow: tuple[str, ...] = ()

    @property
    def folder(self) -> Path | None:
        """The folder, if it is one."""
        named = Path(self.wanted).expanduser()
        return named.absolute() if self.wanted and named.is_dir() else None

    @property
    def name(self) -> str:
        """Its name on the hub, or its folder's."""
        return self.folder.name if self.folder else self.hub_models[0].repo

    @property
    def identity(self) -> str:
        """Its name; of a folder, with what tells its files from others."""
        return f"{self.name}@{folder_print(self.folder)}" if self.folder else self.name

    @property
    def hub_models(self) -> tuple[HubModel, ...]:
        """What must come from the hub; nothing for a folder."""
        if self.folder:
            return ()
        for model in self.known:
            if self.wanted in {"", model.repo}:
                return (model,)
        other = HubModel(self.wanted, 0, "its publisher's", needs=_NEEDS, allow=self.allow)
        return (other,)

    def locate(self) -> Path:
        """The model's folder; the network is not asked.

        Raises:
            EngineUnavailable: If the hub's cache does not hold it; the hint brings it.
        """
        return self.folder or self.hub_models[0].locate()

    def state(self) -> EngineState:
        """What `doctor` says of it."""
        if self.folder is None:
            return self.hub_models[0].state()
        ready = (self.folder / "config.json").is_file()
        return EngineState(
            ready=ready,
            model=self.name,
            weights=str(self.folder),
            checksum="none needed" if ready else "missing",
            hint="" if ready else f"{self.folder} holds no model of transformers.",
        )

"""Captioner: a vision model run by transformers on this machine."""

from __future__ import annotations

from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from kg_videorag.engines import caption_prompt, vision_model
from kg_videorag.engines.hub import HubModel
from kg_videorag.engines.model_source import ModelSource
from kg_videorag.errors import EngineError, EngineUnavailable, KgVideoRagError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from kg_videorag.engines.vision_model import VisionModel
    from kg_videorag.model import EngineState
    from kg_videorag.ports import CaptionerOptions

# Not their weights once more in other formats, some of which are pickles that run code.
_ALLOW = ("*.json", "*.jinja", "*.txt", "*.model", "*.safetensors")
# Sizes: the hub's listing of files. Why this one: docs/adr/0020-captions.md.
SMOLVLM = HubModel(
    repo="HuggingFaceTB/SmolVLM-500M-Instruct",
    size_bytes=1_025_000_000,
    licence="Apache-2.0",
    needs=(
        "config.json",
        "preprocessor_config.json",
        "processor_config.json",
        "chat_template.json",
        "tokenizer.json",
        "tokenizer_config.json",
        "model.safetensors",
    ),
    allow=_ALLOW,
)
# Its size: 2.21 billion parameters of two bytes. It writes Russian.
QWEN2_VL = HubModel(
    repo="Qwen/Qwen2-VL-2B-Instruct",
    size_bytes=4_430_000_000,
    licence="Apache-2.0",
    needs=("config.json", "preprocessor_config.json", "tokenizer_config.json"),
    allow=_ALLOW,
)
_SMALLER = "Set KGV_CAPTIONER_MODEL to a smaller model, KGV_CAPTIONER_FRAMES=1, or KGV_DEVICE=cpu."


class TransformersCaptioner:
    """Implements `ports.Captioner`.

    Args:
        options: Of them `model` (a folder, or a name on the hub; SmolVLM if empty), `device` and
            `dtype`.
    """

    name = "transformers"

    def __init__(self, *, options: CaptionerOptions) -> None:
        self._options = options
        self._source = ModelSource(options.model, known=(SMOLVLM, QWEN2_VL), allow=_ALLOW)

    @property
    def version(self) -> str:
        """Of the library, the model, and the prompts."""
        try:
            library = version("transformers")
        except PackageNotFoundError:
            return "missing"
        return f"{library}/{self._source.identity}/prompt-{caption_prompt.VERSION}"

    @property
    def model(self) -> str:
        """Its name on the hub, or its folder's."""
        return self._source.name

    @property
    def hub_models(self) -> tuple[HubModel, ...]:
        return self._source.hub_models

    def check(self) -> EngineState:
        return self._source.state()

    def caption(
        self, pictures: Sequence[NDArray[np.uint8]], context: str, language: str = ""
    ) -> str:
        shown = [picture for picture in pictures if picture.size]
        if not shown:
            return ""
        model = self._loaded
        import torch

        try:
            return model.caption(shown, context, language)
        except KgVideoRagError:
            raise
        except torch.cuda.OutOfMemoryError as error:
            raise EngineError(f"{self.model}: the card's memory is full", hint=_SMALLER) from error
        except Exception as error:  # processors of 40 architectures raise what they like
            raise EngineError(f"{self.model} failed: {_first_line(error)}") from error

    @cached_property
    def _loaded(self) -> VisionModel:
        folder = self._source.locate()
        options = self._options
        try:
            return vision_model.load(folder, device=options.device, dtype=options.dtype)
        except KgVideoRagError:
            raise
        except Exception as error:
            import torch

            if isinstance(error, torch.cuda.OutOfMemoryError):
                raise EngineError(
                    f"{self.model} does not fit into the card's memory", hint=_SMALLER
                ) from error
            raise EngineUnavailable(
                f"{self.model} cannot be loaded: {_first_line(error)}",
                hint="KGV_CAPTIONER_MODEL wants a folder, or a hub's name, of a model that"
                " describes pictures, its weights as safetensors.",
            ) from error


def _first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]

"""Vision models of transformers: one that is talked to, and one that only says what it sees.

What a model's processor brings tells them apart: a chat template, or none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from kg_videorag.engines import devices
from kg_videorag.engines.caption_prompt import caption_request
from kg_videorag.engines.caption_text import joined, read_caption
from kg_videorag.errors import EngineUnavailable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

_MIN_PX = (
    32  # of a side: a height of 3 would be taken for channels, and Qwen-VL wants a patch of 28
)
_MAX_TOKENS = 120  # two sentences take 40 to 60
_MAX_TOKENS_EACH = 40  # of one picture: BLIP was trained on captions of 10 to 20
# Of which the model cards say English alone; asked in another language they write nonsense.
_WRITES = {"idefics3": frozenset({"en"}), "smolvlm": frozenset({"en"})}
# The likeliest words, so that a picture is described the same each time. A model's own settings
# for sampling would be warned of.
_LIKELIEST: dict[str, Any] = {
    "do_sample": False,
    "temperature": None,
    "top_p": None,
    "top_k": None,
}


class VisionModel(Protocol):
    """A loaded model."""

    def caption(
        self, pictures: Sequence[NDArray[np.uint8]], context: str, language: str
    ) -> str: ...


def load(folder: Path, *, device: str, dtype: str) -> VisionModel:
    """Load a model and what prepares its pictures; nothing is asked of the hub.

    Weights come from safetensors files alone, and no code of a model's is run.

    Args:
        folder: As transformers saves models.
        device: "auto", "cpu", "cuda" or "mps".
        dtype: "auto", "float32", "float16" or "bfloat16".

    Raises:
        EngineUnavailable: If transformers is not there, or it is no model for pictures.
    """
    try:
        from transformers import AutoModelForImageTextToText, AutoProcessor
        from transformers.utils import logging as their_logging
    except ImportError as error:
        raise EngineUnavailable(
            f"transformers cannot be imported: {error}", hint="Run `make setup`."
        ) from error

    their_logging.disable_progress_bar()
    size = sum(file.stat().st_size for file in folder.glob("*.safetensors"))
    place, numbers = devices.choose(device, dtype, weights_bytes=size)
    given: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
    processor = AutoProcessor.from_pretrained(folder, use_fast=True, **given)
    if not hasattr(processor, "image_processor"):
        raise ValueError("it has no settings for pictures (preprocessor_config.json)")
    model = AutoModelForImageTextToText.from_pretrained(
        folder, dtype=devices.torch_dtype(numbers), use_safetensors=True, **given
    )
    model = model.to(place).eval()
    template = getattr(processor, "chat_template", None) or processor.tokenizer.chat_template
    return Talking(processor, model, template) if template else Seeing(processor, model)


@dataclass(frozen=True, slots=True, eq=False)
class Seeing:
    """A model that is shown one picture and told nothing: BLIP, BLIP-2, GIT.

    Args:
        processor: Of transformers.
        model: Of transformers.
    """

    processor: Any
    model: Any

    def caption(self, pictures: Sequence[NDArray[np.uint8]], context: str, language: str) -> str:
        """All pictures in one batch; what is said of them is joined."""
        del context, language
        given = self.processor(images=_images(pictures), return_tensors="pt")
        given = given.to(self.model.device, self.model.dtype)
        output = self.model.generate(**given, max_new_tokens=_MAX_TOKENS_EACH, **_LIKELIEST)
        written = self.processor.batch_decode(output, skip_special_tokens=True)
        return joined(read_caption(text) for text in written)


@dataclass(frozen=True, slots=True, eq=False)
class Talking:
    """A model that is shown several pictures with a request: SmolVLM, Qwen-VL, LLaVA.

    Args:
        processor: Of transformers.
        model: Of transformers.
        template: How it is talked to.
    """

    processor: Any
    model: Any
    template: str

    def __post_init__(self) -> None:
        # SmolVLM cuts a picture into up to 17 of 512 px unless it is told not to: 1,088 tokens for
        # what stands in 64. Source: transformers, image_processing_idefics3.py.
        if hasattr(self.processor.image_processor, "do_image_splitting"):
            self.processor.image_processor.do_image_splitting = False

    def caption(self, pictures: Sequence[NDArray[np.uint8]], context: str, language: str) -> str:
        """All pictures in one prompt; fewer where the model cannot read so many."""
        kind = str(self.model.config.model_type)
        request = caption_request(context, language, writes=_WRITES.get(kind, frozenset()))
        shown = list(pictures)
        given = self._prompt(shown, request)
        while given["input_ids"].shape[1] + _MAX_TOKENS > self._room_tokens and len(shown) > 1:
            shown = shown[::2]
            given = self._prompt(shown, request)
        output = self.model.generate(**given, max_new_tokens=_MAX_TOKENS, **_LIKELIEST)
        written = output[0, given["input_ids"].shape[1] :]
        cut = len(written) >= _MAX_TOKENS and int(written[-1]) not in self._ends
        text = self.processor.tokenizer.decode(written, skip_special_tokens=True)
        return read_caption(text, cut=cut)

    def _prompt(self, pictures: Sequence[NDArray[np.uint8]], request: str) -> Any:  # noqa: ANN401
        shown = [{"type": "image", "image": image} for image in _images(pictures)]
        said = {"type": "text", "text": request}
        given = self.processor.apply_chat_template(
            [{"role": "user", "content": [*shown, said]}],
            chat_template=self.template,
            add_generation_prompt=True,
            tokenize=True,
            return_dict=True,
            return_tensors="pt",
        )
        return given.to(self.model.device, self.model.dtype)

    @property
    def _room_tokens(self) -> int:
        stated = getattr(self.model.config.get_text_config(), "max_position_embeddings", None)
        return int(stated or 1 << 20)

    @property
    def _ends(self) -> frozenset[int]:
        """Tokens that end what it writes; some models have several."""
        ends = self.model.generation_config.eos_token_id
        return frozenset(ends if isinstance(ends, list) else [] if ends is None else [ends])


def _images(pictures: Sequence[NDArray[np.uint8]]) -> list[Any]:
    from PIL import Image

    images = [Image.fromarray(picture) for picture in pictures]
    sizes = [(max(image.width, _MIN_PX), max(image.height, _MIN_PX)) for image in images]
    return [
        image if image.size == size else image.resize(size)
        for image, size in zip(images, sizes, strict=True)
    ]

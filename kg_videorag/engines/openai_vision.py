"""Captioner: a vision model behind a server that speaks OpenAI's chat protocol."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import regex

from kg_videorag.engines import caption_prompt
from kg_videorag.engines.caption_prompt import caption_request
from kg_videorag.engines.caption_text import read_caption
from kg_videorag.engines.chat_server import ChatServer, PromptTooLongError
from kg_videorag.errors import EngineError, EngineUnavailable
from kg_videorag.jpeg import to_jpeg

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from kg_videorag.engines.hub import HubModel
    from kg_videorag.model import EngineState
    from kg_videorag.ports import CaptionerOptions

_MAX_TOKENS = 160  # two sentences take 40 to 60; Russian words twice as many
# How servers say that a model reads words alone: OpenAI, vLLM, llama.cpp, Ollama.
_BLIND = regex.compile(r"image|vision|multi-?modal|mmproj|content.{0,20}must be a string", regex.I)


class OpenAIVisionCaptioner:
    """Implements `ports.Captioner` over HTTP.

    Args:
        options: Of them those of `ChatServer`.

    Raises:
        ConfigError: If the address is none.
    """

    name = "openai-compatible"
    hub_models: tuple[HubModel, ...] = ()  # but it is looked at before an ingest, as those are

    def __init__(self, *, options: CaptionerOptions) -> None:
        self._named = options.model
        self._server = ChatServer(options, settings="KGV_CAPTIONER")

    @property
    def version(self) -> str:
        """Of the library, the model that the settings name, and the prompts."""
        parts = (self._server.version, self._named, f"prompt-{caption_prompt.VERSION}")
        return "/".join(part for part in parts if part)

    @property
    def model(self) -> str:
        """As the settings name it: what was made by it is known again before a server is asked."""
        return self._named or "the server's own"

    def check(self) -> EngineState:
        return self._server.check()

    def caption(
        self, pictures: Sequence[NDArray[np.uint8]], context: str, language: str = ""
    ) -> str:
        shown = [_data_url(picture) for picture in pictures if picture.size]
        if not shown:
            return ""
        while True:
            try:
                return self._ask(shown, caption_request(context, language))
            except PromptTooLongError:
                if len(shown) == 1 and not context:
                    raise
                # Pictures take hundreds of tokens each, what is said takes 300 at most.
                shown, context = (shown[::2], context) if len(shown) > 1 else (shown, "")

    def _ask(self, shown: Sequence[str], request: str) -> str:
        pictures = [{"type": "image_url", "image_url": {"url": url}} for url in shown]
        message: dict[str, Any] = {
            "role": "user",
            "content": [*pictures, {"type": "text", "text": request}],
        }
        try:
            reply = self._server.complete([message], temperature=0.0, max_tokens=_MAX_TOKENS)
        except (EngineUnavailable, PromptTooLongError):
            raise
        except EngineError as error:
            if _BLIND.search(error.message):
                raise EngineUnavailable(
                    f"{self._server.model} was shown pictures: {error.message}",
                    hint="Set KGV_CAPTIONER_MODEL to a vision model that the server has.",
                ) from error
            raise
        return read_caption(reply.text, cut=reply.cut)


def _data_url(picture: NDArray[np.uint8]) -> str:
    return f"data:image/jpeg;base64,{base64.b64encode(to_jpeg(picture)).decode('ascii')}"

"""What engines ask a language model through, whichever library or server runs it."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Protocol, cast

from kg_videorag.errors import ConfigError

if TYPE_CHECKING:
    from kg_videorag.engines.chat_server import Reply
    from kg_videorag.engines.prompting import Prompt
    from kg_videorag.model import EngineState
    from kg_videorag.ports import GeneratorOptions

DEFAULT = "openai-compatible"  # where the generator has no language model
# The generators that run one; each can be asked for more than answers.
_MODELS = {
    DEFAULT: "kg_videorag.engines.openai_compatible:OpenAICompatibleGenerator",
    "transformers": "kg_videorag.engines.transformers_llm:TransformersGenerator",
    "langchain": "kg_videorag.engines.langchain_chat:LangChainGenerator",
}
_WITHOUT = frozenset({"", "extractive"})


class ChatModel(Protocol):
    """A language model, one prompt at a time."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    def check(self) -> EngineState:
        """Whether it could run, told without loading it; never raises."""
        ...

    def identity(self) -> str:
        """Which model answers; a server that was told no name is asked.

        Raises:
            EngineError: If that cannot be found out.
        """
        ...

    def chat(self, prompt: Prompt, *, as_json: bool = False) -> Reply:
        """Ask.

        Args:
            prompt: What the model is told.
            as_json: Let the server hold the model to JSON, where it can.

        Raises:
            EngineError: If the model fails, or cannot read that much.
        """
        ...


def has_model(generator: str) -> bool:
    """Whether a generator runs a language model that can be asked for more than answers."""
    return generator in _MODELS


def chat_model(generator: str, options: GeneratorOptions) -> ChatModel:
    """The language model of a generator.

    Args:
        generator: Its engine's name; a generator without a model stands for DEFAULT.
        options: As the generator is given.

    Raises:
        ConfigError: If that engine cannot be asked for anything but answers.
    """
    name = DEFAULT if generator in _WITHOUT else generator
    if name not in _MODELS:
        raise ConfigError(
            f"the generator {name} answers questions and does nothing else",
            hint=f"Set KGV_GENERATOR to {', '.join(_MODELS)}, or another KGV_EXTRACTOR.",
        )
    module, _, attribute = _MODELS[name].partition(":")
    factory = getattr(importlib.import_module(module), attribute)
    return cast("ChatModel", factory(None, options=options))

"""What engines ask a language model through, whichever library or server runs it."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, cast

from kg_videorag.errors import ConfigError

if TYPE_CHECKING:
    from kg_videorag.ports import ChatModel, GeneratorOptions

DEFAULT = "openai-compatible"  # where the generator has no language model
# The generators that run one; each can be asked for more than answers.
_MODELS = {
    DEFAULT: "kg_videorag.engines.openai_compatible:OpenAICompatibleGenerator",
    "transformers": "kg_videorag.engines.transformers_llm:TransformersGenerator",
    "langchain": "kg_videorag.engines.langchain_chat:LangChainGenerator",
}
_WITHOUT = frozenset({"", "extractive"})


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

"""Finds a model class of LangChain by name, and gives it our options under the names it uses."""

from __future__ import annotations

import importlib
import math
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg_videorag.errors import ConfigError, EngineUnavailable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg_videorag.ports import GeneratorOptions

_COMMUNITY = ("langchain_community.chat_models", "langchain_community.llms")
# Classes that langchain-community gave away to packages of their own.
_MOVED = {
    "ChatOllama": "langchain_ollama",
    "OllamaLLM": "langchain_ollama",
    "ChatOpenAI": "langchain_openai",
}
_EXTRA = "Run `pip install 'kg-videorag[langchain]'`."
_CONTEXT_TOKENS = 4096  # 2000 of evidence, the prompt, the answer, and as much to spare
_BATCH_TOKENS = 512  # llama.cpp's own; LangChain's 8 reads a prompt many times more slowly
# What each of our options is called there; the first that the class has is taken.
_FIELDS: Mapping[str, tuple[str, ...]] = {
    "model": ("model_path", "model", "model_name", "model_id", "repo_id"),
    "temperature": ("temperature",),
    "max_tokens": ("max_tokens", "num_predict", "max_new_tokens", "max_output_tokens"),
    "url": ("base_url", "openai_api_base", "endpoint_url"),
    "api_key": ("api_key", "openai_api_key"),
    "timeout": ("timeout", "request_timeout"),
    "retries": ("max_retries",),
    "context": ("n_ctx", "num_ctx"),
}
_MODEL_ATTRIBUTES = _FIELDS["model"]


def find_class(name: str) -> type[Any]:
    """The class of a chat model or a plain language model.

    Args:
        name: "ChatLlamaCpp", a class of langchain-community, or "module:Class".

    Raises:
        ConfigError: If there is none of that name, or it is no language model.
        EngineUnavailable: If LangChain, or the class's package, is not installed.
    """
    if not name:
        raise ConfigError(
            "KGV_CHAT_CLASS names no class", hint="Set it to ChatLlamaCpp, ChatOllama ..."
        )
    if find_spec("langchain_core") is None:
        raise EngineUnavailable("langchain-core is not installed", hint=_EXTRA)
    from langchain_core.language_models import BaseLanguageModel

    found = _imported(name)
    if not (isinstance(found, type) and issubclass(found, BaseLanguageModel)):
        raise ConfigError(f"KGV_CHAT_CLASS: {name} is no language model of LangChain")
    return found


def _imported(name: str) -> object:
    module, _, attribute = name.rpartition(":")
    own = _MOVED.get(name)
    homes = [module] if module else [*([own] if own and find_spec(own) else []), *_COMMUNITY]
    for home in homes:
        try:
            found = getattr(importlib.import_module(home), attribute, None)
        except Exception as error:
            hint = f"Install the package of {module}." if module else _EXTRA
            raise EngineUnavailable(
                f"KGV_CHAT_CLASS: {home} cannot be imported: {error}", hint=hint
            ) from error
        if found is not None:
            return found
    if own:
        package = own.replace("_", "-")
        raise EngineUnavailable(
            f"{name} is in a package that is not installed", hint=f"Run `pip install {package}`."
        )
    raise ConfigError(
        f"KGV_CHAT_CLASS: {' and '.join(homes)} have no {attribute}",
        hint="Classes of other packages are named like langchain_openai:ChatOpenAI.",
    )


def arguments(cls: type[Any], options: GeneratorOptions) -> dict[str, Any]:
    """What a class is built with: our options, as far as it has fields for them."""
    fields = {name: field.alias or name for name, field in cls.model_fields.items()}
    model = options.model
    if "model_path" in fields and model:
        model = str(Path(model).expanduser())
    given: dict[str, Any] = {
        "model": model,
        "temperature": options.temperature,
        "max_tokens": options.max_tokens,
        "url": _url(cls, options.url),
        "api_key": options.api_key,
        "timeout": math.ceil(options.timeout_s),
        "retries": options.retries,
        "context": _CONTEXT_TOKENS,
    }
    chosen = {}
    for option, value in given.items():
        name = next((n for n in _FIELDS[option] if n in fields), None)
        if name and value != "":
            chosen[fields[name]] = value
    if "n_ctx" in fields:  # llama.cpp, which otherwise tells all that it does
        layers = 0 if options.device == "cpu" else -1
        extra = {"verbose": False, "n_batch": _BATCH_TOKENS, "n_gpu_layers": layers}
        chosen |= {name: value for name, value in extra.items() if name in fields}
    if "client_kwargs" in fields:  # langchain-ollama's, which has no other word for it
        chosen["client_kwargs"] = {"timeout": options.timeout_s}
    return chosen


def model_name(model: object, options: GeneratorOptions) -> str:
    """Which model an object runs, as far as it says so; a file's or folder's name, not its path."""
    named = options.model or next(
        (str(n) for a in _MODEL_ATTRIBUTES if (n := getattr(model, a, None))), "its own"
    )
    return Path(named).name if Path(named).expanduser().exists() else named


def _url(cls: type[Any], url: str) -> str:
    """Ollama's own protocol has its root where OpenAI's has /v1."""
    return url.rstrip("/").removesuffix("/v1") if "Ollama" in cls.__name__ else url

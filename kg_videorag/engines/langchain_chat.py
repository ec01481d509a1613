"""Generator: any language model of LangChain, such as ChatLlamaCpp or HuggingFacePipeline."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from kg_videorag.engines import devices
from kg_videorag.engines.chat_template import has_template, prompt_text
from kg_videorag.engines.drafts import drafts, last
from kg_videorag.engines.langchain_classes import arguments, find_class, model_name
from kg_videorag.engines.model_source import ModelSource
from kg_videorag.engines.prompting import build_prompt, is_answerable
from kg_videorag.engines.server_address import ServerAddress
from kg_videorag.errors import ConfigError, EngineError, EngineUnavailable, KgVideoRagError
from kg_videorag.model import EngineState, Prompt, Reply, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg_videorag.model import Evidence
    from kg_videorag.ports import Embedder, GeneratorOptions

_FAULT_CHARS = 200  # of what a library says of a fault
_LENGTH = "length"  # how servers call an answer that had to stop


class LangChainGenerator:
    """Implements `ports.Generator` and `ports.ChatModel`.

    Args:
        embedder: Not used.
        options: Of them `chat_class`, and what that class has fields for: `model`, `url`,
            `api_key`, `temperature`, `max_tokens`, `timeout_s`, `retries`. HuggingFacePipeline
            takes `model` as the engine "transformers" does, and `device` and `dtype`.

    Raises:
        ConfigError: If `url` is no HTTP address.
    """

    name = "langchain"

    def __init__(self, embedder: Embedder | None, *, options: GeneratorOptions) -> None:
        del embedder
        self._options = options
        if options.url:
            ServerAddress(options.url)

    @property
    def version(self) -> str:
        try:
            return version("langchain-core")
        except PackageNotFoundError:
            return "missing"

    @property
    def model(self) -> str:
        """Class and model; before it is loaded, as the settings name them."""
        loaded = self.__dict__.get("_llm")
        return f"{self._options.chat_class or 'none'}/{model_name(loaded, self._options)}"

    def check(self) -> EngineState:
        try:
            with _quietly():
                find_class(self._options.chat_class)
        except KgVideoRagError as error:
            hint = f"{error.message}. {error.hint}".strip()
            return EngineState(
                ready=False, model=self.model, weights="unknown", checksum="missing", hint=hint
            )
        where = f"{self._options.chat_class}'s own"
        return EngineState(ready=True, model=self.model, weights=where, checksum="none needed")

    def generate(self, question: str, evidence: Sequence[Evidence], *, language: str = "") -> str:
        if not is_answerable(question, evidence):
            return ""
        prompt = build_prompt(question, evidence, language)
        return last(drafts([self.chat(prompt)], self._options.max_tokens))

    def stream(
        self, question: str, evidence: Sequence[Evidence], *, language: str = ""
    ) -> Iterator[str]:
        if is_answerable(question, evidence):
            prompt = build_prompt(question, evidence, language)
            yield from drafts(self._written(prompt), self._options.max_tokens)

    def identity(self) -> str:
        _ = self._llm  # which knows its model where the settings name none
        return self.model

    def chat(self, prompt: Prompt, *, as_json: bool = False) -> Reply:
        del as_json  # the classes have no common word for it
        llm = self._llm
        try:
            with _quietly():
                reply = llm.invoke(_input(llm, prompt))
        except Exception as error:
            raise self._failed(error) from error
        return Reply(reply if isinstance(reply, str) else str(reply.text), _was_cut(reply))

    def _written(self, prompt: Prompt) -> Iterator[Reply]:
        """What it writes as it writes; of a class that cannot do that, all in one."""
        llm, text, cut = self._llm, "", False
        if hasattr(llm, "pipeline"):  # HuggingFacePipeline's own stream forgets all settings
            yield self.chat(prompt)
            return
        try:
            with _quietly():
                for piece in llm.stream(_input(llm, prompt)):
                    text += piece if isinstance(piece, str) else str(piece.text)
                    cut = cut or _was_cut(piece)
                    yield Reply(text, cut)
        except Exception as error:
            raise self._failed(error) from error

    @cached_property
    def _llm(self) -> Any:  # noqa: ANN401 - whichever class of LangChain
        name = self._options.chat_class
        with _quietly():
            cls = find_class(name)
            try:
                if hasattr(cls, "from_model_id"):
                    return self._pipeline(cls)
                return cls(**arguments(cls, self._options))
            except KgVideoRagError:
                raise
            except ImportError as error:
                raise EngineUnavailable(
                    f"{name} lacks a package: {_said(error)}", hint="Install it."
                ) from error
            except Exception as error:
                raise ConfigError(
                    f"{name} cannot be built: {_said(error)}",
                    hint="KGV_LLM_MODEL names its model, or the model's file.",
                ) from error

    def _pipeline(self, cls: type[Any]) -> Any:  # noqa: ANN401
        """HuggingFacePipeline, which loads its model in a way of its own."""
        options = self._options
        folder = ModelSource(options.model).locate()
        size = sum(file.stat().st_size for file in folder.glob("*.safetensors"))
        device, numbers = devices.choose(options.device, options.dtype, weights_bytes=size)
        sampling: dict[str, Any] = {"do_sample": options.temperature > 0}
        if options.temperature > 0:
            sampling["temperature"] = options.temperature
        llm = cls.from_model_id(
            str(folder),
            task="text-generation",
            device=0 if device == "cuda" else -1,
            model_kwargs={
                "local_files_only": True,
                "dtype": devices.torch_dtype(numbers),
            },
            pipeline_kwargs={
                "max_new_tokens": options.max_tokens,
                "return_full_text": False,
                **sampling,
            },
        )
        special = not has_template(llm.pipeline.tokenizer)  # else the text has them already
        llm.pipeline_kwargs = {**llm.pipeline_kwargs, "add_special_tokens": special}
        return llm

    def _failed(self, error: Exception) -> EngineError:
        what = self.model
        if isinstance(error, ConnectionError | OSError) or "Connect" in type(error).__name__:
            return EngineUnavailable(
                f"{what}: its server does not answer",
                hint="Start it, or set KGV_LLM_URL to where it is.",
            )
        if "Timeout" in type(error).__name__:
            return EngineError(
                f"{what} did not answer within {self._options.timeout_s:g} s",
                hint="Set KGV_LLM_TIMEOUT_S higher, or take a smaller model.",
            )
        return EngineError(f"{what} failed: {_said(error)}")


def _input(llm: Any, prompt: Prompt) -> Any:  # noqa: ANN401
    """Messages for a chat model, one text for a plain one."""
    from langchain_core.language_models import BaseChatModel

    if isinstance(llm, BaseChatModel):
        return [("system", prompt.system), ("human", prompt.user)]
    pipeline = getattr(llm, "pipeline", None)
    return prompt_text(getattr(pipeline, "tokenizer", None), prompt)


def _was_cut(reply: Any) -> bool:  # noqa: ANN401
    said = getattr(reply, "response_metadata", None) or {}
    return _LENGTH in {said.get("finish_reason"), said.get("done_reason")}


def _said(error: Exception) -> str:
    return one_line(str(error) or type(error).__name__)[:_FAULT_CHARS]


@contextmanager
def _quietly() -> Iterator[None]:
    """langchain-community tells of its end at each import; users can do nothing about it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield

"""Generator: any server that speaks OpenAI's chat protocol, as Ollama, vLLM and llama.cpp do."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from kg_videorag.engines.chat import Reply
from kg_videorag.engines.drafts import read_draft
from kg_videorag.engines.prompting import build_prompt, is_answerable
from kg_videorag.engines.server_address import ServerAddress
from kg_videorag.errors import ConfigError, EngineError, EngineUnavailable
from kg_videorag.model import EngineState, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg_videorag.engines.prompting import Prompt
    from kg_videorag.model import Evidence
    from kg_videorag.ports import Embedder, GeneratorOptions

_OLLAMA_URL = "http://127.0.0.1:11434/v1"
_NO_KEY = "none"  # local servers ask for no key, the client library does
_UNASKED = "the server's own"
_START = "Start it (`ollama serve`, `vllm serve`, `llama-server`), or correct KGV_LLM_URL."
_NAMED = 8  # models that an error lists
_SAID_CHARS = 200  # of what a server says of a fault
# How servers say that a prompt is too long: OpenAI and vLLM, llama.cpp, llama-cpp-python.
_TOO_LONG = ("context length", "context_length", "context size", "context window")
# How servers say that they cannot hold a model to JSON.
_NO_FORMAT = ("response_format", "json_object", "json mode", "structured output")
_log = logging.getLogger(__name__)


class OpenAICompatibleGenerator:
    """Implements `ports.Generator` and `chat.ChatModel` over HTTP.

    Args:
        embedder: Not used.
        options: Of them `url` (Ollama's if empty), `model` (the server's only one if empty),
            `api_key`, `temperature`, `max_tokens`, `timeout_s` of each request, `retries` of
            requests that fail for a moment.

    Raises:
        ConfigError: If the address is none.
    """

    name = "openai-compatible"

    def __init__(self, embedder: Embedder | None, *, options: GeneratorOptions) -> None:
        del embedder
        self._options = options
        self._address = ServerAddress(options.url or _OLLAMA_URL)
        self._model = options.model
        self._takes_format = True  # until the server says otherwise

    @property
    def version(self) -> str:
        try:
            return version("openai")
        except PackageNotFoundError:
            return "missing"

    @property
    def model(self) -> str:
        """As the settings or the server name it; the server is asked when a question is."""
        return self._model or _UNASKED

    def check(self) -> EngineState:
        fault = self._address.fault("/models", api_key=self._options.api_key)
        hint = "Set KGV_LLM_API_KEY." if "key" in fault else _START
        return EngineState(
            ready=not fault,
            model=self.model,
            weights=self._address.shown,
            checksum="none needed",
            hint=f"{fault}. {hint}" if fault else "",
        )

    def generate(self, question: str, evidence: Sequence[Evidence]) -> str:
        if not is_answerable(question, evidence):
            return ""
        with self._client() as client:
            self._model = self._model or self._only_model(client)
            given = list(evidence)
            while True:
                try:
                    return self._answer(client, question, given)
                except _PromptTooLongError as error:
                    if len(given) == 1:
                        raise EngineError(
                            error.message, hint="Lower KGV_EVIDENCE_TOKENS, or serve more context."
                        ) from error
                    given = given[: len(given) // 2]  # the best stand first
                    _log.warning(
                        "%s cannot read that much: asked with %d of %d pieces of evidence",
                        self.model, len(given), len(evidence),
                    )  # fmt: skip

    def identity(self) -> str:
        with self._client() as client:
            self._model = self._model or self._only_model(client)
        return self._model

    def chat(self, prompt: Prompt, *, as_json: bool = False) -> Reply:
        with self._client() as client:
            self._model = self._model or self._only_model(client)
            if as_json and self._takes_format:
                try:
                    return self._reply(client, prompt, {"type": "json_object"})
                except _FormatRefusedError:
                    self._takes_format = False
            return self._reply(client, prompt)

    def _answer(self, client: Any, question: str, evidence: Sequence[Evidence]) -> str:  # noqa: ANN401
        reply = self._reply(client, build_prompt(question, evidence))
        if reply.cut:
            _log.warning("the answer was cut at %d tokens", self._options.max_tokens)
        return read_draft(reply.text, cut=reply.cut)

    def _reply(self, client: Any, prompt: Prompt, form: dict[str, str] | None = None) -> Reply:  # noqa: ANN401
        held = {"response_format": form} if form else {}
        with self._translated():
            reply = client.chat.completions.create(
                model=self._model,
                messages=prompt.messages,
                temperature=self._options.temperature,
                max_tokens=self._options.max_tokens,
                **held,
            )
        choices = getattr(reply, "choices", None)
        if not choices or choices[0].message is None:
            raise EngineError(
                f"{self._address.shown} answered with no text",
                hint="Is it an OpenAI-compatible address, with /v1 at its end?",
            )
        text = choices[0].message.content
        cut = choices[0].finish_reason == "length"
        return Reply(text if isinstance(text, str) else "", cut)

    def _only_model(self, client: Any) -> str:  # noqa: ANN401 - openai's class, imported late
        with self._translated():
            served = [str(m.id) for m in getattr(client.models.list(), "data", None) or ()]
        if len(served) == 1:
            return served[0]
        if not served:
            raise EngineUnavailable(
                f"{self._address.shown} serves no model",
                hint="Bring one (`ollama pull llama3.2`), and name it by KGV_LLM_MODEL.",
            )
        named = ", ".join(one_line(name) for name in sorted(served)[:_NAMED])
        more = " ..." if len(served) > _NAMED else ""
        raise ConfigError(
            f"{self._address.shown} serves {len(served)} models, and KGV_LLM_MODEL names none",
            hint=f"Set KGV_LLM_MODEL to one of: {named}{more}",
        )

    def _client(self) -> Any:  # noqa: ANN401 - openai's class, imported late
        try:
            from openai import DefaultHttpxClient, OpenAI
        except ImportError as error:
            raise EngineUnavailable(
                f"openai cannot be imported: {error}", hint="Run `make setup`."
            ) from error
        client = OpenAI(
            base_url=self._address.url,
            api_key=self._options.api_key or _NO_KEY,  # never OPENAI_API_KEY: it is another's
            timeout=self._options.timeout_s,
            max_retries=self._options.retries,
            http_client=DefaultHttpxClient(
                follow_redirects=False,  # the question and the key go to this host alone
                trust_env=not self._address.is_local,
            ),
        )
        client.organization = client.project = None  # they come from OPENAI_* variables
        return client

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Faults of server and network, in words of ours."""
        import openai

        where = self._address.shown
        try:
            yield
        except openai.APITimeoutError as error:
            raise EngineError(
                f"{where} did not answer within {self._options.timeout_s:g} s",
                hint="Set KGV_LLM_TIMEOUT_S higher, or take a smaller model.",
            ) from error
        except openai.APIConnectionError as error:
            raise EngineUnavailable(f"no server answers at {where}", hint=_START) from error
        except openai.APIStatusError as error:
            raise self._refused(error) from error
        except (openai.OpenAIError, ValueError, TypeError, AttributeError, LookupError) as error:
            raise EngineError(
                f"{where} answered with something that is no chat completion",
                hint="Is it an OpenAI-compatible address, with /v1 at its end?",
            ) from error

    def _refused(self, error: Any) -> EngineError:  # noqa: ANN401 - openai's class
        where, code = self._address.shown, int(error.status_code)
        said = one_line(str(error.message))[:_SAID_CHARS]
        if any(words in str(error.message).lower() for words in _TOO_LONG):
            return _PromptTooLongError(f"{self._model} cannot read that much: {said}")
        if code in (401, 403):
            return EngineUnavailable(
                f"{where} refuses the key ({code})", hint="Set KGV_LLM_API_KEY to one it knows."
            )
        if code == 404:
            return EngineUnavailable(
                f"{where} knows no model {self._model!r}, or is no OpenAI-compatible address (404)",
                hint="Set KGV_LLM_MODEL to one that it serves; KGV_LLM_URL mostly ends in /v1.",
            )
        if 300 <= code < 400:
            return EngineUnavailable(
                f"{where} points to another address ({code}), which is not followed",
                hint="Set KGV_LLM_URL to the address where it really answers.",
            )
        if code == 429 or code >= 500:
            times = self._options.retries + 1
            hint = f"Tried {times} times. Wait, or look at its log."
            return EngineError(f"{where} failed ({code}): {said}", hint=hint)
        told = str(error.message).lower()
        kind = _FormatRefusedError if any(word in told for word in _NO_FORMAT) else EngineError
        return kind(f"{where} refused the request ({code}): {said}")


class _PromptTooLongError(EngineError):
    """The prompt is longer than the model's context."""


class _FormatRefusedError(EngineError):
    """The server cannot hold a model to JSON."""

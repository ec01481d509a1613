"""Asks a server that speaks OpenAI's chat protocol, and tells its faults in words of ours."""

from __future__ import annotations

from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, Protocol

from kg_videorag.engines.server_address import ServerAddress
from kg_videorag.errors import ConfigError, EngineError, EngineUnavailable
from kg_videorag.model import EngineState, Reply, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_OLLAMA_URL = "http://127.0.0.1:11434/v1"
_NO_KEY = "none"  # local servers ask for no key, the client library does
_UNASKED = "the server's own"
_NAMED = 8  # models that an error lists
_SAID_CHARS = 200  # of what a server says of a fault
# How servers say that a prompt is too long: OpenAI and vLLM, llama.cpp, llama-cpp-python.
_TOO_LONG = ("context length", "context_length", "context size", "context window")
_CUT = "length"  # the reason why a reply that had to stop ends
_JSON = {"type": "json_object"}
# How servers say that they cannot hold a model to JSON.
_NO_FORMAT = ("response_format", "json_object", "json mode", "structured output")


class FormatRefusedError(EngineError):
    """The server cannot hold a model to JSON."""


class PromptTooLongError(EngineError):
    """The prompt is longer than the model's context."""


class ServerOptions(Protocol):
    """Of an engine's options, those that its server is asked with."""

    @property
    def url(self) -> str: ...
    @property
    def model(self) -> str: ...
    @property
    def api_key(self) -> str: ...
    @property
    def timeout_s(self) -> float: ...
    @property
    def retries(self) -> int: ...


class ChatServer:
    """A model behind HTTP.

    Args:
        options: Of them `url` (Ollama's if empty), `model` (the server's only one if empty),
            `api_key`, `timeout_s` of each request, `retries` of requests that fail for a moment.
        settings: What the settings that name address and model begin with, for what is told.

    Raises:
        ConfigError: If the address is none.
    """

    def __init__(self, options: ServerOptions, *, settings: str = "KGV_LLM") -> None:
        self._options = options
        self._url_setting, self._model_setting = f"{settings}_URL", f"{settings}_MODEL"
        self._address = ServerAddress(options.url or _OLLAMA_URL, self._url_setting)
        self._model = options.model
        self._takes_format = True  # until the server says otherwise

    @property
    def version(self) -> str:
        """Of the library that asks it."""
        try:
            return version("openai")
        except PackageNotFoundError:
            return "missing"

    @property
    def model(self) -> str:
        """As the settings or the server name it; the server is asked when a question is."""
        return self._model or _UNASKED

    def check(self) -> EngineState:
        """Whether it answers, tried for a second."""
        fault = self._address.fault("/models", api_key=self._options.api_key)
        hint = "Set KGV_LLM_API_KEY." if "key" in fault else self._start
        return EngineState(
            ready=not fault,
            model=self.model,
            weights=self._address.shown,
            checksum="missing" if fault else "none needed",
            hint=f"{fault}. {hint}" if fault else "",
        )

    def identity(self) -> str:
        """The model's name, which the server is asked for where nobody told it.

        Raises:
            EngineError: If it cannot be found out.
        """
        with self._client() as client:
            self._model = self._model or self._only_model(client)
        return self._model

    def complete(
        self,
        messages: Sequence[dict[str, Any]],
        *,
        temperature: float,
        max_tokens: int,
        as_json: bool = False,
    ) -> Reply:
        """Let the model write the next message.

        Args:
            messages: Those before it.
            temperature: 0 for always the likeliest word.
            max_tokens: Upper bound of its length.
            as_json: Hold the model to JSON, unless the server cannot.

        Raises:
            PromptTooLongError: If the model cannot read that much.
            EngineUnavailable: If there is no such server, model or key.
            EngineError: If it fails, or answers something that is none.
        """
        given: dict[str, Any] = {"messages": list(messages)}
        given |= {"temperature": temperature, "max_tokens": max_tokens}
        with self._client() as client:
            self._model = self._model or self._only_model(client)
            if as_json and self._takes_format:
                try:
                    return self._reply(client, {**given, "response_format": _JSON})
                except FormatRefusedError:
                    self._takes_format = False
            return self._reply(client, given)

    def stream(
        self, messages: Sequence[dict[str, Any]], *, temperature: float, max_tokens: int
    ) -> Iterator[Reply]:
        """Read the next message while the model writes it.

        Args:
            messages: Those before it.
            temperature: 0 for always the likeliest word.
            max_tokens: Upper bound of its length.

        Yields:
            The message as far as it is written. A server that does not stream is asked again
            for the whole.

        Raises:
            PromptTooLongError: If the model cannot read that much.
            EngineUnavailable: If there is no such server, model or key.
            EngineError: If it fails, or answers something that is none.
        """
        given: dict[str, Any] = {"messages": list(messages)}
        given |= {"temperature": temperature, "max_tokens": max_tokens}
        with self._client() as client:
            self._model = self._model or self._only_model(client)
            text, reason = "", None
            with self._translated():
                chunks = client.chat.completions.create(model=self._model, stream=True, **given)
                for choice in (c.choices[0] for c in chunks if c.choices):
                    text += choice.delta.content or ""
                    reason = choice.finish_reason or reason
                    yield Reply(text, reason == _CUT)
            if reason is None and not text:
                yield self._reply(client, given)

    def _reply(self, client: Any, given: dict[str, Any]) -> Reply:  # noqa: ANN401
        with self._translated():
            reply = client.chat.completions.create(model=self._model, **given)
        choices = getattr(reply, "choices", None)
        if not choices or choices[0].message is None:
            raise EngineError(
                f"{self._address.shown} answered with no text",
                hint="Is it an OpenAI-compatible address, with /v1 at its end?",
            )
        text = choices[0].message.content
        return Reply(text if isinstance(text, str) else "", choices[0].finish_reason == _CUT)

    @property
    def _start(self) -> str:
        started = "`ollama serve`, `vllm serve`, `llama-server`"
        return f"Start it ({started}), or correct {self._url_setting}."

    def _only_model(self, client: Any) -> str:  # noqa: ANN401 - openai's class, imported late
        with self._translated():
            served = [str(m.id) for m in getattr(client.models.list(), "data", None) or ()]
        if len(served) == 1:
            return served[0]
        if not served:
            raise EngineUnavailable(
                f"{self._address.shown} serves no model",
                hint=f"Bring one (`ollama pull llama3.2`), and name it by {self._model_setting}.",
            )
        named = ", ".join(one_line(name) for name in sorted(served)[:_NAMED])
        more = " ..." if len(served) > _NAMED else ""
        raise ConfigError(
            f"{self._address.shown} serves {len(served)} models,"
            f" and {self._model_setting} names none",
            hint=f"Set {self._model_setting} to one of: {named}{more}",
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
            raise EngineUnavailable(f"no server answers at {where}", hint=self._start) from error
        except openai.APIStatusError as error:
            raise self._refused(error) from error
        except (openai.OpenAIError, ValueError, TypeError, AttributeError, LookupError) as error:
            raise EngineError(
                f"{where} answered with something that is no chat completion",
                hint="Is it an OpenAI-compatible address, with /v1 at its end?",
            ) from error

    def _refused(self, error: Any) -> EngineError:  # noqa: ANN401 - openai's class
        where, code = self._address.shown, int(error.status_code)
        url, model = self._url_setting, self._model_setting
        said = one_line(str(error.message))[:_SAID_CHARS]
        if any(words in str(error.message).lower() for words in _TOO_LONG):
            return PromptTooLongError(f"{self._model} cannot read that much: {said}")
        if code in (401, 403):
            return EngineUnavailable(
                f"{where} refuses the key ({code})", hint="Set KGV_LLM_API_KEY to one it knows."
            )
        if code == 404:
            return EngineUnavailable(
                f"{where} knows no model {self._model!r}, or is no OpenAI-compatible address (404)",
                hint=f"Set {model} to one that it serves; {url} mostly ends in /v1.",
            )
        if 300 <= code < 400:
            return EngineUnavailable(
                f"{where} points to another address ({code}), which is not followed",
                hint=f"Set {url} to the address where it really answers.",
            )
        if code == 429 or code >= 500:
            times = self._options.retries + 1
            hint = f"Tried {times} times. Wait, or look at its log."
            return EngineError(f"{where} failed ({code}): {said}", hint=hint)
        told = str(error.message).lower()
        kind = FormatRefusedError if any(word in told for word in _NO_FORMAT) else EngineError
        return kind(f"{where} refused the request ({code}): {said}")

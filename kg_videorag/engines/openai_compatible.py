"""Generator: any server that speaks OpenAI's chat protocol, as Ollama, vLLM and llama.cpp do."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from kg_videorag.engines.chat_server import ChatServer, PromptTooLongError
from kg_videorag.engines.drafts import drafts, last
from kg_videorag.engines.prompting import build_prompt, is_answerable
from kg_videorag.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from kg_videorag.model import EngineState, Evidence, Prompt, Reply
    from kg_videorag.ports import Embedder, GeneratorOptions

_log = logging.getLogger(__name__)


class OpenAICompatibleGenerator:
    """Implements `ports.Generator` and `ports.ChatModel` over HTTP.

    Args:
        embedder: Not used.
        options: Of them those of `ChatServer`, `temperature` and `max_tokens`.

    Raises:
        ConfigError: If the address is none.
    """

    name = "openai-compatible"

    def __init__(self, embedder: Embedder | None, *, options: GeneratorOptions) -> None:
        del embedder
        self._options = options
        self._server = ChatServer(options)

    @property
    def version(self) -> str:
        return self._server.version

    @property
    def model(self) -> str:
        """As the settings or the server name it; the server is asked when a question is."""
        return self._server.model

    def check(self) -> EngineState:
        return self._server.check()

    def generate(self, question: str, evidence: Sequence[Evidence], *, language: str = "") -> str:
        return last(self._drafts(question, evidence, language, self._whole))

    def stream(
        self, question: str, evidence: Sequence[Evidence], *, language: str = ""
    ) -> Iterator[str]:
        return self._drafts(question, evidence, language, self._written)

    def identity(self) -> str:
        return self._server.identity()

    def chat(self, prompt: Prompt, *, as_json: bool = False) -> Reply:
        return self._server.complete(
            prompt.messages,
            temperature=self._options.temperature,
            max_tokens=self._options.max_tokens,
            as_json=as_json,
        )

    def _drafts(
        self,
        question: str,
        evidence: Sequence[Evidence],
        language: str,
        ask: Callable[[Prompt], Iterator[Reply]],
    ) -> Iterator[str]:
        """Drafts as they grow, asked for with as much of the evidence as the model can read."""
        if not is_answerable(question, evidence):
            return
        given = list(evidence)
        while True:
            try:
                prompt = build_prompt(question, given, language)
                yield from drafts(ask(prompt), self._options.max_tokens)
            except PromptTooLongError as error:
                if len(given) == 1:
                    raise EngineError(
                        error.message, hint="Lower KGV_EVIDENCE_TOKENS, or serve more context."
                    ) from error
                given = given[: len(given) // 2]  # the best stand first
                _log.warning(
                    "%s cannot read that much: asked with %d of %d pieces of evidence",
                    self.model, len(given), len(evidence),
                )  # fmt: skip
            else:
                return

    def _whole(self, prompt: Prompt) -> Iterator[Reply]:
        yield self.chat(prompt)

    def _written(self, prompt: Prompt) -> Iterator[Reply]:
        return self._server.stream(
            prompt.messages,
            temperature=self._options.temperature,
            max_tokens=self._options.max_tokens,
        )

"""Asks a language model what a transcript names and tells; believes what stands in the text."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from kg_videorag.engines.chat import chat_model
from kg_videorag.engines.llm_extractor.cache import ReplyCache
from kg_videorag.engines.llm_extractor.place import place
from kg_videorag.engines.llm_extractor.prompt import (
    ask_again,
    ask_for,
    ask_more,
    prompts_digest,
)
from kg_videorag.engines.llm_extractor.reply import Found, read_reply
from kg_videorag.engines.llm_extractor.windows import cut_windows
from kg_videorag.engines.settled_types import settle_types
from kg_videorag.model import Extraction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg_videorag.engines.hub import HubModel
    from kg_videorag.engines.llm_extractor.place import Placed
    from kg_videorag.engines.llm_extractor.windows import Piece
    from kg_videorag.model import EngineState, Prompt, TextEntity, TextRelation
    from kg_videorag.ports import ChatModel, ExtractorOptions

_VERSION = "1"  # of the reading of replies; prompts are told apart by their digest
_MAX_TOKENS = 1_500  # of a reply: eight sentences' names and relations are some 800


class LlmExtractor:
    """Implements `ports.Extractor` on any language model that can be a generator.

    Only what stands in a text word for word becomes a name or a relation of it. A window whose
    reply cannot be read is asked about once more; what can be read then is taken, and the
    extraction says that the rest was lost.

    Args:
        options: Of them `generator` and `language_model`, `model` (the generator's if empty),
            `gleanings` and `cache_dir`.

    Raises:
        ConfigError: If the generator has no language model that can be asked.
    """

    name = "llm"

    def __init__(self, options: ExtractorOptions) -> None:
        asked = options.language_model
        self._model = options.model or asked.model
        self._gleanings = options.gleanings
        self._chat: ChatModel = chat_model(
            options.generator,
            # Always the likeliest words: the same text should give the same graph.
            replace(asked, model=self._model, temperature=0.0, max_tokens=_MAX_TOKENS),
        )
        self._cache = ReplyCache(options.cache_dir)

    @property
    def version(self) -> str:
        """Its own, the prompts', and the model as the settings name it."""
        parts = (_VERSION, prompts_digest(), self._chat.name, self._model or "its own")
        gleaned = (f"{self._gleanings} gleanings",) if self._gleanings else ()
        return "/".join((*parts, *gleaned))

    @property
    def hub_models(self) -> tuple[HubModel, ...]:
        """The language model's, where it comes from a hub."""
        models: tuple[HubModel, ...] = getattr(self._chat, "hub_models", ())
        return models

    def check(self) -> EngineState:
        return self._chat.check()

    def extract(self, texts: Sequence[str]) -> Sequence[Extraction]:
        """One extraction per text, in order.

        Raises:
            EngineError: If the model or its server fails; windows that were read are kept in the
                cache, so that a second run goes on where it stopped.
        """
        collected = [_Collected() for _ in texts]
        for window in cut_windows(texts):
            found, fault = self._read(window)
            for placed in place(found, window):
                collected[placed.text].add(placed)
            if fault:
                collected[window[0].text].warnings.append(
                    f"the language model's reply on {len(window)} sentences could not be read"
                    f" {'in part' if len(found) else 'at all'}: {fault}"
                )
        return settle_types([each.extraction() for each in collected])

    def _read(self, window: Sequence[Piece]) -> tuple[Found, str]:
        """What the model says of a window, and what of it could not be read."""
        first = ask_for(window)
        key = self._key(first)
        kept = self._cache.get(key)
        if kept is not None:
            return Found.model_validate_json(kept), ""
        found, fault = self._ask(first)
        for _ in range(self._gleanings):
            more, more_fault = self._ask(ask_more(first, found))
            both = found.with_more(more)
            fault = fault or more_fault
            if len(both) == len(found):
                break
            found = both
        if not fault:
            self._cache.put(key, found.model_dump_json())
        return found, fault

    def _ask(self, prompt: Prompt) -> tuple[Found, str]:
        """Ask, and once more if the reply is not what was asked for."""
        reply = self._chat.chat(prompt, as_json=True)
        found, fault = read_reply(reply.text, cut=reply.cut)
        if not fault:
            return found, ""
        reply = self._chat.chat(ask_again(prompt, fault), as_json=True)
        better, fault = read_reply(reply.text, cut=reply.cut)
        return (better if not fault else found.with_more(better)), fault

    def _key(self, prompt: Prompt) -> str:
        """Of all that decides what a model says: which it is, what it is told, how often."""
        asked = (self._chat.name, self._answering, prompts_digest(), _MAX_TOKENS, self._gleanings)
        told = json.dumps([*asked, prompt.system, prompt.user])
        return hashlib.sha256(told.encode()).hexdigest()

    @cached_property
    def _answering(self) -> str:
        return self._chat.identity()


@dataclass(slots=True)
class _Collected:
    """What was found in one text so far."""

    entities: list[TextEntity] = field(default_factory=list)
    relations: list[TextRelation] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def add(self, placed: Placed) -> None:
        """The next piece of the text."""
        shift = len(self.entities)
        self.entities += placed.entities
        self.relations += (
            replace(r, subject=r.subject + shift, object=r.object + shift) for r in placed.relations
        )

    def extraction(self) -> Extraction:
        return Extraction(tuple(self.entities), tuple(self.relations), tuple(self.warnings))

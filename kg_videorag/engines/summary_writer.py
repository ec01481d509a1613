"""A language model that summarises videos, titles chapters and rewords follow-ups."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING

from kg_videorag.engines.chat import chat_model
from kg_videorag.engines.drafts import read_draft
from kg_videorag.engines.llm_extractor.cache import ReplyCache
from kg_videorag.engines.told_prompts import (
    follow_up_prompt,
    join_prompt,
    summary_prompt,
    titles_prompt,
)
from kg_videorag.model import one_line
from kg_videorag.prompt_text import spoken
from kg_videorag.words import RUSSIAN, language_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kg_videorag.model import Evidence, Prompt
    from kg_videorag.ports import ChatModel, GeneratorOptions

_VERSION = 1  # of how replies are read: raise it to have them asked for anew
_TITLE = re.compile(r"^\W*(\d{1,3})\W+(\S.*)$", re.MULTILINE)
_LABEL = re.compile(r"^(?:question|вопрос)\s*:\s*", re.IGNORECASE)


class SummaryWriter:
    """Implements `ports.Summariser` and `ports.Rewriter`.

    What it was answered is kept under a hash of model, options and prompt, so that a summary is
    paid once, and one that was broken off goes on where it stopped.

    Args:
        generator: Whose language model is asked.
        options: As the generator is given; `max_tokens` long enough for a summary.
        folder: Where replies are kept.

    Raises:
        ConfigError: If that generator has no language model.
    """

    def __init__(self, generator: str, options: GeneratorOptions, folder: Path) -> None:
        self._chat: ChatModel = chat_model(generator, options)
        self._options = options
        self._cache = ReplyCache(folder, of="summaries")
        self._identity = ""

    @property
    def name(self) -> str:
        return self._chat.name

    @property
    def model(self) -> str:
        return self._identity or self._options.model or self._chat.name

    def summarise(self, evidence: Sequence[Evidence], sentences: int, language: str) -> str:
        """As `ports.Summariser`; marks count the evidence."""
        return self._asked(summary_prompt(evidence, sentences, language))

    def join(self, notes: Sequence[str], sentences: int, language: str) -> str:
        """As `ports.Summariser`."""
        return self._asked(join_prompt(notes, sentences, language))

    def titles(self, chapters: Sequence[str], language: str) -> tuple[str, ...]:
        """As `ports.Summariser`; one for each chapter."""
        reply = self._asked(titles_prompt(chapters, language))
        found = {int(number): one_line(title) for number, title in _TITLE.findall(reply)}
        return tuple(found.get(n, "") for n in range(1, len(chapters) + 1))

    def rewrite(self, question: str, history: Sequence[tuple[str, str]]) -> str:
        """As `ports.Rewriter`."""
        language = "ru" if language_of(question) == RUSSIAN else "en"
        reply = spoken(self._chat.chat(follow_up_prompt(question, history, language)).text)
        lines = [line for line in reply.splitlines() if line.strip()]
        return _LABEL.sub("", one_line(lines[0])).strip(" \"'«»") if lines else ""

    def _asked(self, prompt: Prompt) -> str:
        self._identity = self._identity or self._chat.identity()
        key = self._key(prompt)
        kept = self._cache.get(key)
        if kept is not None:
            return kept
        reply = self._chat.chat(prompt)
        draft = read_draft(reply.text, cut=reply.cut)
        self._cache.put(key, draft)
        return draft

    def _key(self, prompt: Prompt) -> str:
        parts = (
            *(_VERSION, self.name, self._identity, self._options.temperature),
            *(self._options.max_tokens, prompt.system, prompt.user),
        )
        return sha256("\x1f".join(map(str, parts)).encode()).hexdigest()

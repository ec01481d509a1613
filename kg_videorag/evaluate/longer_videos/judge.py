"""Asks a language model for a verdict, once more if it cannot be read, and never twice for one."""

from __future__ import annotations

import hashlib
import json
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

import regex
from pydantic import BaseModel

from kg_videorag.errors import ComparisonError
from kg_videorag.evaluate.longer_videos.verdict import PairVerdict, ScoreVerdict, read_verdict
from kg_videorag.model import Prompt
from kg_videorag.prompt_text import harmless, read_prompt

if TYPE_CHECKING:
    from kg_videorag.evaluate.longer_videos.kept import KeptVerdicts
    from kg_videorag.ports import ChatModel

_Verdict = TypeVar("_Verdict", bound=BaseModel)
_FAULT_CHARS = 300
_PARAGRAPHS = regex.compile(r"\s*\n\s*")


class Judge:
    """A language model that compares answers.

    Args:
        chat: Which; it should always write its likeliest words.
        kept: Verdicts that were given before.
    """

    def __init__(self, chat: ChatModel, kept: KeptVerdicts) -> None:
        self._chat = chat
        self._kept = kept

    @cached_property
    def model(self) -> str:
        """Which model it is; asked before the first verdict."""
        return self._chat.identity()

    def compare(self, question: str, first: str, second: str) -> PairVerdict:
        """Which of two answers is better, in this order.

        Raises:
            ComparisonError: If its verdict cannot be read, twice.
            EngineError: If the model fails.
        """
        given = {"question": _data(question), "first": _data(first), "second": _data(second)}
        return self._verdict(PairVerdict, "pair", given)

    def score(self, question: str, answer: str) -> ScoreVerdict:
        """An answer's points.

        Raises:
            ComparisonError: If its verdict cannot be read, twice.
            EngineError: If the model fails.
        """
        given = {"question": _data(question), "answer": _data(answer)}
        return self._verdict(ScoreVerdict, "score", given)

    def _verdict(self, kind: type[_Verdict], name: str, given: dict[str, str]) -> _Verdict:
        system = read_prompt(f"judge.{name}.system", frozenset({"dimensions"}))
        user = read_prompt(f"judge.{name}.user", frozenset(given))
        dimensions = read_prompt("judge.dimensions", frozenset()).substitute().strip()
        prompt = Prompt(
            system.substitute(dimensions=dimensions).strip(), user.substitute(given).strip()
        )
        key = self._key(name, prompt)
        if kept := self._kept.get(key):
            return kind.model_validate(kept)
        verdict = self._asked(kind, prompt)
        self._kept.put(key, verdict.model_dump(mode="json"))
        return verdict

    def _asked(self, kind: type[_Verdict], prompt: Prompt) -> _Verdict:
        reply = self._chat.chat(prompt, as_json=True)
        verdict, fault = read_verdict(kind, reply.text, cut=reply.cut)
        if verdict is None:
            again = read_prompt("judge.again", frozenset({"fault"}))
            told = again.substitute(fault=harmless(fault)[:_FAULT_CHARS]).strip()
            reply = self._chat.chat(Prompt(prompt.system, f"{prompt.user}\n\n{told}"), as_json=True)
            verdict, fault = read_verdict(kind, reply.text, cut=reply.cut)
        if verdict is None:
            raise ComparisonError(f"the judge's verdict cannot be read: {fault}")
        return verdict

    def _key(self, name: str, prompt: Prompt) -> str:
        """Of all that decides what the judge says."""
        told = json.dumps([name, self._chat.name, self.model, prompt.system, prompt.user])
        return hashlib.sha256(told.encode()).hexdigest()


def _data(text: str) -> str:
    """Untrusted text that keeps its paragraphs, which are a part of how an answer reads."""
    lines = (harmless(line) for line in _PARAGRAPHS.split(text))
    return "\n".join(line for line in lines if line)

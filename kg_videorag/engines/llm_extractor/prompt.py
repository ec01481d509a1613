"""Puts a window of sentences before a language model, as numbered lines of untrusted data."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import TYPE_CHECKING

from kg_videorag.model import EntityType, Prompt
from kg_videorag.prompt_text import harmless, read_prompt

if TYPE_CHECKING:
    from collections.abc import Sequence
    from string import Template

    from kg_videorag.engines.llm_extractor.reply import Found
    from kg_videorag.engines.llm_extractor.windows import Piece

_PLACEHOLDERS = {
    "system": frozenset({"types"}),
    "user": frozenset({"sentences"}),
    "again": frozenset({"fault"}),
    "more": frozenset({"names"}),
}
_FAULT_CHARS = 300


def ask_for(window: Sequence[Piece]) -> Prompt:
    """What is asked first."""
    return Prompt(
        _load("system").substitute(types=", ".join(EntityType)).strip(),
        _load("user").substitute(sentences=numbered(window)).strip(),
    )


def ask_again(first: Prompt, fault: str) -> Prompt:
    """The same, and what was wrong with the reply; a fault may quote it, so it is data too."""
    told = _load("again").substitute(fault=harmless(fault)[:_FAULT_CHARS]).strip()
    return Prompt(first.system, f"{first.user}\n\n{told}")


def ask_more(first: Prompt, found: Found) -> Prompt:
    """The same, and what is known: the model is to say what it missed."""
    names = "; ".join(harmless(entity.name) for entity in found.entities) or "nothing"
    return Prompt(first.system, f"{first.user}\n\n{_load('more').substitute(names=names).strip()}")


def numbered(window: Sequence[Piece]) -> str:
    """The window as the model reads it: a line a sentence, numbered from 1."""
    lines = enumerate((harmless(piece.content) for piece in window), start=1)
    return "\n".join(f"{number}. {line}" for number, line in lines)


@cache
def prompts_digest() -> str:
    """Tells one wording of the prompts from another."""
    texts = "\x1f".join(_load(part).template for part in _PLACEHOLDERS)
    return hashlib.sha256(texts.encode()).hexdigest()[:8]


def _load(part: str) -> Template:
    return read_prompt(f"extract.{part}", _PLACEHOLDERS[part])

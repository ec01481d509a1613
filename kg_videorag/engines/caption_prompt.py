"""What a vision model is told beside its pictures; the words are files: kg_videorag/prompts/."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from kg_videorag.errors import EngineError
from kg_videorag.prompt_text import checked_template, harmless
from kg_videorag.words import ENGLISH, RUSSIAN, language_of

if TYPE_CHECKING:
    from string import Template

VERSION = "1"  # of the prompts: raise it when other captions would come of them
# About 300 tokens: what is said in a segment of 30 s at 150 words a minute is some 450 characters.
_CONTEXT_CHARS = 1_200
_LANGUAGES = frozenset({ENGLISH, RUSSIAN})
_PLACEHOLDERS: dict[str, frozenset[str]] = {"alone": frozenset(), "heard": frozenset({"context"})}


def caption_request(context: str, language: str, *, writes: frozenset[str] = frozenset()) -> str:
    """The words that go with the pictures of a segment.

    Args:
        context: What is said meanwhile; untrusted.
        language: ISO 639-1 code of the language that is wanted; "" for the context's.
        writes: Of those that the model can write; empty for all. English is asked for where the
            wanted one is not among them, or has no prompt.

    Raises:
        EngineError: If a prompt file of this package is damaged.
    """
    said = _shortened(harmless(context))
    wanted = language or (language_of(said) if said else ENGLISH)
    asked = wanted if wanted in _LANGUAGES & (writes or _LANGUAGES) else ENGLISH
    if not said:
        return load_caption_prompt("alone", asked).substitute().strip()
    return load_caption_prompt("heard", asked).substitute(context=said).strip()


@cache
def load_caption_prompt(part: str, language: str) -> Template:
    """A prompt file.

    Args:
        part: "alone", or "heard" where something is said.
        language: "en" or "ru".

    Raises:
        EngineError: If it is missing, or its placeholders are not those that its part has.
    """
    name = f"caption.{language}.{part}.txt"
    try:
        text = files("kg_videorag").joinpath("prompts", name).read_text(encoding="utf-8")
    except OSError as error:
        raise EngineError(f"the prompt {name} is missing", hint="Reinstall the package.") from error
    return checked_template(name, text, _PLACEHOLDERS[part])


def _shortened(text: str) -> str:
    """The beginning of a text, to the end of a word."""
    if len(text) <= _CONTEXT_CHARS:
        return text
    return text[:_CONTEXT_CHARS].rpartition(" ")[0] or text[:_CONTEXT_CHARS]

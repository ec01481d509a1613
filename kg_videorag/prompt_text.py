"""What goes into a prompt and what comes out of a model, as plain text.

Untrusted text cannot leave its place in a prompt: line ends, invisible characters, and the
brackets that make tags, special tokens of chat templates and citations are taken out of it.
"""

# ruff: noqa: RUF001 - letters of other scripts are meant
from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING

from kg_videorag.errors import EngineError
from kg_videorag.model import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable

# < and > close tags and open <|special|> tokens; [ ] and 【 】 make citations and Mistral's [INST].
# Their full-width forms are here because some tokenizers fold them.
_HARMLESS = str.maketrans("<>[]{}【】＜＞［］", "‹›()()()‹›()")
_JOINERS = "\u200c\u200d"  # that Persian, Hindi and emoji are spelt with
_THOUGHT = re.compile(r"<(think|thinking|reasoning)>.*?(?:</\1>|\Z)", re.DOTALL | re.IGNORECASE)
# Some chat templates open the thought in the prompt, so that the reply only closes it.
_THOUGHT_END = re.compile(r"\A.*</(?:think|thinking|reasoning)>", re.DOTALL | re.IGNORECASE)
_SPECIAL = re.compile(r"<\|[^|<>\n]{1,40}\|>|</?(?:s|evidence|question|answer)>")


def harmless(text: str) -> str:
    """Untrusted text on one line, without what could pose as a part of the prompt."""
    kept = (c for c in text if c in _JOINERS or unicodedata.category(c) not in {"Cf", "Co", "Cn"})
    return one_line("".join(kept)).translate(_HARMLESS)


@cache
def read_prompt(name: str, wanted: frozenset[str]) -> Template:
    """A file of `kg_videorag/prompts/`.

    Args:
        name: Without its suffix, such as "cypher.system".
        wanted: The placeholders that it has.

    Raises:
        EngineError: If it is missing, or its placeholders are others.
    """
    file = f"{name}.txt"
    try:
        text = files("kg_videorag").joinpath("prompts", file).read_text(encoding="utf-8")
    except OSError as error:
        raise EngineError(f"the prompt {file} is missing", hint="Reinstall the package.") from error
    return checked_template(file, text, wanted)


def checked_template(name: str, text: str, wanted: Iterable[str]) -> Template:
    """A template that has exactly the wanted placeholders.

    Raises:
        EngineError: If one is missing, unknown or misspelt.
    """
    template = Template(text)
    found = set(template.get_identifiers()) if template.is_valid() else {"$"}
    if found != set(wanted):
        odd = ", ".join(sorted(found ^ set(wanted)))
        raise EngineError(f"the prompt {name} has other placeholders than it should: {odd}")
    return template


def spoken(reply: str) -> str:
    """A model's reply without its thoughts and the special tokens that it spelt out."""
    thoughtless = _THOUGHT.sub("", reply)
    return _SPECIAL.sub("", _THOUGHT_END.sub("", thoughtless)).strip()

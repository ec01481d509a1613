"""Puts a question and its evidence before a language model.

What videos and users say is untrusted. It is told to be data, and it cannot leave its place:
line ends, invisible characters, and the brackets that make tags, special tokens of chat
templates and citations are taken out of it. The words are files: kg_videorag/prompts/.
"""

# ruff: noqa: RUF001 - letters of other scripts are meant
from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING

import regex

from kg_videorag.errors import EngineError
from kg_videorag.model import Modality, one_line, timecode
from kg_videorag.words import language_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg_videorag.model import Evidence, Sentence

NO_ANSWER = "NO_ANSWER"  # no word that is ever said, so that it cannot be a part of an answer
_PLACEHOLDERS = {
    "system": frozenset({"refusal"}),
    "user": frozenset({"evidence", "question"}),
    "then": frozenset[str](),
}
_WHERE = {
    "en": {
        Modality.SPEECH: "said",
        Modality.CAPTION: "seen",
        Modality.SCREEN: "on the screen",
        Modality.VISION: "seen",
        Modality.SOUND: "heard",
    },
    "ru": {
        Modality.SPEECH: "сказано",
        Modality.CAPTION: "видно",
        Modality.SCREEN: "на экране",
        Modality.VISION: "видно",
        Modality.SOUND: "слышно",
    },
}
# < and > close tags and open <|special|> tokens; [ ] and 【 】 make citations and Mistral's [INST].
# Their full-width forms are here because some tokenizers fold them.
_HARMLESS = str.maketrans("<>[]{}【】＜＞［］", "‹›()()()‹›()")
_JOINERS = "\u200c\u200d"  # that Persian, Hindi and emoji are spelt with
_WORD = regex.compile(r"\p{L}+")


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a chat model is told: its task, then evidence and question."""

    system: str
    user: str

    @property
    def messages(self) -> list[dict[str, str]]:
        """As chat templates and OpenAI's protocol take it."""
        return [
            {"role": "system", "content": self.system},
            {"role": "user", "content": self.user},
        ]


def is_answerable(question: str, evidence: Sequence[Evidence]) -> bool:
    """Whether there is something to ask a model: a question or a time, and words to answer by."""
    asked = bool(_WORD.search(question) or regex.search(r"\p{N}", question))
    then = not question and any("time" in item.via for item in evidence)
    return (asked or then) and any(item.text.strip() for item in evidence)


def build_prompt(question: str, evidence: Sequence[Evidence], language: str = "") -> Prompt:
    """The prompt for one question.

    Args:
        question: In words; empty to be told what the evidence says.
        evidence: Numbered from 1 as it stands; shown video by video in order of time.
        language: To answer in; "" for the question's, or the evidence's where nothing is asked.

    Raises:
        EngineError: If a prompt file of this package is damaged.
    """
    language = language or language_of(question or " ".join(item.text for item in evidence))
    asked = harmless(question) or load_prompt("then", language).substitute().strip()
    return Prompt(
        load_prompt("system", language).substitute(refusal=NO_ANSWER).strip(),
        load_prompt("user", language)
        .substitute(evidence=listing(evidence, language), question=asked)
        .strip(),
    )


def harmless(text: str) -> str:
    """Untrusted text on one line, without what could pose as a part of the prompt."""
    kept = (c for c in text if c in _JOINERS or unicodedata.category(c) not in {"Cf", "Co", "Cn"})
    return one_line("".join(kept)).translate(_HARMLESS)


@cache
def load_prompt(part: str, language: str) -> Template:
    """A prompt file.

    Args:
        part: "system", "user" or "then".
        language: "en" or "ru".

    Raises:
        EngineError: If it is missing, or its placeholders are not those that its part has.
    """
    name = f"answer.{language}.{part}.txt"
    try:
        text = files("kg_videorag").joinpath("prompts", name).read_text(encoding="utf-8")
    except OSError as error:
        raise EngineError(f"the prompt {name} is missing", hint="Reinstall the package.") from error
    return checked_template(name, text, _PLACEHOLDERS[part])


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


def listing(evidence: Sequence[Evidence], language: str) -> str:
    """All evidence, video by video in order of rank, each video in order of time."""
    videos = list(dict.fromkeys(item.video_id for item in evidence))
    in_order = sorted(
        enumerate(evidence, start=1),
        key=lambda numbered: (videos.index(numbered[1].video_id), numbered[1].span),
    )
    return "\n\n".join(_entry(number, item, language) for number, item in in_order)


def _entry(number: int, item: Evidence, language: str) -> str:
    times = f"{timecode(item.span.start_ms)}-{timecode(item.span.end_ms)}"
    lines = [f"[{number}] {harmless(item.video)} {times}"]
    lines += (_line(sentence, language) for sentence in item.sentences)
    return "\n".join(lines)


def _line(sentence: Sentence, language: str) -> str:
    where = _WHERE[language][sentence.modality]
    speaker = f" ({harmless(sentence.speaker)})" if sentence.speaker else ""
    heading = f"{harmless(sentence.heading)}: " if sentence.heading else ""
    return f"- {where}{speaker}: {heading}{harmless(sentence.text)}"

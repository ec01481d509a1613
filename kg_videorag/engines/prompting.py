"""Puts a question and its evidence before a language model.

What videos and users say is untrusted. It is told to be data, and it cannot leave its place:
line ends, invisible characters, and the brackets that make tags, special tokens of chat
templates and citations are taken out of it. The words are files: kg_videorag/prompts/.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex

from kg_videorag.model import Modality, Prompt, timecode
from kg_videorag.prompt_text import harmless, read_prompt
from kg_videorag.words import language_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from string import Template

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
_WORD = regex.compile(r"\p{L}+")


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


def load_prompt(part: str, language: str) -> Template:
    """A prompt file.

    Args:
        part: "system", "user" or "then".
        language: "en" or "ru".

    Raises:
        EngineError: If it is missing, or its placeholders are not those that its part has.
    """
    return read_prompt(f"answer.{language}.{part}", _PLACEHOLDERS[part])


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

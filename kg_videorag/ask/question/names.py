# ruff: noqa: RUF001 - half of the words are Russian
"""What in a question may be a name, and whose words it asks for."""

from __future__ import annotations

import re
from functools import cache

import regex

from kg_videorag.words import content_stems

_QUOTED = re.compile(r"[\"“„«]([^\"“”„«»]{1,120})[\"”“»]")
_CAPITAL = r"(?:\p{Lu}[\p{L}\p{M}\p{N}'’-]*)"
_JOIN = r"(?:of|the|von|van|de|der|da|di|la|le|al|bin|фон|де|ван)"
_RUN = regex.compile(
    rf"{_CAPITAL}(?:\.?\s+(?:{_JOIN}\s+){{0,2}}{_CAPITAL}|\s+\d[\d.]*\b|\s+[IVX]+\b)*"
)
_TITLE = r"(?:(?:Dr|Mr|Mrs|Ms|Prof|Professor|Doctor|Captain|President|Judge)\.?\s+)?"
_NAME = rf"(?P<who>{_TITLE}{_CAPITAL}(?:\s+{_CAPITAL}){{0,3}})"
_LOWER_NAME = r"(?P<who>[\p{L}'’-]{3,})"
_VERB = (
    r"(?:say|tell|explain|think|mention|talk|speak|claim|argue|describe|answer|ask|report|recall"
    r"|suggest|recommend|believe|add|promise|remember)"
)
_VERB_RU = (
    r"(?:говор(?:ит|ил|ила)|сказал|сказала|рассказ(?:ывает|ал|ала|ывал|ывала)|объяс(?:няет|нил|нила)"
    r"|дума(?:ет|л|ла)|упом(?:инает|янул|янула)|счита(?:ет|л|ла)|отвеча(?:ет|л|ла)|ответил|ответила"
    r"|утвержда(?:ет|л|ла)|советует|вспоминает|добавляет|сообщ(?:ает|ил|ила))"
)
_MAY_SPEAK = re.compile(
    rf"\b(?:{_VERB}|according|said|told|explained|mentioned|claimed|opinion|view|advice|words?"
    rf"|{_VERB_RU}|словам|мнению)\b",
    re.IGNORECASE,
)
_NOBODY = frozenset(
    """
    he she it they we you one who this that these those everyone someone anyone everybody somebody
    anybody nobody people the video film clip speaker narrator он она оно они мы вы кто видео фильм
    ведущий диктор спикер автор это
    """.split()
)


def read_phrases(question: str) -> tuple[str, ...]:
    """What may be names: what stands in quotes, and capitalised runs, each once, in order.

    A question's first word is capital for its place, and counts only as a part of a longer run.
    """
    found = {match.start(): match[1] for match in _QUOTED.finditer(question)}
    for match in _RUN.finditer(question):
        text, start = match[0], match.start()
        if _opens(question, start):
            first, _, rest = text.partition(" ")
            if not content_stems(first) or not rest:
                text = rest
        if content_stems(text) and not any(text in quoted for quoted in found.values()):
            found[start] = text
    return tuple(dict.fromkeys(" ".join(found[at].split()) for at in sorted(found)))


def read_speaker(question: str) -> str:
    """Whose words a question asks for, as it names them; "" if nobody's."""
    for pattern in _speakers() if _MAY_SPEAK.search(question) else ():
        match = pattern.search(question)
        if match and match["who"].lower() not in _NOBODY:
            return str(match["who"])
    return ""


@cache
def _speakers() -> tuple[regex.Pattern[str], ...]:
    """How a speaker is named; made when first needed, as compiling takes time."""
    return (
        regex.compile(rf"\b[Ww]hat (?:else )?(?:does|did|do|has|will|would) {_NAME} {_VERB}\b"),
        regex.compile(rf"\b[Aa]ccording to {_NAME}"),
        regex.compile(rf"\b(?:said|told|explained|mentioned|claimed) by {_NAME}"),
        regex.compile(
            rf"\b[Ww]hat (?:is|was|are|were) {_NAME}['’]s (?:opinion|view|advice|words?)\b"
        ),
        regex.compile(rf"\b(?:[Чч]то|[Оо] чём|[Оо] чем|[Кк]ак) (?:ещё |еще )?{_VERB_RU} {_NAME}"),
        regex.compile(rf"\b(?:[Чч]то|[Оо] чём|[Оо] чем|[Кк]ак) {_NAME} {_VERB_RU}\b"),
        regex.compile(rf"\b[Пп]о (?:словам|мнению) {_NAME}"),
        regex.compile(rf"^what (?:does|did) {_LOWER_NAME} {_VERB}\b", regex.IGNORECASE),
        regex.compile(
            rf"^что {_VERB_RU} {_LOWER_NAME}(?= (?:об?|про|обо)\b|\W*$)", regex.IGNORECASE
        ),
    )


def _opens(question: str, start: int) -> bool:
    """Whether a word is the first of a sentence."""
    before = question[:start].rstrip(' "“«„(')
    return not before or before[-1] in ".?!"

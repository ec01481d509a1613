# ruff: noqa: RUF001 - half of the words are Russian
"""Finds the films that a question says it is about: "in the video about Skylab"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_KIND = (
    r"(?:videos?|films?|movies?|clips?|recordings?|lectures?|talks?|episodes?|documentar(?:y|ies)"
    r"|presentations?|footage|broadcasts?)"
)
_KIND_RU = (
    r"(?:видео(?:запис\w+|ролик\w*|фильм\w*)?|фильм\w*|ролик\w*|клип\w*|запис[иьюей]+|лекци\w+"
    r"|передач\w+|выпуск\w*|доклад\w*|файл\w*)"
)
_QUOTED = r"[\"“„«](?P<{name}>[^\"“”„«»]{{1,120}})[\"”“»]"
# A name that stands in no quotes ends where the question goes on.
_ENDS = (
    r"(?=\s*(?:[,;:?!]|\.(?:\s|$)|$)|\s+(?:what|who|whom|whose|when|where|why|how|which|is|are|was"
    r"|were|does|did|do|can|says?|mentions?|shows?|tells?|explains?|between|at|in|after|before"
    r"|right|just)\b)"
)
_ENDS_RU = (
    r"(?=\s*(?:[,;:?!]|\.(?:\s|$)|$)|\s+(?:что|кто|кого|когда|где|почему|как\w*|сколько|говор\w+"
    r"|сказан\w+|сказал\w*|рассказ\w+|показ\w+|упом\w+|видно|слышно|происход\w+|произо\w+|после"
    r"|перед|до|сразу|между|на|в|есть|был[аио]?)\b)"
)
_IN = r"(?:in|from|of|during|within|throughout|inside|according\s+to)"
_IN_RU = r"(?:во?|из|на|со?|согласно|по)"
_OF = r"(?:about|on|of|over|called|named|titled|entitled)"
_OF_RU = r"(?:об?|обо|про|под\s+названием|с\s+названием)"
_ANY_FILM = (
    r"(?:first|second|third|last|whole|entire|same|other|previous|next|new|old|short|long|this|that"
    r"|these|those|all|each|every|any|which|what|my|our|your|his|her|its|their)"
)
_FILE = r"[\w-][\w.-]*\.(?:mp4|m4v|mkv|mov|avi|webm|mpe?g|ts|wmv|flv|mp3|m4a|wav|flac|ogg|opus)\b"
_MAY_SAY = re.compile(rf"[\"“„«]|\.\w|{_KIND}|{_KIND_RU}", re.IGNORECASE)
# A film in the place of a subject leaves a word behind: "What does the film say?"
_LEFT = {"en": "the film", "ru": "фильм"}


@dataclass(frozen=True, slots=True)
class Films:
    """The films that a question says.

    Args:
        names: As it says them.
        rest: The question without them.
    """

    names: tuple[str, ...]
    rest: str


def read_films(question: str, language: str) -> Films:
    """Find the films that a question says it is about.

    Args:
        question: In words.
        language: Of the question.

    Returns:
        No names, and the question as it is, where it says none.
    """
    may_say = _MAY_SAY.search(question)
    found = sorted(_found(question), key=lambda match: match.start()) if may_say else []
    if not found:
        return Films((), question)
    rest, end = "", 0
    for match in found:
        left = "" if match["in"] or match.start() == 0 else _LEFT[language]
        rest += question[end : match.start()] + left
        end = match.end()
    rest += question[end:]
    names = dict.fromkeys(" ".join(match["name"].split()) for match in found)
    return Films(tuple(names), _tidied(rest))


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    """How a film is named; made when first needed, as compiling takes time."""
    return tuple(
        re.compile(pattern, re.IGNORECASE)
        for pattern in (
            rf"(?:\b(?P<in>{_IN})\s+)?(?:\b(?:the|an?|this|that)\s+)?\b{_KIND}\s+(?:{_OF}\s+)?"
            + _QUOTED.format(name="name"),
            rf"(?:\b(?P<in>{_IN_RU})\s+)?\b{_KIND_RU}\s+(?:{_OF_RU}\s+)?"
            + _QUOTED.format(name="name"),
            rf"\b(?P<in>{_IN}|{_IN_RU})\s+" + _QUOTED.format(name="name"),
            (
                rf"(?:\b(?P<in>{_IN}|{_IN_RU})\s+(?:the\s+)?(?:(?:{_KIND}|{_KIND_RU}|file)\s+)?)?"
                rf"[\"“«]?(?P<name>(?<![\w.-]){_FILE})[\"”»]?"
            ),
            (
                rf"(?:\b(?P<in>{_IN})\s+)?\b(?:the|an?|this|that)\s+{_KIND}\s+{_OF}\s+(?:the\s+)?"
                rf"(?P<name>[^\"“«,;:?!]{{2,80}}?){_ENDS}"
            ),
            (
                rf"(?:\b(?P<in>{_IN_RU})\s+)?\b{_KIND_RU}\s+{_OF_RU}\s+"
                rf"(?P<name>[^\"“«,;:?!]{{2,80}}?){_ENDS_RU}"
            ),
            (
                rf"\b(?P<in>in|from|during)\s+the\s+(?!{_ANY_FILM}\b)"
                rf"(?P<name>(?:[\w'’-]+\s+){{1,4}}?){_KIND}(?!\s+(?:of|about|on)\b)\b"
            ),
        )
    )


def _found(question: str) -> Iterator[re.Match[str]]:
    """Matches that share no letter; an earlier pattern goes before a later one."""
    taken: list[tuple[int, int]] = []
    for pattern in _patterns():
        for match in pattern.finditer(question):
            if all(match.end() <= start or end <= match.start() for start, end in taken):
                taken.append(match.span())
                yield match


def _tidied(rest: str) -> str:
    """What is left, without commas that separated what is gone."""
    spaced = re.sub(r"\s+([?!.,;:])", r"\1", " ".join(rest.split()))
    bare = re.sub(r"^[,;:\s]+|[,;:]+(?=\s*[?!.]?$)", "", spaced)
    return bare if re.search(r"\w", bare) else ""

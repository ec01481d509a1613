# ruff: noqa: RUF001 - half of the words are Russian
"""What is said where nothing is answered, in the question's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg_videorag.model import timecode
from kg_videorag.words import ENGLISH, RUSSIAN, language_of

if TYPE_CHECKING:
    from kg_videorag.graph.moments import VideoLength

_NOTHING = {
    ENGLISH: "Nothing in the library answers this.",
    RUSSIAN: "В библиотеке нет ответа на этот вопрос.",
}
_ENDED = {
    ENGLISH: "There is nothing “{named}”: {video} ends at {end}.",
    RUSSIAN: "Ничего нет «{named}»: {video} кончается на {end}.",
}
_ALL_ENDED = {
    ENGLISH: "There is nothing “{named}”: the longest video, {video}, ends at {end}.",
    RUSSIAN: "Ничего нет «{named}»: самое длинное видео, {video}, кончается на {end}.",
}

_NOT_FOUND = {ENGLISH: "not found in the evidence", RUSSIAN: "в источниках этого нет"}


def not_found(language: str) -> str:
    """What is said behind a sentence of an answer that no evidence says."""
    return _NOT_FOUND[language]


def nothing_answers(question: str) -> str:
    """That no evidence answers a question."""
    return _NOTHING[language_of(question)]


def nothing_then(question: str, named: str, longest: VideoLength, *, of: int) -> str:
    """That the videos end before the moment that a question names.

    Args:
        question: In words.
        named: Those of them that name the moment.
        longest: The video that ends last.
        of: How many videos were looked at.
    """
    form = (_ENDED if of == 1 else _ALL_ENDED)[language_of(question)]
    return form.format(named=named, video=longest.name, end=timecode(longest.duration_ms))

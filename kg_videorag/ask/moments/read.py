# ruff: noqa: RUF001 - half of the words are Russian
"""Finds the moment that a question names, and what is asked of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg_videorag.ask.moments import english, russian
from kg_videorag.ask.moments.stretch import Moment, Place
from kg_videorag.model import EVERYWHERE, timecode
from kg_videorag.words import ENGLISH, RUSSIAN, language_of, words

if TYPE_CHECKING:
    from kg_videorag.model import Scope

_FORMS = {
    ENGLISH: (*english.CLOCK_FORMS, *russian.CLOCK_FORMS, *english.FORMS, *russian.FORMS),
    RUSSIAN: (*russian.CLOCK_FORMS, *english.CLOCK_FORMS, *russian.FORMS, *english.FORMS),
}
# Words that ask for anything that is there.
_IDLE = frozenset(
    """
    a about and appear appears are at be being can clip describe did discussed display displayed do
    does doing film for frame going happen happened happening happens hear heard in is it
    me mentioned of on one people picture place said say saying says
    screen see seen show showing shown shows slide
    slides speaker spoken summarise summarize summary takes talk talked talking tell text the there
    they this to topic us video visible was we what which who written you
    в видео видеозаписи видим видит видно во все вы говорит говорится говорят есть записи и
    идет изображено кадре кратко кто мне мы на написано нам о об обсуждается обсуждают ом
    опиши перескажи покажи показано показывают показывается произошло происходило происходит про
    расскажи рассказывает рассказывается рассказывают речь ролике скажи слайде случилось слышно
    там текст тема тут фильме чем что экране это
    """.split()
)


@dataclass(frozen=True, slots=True)
class Timed:
    """A question with the moment that it names.

    Args:
        moment: When; None if it names none.
        rest: What it asks about that moment; empty where it asks for anything that is there.
        named: The words that name the moment.
    """

    moment: Moment | None
    rest: str
    named: str = ""


def asks_for_something(question: str) -> bool:
    """Whether a question asks for more than what is there: "What is said?" does not."""
    return bool(set(words(question)) - _IDLE)


def read_moment(question: str, scope: Scope = EVERYWHERE) -> Timed:
    """Find the first moment that a question names.

    Args:
        question: In words.
        scope: Where it looks anyway: of a question that asks for anything that is there, such as
            "What is said?", this is the moment.
    """
    for form in _FORMS[language_of(question)]:
        found = form.pattern.search(question)
        moment = form.means(found) if found else None
        if not found or not moment:
            continue
        rest = " ".join(f"{question[: found.start()]} {question[found.end() :]}".split())
        asks = asks_for_something(rest)
        if form.may_mean_it(rest, asks=asks):
            return Timed(moment, rest if asks else "", found[0].strip(" ,;("))
    if scope.cuts_lines and not asks_for_something(question):
        return _all_within(scope)
    return Timed(None, question)


def _all_within(scope: Scope) -> Timed:
    if scope.window is None:
        return Timed(Moment(Place(0, 0), Place(1, 0)), "")
    start_ms, end_ms = scope.window.start_ms, scope.window.end_ms
    moment = Moment(Place(0, start_ms), Place(0, end_ms))
    return Timed(moment, "", f"{timecode(start_ms)}-{timecode(end_ms)}")

# ruff: noqa: RUF001 - some of the labels are Russian
"""How a slide speaks: lines under a heading, labels with values, rows of a table.

"Born: 1930" under "Neil Armstrong" is no sentence: its label says what is told, its value is
what is told, and its heading says of whom.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex

from kg_videorag.engines.extractive import wanted
from kg_videorag.engines.extractive.names import names_in
from kg_videorag.model import Modality
from kg_videorag.words import content_stems

if TYPE_CHECKING:
    from kg_videorag.engines.extractive.question import Question
    from kg_videorag.model import Sentence

_LABELLED = regex.compile(r"(\p{L}[^:|\d]{0,40}?)\s*(?::|\||\s[—–]\s|\t)\s*(\S.*)")
_DATE = regex.compile(r"\b\d{1,2} May\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b")
_YEAR = regex.compile(r"(?:1\d{3}|20\d\d)\W*")
_NO_NAMES = frozenset("may eur usd gbp chf jpy cny rub inr sek nok dkk pln".split())
_PLACE_LABELS = content_stems(
    "place venue location address city town country room hall birthplace headquarters"
    " место адрес город страна зал здание родина"
)
_DOERS = ("r", "er", "or")  # who directs is the director
# A label and the words by which one asks for it.
_ALIKE = tuple(
    content_stems(group)
    for group in (
        "cost price fee admission fare pay paid",
        "write author",
        "long duration length runtime last",
        "old age",
        "tall high height",
        "far distance",
        "heavy weight mass weigh",
        "born birth birthday birthplace birthdate",
        "live address home residence",
        "situated located location venue address place site held",
        "die death",
        "start begin open opening beginning",
        "end close closing deadline",
        "work job profession occupation employer",
        "цена стоит билет вход",
        "автор написал",
        "возраст лет",
        "режиссёр снял",
        "место адрес находится проходит",
        "открывается открытие начало начинается",
        "конец заканчивается закрытие",
        "профессия должность работает",
    )
)


def quote_of(sentence: Sentence) -> str:
    """What is quoted of a sentence: a line on the screen with its heading."""
    return f"{sentence.heading}: {sentence.text}" if sentence.heading else sentence.text


def is_line(sentence: Sentence) -> bool:
    """Whether it was read on the screen."""
    return sentence.modality is Modality.SCREEN


def is_caption(sentence: Sentence) -> bool:
    """Whether a model wrote it of the pictures."""
    return sentence.modality is Modality.CAPTION


def is_spoken(sentence: Sentence) -> bool:
    """Whether it was said."""
    return not is_line(sentence) and not is_caption(sentence)


def stems_of_line(line: Sentence, asked: frozenset[str]) -> frozenset[str]:
    """The stems that a line says, and those of the question that its label stands for.

    Nothing at all, where it says nothing of what is asked itself: its heading, which every
    line of the slide has, must then say all of it. And nothing, where it brings nothing new.

    Args:
        line: On the screen.
        asked: Stems of the question, names not among them.
    """
    heading, own = content_stems(line.heading), content_stems(line.text)
    labelled = _LABELLED.fullmatch(line.text)
    label = content_stems(labelled[1]) if labelled else own
    own |= {stem for stem in asked if _stands_for(label, stem)}
    if asked and not asked & own and not asked <= heading:
        return frozenset()
    return heading | own


def line_answers(question: Question, line: Sentence) -> bool:
    """Whether a line has what is wanted, and more than the question's own words."""
    known = question.stems.union(*question.names)
    if content_stems(line.text) <= known:
        return False  # "Neil Armstrong" does not say who Neil Armstrong was
    labelled = _LABELLED.fullmatch(line.text)
    value = labelled[2] if labelled else line.text
    has_it = question.is_answered_by(line.text)
    if question.kind == wanted.PLACE:
        told = not labelled or content_stems(labelled[1]) & (question.stems | _PLACE_LABELS)
        return has_it or (bool(told) and _has_name(value, known, first_word=bool(labelled)))
    if question.kind == wanted.TIME:
        return has_it or bool(_DATE.search(value))
    if question.kind == wanted.QUANTITY:
        return has_it and not _YEAR.fullmatch(value)
    if question.kind == wanted.PERSON:
        return _has_name(value, known, first_word=True)
    return has_it


def _stands_for(label: frozenset[str], stem: str) -> bool:
    return any(stem in group and group & label for group in _ALIKE) or any(
        f"{stem}{ending}" in label for ending in _DOERS
    )


def _has_name(value: str, known: frozenset[str], *, first_word: bool) -> bool:
    """Whether a value names something new that is no time and no money."""
    not_new = known | wanted.TIMES | _NO_NAMES
    return any(
        any(not stem.isdigit() and stem not in not_new for stem in name)
        for name in names_in(value, first_word=first_word)
    )

# ruff: noqa: RUF001 - some of the letters are Russian
"""Finds what a question asks for the neighbour of: "What is said right after the landing?".

Before and after mean the video only where what happens, is said or is shown in it is asked for.
In "Which rocket flew after the Saturn I?" they are part of the fact.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from kg_videorag.ask.question.model import Order, OrderRelation
from kg_videorag.ask.question.order_english import english_forms
from kg_videorag.ask.question.order_russian import russian_forms
from kg_videorag.words import RUSSIAN, content_stems, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg_videorag.ask.question.order_form import OrderForms

_MAY_TURN = re.compile(
    r"\b(?:after|before|between|following|follows|precedes|once|soon|prior|после|вслед|следом|только"
    r"|до|перед|прежде|между|за|предшествует)\b",
    re.IGNORECASE,
)
# A year, or a day of a month: "before 1969", "until the 4th".
_DATE = re.compile(r"\d{3,4}(?:s|е|х|й|го|м|му)?|\d{1,2}(?:st|nd|rd|th|го|е)?")
_MAX_SPLITS = 16  # a question turns once or twice; one made to be slow turns at every word
_TRIM = ' \t\n?!.,;:-–—"“”«»„'


@dataclass(frozen=True, slots=True)
class Ordered:
    """A question that asks for a neighbour.

    Args:
        order: Of what.
        topic: What is asked of it; empty where it asks for anything that is there.
    """

    order: Order
    topic: str


@dataclass(frozen=True, slots=True)
class _Split:
    """A question as what it asks, and what that lies beside."""

    head: str
    relation: OrderRelation
    anchor: str
    near: bool


def read_order(question: str, language: str) -> Ordered | None:
    """What a question asks for the neighbour of; None if that is part of the fact.

    Args:
        question: Without the moment and the films that it names.
        language: Of the question.
    """
    if not _MAY_TURN.search(question):
        return None
    forms = russian_forms() if language == RUSSIAN else english_forms()
    text = question.strip(_TRIM)
    for pattern, relation in forms.whole:
        if match := pattern.fullmatch(text):
            anchors = _anchors(match["anchor"], relation, forms)
            if anchors:
                shown = bool(forms.shown.match(match["anchor"]))
                return Ordered(Order(relation, anchors, bool(match["near"]), shown), "")
    for split in islice(_splits(text, forms), _MAX_SPLITS):
        near = split.near or bool(forms.next.search(split.head))
        topic = _asked_of_video(forms.next.sub("", split.head), forms, near=near)
        anchors = _anchors(split.anchor, split.relation, forms)
        if topic is not None and anchors:
            shown = bool(forms.shown.match(split.anchor) or forms.shown.search(split.head))
            return Ordered(Order(split.relation, anchors, near, shown), topic)
    return None


def _splits(text: str, forms: OrderForms) -> Iterator[_Split]:
    """Every way in which a question may be what it asks, and what that lies beside."""
    for turn in forms.turn.finditer(text):
        relation, near = forms.relation(turn["relation"]), bool(turn["near"])
        rest = text[turn.end() :]
        if turn.start():
            yield _Split(text[: turn.start()], relation, rest, near)
        else:
            for comma in forms.asks.finditer(rest):
                yield _Split(rest[comma.end() :], relation, rest[: comma.start()], near)


def _asked_of_video(head: str, forms: OrderForms, *, near: bool) -> str | None:
    """What a head asks of the video, "" for anything; None if it asks for a fact."""
    bare = " ".join(head.split()).strip(_TRIM)
    if forms.heads.fullmatch(bare):
        return ""
    match = forms.near_heads.fullmatch(bare) if near else None
    return (match["topic"] or "").strip(_TRIM) if match else None


def _anchors(said: str, relation: OrderRelation, forms: OrderForms) -> tuple[str, ...]:
    """What the answer lies beside; nothing where that is no part of a video."""
    parts = _parted(said, forms) if relation is OrderRelation.BETWEEN else [said]
    anchors = tuple(_cleaned(part, forms) for part in parts)
    return anchors if all(_is_anchor(anchor, forms) for anchor in anchors) else ()


def _parted(said: str, forms: OrderForms) -> list[str]:
    """The two ends of a stretch: parted where the second begins as a thing does, else at first."""
    found = list(forms.both.finditer(said))
    if not found:
        return []
    at = next((m for m in found if forms.begins.match(said, m.end())), found[0])
    return [said[: at.start()], said[at.end() :]]


def _cleaned(said: str, forms: OrderForms) -> str:
    """An anchor without the words that only say that it is in the video: "X is mentioned"."""
    text, before = said.strip(_TRIM), ""
    while text != before:
        before = text
        text = forms.opening.sub("", text).strip(_TRIM)
        text = forms.closing.sub("", text).strip(_TRIM)
    return text or said.strip(_TRIM)


def _is_anchor(text: str, forms: OrderForms) -> bool:
    """Whether a text names something that is said or shown; a date alone is a time of the world."""
    said = [word for word in words(text) if content_stems(word)]
    return bool(said) and not all(word in forms.times or _DATE.fullmatch(word) for word in said)

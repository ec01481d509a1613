# ruff: noqa: RUF001 - some of the words are Russian
"""Titles of chapters: what stands above the slide, else what is spoken of there alone."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from kg_videorag.ask.overview.values import ENTITIES, HEADING, PLACE, WORDS, Chapter
from kg_videorag.model import EntityType, one_line
from kg_videorag.words import RUSSIAN, content_stems

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg_videorag.ask.overview.slides import Shown
    from kg_videorag.ask.overview.units import Units
    from kg_videorag.graph.course import Course
    from kg_videorag.model import Span

MAX_TITLE_CHARS = 80  # YouTube cuts titles off at about 100
_HEADING_SHARE = 0.2  # of a chapter that a heading has to stand in it
_NAMES = 2  # in a title
_LEAST_SHARE = 0.34  # of an entity's mentions that lie in a chapter it gives its name to
_NO_NAMES = frozenset({EntityType.DATE, EntityType.QUANTITY})
_CUT = " ,;:-–—"


def titled(
    spans: Sequence[Span], course: Course, units: Units, shown: Sequence[Shown], language: str
) -> tuple[Chapter, ...]:
    """Chapters with their titles.

    Args:
        spans: That tile the video.
        course: Of the video.
        units: Its sentences.
        shown: Lines on its screen, each whole.
        language: Of the video.
    """
    telling = [tuple(_telling(span, course)) for span in spans]
    chapters: list[Chapter] = []
    used: set[str] = set()
    for place, span in enumerate(spans):
        found = (
            (HEADING, _heading(span, shown, used)),
            (ENTITIES, _names(telling[place], course, used)),
            (WORDS, _words(span, units)),
            (PLACE, f"{'Часть' if language == RUSSIAN else 'Part'} {place + 1}"),
        )
        by, title = next((by, title) for by, title in found if title)
        used.add(title)
        names = tuple(course.entities[i].name for i in telling[place][:5])
        chapters.append(Chapter(shortened(title), span, by, names))
    return tuple(chapters)


def shortened(title: str) -> str:
    """A title on one line, cut after a word where it is too long."""
    line = one_line(title)
    if len(line) <= MAX_TITLE_CHARS:
        return line
    return f"{line[:MAX_TITLE_CHARS].rpartition(' ')[0].rstrip(_CUT) or line[:MAX_TITLE_CHARS]}…"


def _heading(span: Span, shown: Sequence[Shown], used: set[str]) -> str:
    """The title that stands longest in a chapter, and has not been one yet."""
    stands: Counter[str] = Counter()
    for line in shown:
        if line.is_title and line.text not in used:
            stands[line.text] += line.span.clamp(span).duration_ms
    text, stands_ms = max(stands.items(), key=lambda s: (s[1], s[0]), default=("", 0))
    return text if stands_ms >= _HEADING_SHARE * span.duration_ms and stands_ms > 0 else ""


def _telling(span: Span, course: Course) -> Iterator[str]:
    """Ids of the entities that a chapter is about, the most telling first.

    Source: tf-idf; how often it is mentioned here, times the share of all its mentions.
    """
    everywhere = Counter(id_ for id_, _ in course.mentions)
    here = Counter(i for i, at_ms in course.mentions if span.start_ms <= at_ms < span.end_ms)
    fits = {
        id_: count * count / everywhere[id_]
        for id_, count in here.items()
        if course.entities[id_].type not in _NO_NAMES
        and count / everywhere[id_] >= _LEAST_SHARE
        and content_stems(course.entities[id_].name)
    }
    first = dict(reversed(course.mentions))

    def order(id_: str) -> tuple[bool, float, int]:  # names before plain things
        return course.entities[id_].type is EntityType.CONCEPT, -fits[id_], first[id_]

    yield from sorted(fits, key=order)


def _names(telling: Sequence[str], course: Course, used: set[str]) -> str:
    """The most telling names: "Margaret Hamilton, MIT Instrumentation Laboratory"."""
    names = dict.fromkeys(course.entities[id_].name for id_ in telling)
    title = ", ".join(list(names)[:_NAMES])
    return "" if title in used else f"{title[:1].upper()}{title[1:]}"


def _words(span: Span, units: Units) -> str:
    """The sentence that is most like all of a chapter."""
    places = [n for n, u in enumerate(units.lines) if span.start_ms <= u.start_ms < span.end_ms]
    if not places:
        return ""
    mean = np.asarray(units.vectors[places]).mean(axis=0)
    best = max(places, key=lambda n: float(units.vectors[n] @ mean))
    return units.lines[best].sentence.text.rstrip(" .!?")

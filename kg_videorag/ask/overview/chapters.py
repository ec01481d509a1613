"""A video's chapters: where its topic turns, and what each is called."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from kg_videorag.ask.overview.borders import borders
from kg_videorag.ask.overview.slides import shown_lines, slide_changes
from kg_videorag.ask.overview.titles import MAX_TITLE_CHARS, titled
from kg_videorag.ask.overview.units import Units, compare, telling
from kg_videorag.ask.overview.values import HEADING, MODEL, Chapter, Chapters
from kg_videorag.graph.course import read_course, read_vectors
from kg_videorag.model import Span, one_line
from kg_videorag.words import ENGLISH, content_stems, language_of, reads

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from kg_videorag.graph.client import GraphClient
    from kg_videorag.graph.course import Course
    from kg_videorag.model import Video
    from kg_videorag.ports import Summariser

_TOLD_CHARS = 600  # of a chapter that a model is given for its title


@dataclass(frozen=True, slots=True, eq=False)
class Overlooked:
    """A video as overviews look at it.

    Args:
        video: Which.
        course: All of it.
        units: Its telling sentences.
        language: Of most that is said.
    """

    video: Video
    course: Course
    units: Units
    language: str


def overlook(client: GraphClient, video: Video, languages: Collection[str]) -> Overlooked:
    """Read a video and make its sentences comparable.

    Args:
        client: The graph.
        video: Which.
        languages: That the text embedder was made for; its vectors of others say nothing.
    """
    course = read_course(client, video.id)
    places = telling(course.lines, video.duration_ms)
    lines = [course.lines[place] for place in places]
    text = " ".join(line.sentence.text for line in lines[:200])
    readable = bool(lines) and reads(languages, text)
    meanings = read_vectors(client, video.id, lines) if readable else None
    language = language_of(text) if text else ENGLISH
    return Overlooked(video, course, compare(lines, meanings), language)


def chapters_of(seen: Overlooked, summariser: Summariser | None = None) -> Chapters:
    """The chapters of a video.

    Args:
        seen: The video.
        summariser: A language model that titles chapters without a heading.

    Raises:
        EngineError: If the model fails.
    """
    shown = shown_lines(seen.course.lines)
    found = borders(seen.units, slide_changes(shown), seen.video.duration_ms)
    times = (0, *found, seen.video.duration_ms)
    spans = [Span(start_ms, end_ms) for start_ms, end_ms in pairwise(times)]
    chapters = titled(spans, seen.course, seen.units, shown, seen.language)
    if summariser is not None:
        chapters = _retitled(chapters, seen, summariser)
    return Chapters(seen.video, chapters)


def _retitled(
    chapters: Sequence[Chapter], seen: Overlooked, summariser: Summariser
) -> tuple[Chapter, ...]:
    """Titles by a model where no heading gives one, and it uses a word that is said there."""
    bare = [n for n, chapter in enumerate(chapters) if chapter.titled_by != HEADING]
    told = [_told(chapters[n].span, seen.units) for n in bare]
    asked = [(n, text) for n, text in zip(bare, told, strict=True) if text]
    if not asked:
        return tuple(chapters)
    titles = summariser.titles([text for _, text in asked], seen.language)
    changed = list(chapters)
    for (n, text), title in zip(asked, titles, strict=False):
        line = one_line(title).strip(" .\"'«»*#")
        if line and len(line) <= MAX_TITLE_CHARS and content_stems(line) & content_stems(text):
            changed[n] = replace(chapters[n], title=line, titled_by=MODEL)
    return tuple(changed)


def _told(span: Span, units: Units) -> str:
    texts = [u.sentence.text for u in units.lines if span.start_ms <= u.start_ms < span.end_ms]
    return " ".join(texts)[:_TOLD_CHARS]

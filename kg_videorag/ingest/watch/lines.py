"""Readings of pictures to lines with a first and a last millisecond.

A line that one reading shows and the next shows again is one line, though it was read a little
differently. It ends where it is gone from the picture, not where a reading missed it. A row of a
table stands while all of its cells do.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING

from kg_videorag.ingest.watch.layout import TALLER, Line, from_the_top
from kg_videorag.ingest.watch.looks import part, same_line
from kg_videorag.ingest.watch.match import are_alike, best_match, is_part, replaces, same_piece
from kg_videorag.ingest.watch.page import as_read
from kg_videorag.model import Modality, Sentence, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg_videorag.ingest.watch.history import History
    from kg_videorag.ingest.watch.looks import Grey
    from kg_videorag.model import TextLine

_SHORTEST_MS = 100  # one step of sampling


@dataclass(slots=True, eq=False)
class _Standing:
    """A line that stands on the screen.

    `looks` are those of its pieces. `is_frame` tells that it stayed under several headings and
    so belongs to none: a footer.
    """

    line: Line
    looks: tuple[Grey, ...]
    heading: str
    start_ms: int
    read_ms: int
    is_frame: bool = False


@dataclass(frozen=True, slots=True)
class _Ended:
    """A line that is gone. Its looks are forgotten: an hour of slides has thousands of lines."""

    span: Span
    text: str
    heading: str
    top: float


@dataclass(frozen=True, slots=True)
class _Reading:
    """What one reading found.

    `parts` are lines that stood until now and are pieces of new ones: of a row whose other cell
    came, of a heading that was not yet known as one.
    """

    at_ms: int
    picture: Grey
    lines: list[Line]
    known: dict[_Standing, Line]
    fresh: list[Line]
    parts: dict[_Standing, Line]


class LineTracker:
    """Follows the lines of one video from reading to reading.

    Attributes:
        slides_ms: When one heading gave way to another: slides of text may change too little
            for a shot.
    """

    def __init__(self, history: History) -> None:
        self.slides_ms: list[int] = []
        self._history = history
        self._read: Grey | None = None  # the last reading's picture
        self._standing: list[_Standing] = []
        self._ended: list[_Ended] = []

    def read(self, found: Sequence[TextLine], picture: Grey, at_ms: int) -> bool:
        """Take in what a reading found.

        Args:
            found: Lines from top to bottom.
            picture: The same picture, small and grey.
            at_ms: When it was shown.

        Returns:
            Whether any line of words came or went.
        """
        now = self._compared(found, picture, at_ms)
        for old, line in now.parts.items():
            self._rename(old.line.text, line.text)
        for standing, line in now.known.items():
            _update(standing, line, now)
        gone = [
            old
            for old in self._standing
            if old not in now.known and old not in now.parts and not _still_stands(old, now)
        ]
        headings = self._headings
        for old in gone:
            self._end(old, self._gone_since_ms(old, now))
        for line in now.fresh:
            self._begin(line, gone, now)
        if headings and self._headings and not headings & self._headings:
            self.slides_ms.append(min(line.start_ms for line in self._standing if line.heading))
        self._read = picture
        # A clock or a counter in the picture is no news.
        changed = [line.text for line in now.fresh] + [old.line.text for old in gone]
        return any(any(character.isalpha() for character in text) for text in changed)

    def finish(self, end_ms: int) -> tuple[Sentence, ...]:
        """All lines, by when they came, then from the top; what still stands ends now."""
        for line in list(self._standing):
            self._end(line, end_ms)
        ordered = sorted(self._ended, key=lambda ended: (ended.span.start_ms, ended.top))
        return tuple(
            Sentence(old.text, old.span, modality=Modality.SCREEN, heading=old.heading)
            for old in ordered
        )

    @property
    def _headings(self) -> set[str]:
        return {line.heading for line in self._standing if line.heading}

    def _compared(self, found: Sequence[TextLine], picture: Grey, at_ms: int) -> _Reading:
        height, width = picture.shape
        lines = self._restored(as_read(found, width / height), picture)
        waiting = {old: old.line for old in self._standing}
        now = _Reading(at_ms, picture, lines, known={}, fresh=[], parts={})
        for line in lines:
            known = best_match(line, waiting)
            if known is None:
                now.fresh.append(line)
            else:
                del waiting[known]
                now.known[known] = line
        for line in now.fresh:
            now.parts.update({old: line for old in waiting if is_part(old.line, line)})
        return now

    def _restored(self, lines: list[Line], picture: Grey) -> list[Line]:
        """Joins what a reading found in pieces though the line that they make still stands."""
        for old in self._standing:
            pieces = [line for line in lines if old.line.joined and is_part(line, old.line)]
            if pieces and _looks_the_same(old, picture):
                lines = [line for line in lines if line not in pieces] + [old.line]
        return from_the_top(lines)

    def _rename(self, heading: str, whole: str) -> None:
        """A heading was but a piece of one."""
        for line in self._standing:
            if line.heading == heading:
                line.heading = whole

    def _begin(self, line: Line, gone: Sequence[_Standing], now: _Reading) -> None:
        """A line begins when its last piece came; pieces that stood before end there."""
        parts = [old for old, whole in now.parts.items() if whole is line]
        looks, starts_ms = [], []
        for piece in line.pieces:
            looks.append(part(now.picture, piece.box).copy())
            known_ms = [old.start_ms for old in parts if _is_in(piece, old.line)]
            scanned = known_ms or [self._shown_since_ms(piece, looks[-1], gone, now)]
            starts_ms.append(min(scanned))
        start_ms = max(starts_ms)
        for old in parts:
            self._standing.remove(old)
            if start_ms - old.start_ms >= _SHORTEST_MS:
                self._ended.append(_ended(old, start_ms))
        heading = _heading(line, now.lines)
        self._standing.append(_Standing(line, tuple(looks), heading, start_ms, now.at_ms))

    def _shown_since_ms(
        self, piece: Line, look: Grey, gone: Sequence[_Standing], now: _Reading
    ) -> int:
        before = None
        if self._read is not None and replaces(piece, [old.line for old in gone]):
            before = part(self._read, piece.box)
        return self._history.shown_since_ms(piece.box, look, now.at_ms, before)

    def _gone_since_ms(self, old: _Standing, now: _Reading) -> int:
        """When the first piece of a line had gone."""
        since_ms = now.at_ms
        for piece, look in zip(old.line.pieces, old.looks, strict=True):
            after = part(now.picture, piece.box) if replaces(piece, now.lines) else None
            gone_ms = self._history.gone_since_ms(piece.box, look, old.read_ms, after)
            since_ms = since_ms if gone_ms is None else min(since_ms, gone_ms)
        return since_ms

    def _end(self, line: _Standing, end_ms: int) -> None:
        self._standing.remove(line)
        self._ended.append(_ended(line, max(end_ms, line.start_ms + _SHORTEST_MS)))


def _ended(line: _Standing, end_ms: int) -> _Ended:
    return _Ended(Span(line.start_ms, end_ms), line.line.text, line.heading, line.line.box[1])


def _is_in(piece: Line, line: Line) -> bool:
    return any(same_piece(piece, other) for other in line.pieces)


def _update(known: _Standing, line: Line, now: _Reading) -> None:
    surest = max(known.line, line, key=lambda read: read.confidence)  # of equals, the first
    known.line = replace(line, text=surest.text, confidence=surest.confidence)
    known.read_ms = now.at_ms
    known.looks = tuple(part(now.picture, piece.box).copy() for piece in line.pieces)
    heading = _heading(line, now.lines)
    if known.heading and heading and not are_alike(heading, known.heading):
        known.is_frame, known.heading = True, ""
    elif not known.is_frame:
        known.heading = known.heading or heading


def _still_stands(old: _Standing, now: _Reading) -> bool:
    """Whether a line that a reading missed can still be seen."""
    return not replaces(old.line, now.lines) and _looks_the_same(old, now.picture)


def _looks_the_same(old: _Standing, picture: Grey) -> bool:
    return all(
        same_line(look, part(picture, piece.box))
        for piece, look in zip(old.line.pieces, old.looks, strict=True)
    )


def _heading(line: Line, lines: Sequence[Line]) -> str:
    """The tallest line above a line, where it is clearly taller than what stands below it; else "".

    Held against all that stands below: letters with tails make one line as tall as a title
    without any.
    """
    above = [other for other in lines if other.box[3] <= (line.box[1] + line.box[3]) / 2]
    title = max(above, key=lambda other: other.height, default=None)  # of equals, the topmost
    if title is None or title.height <= line.height:
        return ""
    below = median(
        other.height for other in lines if other is not title and other.box[1] >= title.box[1]
    )
    return title.text if title.height >= TALLER * below else ""

"""Readings of pictures to lines with a first and a last millisecond.

A line that one reading shows and the next shows again is one line, though it was read a little
differently. It ends where it is gone from the picture, not where a reading missed it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from kg_videorag.ingest.watch.looks import part, same_line
from kg_videorag.model import Modality, Sentence, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg_videorag.ingest.watch.history import History
    from kg_videorag.ingest.watch.looks import Box, Grey
    from kg_videorag.model import TextLine

# Measured with PP-OCR on slides of 320 to 640 px: lines that were read rightly .91 and above; what
# it reads into bullets, machines and grain up to .55, single signs up to .92.
_MIN_CONFIDENCE = 0.8
_BULLETS = " •●○◦·∙▪■□◆▶►*—-"
_MIN_CHARS = 2  # letters and digits
_SAME_TEXT = 90  # rapidfuzz ratio in the same place: one letter in ten misread
_SAME_TEXT_MOVED = 95  # in another place: credits that roll
_SAME_PLACE = 0.3  # intersection over union
_NUMBERS = re.compile(r"\b\d+\b")
_TITLE = 1.2  # times as tall as the line below it
_SHORTEST_MS = 100  # one step of sampling


@dataclass(slots=True)
class _Standing:
    """A line that stands on the screen.

    `is_frame` tells that it stayed under several headings and so belongs to none: a footer.
    """

    text: str
    confidence: float
    box: Box
    heading: str
    start_ms: int
    read_ms: int
    look: Grey
    is_frame: bool = False


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
        self._ended: list[tuple[Span, _Standing]] = []

    def read(self, found: Sequence[TextLine], picture: Grey, at_ms: int) -> bool:
        """Take in what a reading found.

        Args:
            found: Lines from top to bottom.
            picture: The same picture, small and grey.
            at_ms: When it was shown.

        Returns:
            Whether any line of words came or went.
        """
        bare = (replace(line, text=line.text.strip(_BULLETS)) for line in found)
        lines = [line for line in bare if _is_text(line)]
        waiting = list(self._standing)
        fresh = []
        for line in lines:
            known = _best_match(line, waiting)
            if known is None:
                fresh.append(line)
            else:
                waiting.remove(known)
                _update(known, line, lines, picture, at_ms)
        gone = [old for old in waiting if not _still_stands(old, lines, picture)]
        headings = self._headings
        for old in gone:
            after = part(picture, old.box) if _replaces(old.box, lines) else None
            since_ms = self._history.gone_since_ms(old.box, old.look, old.read_ms, after)
            self._end(old, at_ms if since_ms is None else since_ms)
        for line in fresh:
            self._standing.append(self._begun(line, lines, gone, picture, at_ms))
        if headings and self._headings and not headings & self._headings:
            self.slides_ms.append(min(line.start_ms for line in self._standing if line.heading))
        self._read = picture
        # A clock or a counter in the picture is no news.
        changed = [line.text for line in fresh] + [old.text for old in gone]
        return any(any(character.isalpha() for character in text) for text in changed)

    @property
    def _headings(self) -> set[str]:
        return {line.heading for line in self._standing if line.heading}

    def _begun(
        self,
        line: TextLine,
        lines: Sequence[TextLine],
        gone: Sequence[_Standing],
        picture: Grey,
        at_ms: int,
    ) -> _Standing:
        look = part(picture, line.box).copy()
        replaces = self._read is not None and _replaces(line.box, gone)
        before = part(self._read, line.box) if replaces and self._read is not None else None
        start_ms = self._history.shown_since_ms(line.box, look, at_ms, before)
        heading = _heading(line, lines)
        return _Standing(line.text, line.confidence, line.box, heading, start_ms, at_ms, look)

    def finish(self, end_ms: int) -> tuple[Sentence, ...]:
        """All lines, by when they came, then from the top; what still stands ends now."""
        for line in list(self._standing):
            self._end(line, end_ms)
        ordered = sorted(self._ended, key=lambda item: (item[0].start_ms, item[1].box[1]))
        return tuple(
            Sentence(line.text, span, modality=Modality.SCREEN, heading=line.heading)
            for span, line in ordered
        )

    def _end(self, line: _Standing, end_ms: int) -> None:
        self._standing.remove(line)
        span = Span(line.start_ms, max(end_ms, line.start_ms + _SHORTEST_MS))
        self._ended.append((span, line))


def _is_text(line: TextLine) -> bool:
    letters = sum(character.isalnum() for character in line.text)
    return line.confidence >= _MIN_CONFIDENCE and letters >= _MIN_CHARS


def _best_match(line: TextLine, standing: Sequence[_Standing]) -> _Standing | None:
    """The standing line that a found one is, if any."""
    matches = []
    for known in standing:
        alike, shared = fuzz.ratio(line.text, known.text), overlap(line.box, known.box)
        enough = _SAME_TEXT if shared >= _SAME_PLACE else _SAME_TEXT_MOVED
        # One digit is another year.
        if alike >= enough and _NUMBERS.findall(line.text) == _NUMBERS.findall(known.text):
            matches.append((shared, alike, known))
    return max(matches, key=lambda match: match[:2])[2] if matches else None


def _update(
    known: _Standing, line: TextLine, lines: Sequence[TextLine], picture: Grey, at_ms: int
) -> None:
    if line.confidence > known.confidence:
        known.text, known.confidence = line.text, line.confidence
    known.box, known.read_ms = line.box, at_ms
    known.look = part(picture, line.box).copy()
    heading = _heading(line, lines)
    if known.heading and heading and fuzz.ratio(heading, known.heading) < _SAME_TEXT:
        known.is_frame, known.heading = True, ""
    elif not known.is_frame:
        known.heading = known.heading or heading


def _still_stands(line: _Standing, found: Sequence[TextLine], picture: Grey) -> bool:
    """Whether a line that a reading missed can still be seen."""
    return not _replaces(line.box, found) and same_line(line.look, part(picture, line.box))


def _replaces(box: Box, others: Iterable[TextLine | _Standing]) -> bool:
    return any(overlap(box, other.box) > 0 for other in others)


def _heading(line: TextLine, lines: Sequence[TextLine]) -> str:
    """The tallest line above a line, where it is clearly taller; else ""."""
    above = [other for other in lines if other.box[3] <= (line.box[1] + line.box[3]) / 2]
    title = max(above, key=_height, default=None)  # of equals, the topmost
    return title.text if title and _height(title) >= _TITLE * _height(line) else ""


def _height(line: TextLine) -> float:
    return line.box[3] - line.box[1]


def overlap(first: Box, second: Box) -> float:
    """Intersection over union of two boxes, 0..1."""
    width = min(first[2], second[2]) - max(first[0], second[0])
    height = min(first[3], second[3]) - max(first[1], second[1])
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (first, second)]
    return shared / (sum(areas) - shared)

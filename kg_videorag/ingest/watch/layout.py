"""A line as people read it.

A reader gives boxes. The cells of one row are one line to people, and so is a heading that is
broken over two rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg_videorag.ingest.watch.looks import Box

TALLER = 1.2  # a heading, times as tall as the lines below it


@dataclass(frozen=True, slots=True)
class Line:
    """A line as people read it.

    Args:
        text: What it says.
        confidence: The engine's probability, 0..1, of its least sure piece.
        box: Around all its pieces; left, top, right, bottom, as shares of the picture, 0..1.
        height: Of its letters, as a share of the picture's height.
        joined: What it was joined from; empty if it was found in one piece.
        marked: Whether it has a bullet.
    """

    text: str
    confidence: float
    box: Box
    height: float
    joined: tuple[Line, ...] = ()
    marked: bool = False

    @property
    def pieces(self) -> tuple[Line, ...]:
        """What the reader found: the line itself, if that was in one piece."""
        return self.joined or (self,)


def from_the_top(lines: Sequence[Line]) -> list[Line]:
    """Lines in the order of their upper edges."""
    return sorted(lines, key=lambda line: line.box[1])


def join(pieces: Sequence[Line], text: str, height: float) -> Line:
    """One line of several pieces."""
    lefts, tops, rights, bottoms = zip(*(piece.box for piece in pieces), strict=True)
    box = (min(lefts), min(tops), max(rights), max(bottoms))
    confidence = min(piece.confidence for piece in pieces)
    return Line(text, confidence, box, height, tuple(pieces))

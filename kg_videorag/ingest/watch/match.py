"""Which line of one reading is which of another."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

from rapidfuzz import fuzz

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kg_videorag.ingest.watch.layout import Line
    from kg_videorag.ingest.watch.looks import Box

Key = TypeVar("Key")

_SAME_TEXT = 90  # rapidfuzz ratio in the same place: one letter in ten misread
_SAME_TEXT_MOVED = 95  # in another place: credits that roll
_SAME_PLACE = 0.3  # intersection over union
_NUMBERS = re.compile(r"\b\d+\b")


def best_match(line: Line, standing: Mapping[Key, Line]) -> Key | None:
    """Which of several lines a found one is, if any."""
    matches = []
    for key, known in standing.items():
        alike, shared = fuzz.ratio(line.text, known.text), overlap(line.box, known.box)
        enough = _SAME_TEXT if shared >= _SAME_PLACE else _SAME_TEXT_MOVED
        if alike >= enough and _same_numbers(line, known):
            matches.append((shared, alike, key))
    return max(matches, key=lambda match: match[:2])[2] if matches else None


def is_part(line: Line, whole: Line) -> bool:
    """Whether a line is a piece of another, or several, and not all of it."""
    return len(line.pieces) < len(whole.pieces) and all(
        any(same_piece(piece, other) for other in whole.pieces) for piece in line.pieces
    )


def same_piece(piece: Line, other: Line) -> bool:
    """Whether two pieces say the same in the same place."""
    return (
        overlap(piece.box, other.box) >= _SAME_PLACE
        and are_alike(piece.text, other.text)
        and _same_numbers(piece, other)
    )


def are_alike(text: str, other: str) -> bool:
    """Whether one text is the other, a letter in ten misread."""
    return fuzz.ratio(text, other) >= _SAME_TEXT


def replaces(line: Line, others: Iterable[Line]) -> bool:
    """Whether any of the others stands where a line stands."""
    boxes = [piece.box for other in others for piece in other.pieces]
    return any(overlap(piece.box, box) > 0 for piece in line.pieces for box in boxes)


def overlap(first: Box, second: Box) -> float:
    """Intersection over union of two boxes, 0..1."""
    width = min(first[2], second[2]) - max(first[0], second[0])
    height = min(first[3], second[3]) - max(first[1], second[1])
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (first, second)]
    return shared / (sum(areas) - shared)


def _same_numbers(line: Line, other: Line) -> bool:
    # One digit is another year.
    return _NUMBERS.findall(line.text) == _NUMBERS.findall(other.text)

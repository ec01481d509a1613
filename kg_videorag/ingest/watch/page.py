"""What a reader found in a picture, as people read it: words only, rows of tables, headings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg_videorag.ingest.watch.headings import heading_in
from kg_videorag.ingest.watch.layout import Line, from_the_top
from kg_videorag.ingest.watch.tables import rows_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg_videorag.model import TextLine

# Measured with PP-OCR on slides of 320 to 640 px: lines that were read rightly .91 and above; what
# it reads into bullets, machines and grain up to .55, single signs up to .92.
_MIN_CONFIDENCE = 0.8
_MARKS = "•●○◦·∙▪■□◆▶►*"
_BULLETS = f" {_MARKS}—-"
_MIN_CHARS = 2  # letters and digits


def as_read(found: Sequence[TextLine], aspect: float) -> list[Line]:
    """Lines as people read them, from top to bottom.

    Args:
        found: What a text reader gave.
        aspect: The picture's width over its height.
    """
    bullets = [_line(line) for line in found if not line.text.strip(_BULLETS)]
    lines = [_line(line) for line in found if _is_text(line)]
    for row in rows_in(lines, bullets, aspect):
        lines = _joined(lines, row)
    heading = heading_in(lines, aspect)
    return from_the_top(_joined(lines, heading) if heading else lines)


def _joined(lines: Sequence[Line], whole: Line) -> list[Line]:
    return [*(line for line in lines if line not in whole.joined), whole]


def _is_text(line: TextLine) -> bool:
    letters = sum(character.isalnum() for character in line.text)
    return line.confidence >= _MIN_CONFIDENCE and letters >= _MIN_CHARS


def _line(found: TextLine) -> Line:
    marked = found.text.lstrip().startswith(tuple(_MARKS))
    height = found.box[3] - found.box[1]
    return Line(found.text.strip(_BULLETS), found.confidence, found.box, height, marked=marked)

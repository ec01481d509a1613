"""When the lines of a slide appear, and the pictures that this makes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from narration import FRAME_MS

if TYPE_CHECKING:
    from narration import SpokenSlide, Track
    from script import Slide


@dataclass(frozen=True)
class Still:
    """One picture of the video, shown in `[start_ms, end_ms)`.

    `lines` are the lines of its slide that are there already, counted from 0.
    """

    slide: Slide
    lines: frozenset[int]
    start_ms: int
    end_ms: int
    begins_slide: bool


def line_starts_ms(spoken: SpokenSlide) -> tuple[int, ...]:
    """When each line appears: with its slide, or in the frame in which its sentence begins."""
    return tuple(
        spoken.sentences[line.with_sentence - 1].start_ms // FRAME_MS * FRAME_MS
        if line.with_sentence
        else spoken.start_ms
        for line in spoken.slide.lines
    )


def stills(track: Track) -> tuple[Still, ...]:
    """All pictures of a video, one after the other without a gap."""
    made: list[Still] = []
    for spoken in track.slides:
        starts_ms = line_starts_ms(spoken)
        changes_ms = sorted({spoken.start_ms, *starts_ms})
        for start_ms, end_ms in zip(changes_ms, [*changes_ms[1:], spoken.end_ms], strict=True):
            there = frozenset(i for i, at_ms in enumerate(starts_ms) if at_ms <= start_ms)
            begins = start_ms == spoken.start_ms
            made.append(Still(spoken.slide, there, start_ms, end_ms, begins))
    return tuple(made)

"""What stands on the screen for how long: slides that change, and their titles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg_videorag.model import Modality, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg_videorag.graph.course import Line

_JOINED_MS = 1_000  # a line is cut where its segment ends, and goes on in the next
_TOGETHER_MS = 1_500  # changes so near to each other are one
_APART_MS = 700  # before and after a change: lines of one slide are not seen at one moment
_CHANGED = 0.6  # share of the lines of a slide that another replaces


@dataclass(frozen=True, slots=True)
class Shown:
    """A line on the screen for as long as it stands; `is_title` where others stand under it."""

    text: str
    span: Span
    is_title: bool


def shown_lines(lines: Iterable[Line]) -> tuple[Shown, ...]:
    """All lines on the screen, each stretch whole, in order of time."""
    screen = [line.sentence for line in lines if line.sentence.modality is Modality.SCREEN]
    titles = {sentence.heading for sentence in screen if sentence.heading}
    open_spans: dict[tuple[str, str], Span] = {}
    whole: list[Shown] = []
    for sentence in sorted(screen, key=lambda s: s.span):
        key = (sentence.text, sentence.heading)
        before = open_spans.get(key)
        if before and sentence.span.start_ms - before.end_ms <= _JOINED_MS:
            end_ms = max(before.end_ms, sentence.span.end_ms)
            open_spans[key] = Span(before.start_ms, end_ms)
            continue
        if before:
            whole.append(Shown(key[0], before, key[0] in titles))
        open_spans[key] = sentence.span
    whole += [Shown(text, span, text in titles) for (text, _), span in open_spans.items()]
    return tuple(sorted(whole, key=lambda line: (line.span, line.text)))


def slide_changes(shown: Sequence[Shown]) -> tuple[int, ...]:
    """When most of the screen is replaced or cleared, in order; the first slide does not count."""
    first_ms = min((line.span.start_ms for line in shown), default=0)
    moments = {line.span.start_ms for line in shown} | {line.span.end_ms for line in shown}
    starts = sorted({line.span.start_ms for line in shown})
    changes: list[int] = []
    for at_ms in sorted(moments - {first_ms}):
        if changes and at_ms - changes[-1] <= _TOGETHER_MS:
            continue
        before, after = _standing(shown, at_ms - _APART_MS), _standing(shown, at_ms + _APART_MS)
        if before | after and len(before & after) <= (1 - _CHANGED) * len(before | after):
            changes.append(next((t for t in starts if 0 <= t - at_ms <= _TOGETHER_MS), at_ms))
    last_ms = max((line.span.end_ms for line in shown), default=0)
    return tuple(at_ms for at_ms in changes if at_ms < last_ms)


def _standing(shown: Sequence[Shown], at_ms: int) -> frozenset[str]:
    return frozenset(s.text for s in shown if s.span.start_ms <= at_ms < s.span.end_ms)

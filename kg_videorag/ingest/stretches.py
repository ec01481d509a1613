"""Things that are seen or heard again and again, as stretches of time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg_videorag.model import Span, TimedLabel

if TYPE_CHECKING:
    from kg_videorag.model import Modality

_MINUTE_MS = 60_000
# A detector misses a thing in one look, a tagger a sound for a breath: measured on a real film, a
# person for 1 s, music for up to 1.1 s. Across 2 s what was wrongly seen twice becomes one thing.
_GAP_MS = 1_500
# What flickers longer is one stretch from its fourth time in a minute on: a graph of a whole day
# stays readable, and no segment in which it is seen or heard loses it.
_A_MINUTE = 4


@dataclass(slots=True)
class _Stretch:
    start_ms: int
    end_ms: int
    confidence: float
    times: int = 1


class Stretches:
    """What came so far, by name.

    Args:
        modality: Of the labels.
        sure: The least probability that a thing must once have had.
        sure_alone: The same of a thing that was there once only.
    """

    def __init__(self, modality: Modality, *, sure: float = 0.0, sure_alone: float = 0.0) -> None:
        self._modality = modality
        self._sure, self._sure_alone = sure, sure_alone
        self._open: dict[str, _Stretch] = {}
        self._kept: dict[str, list[_Stretch]] = {}

    def add(self, name: str, span: Span, confidence: float) -> None:
        """It is there; of one name, in order of time."""
        current = self._open.get(name)
        if current and span.start_ms - current.end_ms <= _GAP_MS:
            current.end_ms = max(current.end_ms, span.end_ms)
            current.confidence = max(current.confidence, confidence)
            current.times += 1
            return
        self._close(name)
        self._open[name] = _Stretch(span.start_ms, span.end_ms, confidence)

    def labels(self) -> tuple[TimedLabel, ...]:
        """All that was sure enough, in order of time."""
        for name in list(self._open):
            self._close(name)
        found = [
            TimedLabel(name, self._modality, Span(s.start_ms, s.end_ms), s.confidence)
            for name, stretches in self._kept.items()
            for s in stretches
        ]
        return tuple(sorted(found, key=lambda label: (label.span, label.name)))

    def _close(self, name: str) -> None:
        ended = self._open.pop(name, None)
        if ended is None or ended.confidence < self._needed(ended):
            return
        kept = self._kept.setdefault(name, [])
        if len(kept) >= _A_MINUTE and ended.start_ms - kept[-_A_MINUTE].start_ms < _MINUTE_MS:
            kept[-1].end_ms = max(kept[-1].end_ms, ended.end_ms)
            kept[-1].confidence = max(kept[-1].confidence, ended.confidence)
        else:
            kept.append(ended)

    def _needed(self, stretch: _Stretch) -> float:
        return self._sure_alone if stretch.times == 1 else self._sure

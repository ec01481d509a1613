"""Cuts a video's time into segments that end at sentence ends."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from kg_videorag.identity import segment_id
from kg_videorag.model import EngineState, Segment, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg_videorag.model import Sentence, Video
    from kg_videorag.ports import Segmenter

_SILENT_STEP_MS = 5_000  # where nothing is said, a cut may fall at any of these
_IN_SILENCE = 1.0  # dearer than any in-range length: cuts stand at sentence ends where they can
_OUT_OF_RANGE = 1e6  # dearer than any number of cuts in silence within reach


@dataclass(frozen=True, slots=True)
class SentenceSegmenter:
    """Implements `ports.Segmenter`: the cheapest tiling, by dynamic programming.

    A segment costs the square of its length's distance from the middle of the range; a
    length out of range costs more than any number of poor ones within it.

    Args:
        min_ms: Shortest segment, unless the video is shorter.
        max_ms: Longest segment, unless one sentence is longer.
    """

    min_ms: int = 10_000
    max_ms: int = 30_000
    name: str = "sentence"

    @property
    def version(self) -> str:
        return f"1/{self.min_ms}-{self.max_ms}"

    def check(self) -> EngineState:
        return EngineState(ready=True, model="none", weights="none needed", checksum="none needed")

    def segment(
        self, sentences: Sequence[Sentence], duration_ms: int, shots_ms: Sequence[int] = ()
    ) -> list[Span]:
        del shots_ms
        prices = _possible_cuts(sentences, duration_ms)
        cuts = sorted(prices)
        best: list[tuple[float, int]] = [(0.0, 0)]  # cheapest way to each cut, and from where
        for end in range(1, len(cuts)):
            earliest = bisect_left(cuts, cuts[end] - 2 * self.max_ms)
            starts = range(min(earliest, end - 1), end)
            price = prices[cuts[end]]
            best.append(
                min((best[s][0] + self._cost(cuts[end] - cuts[s]) + price, s) for s in starts)
            )
        chosen = [len(cuts) - 1]
        while chosen[-1] > 0:
            chosen.append(best[chosen[-1]][1])
        return [Span(cuts[a], cuts[b]) for a, b in pairwise(reversed(chosen))]

    def _cost(self, length_ms: int) -> float:
        middle_ms = (self.min_ms + self.max_ms) / 2
        cost = ((length_ms - middle_ms) / middle_ms) ** 2
        beyond_ms = max(self.min_ms - length_ms, length_ms - self.max_ms, 0)
        return cost + (_OUT_OF_RANGE + beyond_ms if beyond_ms else 0.0)


def cut_segments(
    video: Video, sentences: Sequence[Sentence], segmenter: Segmenter
) -> tuple[Segment, ...]:
    """The video's segments, each with the sentences that it holds."""
    spans = segmenter.segment(sentences, video.duration_ms)
    held: list[list[Sentence]] = [[] for _ in spans]
    starts = [span.start_ms for span in spans]
    for sentence in sentences:
        # By its end: cuts stand at sentence ends, so the start may lie on one exactly.
        index = bisect_left(starts, max(sentence.span.end_ms, 1)) - 1
        held[index].append(sentence)
    return tuple(
        Segment(
            id=segment_id(video.id, span, segmenter.version),
            video_id=video.id,
            index=index,
            span=span,
            sentences=tuple(held[index]),
        )
        for index, span in enumerate(spans)
    )


def _possible_cuts(sentences: Sequence[Sentence], duration_ms: int) -> dict[int, float]:
    """Moments that may end a segment, and their price: sentence ends, and in silence."""
    silent: set[int] = set()
    silent_from_ms = 0
    for sentence in sentences:
        silent.update(range(silent_from_ms, sentence.span.start_ms, _SILENT_STEP_MS))
        silent.add(sentence.span.start_ms)
        silent_from_ms = sentence.span.end_ms
    silent.update(range(silent_from_ms, duration_ms, _SILENT_STEP_MS))
    ends = {0, duration_ms, *(sentence.span.end_ms for sentence in sentences)}
    prices = {**dict.fromkeys(silent, _IN_SILENCE), **dict.fromkeys(ends, 0.0)}
    return {at_ms: price for at_ms, price in prices.items() if 0 <= at_ms <= duration_ms}

"""Cuts a video's time into segments that end at sentence ends, by preference at shot changes."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from kg_videorag.identity import segment_id
from kg_videorag.model import EngineState, Segment, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg_videorag.model import Sentence, Video
    from kg_videorag.ports import Segmenter

_SILENT_STEP_MS = 5_000  # where nothing is said, a cut may fall at any of these
_IN_SILENCE = 1.0  # dearer than any in-range length: cuts stand at sentence ends where they can
# A cut at a shot change is worth less than half of what two segments of 10 s cost more than one
# of 20 s: it moves cuts and hardly multiplies them.
_AT_SHOT = -0.2
_BESIDE_SHOT = -0.18  # a little less, so that slides and segments change together
_NEAR_SHOT_MS = 1_000  # a sentence often ends a moment before or after the picture changes
_BLINK_MS = 1_000  # a line that stands in a segment for less stands in another for more
_OUT_OF_RANGE = 1e6  # dearer than any number of cuts in silence within reach


@dataclass(frozen=True, slots=True)
class SentenceSegmenter:
    """Implements `ports.Segmenter`: the cheapest tiling, by dynamic programming.

    A segment costs the square of its length's distance from the middle of the range; a
    length out of range costs more than any number of poor ones within it. A cut in silence
    costs extra, one at a shot change less: in silence at its very millisecond, else at the
    sentence end beside it.

    Args:
        min_ms: Shortest segment, unless the video is shorter.
        max_ms: Longest segment, unless one sentence is longer.
    """

    min_ms: int = 10_000
    max_ms: int = 30_000
    name: str = "sentence"

    @property
    def version(self) -> str:
        return f"2/{self.min_ms}-{self.max_ms}"

    def check(self) -> EngineState:
        return EngineState(ready=True, model="none", weights="none needed", checksum="none needed")

    def segment(
        self, sentences: Sequence[Sentence], duration_ms: int, shots_ms: Sequence[int] = ()
    ) -> list[Span]:
        prices = _possible_cuts(sentences, duration_ms, shots_ms)
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
    video: Video,
    sentences: Sequence[Sentence],
    segmenter: Segmenter,
    shots_ms: Sequence[int] = (),
    screen: Sequence[Sentence] = (),
) -> tuple[Segment, ...]:
    """The video's segments, each with what is said and shown in it.

    Args:
        video: Whose.
        sentences: What is said, in order of time.
        segmenter: Chooses the cuts.
        shots_ms: When the picture changes to another shot.
        screen: Lines on the screen, by when they came, then from the top. A line that stands
            through several segments is in each of them; one that only brushes a segment, as
            slides that fade into each other do, is not.
    """
    spans = segmenter.segment(sentences, video.duration_ms, shots_ms)
    said: list[list[Sentence]] = [[] for _ in spans]
    starts = [span.start_ms for span in spans]
    for sentence in sentences:
        # By its end: cuts stand at sentence ends, so the start may lie on one exactly.
        index = bisect_left(starts, max(sentence.span.end_ms, 1)) - 1
        said[index].append(sentence)
    shown: list[list[Sentence]] = [[] for _ in spans]
    for line in screen:
        for index in holders(line.span, spans):
            shown[index].append(replace(line, span=line.span.clamp(spans[index])))
    return tuple(
        Segment(
            id=segment_id(video.id, span, segmenter.version),
            video_id=video.id,
            index=index,
            span=span,
            sentences=tuple(said[index]),
            screen=tuple(shown[index]),
        )
        for index, span in enumerate(spans)
    )


def holders(line: Span, spans: Sequence[Span]) -> list[int]:
    """Which segments something lasts in for more than a blink; at least the one where longest.

    Args:
        line: When it lasts, as a line on the screen or a sound.
        spans: Of the segments, in order.
    """
    first = max(bisect_right(spans, line.start_ms, key=lambda span: span.start_ms) - 1, 0)
    last = max(bisect_left(spans, line.end_ms, key=lambda span: span.start_ms), first + 1)
    shared_ms = {n: line.clamp(spans[n]).duration_ms for n in range(first, min(last, len(spans)))}
    if not shared_ms:
        return []
    held = [n for n, length_ms in shared_ms.items() if length_ms >= _BLINK_MS]
    return held or [max(shared_ms, key=lambda n: shared_ms[n])]


def _possible_cuts(
    sentences: Sequence[Sentence], duration_ms: int, shots_ms: Sequence[int]
) -> dict[int, float]:
    """Moments that may end a segment, and their price: sentence ends, and in silence."""
    shots = sorted(shots_ms)
    ends = {sentence.span.end_ms for sentence in sentences}
    silent: set[int] = set()
    silent_shots: set[int] = set()
    for from_ms, until_ms in _silences(sentences, duration_ms):
        silent.update(range(from_ms, until_ms, _SILENT_STEP_MS), (until_ms,))
        silent_shots.update(shots[bisect_left(shots, from_ms) : bisect_right(shots, until_ms)])
    prices = {
        **dict.fromkeys(silent, _IN_SILENCE),
        **{end_ms: _BESIDE_SHOT if _is_near(end_ms, shots) else 0.0 for end_ms in ends},
        **dict.fromkeys(silent_shots, _AT_SHOT),
        0: 0.0,
        duration_ms: 0.0,
    }
    return {at_ms: price for at_ms, price in prices.items() if 0 <= at_ms <= duration_ms}


def _silences(sentences: Sequence[Sentence], duration_ms: int) -> Iterator[tuple[int, int]]:
    from_ms = 0
    for start_ms, end_ms in (
        *((sentence.span.start_ms, sentence.span.end_ms) for sentence in sentences),
        (duration_ms, duration_ms),
    ):
        if from_ms <= start_ms:
            yield from_ms, start_ms
        from_ms = end_ms


def _is_near(at_ms: int, shots: Sequence[int]) -> bool:
    place = bisect_left(shots, at_ms - _NEAR_SHOT_MS)
    return place < len(shots) and shots[place] <= at_ms + _NEAR_SHOT_MS

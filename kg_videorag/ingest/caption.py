"""Lets a captioner say what each segment of a video shows."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import sentencex

from kg_videorag.errors import EngineError, EngineUnavailable, MediaError
from kg_videorag.jpeg import from_jpeg
from kg_videorag.model import (  # Segment: kept values are read back by their types
    Modality,
    Segment,
    Sentence,
    Span,
)
from kg_videorag.words import language_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kg_videorag.model import Frame
    from kg_videorag.ports import Captioner

# A server that does not answer takes its time-out and its retries, six minutes by default, for
# each segment: after so many in a row it will not answer the next one.
_GIVE_UP_AFTER = 5


@dataclass(frozen=True, slots=True)
class Captioned:
    """Segments with what they show; `warnings` tell of those that could not be described."""

    segments: tuple[Segment, ...]
    warnings: tuple[str, ...] = ()


def caption_segments(
    segments: Sequence[Segment],
    frames: Sequence[Frame],
    captioner: Captioner,
    *,
    per_segment: int = 3,
    language: str = "",
    on_share: Callable[[float], None] = lambda _: None,
) -> Captioned:
    """Describe every segment of which pictures were kept.

    The same pictures are described once, however long they stand. A caption's span reaches from
    the first picture that the captioner was shown to the one that follows the last, or the
    segment's end: what it says was seen in that time, not all the time.

    Args:
        segments: Of one video, in order of time.
        frames: Its pictures, in order of time.
        captioner: Is shown the pictures, with what is said meanwhile.
        per_segment: How many pictures of a segment it is shown at most.
        language: Of the captions, as two letters; "" for that of what is said.
        on_share: Told the share that is done, 0..1.

    Raises:
        EngineUnavailable: If the captioner cannot work at all.
    """
    asking = _Asking(captioner, language)
    done = []
    for place, segment in enumerate(segments):
        chosen, span = _chosen(segment.span, frames, per_segment)
        text = asking.caption(chosen, segment.speech) if chosen else ""
        done.append(replace(segment, captions=_sentences(text, span)))
        on_share((place + 1) / len(segments))
    return Captioned(tuple(done), asking.warnings)


class _Asking:
    """Asks a captioner for one segment after another."""

    def __init__(self, captioner: Captioner, language: str) -> None:
        self._captioner, self._language = captioner, language
        self._known: dict[tuple[bytes, ...], str] = {}
        self._asked = self._failed = self._in_a_row = 0
        self._reason = ""

    def caption(self, chosen: Sequence[Frame], context: str) -> str:
        """What some pictures show; "" where that cannot be had."""
        key = tuple(frame.jpeg for frame in chosen)
        self._asked += 1
        if key in self._known:
            return self._known[key]
        if self._in_a_row >= _GIVE_UP_AFTER:
            self._failed += 1
            return ""
        try:
            pictures = [from_jpeg(frame.jpeg) for frame in chosen]
            self._known[key] = self._captioner.caption(pictures, context, self._language)
        except EngineUnavailable:
            raise
        except (EngineError, MediaError) as error:
            self._failed += 1
            self._in_a_row += 1
            self._reason = self._reason or error.message
            return ""
        self._in_a_row = 0
        return self._known[key]

    @property
    def warnings(self) -> tuple[str, ...]:
        if not self._failed:
            return ()
        have = "segment has" if self._asked == 1 else "segments have"
        return (f"{self._failed} of {self._asked} {have} no caption: {self._reason}",)


def _chosen(span: Span, frames: Sequence[Frame], most: int) -> tuple[list[Frame], Span]:
    """Different pictures spread evenly over a segment, and the time in which they are seen."""
    first = bisect_left(frames, span.start_ms, key=_at_ms)
    inside = list(frames[first : bisect_left(frames, span.end_ms, key=_at_ms)])
    different = sorted({f.jpeg: f for f in reversed(inside)}.values(), key=_at_ms)
    chosen = [different[place] for place in _spread(len(different), most)]
    if not chosen:
        return [], span
    stood = first > 0 and frames[first - 1].jpeg == chosen[0].jpeg == inside[0].jpeg
    after = [f.at_ms for f in inside if f.at_ms > chosen[-1].at_ms and f.jpeg != chosen[-1].jpeg]
    start_ms = span.start_ms if stood else chosen[0].at_ms
    return chosen, Span(start_ms, min(after, default=span.end_ms))


def _spread(count: int, most: int) -> list[int]:
    """At most so many places of `count`, evenly spread; the middle one where it is one."""
    if count <= most:
        return list(range(count))
    if most == 1:
        return [count // 2]
    return [round(place * (count - 1) / (most - 1)) for place in range(most)]


def _sentences(text: str, span: Span) -> tuple[Sentence, ...]:
    split = sentencex.segment(language_of(text), text) if text else ()
    bare = (sentence.strip() for sentence in split)
    return tuple(Sentence(s, span, modality=Modality.CAPTION) for s in bare if s)


def _at_ms(frame: Frame) -> int:
    return frame.at_ms

"""What lies beside a sentence in its video: the sentences on one side of it, the nearest first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import TYPE_CHECKING

from kg_videorag.ask.question import OrderRelation
from kg_videorag.model import Modality

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg_videorag.ask.anchor import Anchor
    from kg_videorag.ask.question import Order
    from kg_videorag.graph.around import Neighbour
    from kg_videorag.model import Evidence, Sentence

_FIRST_TURN = 2  # pieces of evidence of each anchor before the others of the best
_NEAREST = 3  # sentences, where the nearest are asked for
_FAR_MS = 60_000  # how far after an anchor, where the nearest are not asked for
_AT_ONCE_MS = 2_000  # lines of one slide appear together
_EDGE_MS = 500  # times of what is shown and of what is said differ by as much


@dataclass(frozen=True, slots=True)
class Beside:
    """Where the answer lies beside what a question names.

    Args:
        order: What the question asks for.
        stretches: Each anchor with the segments to be read beside it, the nearest first.
        until: Of BETWEEN: the second anchor.
    """

    order: Order
    stretches: tuple[tuple[Anchor, tuple[Neighbour, ...]], ...]
    until: Anchor | None = None

    @property
    def segment_ids(self) -> tuple[str, ...]:
        """All segments to be read, each once."""
        ids = (n.segment_id for _, chain in self.stretches for n in chain)
        return tuple(dict.fromkeys(ids))

    @property
    def is_before(self) -> bool:
        return self.order.relation is OrderRelation.BEFORE


def narrowed(
    evidence: Sequence[Evidence], beside: Beside, wishes: frozenset[Modality]
) -> tuple[Evidence, ...]:
    """Of some segments only what lies on the asked side of the anchors, the nearest first.

    Args:
        evidence: Segments of `beside`.
        beside: Where the answer lies.
        wishes: How it should have been perceived; where nothing was, all there is.
    """
    left = {item.segment_id: item for item in evidence}
    kept: list[list[Evidence]] = []
    for anchor, chain in beside.stretches:
        items = [left[n.segment_id] for n in chain if n.segment_id in left]
        there = [replace(item, sentences=_on_side(item, anchor, beside)) for item in items]
        nearest = _nearest(_wished(there, wishes), anchor.sentence, beside)
        kept.append([item for item in nearest if item.sentences])
        for item in kept[-1]:
            del left[item.segment_id]  # of two anchors that lie together, the better one's
    first = [item for items in kept for item in items[:_FIRST_TURN]]
    in_turn = zip_longest(*(items[_FIRST_TURN:] for items in kept))
    ordered = [*first, *(item for row in in_turn for item in row if item)]
    scores = sorted((item.score for item in evidence), reverse=True)
    return tuple(replace(item, score=score) for item, score in zip(ordered, scores, strict=False))


def _on_side(item: Evidence, anchor: Anchor, beside: Beside) -> tuple[Sentence, ...]:
    """What of a segment lies on the asked side of an anchor."""
    if beside.is_before:
        return tuple(s for s in item.sentences if _is_before(s, anchor.sentence))
    until = beside.until
    return tuple(
        s
        for s in item.sentences
        if _is_after(s, anchor, item) and (until is None or _is_before(s, until.sentence))
    )


def _is_before(sentence: Sentence, anchor: Sentence) -> bool:
    if sentence.modality is Modality.SPEECH and anchor.modality is Modality.SPEECH:
        return sentence.span.start_ms < anchor.span.start_ms
    return sentence.span.end_ms <= anchor.span.start_ms + _EDGE_MS


def _is_after(sentence: Sentence, anchor: Anchor, item: Evidence) -> bool:
    here = anchor.sentence
    if sentence.modality is Modality.SPEECH and here.modality is Modality.SPEECH:
        return sentence.span.start_ms > here.span.start_ms  # subtitles may overlap
    if sentence.span.start_ms < here.span.end_ms - _EDGE_MS:
        return False
    # A slide that stands on in the next segment begins no second time there.
    is_cut = sentence.span.start_ms == item.span.start_ms
    return not (is_cut and any(s.text == sentence.text for s in anchor.around.sentences))


def _wished(items: Sequence[Evidence], wishes: frozenset[Modality]) -> Sequence[Evidence]:
    wished = [
        replace(item, sentences=tuple(s for s in item.sentences if s.modality in wishes))
        for item in items
    ]
    return wished if any(item.sentences for item in wished) else items


def _nearest(items: Sequence[Evidence], anchor: Sentence, beside: Beside) -> Iterator[Evidence]:
    """What is near to an anchor; of BETWEEN all there is."""
    apart_ms = {
        s: abs(s.span.start_ms - anchor.span.start_ms) for item in items for s in item.sentences
    }
    limit_ms = max(apart_ms.values(), default=0)
    if beside.until is None:
        few = _NEAREST if len(beside.stretches) == 1 else 1
        limit_ms = _limit_ms(apart_ms, few)
        # The last words before something are what comes before it, however it is asked for.
        if not beside.order.near and not beside.is_before:
            limit_ms = max(limit_ms, _FAR_MS)
    for item in items:
        yield replace(item, sentences=tuple(s for s in item.sentences if apart_ms[s] <= limit_ms))


def _limit_ms(apart_ms: dict[Sentence, int], few: int) -> int:
    """How far the nearest few sentences reach; where nothing is said, what is shown next."""
    spoken = sorted(ms for s, ms in apart_ms.items() if s.modality is Modality.SPEECH)
    if spoken:
        return spoken[:few][-1]
    return min(apart_ms.values(), default=0) + _AT_ONCE_MS

"""Fits evidence into what a generator can read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kg_videorag.model import Modality
from kg_videorag.words import ENGLISH, RUSSIAN, content_stems, language_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg_videorag.model import Evidence, Scope, Span

_SENSED = frozenset({"vision", "audio"})  # roads that find what no words may tell of
# Under the tokenizers of Llama and GPT; estimates on purpose.
_CHARS_PER_TOKEN = {ENGLISH: 4.0, RUSSIAN: 2.5}


def within_budget(evidence: Sequence[Evidence], max_tokens: int) -> tuple[Evidence, ...]:
    """The best evidence whose text fits into `max_tokens`; at least one."""
    taken: list[Evidence] = []
    spent_tokens = 0.0
    for item in evidence:
        spent_tokens += len(item.text) / _CHARS_PER_TOKEN[language_of(item.text)]
        if taken and spent_tokens > max_tokens:
            break
        taken.append(item)
    return tuple(taken)


def within_scope(evidence: Sequence[Evidence], scope: Scope) -> tuple[Evidence, ...]:
    """Only what is said, shown or sensed within a scope: nothing else may be quoted.

    Args:
        evidence: Segments that hold something within it.
        scope: Where the question looks.

    Returns:
        A segment whose picture or sound was found is there even if nothing tells of it in words.
    """
    if not scope.cuts_lines:
        return tuple(evidence)
    narrowed = (
        replace(item, sentences=tuple(s for s in item.sentences if scope.holds(s)))
        for item in evidence
    )
    return tuple(item for item in narrowed if item.sentences or _SENSED & set(item.via))


def within_windows(
    evidence: Sequence[Evidence], windows: Mapping[str, Span]
) -> tuple[Evidence, ...]:
    """Only what is said or shown in the stretches that a question names.

    Args:
        evidence: Segments.
        windows: By segment id; empty where no time is asked for.

    Returns:
        All evidence as it is where nothing is said just then: what is near is the best there is.
    """
    narrowed = []
    for item in evidence:
        window = windows.get(item.segment_id)
        if window is not None:
            said = tuple(s for s in item.sentences if s.span.overlaps(window))
            if said:
                narrowed.append(replace(item, sentences=said))
    return tuple(narrowed) or tuple(evidence)


def at_seconds(
    evidence: Sequence[Evidence], seconds: Mapping[str, Span], *, alone: bool
) -> tuple[Evidence, ...]:
    """What is said or stands on the screen at the very second that is asked for, first.

    Args:
        evidence: Segments, of each what is said and shown in the window around the second.
        seconds: By video id; empty where a longer stretch is asked for, or no time.
        alone: Whether a video's other evidence is left out, where it has any of that second.

    Returns:
        Of a video that has nothing of that second, all, that which is nearest first.
    """

    def distance_ms(item: Evidence) -> int:
        second = seconds.get(item.video_id)
        return min((_apart_ms(s.span, second) for s in item.sentences), default=0) if second else 0

    ordered = sorted(evidence, key=distance_ms)
    if not alone:
        return tuple(ordered)
    narrowed = [_narrowed(item, seconds.get(item.video_id)) for item in ordered]
    there = {item.video_id for item in narrowed if item}
    return tuple(
        now or item
        for now, item in zip(narrowed, ordered, strict=True)
        if now or item.video_id not in there
    )


def _narrowed(item: Evidence, second: Span | None) -> Evidence | None:
    """An evidence with only what is of a second; None if nothing is, or none is asked for.

    What models guess of pictures and sounds alone is not enough: a caption and music last for most
    of a segment, and would take the place of what is said a second later.
    """
    if second is None:
        return None
    then = tuple(s for s in item.sentences if s.span.overlaps(second))
    told = any(s.modality in (Modality.SPEECH, Modality.SCREEN) for s in then)
    return replace(item, sentences=then) if told else None


def _apart_ms(span: Span, second: Span) -> int:
    return max(span.start_ms - second.end_ms, second.start_ms - span.end_ms, 0)


def telling_of(evidence: Sequence[Evidence], named: str) -> tuple[Evidence, ...]:
    """Only what says a time itself: "At 9:32 the rocket rose".

    Args:
        evidence: Segments.
        named: Words of a question, "at 09:32".
    """
    wanted = _without_zeros(named)
    return tuple(item for item in evidence if wanted <= _without_zeros(item.text))


def _without_zeros(text: str) -> frozenset[str]:
    return frozenset(stem.lstrip("0") or "0" for stem in content_stems(text))

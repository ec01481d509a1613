"""Puts what somebody corrected by hand in the place of what was recognised.

Pure functions. A line is found again by its text, or where another engine heard it otherwise, by
its time; a name by its whole words. What is corrected keeps its time.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

import regex

from kg_videorag.model import CorrectionKind, Sentence, Span, Word, timecode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg_videorag.model import Correction


@dataclass(frozen=True, slots=True)
class Told:
    """What a video says and shows, corrected.

    Args:
        sentences: What is said; each corrected one holds its original.
        lines: What stands on the screen.
        warnings: Corrections that no longer find their place.
    """

    sentences: tuple[Sentence, ...]
    lines: tuple[Sentence, ...]
    warnings: tuple[str, ...] = ()


def correct(
    sentences: Sequence[Sentence], lines: Sequence[Sentence], corrections: Iterable[Correction]
) -> Told:
    """Everything as it should be.

    Args:
        sentences: What was recognised, or what subtitles say, in order of time.
        lines: What was read on the screen; only names are corrected there.
        corrections: In any order; they are applied in that in which they were made, lines first.
    """
    in_order = sorted(corrections, key=lambda c: (c.made_at, c.id))
    names = [c for c in in_order if c.kind is CorrectionKind.NAME]
    told = list(sentences)
    warnings = []
    for correction in in_order:
        if correction.kind is CorrectionKind.LINE and not _put(told, correction):
            at = timecode(correction.span.start_ms) if correction.span else ""
            warnings.append(
                f"the correction {correction.id[:12]} finds no line at {at} any more:"
                f" {correction.replacement!r}"
            )
    return Told(
        tuple(_renamed(sentence, names) for sentence in told),
        tuple(_renamed(line, names) for line in lines),
        tuple(warnings),
    )


def corrections_digest(corrections: Iterable[Correction]) -> str:
    """Tells one set of corrections from another; "" where there are none."""
    told = sorted((c.id, c.replacement) for c in corrections)
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16] if told else ""


def _put(told: list[Sentence], correction: Correction) -> bool:
    """Put a line in its place; False where it has none."""
    found = list(_place(told, correction))
    if not found:
        return False
    first, last = found[0], found[-1] + 1
    told[first:last] = [_corrected(_joined(told[first:last]), correction)]
    return True


def _place(told: Sequence[Sentence], correction: Correction) -> Iterator[int]:
    """The sentences that a correction is of.

    The one with its text at its time; else those of which half or more lies in its time, if they
    fill half of it or more.
    """
    span = correction.span or Span(0, 0)
    shared_ms = {
        n: _shared_ms(sentence.span, span)
        for n, sentence in enumerate(told)
        if sentence.original is None  # what is corrected already is not corrected away
    }
    same = [n for n, ms in shared_ms.items() if ms and told[n].text == correction.original]
    if same:
        yield max(same, key=lambda n: shared_ms[n])
        return
    inside = [n for n, ms in shared_ms.items() if ms and 2 * ms >= told[n].span.duration_ms]
    if 2 * sum(shared_ms[n] for n in inside) >= span.duration_ms:
        yield from inside


def _shared_ms(one: Span, other: Span) -> int:
    return max(0, min(one.end_ms, other.end_ms) - max(one.start_ms, other.start_ms))


def _joined(sentences: Sequence[Sentence]) -> Sentence:
    """Sentences that another engine tells apart, as one."""
    if len(sentences) == 1:
        return sentences[0]
    return replace(
        sentences[0],
        text=" ".join(sentence.text for sentence in sentences),
        span=Span(sentences[0].span.start_ms, max(s.span.end_ms for s in sentences)),
        words=tuple(word for sentence in sentences for word in sentence.words),
    )


def _corrected(sentence: Sentence, correction: Correction) -> Sentence:
    """A sentence with the correction; words that lie outside the correction's time stay."""
    before: list[str] = []
    after: list[str] = []
    if correction.span is not None and sentence.text != correction.original:
        for word in sentence.words:
            middle_ms = (word.span.start_ms + word.span.end_ms) // 2
            if middle_ms < correction.span.start_ms:
                before.append(word.text)
            elif middle_ms >= correction.span.end_ms:
                after.append(word.text)
    return _retold(sentence, " ".join([*before, correction.replacement, *after]))


def _renamed(sentence: Sentence, names: Sequence[Correction]) -> Sentence:
    text, heading = sentence.text, sentence.heading
    for name in names:
        text, heading = _swapped(text, name), _swapped(heading, name)
    return _retold(sentence, text, heading)


def _swapped(text: str, name: Correction) -> str:
    """A text with a name corrected: whole words as they were written, or all in capitals."""
    return _replaced(
        _replaced(text, name.original, name.replacement),
        name.original.upper(),
        name.replacement.upper(),
    )


def _replaced(text: str, wrong: str, right: str) -> str:
    if wrong == right:
        return text
    words = r"\s+".join(regex.escape(word) for word in wrong.split())
    bounded = rf"(?<![\p{{L}}\p{{N}}]){words}(?![\p{{L}}\p{{N}}])"
    return regex.sub(bounded, right.replace("\\", r"\\"), text)


def _retold(sentence: Sentence, text: str, heading: str | None = None) -> Sentence:
    heading = sentence.heading if heading is None else heading
    if (text, heading) == (sentence.text, sentence.heading):
        return sentence
    words = _retimed(sentence.words, text.split()) if sentence.words else ()
    original = sentence.original or sentence
    return replace(sentence, text=text, heading=heading, words=tuple(words), original=original)


def _retimed(words: Sequence[Word], texts: Sequence[str]) -> list[Word]:
    """Other words at the times of some words.

    Words that are the same before and behind what changed keep their times. Of what changed,
    each takes its predecessor's time where they are as many; else they share the time.
    """
    shortest = min(len(words), len(texts))
    head = next((n for n in range(shortest) if words[n].text != texts[n]), shortest)
    tail = next(
        (n for n in range(shortest - head) if words[-1 - n].text != texts[-1 - n]), shortest - head
    )
    old, new = words[head : len(words) - tail], texts[head : len(texts) - tail]
    if len(old) == len(new):
        spans = [word.span for word in old]
    elif old:
        spans = _shares(new, old[0].span.start_ms, old[-1].span.end_ms)
    else:  # between two words, or before the first
        at_ms = words[head - 1].span.end_ms if head else words[0].span.start_ms
        spans = _shares(new, at_ms, at_ms)
    like = words[min(head, len(words) - 1)]
    said = (Word(t, s, 1.0, like.speaker) for t, s in zip(new, spans, strict=True))
    return [*words[:head], *said, *words[len(words) - tail :]]


def _shares(texts: Sequence[str], start_ms: int, end_ms: int) -> list[Span]:
    """A time shared out by the length of words."""
    ends = list(accumulate(len(text) for text in texts))
    edges = [start_ms + (end_ms - start_ms) * end // ends[-1] for end in (0, *ends)] if ends else []
    return [Span(first, last) for first, last in pairwise(edges)]

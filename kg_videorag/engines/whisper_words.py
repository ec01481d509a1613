"""What a Whisper says of words, as words on the video's clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg_videorag.model import Span, Word

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg_videorag.model import AudioBlock


@dataclass(frozen=True, slots=True)
class HeardWord:
    """A word as a model gives it.

    Args:
        text: With the space before it, if there is one: "-known" continues "well".
        start_s: After the block's start.
        end_s: After the block's start.
        probability: 0..1.
        speaker: Who said it, or "".
    """

    text: str
    start_s: float
    end_s: float
    probability: float
    speaker: str = ""


def words_on_clock(heard: Iterable[HeardWord], block: AudioBlock) -> tuple[Word, ...]:
    """Words in order, inside the block, not overlapping, none empty."""
    words: list[Word] = []
    limit = Span(block.start_ms, block.end_ms)
    earliest_ms = block.start_ms
    for given in heard:
        text = given.text.strip()
        if not text:
            continue
        start_ms = max(earliest_ms, block.start_ms + round(given.start_s * 1000))
        end_ms = max(start_ms, block.start_ms + round(given.end_s * 1000))
        span = Span(start_ms, end_ms).clamp(limit)
        # In this order, "not a number" is 0: a token that was forced has no probability.
        word = Word(text, span, min(max(0.0, given.probability), 1.0), given.speaker)
        if words and not given.text.startswith(" "):
            words.append(_joined(words.pop(), word))  # "well" + "-known"
        else:
            words.append(word)
        earliest_ms = words[-1].span.end_ms
    return tuple(words)


def _joined(first: Word, second: Word) -> Word:
    return Word(
        first.text + second.text,
        Span(first.span.start_ms, second.span.end_ms),
        min(first.confidence, second.confidence),
        first.speaker,
    )

"""What a stored video says and shows, as it was recognised and as it is corrected.

With the times of its words a graph can be extracted anew from it without the file.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kg_videorag.graph.queries import load
from kg_videorag.model import Modality, Segment, Sentence, Span, Word

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg_videorag.graph.client import GraphClient, Row


def told_properties(segment: Segment) -> dict[str, Any]:
    """What a segment's node holds of what is said and shown in it."""
    said, shown = segment.sentences, segment.screen
    heard = [s.original or s for s in said]
    read = [line.original or line for line in shown]
    speakers = [s.speaker for s in said]
    counts = [len(s.words) if _are_its_words(s) else 0 for s in heard]
    words = [word for s, count in zip(heard, counts, strict=True) for word in s.words[:count]]
    is_reheard, is_reread = _corrected(said), _corrected(shown)
    return {
        "speech": segment.speech,
        "sentences": [s.text for s in said],
        "sentence_start_ms": [s.span.start_ms for s in said],
        "sentence_end_ms": [s.span.end_ms for s in said],
        "sentence_speaker": speakers if any(speakers) else None,  # null: no such property
        "sentences_heard": [s.text for s in heard] if is_reheard else None,
        "sentence_words": counts if words else None,
        "word_start_ms": [word.span.start_ms for word in words] or None,
        "word_end_ms": [word.span.end_ms for word in words] or None,
        "screen_text": segment.screen_text,
        "screen_lines": [line.text for line in shown],
        "screen_line_start_ms": [line.span.start_ms for line in shown],
        "screen_line_end_ms": [line.span.end_ms for line in shown],
        "screen_line_heading": [line.heading for line in shown],
        "screen_lines_read": [line.text for line in read] if is_reread else None,
        "screen_line_heading_read": [line.heading for line in read] if is_reread else None,
    }


def told_segments(client: GraphClient, video_id: str) -> tuple[Segment, ...]:
    """The segments of a video in order; corrected sentences hold their originals.

    What was not written of words, their text and confidence, is what the sentence says, and 1.
    """
    rows = client.read(load("graph/told_segments"), video_id=video_id)
    return tuple(
        Segment(
            id=row["id"],
            video_id=video_id,
            index=row["index"],
            span=Span(row["start_ms"], row["end_ms"]),
            sentences=tuple(_sentences(row)),
            screen=tuple(_lines(row)),
            captions=tuple(_captions(row)),
        )
        for row in rows
    )


def _sentences(row: Row) -> Iterator[Sentence]:
    texts: Sequence[str] = row["sentences"]
    counts = row["sentence_words"] or [0] * len(texts)
    starts, ends = row["word_start_ms"] or [], row["word_end_ms"] or []
    first = 0
    for n, text in enumerate(texts):
        heard = (row["sentences_heard"] or texts)[n]
        times = zip(starts[first : first + counts[n]], ends[first : first + counts[n]], strict=True)
        first += counts[n]
        words = zip(heard.split(), times, strict=False)
        sentence = Sentence(
            text=heard,
            span=Span(row["sentence_start_ms"][n], row["sentence_end_ms"][n]),
            words=tuple(Word(word, Span(*span), confidence=1.0) for word, span in words),
            speaker=(row["sentence_speaker"] or [""] * len(texts))[n],
        )
        yield sentence if heard == text else replace(sentence, text=text, original=sentence)


def _lines(row: Row) -> Iterator[Sentence]:
    texts: Sequence[str] = row["screen_lines"]
    headings: Sequence[str] = row["screen_line_heading"]
    for n, (text, heading) in enumerate(zip(texts, headings, strict=True)):
        read = Sentence(
            text=(row["screen_lines_read"] or texts)[n],
            span=Span(row["screen_line_start_ms"][n], row["screen_line_end_ms"][n]),
            modality=Modality.SCREEN,
            heading=(row["screen_line_heading_read"] or headings)[n],
        )
        is_same = (text, heading) == (read.text, read.heading)
        yield read if is_same else replace(read, text=text, heading=heading, original=read)


def _captions(row: Row) -> Iterator[Sentence]:
    starts, ends = row["caption_line_start_ms"] or [], row["caption_line_end_ms"] or []
    for text, *span in zip(row["caption_lines"] or [], starts, ends, strict=True):
        yield Sentence(text, Span(*span), modality=Modality.CAPTION)


def _are_its_words(sentence: Sentence) -> bool:
    """Whether its text, split at spaces, is its words: else their times cannot be told apart."""
    return [word.text for word in sentence.words] == sentence.text.split()


def _corrected(sentences: Sequence[Sentence]) -> bool:
    return any(sentence.original for sentence in sentences)

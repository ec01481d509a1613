"""Of what a vector is: by this a search is narrowed to a time, a speaker or a modality."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kg_videorag.identity import text_embedding_id
from kg_videorag.model import Modality

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg_videorag.model import Embedding, Segment, Sentence

_HEARD = frozenset({"audio"})  # spaces of what is heard; in others than these and text it is seen
_TEXT = "text"


def embedded_properties(
    embeddings: Sequence[Embedding], segments: Sequence[Segment]
) -> dict[str, dict[str, Any]]:
    """By embedding: `modalities`, `end_ms`, `lines` and, where one is known, `speaker`.

    Args:
        embeddings: All of one space and model.
        segments: Of which they are.
    """
    if not embeddings:
        return {}
    space, model = embeddings[0].space, embeddings[0].model
    if space != _TEXT:
        modality = Modality.SOUND if space in _HEARD else Modality.VISION
        return {e.id: _properties([str(modality)], e.at_ms + 1, 1, "") for e in embeddings}
    known: dict[str, dict[str, Any]] = {}
    for segment in segments:
        for text, at_ms, lines in _texts(segment):
            identity = text_embedding_id(segment.id, space, model, at_ms, text)
            made = _of_lines(lines)
            # One text of two modalities at one millisecond is embedded once, and is of both.
            known[identity] = _joined(known[identity], made) if identity in known else made
    return known


def _texts(segment: Segment) -> Iterator[tuple[str, int, Sequence[Sentence]]]:
    """What of a segment is embedded, from when, and of which lines it is."""
    for line in (*segment.sentences, *segment.screen, *segment.captions):
        yield line.under_heading, line.span.start_ms, (line,)
    if len(segment.sentences) > 1:
        yield segment.speech, segment.span.start_ms, segment.sentences


def _of_lines(lines: Sequence[Sentence]) -> dict[str, Any]:
    speakers = {line.speaker for line in lines}
    end_ms = max(line.span.end_ms for line in lines)
    one = speakers.pop() if len(speakers) == 1 else ""
    return _properties([str(lines[0].modality)], end_ms, len(lines), one)


def _joined(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    modalities = sorted({*one["modalities"], *other["modalities"]})
    end_ms = max(one["end_ms"], other["end_ms"])
    lines = min(one["lines"], other["lines"])
    return _properties(modalities, end_ms, lines, one["speaker"] or other["speaker"] or "")


def _properties(modalities: list[str], end_ms: int, lines: int, speaker: str) -> dict[str, Any]:
    return {
        "modalities": modalities,
        "end_ms": end_ms,
        "lines": lines,
        "speaker": speaker or None,  # null: no such property
    }

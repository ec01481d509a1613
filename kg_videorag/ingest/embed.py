"""Vectors of what was said, shown and seen.

One a sentence, one a line on the screen and one a sentence of a caption, so that a hit knows its
second; and one of all that is said in a segment.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg_videorag.identity import embedding_label, text_embedding_id
from kg_videorag.model import Embedding

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from kg_videorag.model import Segment
    from kg_videorag.ports import Embedder


@dataclass(frozen=True, slots=True)
class _Text:
    """What is to be embedded, and of what it is."""

    segment_id: str
    at_ms: int
    text: str
    whole: bool


def embed_segments(
    segments: Sequence[Segment], embedder: Embedder, known: Collection[str] = ()
) -> tuple[Embedding, ...]:
    """Embed every segment's words, every sentence, line on the screen and caption.

    A line is embedded under its heading. Texts that are one are embedded once.

    Args:
        segments: Of one video.
        embedder: Makes the vectors.
        known: Ids of vectors that there are already.
    """
    texts = {i: text for i, text in _texts(segments, embedder).items() if i not in known}
    vectors = embedder.embed([text.text for text in texts.values()])
    return tuple(
        Embedding(
            id=identity,
            label=embedding_label(identity),
            segment_id=text.segment_id,
            space=embedder.space,
            model=embedder.model,
            at_ms=text.at_ms,
            vector=vector,
            whole=text.whole,
        )
        for (identity, text), vector in zip(texts.items(), vectors, strict=True)
    )


def embedding_ids(segments: Sequence[Segment], embedder: Embedder) -> frozenset[str]:
    """Ids of the vectors that `embed_segments` makes."""
    return frozenset(_texts(segments, embedder))


def _texts(segments: Sequence[Segment], embedder: Embedder) -> dict[str, _Text]:
    texts: dict[str, _Text] = {}
    for segment in segments:
        timed = [(s.span.start_ms, s.text) for s in segment.sentences]
        whole = [(segment.span.start_ms, segment.speech)] if len(timed) > 1 else []
        shown = [(line.span.start_ms, line.under_heading) for line in segment.screen]
        seen = [(caption.span.start_ms, caption.text) for caption in segment.captions]
        for at_ms, text in (*whole, *timed, *shown, *seen):
            identity = text_embedding_id(segment.id, embedder.space, embedder.model, at_ms, text)
            is_whole = text == segment.speech or (identity in texts and texts[identity].whole)
            texts[identity] = _Text(segment.id, at_ms, text, is_whole)
    return texts

"""Vectors of what was said, shown and seen.

One a sentence, one a line on the screen and one a sentence of a caption, so that a hit knows its
second; and one of all that is said in a segment.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from kg_videorag.identity import embedding_id, embedding_label
from kg_videorag.model import Embedding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg_videorag.model import Segment
    from kg_videorag.ports import Embedder


def embed_segments(segments: Sequence[Segment], embedder: Embedder) -> tuple[Embedding, ...]:
    """Embed every segment's words, every sentence, line on the screen and caption.

    A line is embedded under its heading. Texts that are one are embedded once.
    """
    texts: dict[str, tuple[Segment, int, str]] = {}
    wholes: set[str] = set()
    for segment in segments:
        timed = [(s.span.start_ms, s.text) for s in segment.sentences]
        whole = [(segment.span.start_ms, segment.speech)] if len(timed) > 1 else []
        shown = [(line.span.start_ms, line.under_heading) for line in segment.screen]
        seen = [(caption.span.start_ms, caption.text) for caption in segment.captions]
        for at_ms, text in (*whole, *timed, *shown, *seen):
            content = sha256(text.encode()).hexdigest()
            identity = embedding_id(segment.id, embedder.space, embedder.model, at_ms, content)
            texts[identity] = (segment, at_ms, text)
            if text == segment.speech:
                wholes.add(identity)
    vectors = embedder.embed([text for _, _, text in texts.values()])
    return tuple(
        Embedding(
            id=identity,
            label=embedding_label(identity),
            segment_id=segment.id,
            space=embedder.space,
            model=embedder.model,
            at_ms=at_ms,
            vector=vector,
            whole=identity in wholes,
        )
        for (identity, (segment, at_ms, _)), vector in zip(texts.items(), vectors, strict=True)
    )

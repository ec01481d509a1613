"""Vectors of what was said and shown.

One a sentence, and one a line on the screen, so that a hit knows its second; and one of all
that is said in a segment.
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
    """Embed every segment's words, every sentence, and every line on the screen.

    A line is embedded under its heading. Texts that are one are embedded once.
    """
    texts: dict[str, tuple[Segment, int, str]] = {}
    for segment in segments:
        timed = [(s.span.start_ms, s.text) for s in segment.sentences]
        whole = [(segment.span.start_ms, segment.speech)] if len(timed) > 1 else []
        shown = [(line.span.start_ms, line.under_heading) for line in segment.screen]
        for at_ms, text in (*whole, *timed, *shown):
            content = sha256(text.encode()).hexdigest()
            identity = embedding_id(segment.id, embedder.space, embedder.model, at_ms, content)
            texts[identity] = (segment, at_ms, text)
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
        )
        for (identity, (segment, at_ms, _)), vector in zip(texts.items(), vectors, strict=True)
    )

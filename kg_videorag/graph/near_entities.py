"""Links a question that names nothing: "the first man on the Moon"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg_videorag.graph.match_words import entity_of
from kg_videorag.graph.queries import load

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg_videorag.graph.client import GraphClient
    from kg_videorag.model import Entity, Hit

# Measured over the samples: docs/adr/0025-understanding-questions.md.
_NEAR = 0.4  # cosine of a sentence to a question
_SENTENCES = 3
_ENTITIES = 4
_BEFORE_MS, _SENTENCE_MS = 200, 6_000


def entities_near(client: GraphClient, hits: Sequence[Hit]) -> tuple[Entity, ...]:
    """What the sentences nearest to a question mention, canonical entities.

    Args:
        client: The graph.
        hits: Of the question in the space of texts, best first; their scores are cosines.

    Returns:
        Nothing, and nothing is read, where no sentence is near enough.
    """
    near = [
        {"segment_id": hit.segment_id, "at_ms": hit.at_ms, "cosine": hit.score}
        for hit in hits[:_SENTENCES]
        if hit.score >= _NEAR and hit.at_ms is not None
    ]
    if not near:
        return ()
    rows = client.read(
        load("ask/near_entities"),
        hits=near,
        before_ms=_BEFORE_MS,
        after_ms=_SENTENCE_MS,
        limit=_ENTITIES,
    )
    return tuple(entity_of(row) for row in rows)

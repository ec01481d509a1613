"""The JSON documents of conversations and overviews, from their values: docs/json/."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kg_videorag.model import timecode

if TYPE_CHECKING:
    from kg_videorag.ask.session import Turn

Document = dict[str, Any]


def turn_document(turn: Turn) -> Document:
    """A question of a kept conversation."""
    return {
        "asked_at": turn.asked_at,
        "question": turn.question,
        "understood_as": turn.understood,
        "answered": turn.answered,
        "answer": turn.answer,
        "entities": [{"id": e.id, "name": e.name, "type": str(e.type)} for e in turn.entities],
        "citations": [
            {
                "video_id": cited.video_id,
                "video": cited.video,
                "start_ms": cited.span.start_ms,
                "end_ms": cited.span.end_ms,
                "timecode": timecode(cited.span.start_ms),
                "quote": cited.quote,
            }
            for cited in turn.cited
        ],
    }

"""What a video mentions and tells most."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg_videorag.graph.queries import load
from kg_videorag.model import Entity, EntityType, Span

if TYPE_CHECKING:
    from kg_videorag.graph.client import GraphClient, Row


def entity_rows(client: GraphClient, video_id: str, limit: int) -> list[tuple[Entity, Row]]:
    """The entities that a video mentions most, by whatever name, with their row's counts."""
    rows = client.read(load("analytics/summary_entities"), video=video_id, limit=limit)
    return [(Entity(row["entity_id"], row["entity"], EntityType(row["type"])), row) for row in rows]


def relation_rows(client: GraphClient, video_id: str, limit: int) -> list[tuple[Row, Span]]:
    """What it tells most often, each with the span where it first does."""
    rows = client.read(load("analytics/summary_relations"), video=video_id, limit=limit)
    return [(row, Span(row["start_ms"], row["end_ms"])) for row in rows]

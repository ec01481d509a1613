"""Labels of vector indexes: of which segments, and which a search is narrowed to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg_videorag.graph.queries import load
from kg_videorag.model import Hit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg_videorag.graph.client import GraphClient


def segments_of_labels(client: GraphClient, found: Sequence[tuple[int, float]]) -> tuple[Hit, ...]:
    """Turn an index's (label, cosine) into hits; each segment once, at its best moment."""
    rows = client.read(load("ask/labels"), labels=[label for label, _ in found])
    places = {row["label"]: (row["segment_id"], row["at_ms"]) for row in rows}
    hits: dict[str, Hit] = {}
    for label, cosine in found:
        if label in places:  # else removed since the search
            segment_id, at_ms = places[label]
            hits.setdefault(segment_id, Hit(segment_id, cosine, at_ms))
    return tuple(hits.values())


def video_labels(client: GraphClient, space: str, video_ids: Sequence[str]) -> frozenset[int]:
    """Labels of the vectors of some videos."""
    rows = client.read(load("graph/embedding_labels"), space=space, video_ids=list(video_ids))
    return frozenset(row["label"] for row in rows)


def segment_labels(client: GraphClient, space: str, segment_ids: Sequence[str]) -> frozenset[int]:
    """Labels of the vectors of some segments."""
    rows = client.read(load("ask/segment_labels"), space=space, segment_ids=list(segment_ids))
    return frozenset(row["label"] for row in rows)

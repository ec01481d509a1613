"""Labels of vector indexes: of which segments, and which a search is narrowed to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg_videorag.graph.queries import load
from kg_videorag.graph.scope import scope_map
from kg_videorag.model import EVERYWHERE, Hit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kg_videorag.graph.client import GraphClient
    from kg_videorag.model import Scope


def segments_of_labels(
    client: GraphClient, found: Mapping[str, Sequence[tuple[int, float]]]
) -> dict[str, tuple[Hit, ...]]:
    """Turn what indexes found into hits; each segment once a space, at its best moment.

    Args:
        client: The graph.
        found: By space: (label, cosine), best first.
    """
    labels = [label for near in found.values() for label, _ in near]
    rows = client.read(load("ask/labels"), labels=labels) if labels else []
    places = {row["label"]: (row["segment_id"], row["at_ms"]) for row in rows}
    hits: dict[str, dict[str, Hit]] = {space: {} for space in found}
    for space, near in found.items():
        for label, cosine in near:
            if label in places:  # else removed since the search
                segment_id, at_ms = places[label]
                hits[space].setdefault(segment_id, Hit(segment_id, cosine, at_ms))
    return {space: tuple(of_space.values()) for space, of_space in hits.items()}


def labels_within(
    client: GraphClient,
    spaces: Iterable[str],
    *,
    scope: Scope = EVERYWHERE,
    segment_ids: Sequence[str] | None = None,
    labels: Sequence[int] | None = None,
) -> dict[str, frozenset[int]]:
    """Labels of the vectors of what lies in a scope, by space.

    Args:
        client: The graph.
        spaces: Which.
        scope: Where to look.
        segment_ids: Only of these segments, of videos of the scope; None for all.
        labels: Only among these, and then not by segment; None for all.
    """
    asked = list(spaces)
    rows = client.read(
        load("graph/embedding_labels"),
        spaces=asked,
        segment_ids=None if segment_ids is None else list(segment_ids),
        labels=None if labels is None else list(labels),
        scope=scope_map(scope),
    )
    found = {row["space"]: frozenset(row["labels"]) for row in rows}
    return {space: found.get(space, frozenset()) for space in asked}

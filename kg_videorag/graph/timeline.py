"""When an entity is mentioned, by any of its names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg_videorag.graph.match_words import entity_of
from kg_videorag.graph.queries import load

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg_videorag.graph.client import GraphClient, Row
    from kg_videorag.model import Entity

_VARIANTS = 50
_MENTIONS_PER_SEGMENT = 50


@dataclass(frozen=True, slots=True)
class Counted:
    """An entity with its names, and how often some videos mention it."""

    entity: Entity
    variants: tuple[Entity, ...]
    mentions: int
    videos: int

    @property
    def ids(self) -> list[str]:
        return [self.entity.id, *(variant.id for variant in self.variants)]


def count_mentions(client: GraphClient, entity_id: str, video_ids: Sequence[str] | None) -> Counted:
    """The canonical entity of a name, with its variants and counts."""
    (row,) = client.read(
        load("ask/timeline_counts"),
        entity_id=entity_id,
        video_ids=video_ids,
        variant_cap=_VARIANTS,
    )
    variants = tuple(entity_of(variant) for variant in row["variants"])
    return Counted(entity_of(row["entity"]), variants, row["mentions"], row["videos"])


def mentioning_segments(
    client: GraphClient, ids: Sequence[str], video_ids: Sequence[str] | None, cap: int
) -> Iterator[Row]:
    """Segments that mention an entity, in order of video, then time; a thousand are read at once.

    Args:
        client: The graph.
        ids: Of the entity and its variants.
        video_ids: Only in these; None for all.
        cap: How many at most.
    """
    for batch in client.stream(
        load("ask/timeline"),
        entity_ids=ids,
        video_ids=video_ids,
        segment_cap=cap,
        mention_cap=_MENTIONS_PER_SEGMENT,
    ):
        yield from batch


def relations_of(
    client: GraphClient, ids: Sequence[str], segment_ids: Sequence[str], cap: int
) -> list[Row]:
    """What segments tell of an entity, in order of time."""
    return client.read(
        load("ask/timeline_relations"), entity_ids=ids, segment_ids=segment_ids, cap=cap
    )

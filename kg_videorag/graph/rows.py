"""What nodes and edges of a video hold: the rows that its statements are given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kg_videorag.graph.embedded import embedded_properties
from kg_videorag.graph.mirror import space_label
from kg_videorag.graph.told import told_properties

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg_videorag.model import Embedding, Mention, Relation, Segment, VideoGraph


def video_properties(graph: VideoGraph) -> dict[str, Any]:
    """Of its node."""
    video = graph.video
    return {
        "title": video.title,
        "path": video.path,
        "duration_ms": video.duration_ms,
        "width_px": video.width_px,
        "height_px": video.height_px,
        "language": video.language,
        "size_bytes": video.size_bytes,
        "status": str(graph.status),
        "warnings": list(graph.warnings),
        "ingest_version": graph.ingest_version,
        "engines": list(graph.engines),
        "speakers": sorted({s.speaker for seg in graph.segments for s in seg.sentences} - {""}),
    }


def segment_properties(segment: Segment) -> dict[str, Any]:
    """Of its node."""
    return {
        "video_id": segment.video_id,
        "index": segment.index,
        "start_ms": segment.span.start_ms,
        "end_ms": segment.span.end_ms,
        **told_properties(segment),
        "caption": segment.caption,
        "caption_lines": [line.text for line in segment.captions],
        "caption_line_start_ms": [line.span.start_ms for line in segment.captions],
        "caption_line_end_ms": [line.span.end_ms for line in segment.captions],
    }


def mention_rows(video_id: str, mentions: Sequence[Mention]) -> list[dict[str, Any]]:
    """Edges from segments to entities."""
    return [
        {
            "id": m.id,
            "segment_id": m.segment_id,
            "entity_id": m.entity_id,
            "properties": {
                "video_id": video_id,
                "modality": str(m.modality),
                "start_ms": m.span.start_ms,
                "end_ms": m.span.end_ms,
                "surface": m.surface,
                "confidence": m.confidence,
            },
        }
        for m in mentions
    ]


def relation_rows(video_id: str, relations: Sequence[Relation]) -> list[dict[str, Any]]:
    """Edges between entities."""
    return [
        {
            "id": r.id,
            "subject_id": r.subject_id,
            "object_id": r.object_id,
            "properties": {
                "predicate": r.predicate,
                "video_id": video_id,
                "segment_id": r.segment_id,
                "modality": str(r.modality),
                "start_ms": r.span.start_ms,
                "end_ms": r.span.end_ms,
                "surface": r.surface,
                "confidence": r.confidence,
            },
        }
        for r in relations
    ]


def embedding_rows(
    video_id: str, embeddings: Sequence[Embedding], segments: Sequence[Segment]
) -> list[dict[str, Any]]:
    """Their nodes; all are of one space, and of these segments."""
    embedded = embedded_properties(embeddings, segments)
    return [
        {
            "id": e.id,
            "label": e.label,
            "vector": e.vector.tolist(),
            "segment_id": e.segment_id,
            "space_label": space_label(e.space),
            "properties": {
                "space": e.space,
                "model": e.model,
                "at_ms": e.at_ms,
                "video_id": video_id,
                "whole": e.whole or None,  # others go without the property
                **embedded.get(e.id, {}),
            },
        }
        for e in embeddings
    ]

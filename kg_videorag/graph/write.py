"""Writes a video's graph, or removes it, in one transaction: visible whole or not at all.

Every statement MERGEs on an id derived from content, so writing the same graph twice
changes nothing, and writing a changed one removes exactly what only its former self had.
Writers take the library's lock first and so come one after the other: a write lasts about a
second, and what comes before it minutes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kg_videorag.errors import GraphError
from kg_videorag.graph.changes import begun_spaces
from kg_videorag.graph.mirror import ensure_mirrors, space_label
from kg_videorag.graph.queries import load
from kg_videorag.model import VectorSpace

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg_videorag.graph.client import GraphClient, Transaction
    from kg_videorag.model import Embedding, Segment, VideoGraph


def write_video(client: GraphClient, graph: VideoGraph) -> None:
    """Make the graph hold exactly this of the video.

    Raises:
        GraphError: If a space of its vectors was begun by another model.
    """
    spaces = _spaces(graph.embeddings)
    begun = {space.name: space for space in begun_spaces(client)}
    for space in spaces:
        require_space(space, begun.get(space.name, space))
    ensure_mirrors(client, spaces)

    def work(tx: Transaction) -> None:
        tx.run(load("ingest/lock_library"))
        _write(tx, graph)

    client.write(work)


def move_videos(client: GraphClient, paths: Mapping[str, str]) -> None:
    """Remember that the files of videos lie elsewhere now.

    Args:
        client: The graph.
        paths: By id, where each lies.
    """
    rows = [{"id": video_id, "path": path} for video_id, path in paths.items()]
    client.write(lambda tx: tx.run_batches(load("ingest/move_videos"), rows))


def delete_video(client: GraphClient, video_id: str) -> None:
    """Remove a video and exactly what only it supports."""

    def work(tx: Transaction) -> None:
        tx.run(load("ingest/lock_library"))
        _prune(tx, video_id, None)
        tx.run(load("ingest/delete_video"), video_id=video_id)

    client.write(work)


def require_space(made: VectorSpace, begun: VectorSpace) -> None:
    """Refuse to mix vectors of two models.

    Args:
        made: What would be written or asked now.
        begun: The same space as the graph holds it.

    Raises:
        GraphError: If they differ.
    """
    if made != begun:
        setting = "KGV_EMBEDDER" if made.name == "text" else "KGV_IMAGEBIND_CHECKPOINT"
        raise GraphError(
            f"the {made.name} vectors of this library were made by {begun.model}"
            f" ({begun.dimension}-d), not by {made.model} ({made.dimension}-d)",
            hint=f"Set {setting} back, or ingest into a new KGV_HOME.",
        )


def _spaces(embeddings: Sequence[Embedding]) -> tuple[VectorSpace, ...]:
    """The spaces that vectors are of; more than one of a name where two models made them."""
    return tuple({VectorSpace(e.space, e.model, len(e.vector)): None for e in embeddings})


def _write(tx: Transaction, graph: VideoGraph) -> None:
    video = graph.video
    for made in _spaces(graph.embeddings):
        row = tx.run(
            load("ingest/begin_space"),
            space=made.name,
            model=made.model,
            dimension=made.dimension,
        )[0]
        require_space(made, VectorSpace(made.name, row["model"], row["dimension"]))
    tx.run(load("ingest/video"), video_id=video.id, properties=_video_properties(graph))
    segments = [{"id": s.id, "properties": _segment_properties(s)} for s in graph.segments]
    tx.run_batches(load("ingest/segments"), segments, video_id=video.id)
    pairs = zip(graph.segments[1:], graph.segments, strict=False)
    follows = [{"later_id": later.id, "earlier_id": earlier.id} for later, earlier in pairs]
    tx.run_batches(load("ingest/follows"), follows)
    entities = [{"id": e.id, "name": e.name, "type": str(e.type)} for e in graph.entities]
    tx.run_batches(load("ingest/entities"), entities)
    tx.run_batches(load("ingest/mentions"), _mention_rows(graph))
    tx.run_batches(load("ingest/relations"), _relation_rows(graph))
    removed = _prune(tx, video.id, graph)
    _write_embeddings(tx, graph.embeddings, video.id, removed)


def _write_embeddings(
    tx: Transaction, embeddings: Sequence[Embedding], video_id: str, seqs: dict[str, int]
) -> None:
    for space in sorted({e.space for e in embeddings}):
        seq = seqs.get(space) or tx.run(load("ingest/next_seq"), space=space)[0]["seq"]
        rows = [
            {
                "id": e.id,
                "label": e.label,
                "vector": e.vector.tolist(),
                "segment_id": e.segment_id,
                "space_label": space_label(space),
                "properties": {
                    "space": space,
                    "model": e.model,
                    "at_ms": e.at_ms,
                    "video_id": video_id,
                    "whole": e.whole or None,  # others go without the property
                },
            }
            for e in embeddings
            if e.space == space
        ]
        tx.run_batches(load("ingest/embeddings"), rows, seq=seq)


def _prune(tx: Transaction, video_id: str, graph: VideoGraph | None) -> dict[str, int]:
    """Remove what the video has and `graph` has not; returns the seq taken in each space."""
    kept = _kept_ids(graph)
    tx.run(load("ingest/prune_relations"), video_id=video_id, kept=kept["relations"])
    bereft = tx.run(load("ingest/prune_mentions"), video_id=video_id, kept=kept["mentions"])
    stale = tx.run(load("ingest/stale_embeddings"), video_id=video_id, kept=kept["embeddings"])
    tx.run(load("ingest/prune_segments"), video_id=video_id, kept=kept["segments"])
    entity_ids = [row["entity_id"] for row in bereft]
    tx.run(load("ingest/prune_entities"), entity_ids=entity_ids)
    seqs: dict[str, int] = {}
    for space in sorted({row["space"] for row in stale}):
        seqs[space] = tx.run(load("ingest/next_seq"), space=space)[0]["seq"]
        ids = [row["id"] for row in stale if row["space"] == space]
        tx.run(load("ingest/remove_embeddings"), ids=ids, seq=seqs[space])
    return seqs


def _kept_ids(graph: VideoGraph | None) -> dict[str, list[str]]:
    if graph is None:
        return {"relations": [], "mentions": [], "embeddings": [], "segments": []}
    return {
        "relations": [r.id for r in graph.relations],
        "mentions": [m.id for m in graph.mentions],
        "embeddings": [e.id for e in graph.embeddings],
        "segments": [s.id for s in graph.segments],
    }


def _video_properties(graph: VideoGraph) -> dict[str, Any]:
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
    }


def _segment_properties(segment: Segment) -> dict[str, Any]:
    speakers = [s.speaker for s in segment.sentences]
    return {
        "video_id": segment.video_id,
        "index": segment.index,
        "start_ms": segment.span.start_ms,
        "end_ms": segment.span.end_ms,
        "speech": segment.speech,
        "sentences": [s.text for s in segment.sentences],
        "sentence_start_ms": [s.span.start_ms for s in segment.sentences],
        "sentence_end_ms": [s.span.end_ms for s in segment.sentences],
        "sentence_speaker": speakers if any(speakers) else None,  # null: no such property
        "screen_text": segment.screen_text,
        "screen_lines": [line.text for line in segment.screen],
        "screen_line_start_ms": [line.span.start_ms for line in segment.screen],
        "screen_line_end_ms": [line.span.end_ms for line in segment.screen],
        "screen_line_heading": [line.heading for line in segment.screen],
    }


def _mention_rows(graph: VideoGraph) -> list[dict[str, Any]]:
    return [
        {
            "id": m.id,
            "segment_id": m.segment_id,
            "entity_id": m.entity_id,
            "properties": {
                "video_id": graph.video.id,
                "modality": str(m.modality),
                "start_ms": m.span.start_ms,
                "end_ms": m.span.end_ms,
                "surface": m.surface,
                "confidence": m.confidence,
            },
        }
        for m in graph.mentions
    ]


def _relation_rows(graph: VideoGraph) -> list[dict[str, Any]]:
    return [
        {
            "id": r.id,
            "subject_id": r.subject_id,
            "object_id": r.object_id,
            "properties": {
                "predicate": r.predicate,
                "video_id": graph.video.id,
                "segment_id": r.segment_id,
                "modality": str(r.modality),
                "start_ms": r.span.start_ms,
                "end_ms": r.span.end_ms,
                "surface": r.surface,
                "confidence": r.confidence,
            },
        }
        for r in graph.relations
    ]

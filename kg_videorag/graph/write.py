"""Writes a video's graph, or removes it, in one transaction: visible whole or not at all.

Every statement MERGEs on an id derived from content, so writing the same graph twice
changes nothing, and writing a changed one removes exactly what only its former self had.
Writers take the library's lock first and so come one after the other: a write lasts about a
second, and what comes before it minutes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg_videorag.errors import GraphError
from kg_videorag.graph.changes import begun_spaces
from kg_videorag.graph.corrections import same_corrections
from kg_videorag.graph.mirror import ensure_mirrors
from kg_videorag.graph.queries import load
from kg_videorag.graph.rows import (
    embedding_rows,
    mention_rows,
    relation_rows,
    segment_properties,
    video_properties,
)
from kg_videorag.model import VectorSpace

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg_videorag.graph.client import GraphClient, Transaction
    from kg_videorag.model import (
        Correction,
        Embedding,
        Entity,
        Mention,
        Relation,
        Segment,
        VideoGraph,
    )


def write_video(
    client: GraphClient, graph: VideoGraph, corrections: Sequence[Correction] | None = None
) -> bool:
    """Make the graph hold exactly this of the video.

    Args:
        client: The graph.
        graph: The video's.
        corrections: By hand, as this graph was built with them; None where none could be.

    Returns:
        False, and nothing is written, if others count by now: somebody made one, or took one
        back, while the video was being ingested.

    Raises:
        GraphError: If a space of its vectors was begun by another model.
    """
    spaces = _spaces(graph.embeddings)
    begun = {space.name: space for space in begun_spaces(client)}
    for space in spaces:
        require_space(space, begun.get(space.name, space))
    ensure_mirrors(client, spaces)

    def work(tx: Transaction) -> bool:
        tx.run(load("ingest/lock_library"))
        if corrections is not None and not same_corrections(tx, graph.video.id, corrections):
            return False
        _write(tx, graph)
        return True

    return client.write(work)


def move_videos(client: GraphClient, paths: Mapping[str, str]) -> None:
    """Remember that the files of videos lie elsewhere now.

    Args:
        client: The graph.
        paths: By id, where each lies.
    """
    rows = [{"id": video_id, "path": path} for video_id, path in paths.items()]
    client.write(lambda tx: tx.run_batches(load("ingest/move_videos"), rows))


def note_source(client: GraphClient, video_id: str, source_url: str, title: str) -> None:
    """Remember the address that a video came from, and its title there, where it has one."""
    client.write(
        lambda tx: tx.run(
            load("ingest/note_source"), video_id=video_id, source_url=source_url, title=title
        )
    )


def delete_video(client: GraphClient, video_id: str) -> None:
    """Remove a video and exactly what only it supports."""

    def work(tx: Transaction) -> None:
        tx.run(load("ingest/lock_library"))
        prune(tx, video_id, _ids(None))
        tx.run(load("ingest/delete_video"), video_id=video_id)
        tx.run(load("ingest/prune_tags"))

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
    begin_spaces(tx, graph.embeddings)
    tx.run(load("ingest/video"), video_id=video.id, properties=video_properties(graph))
    segments = [{"id": s.id, "properties": segment_properties(s)} for s in graph.segments]
    tx.run_batches(load("ingest/segments"), segments, video_id=video.id)
    pairs = zip(graph.segments[1:], graph.segments, strict=False)
    follows = [{"later_id": later.id, "earlier_id": earlier.id} for later, earlier in pairs]
    tx.run_batches(load("ingest/follows"), follows)
    write_names(tx, video.id, graph.entities, graph.mentions, graph.relations)
    removed = prune(tx, video.id, _ids(graph))
    write_embeddings(tx, graph.embeddings, graph.segments, removed)


def begin_spaces(tx: Transaction, embeddings: Sequence[Embedding]) -> None:
    """Begin the spaces of some vectors, or learn that another model has begun them.

    Raises:
        GraphError: If one has.
    """
    for made in _spaces(embeddings):
        row = tx.run(
            load("ingest/begin_space"),
            space=made.name,
            model=made.model,
            dimension=made.dimension,
        )[0]
        require_space(made, VectorSpace(made.name, row["model"], row["dimension"]))


def write_names(
    tx: Transaction,
    video_id: str,
    named: Sequence[Entity],
    mentions: Sequence[Mention],
    relations: Sequence[Relation],
) -> None:
    """Write entities, where a video mentions them, and how it relates them."""
    entities = [{"id": e.id, "name": e.name, "type": str(e.type)} for e in named]
    tx.run_batches(load("ingest/entities"), entities)
    tx.run_batches(load("ingest/mentions"), mention_rows(video_id, mentions))
    tx.run_batches(load("ingest/relations"), relation_rows(video_id, relations))


def write_embeddings(
    tx: Transaction,
    embeddings: Sequence[Embedding],
    segments: Sequence[Segment],
    seqs: Mapping[str, int],
) -> None:
    """Write vectors.

    Args:
        tx: The video's transaction.
        embeddings: Of any spaces.
        segments: Of which they are, all of one video.
        seqs: Numbers that the transaction has taken already, by space.
    """
    for space in sorted({e.space for e in embeddings}):
        seq = seqs.get(space) or tx.run(load("ingest/next_seq"), space=space)[0]["seq"]
        of_space = [e for e in embeddings if e.space == space]
        rows = embedding_rows(segments[0].video_id, of_space, segments)
        tx.run_batches(load("ingest/embeddings"), rows, seq=seq)


def prune(tx: Transaction, video_id: str, kept: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Remove what the video has and is not kept; returns the seq taken in each space."""
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


def _ids(graph: VideoGraph | None) -> dict[str, list[str]]:
    if graph is None:
        return {"relations": [], "mentions": [], "embeddings": [], "segments": []}
    return {
        "relations": [r.id for r in graph.relations],
        "mentions": [m.id for m in graph.mentions],
        "embeddings": [e.id for e in graph.embeddings],
        "segments": [s.id for s in graph.segments],
    }

"""Writes a stored video anew where it is told otherwise: after a correction by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg_videorag.graph.queries import load
from kg_videorag.graph.told import told_properties
from kg_videorag.graph.write import begin_spaces, prune, write_embeddings, write_names
from kg_videorag.model import Modality

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg_videorag.graph.client import GraphClient, Transaction
    from kg_videorag.model import Embedding, Entity, Mention, Relation, Segment

# What is found in words: people correct the first two, and of things in captions those count that
# are spoken of.
TOLD = (Modality.SPEECH, Modality.SCREEN, Modality.CAPTION)


@dataclass(frozen=True, slots=True)
class Retold:
    """What changes in a stored video where it is told otherwise.

    Args:
        video_id: Whose.
        segments: Of them those in which something changed.
        entities: All that are now told of in it.
        mentions: All that are now told.
        relations: All that are now told.
        embeddings: Those that are new.
        stale: Ids of embeddings of what is told no longer.
    """

    video_id: str
    segments: tuple[Segment, ...]
    entities: tuple[Entity, ...]
    mentions: tuple[Mention, ...]
    relations: tuple[Relation, ...]
    embeddings: tuple[Embedding, ...]
    stale: frozenset[str]


def retell_video(
    client: GraphClient, retold: Retold, also: Callable[[Transaction], object]
) -> None:
    """Write what is told otherwise, in one transaction with what is the reason of it.

    Captions, what is seen and heard in the video, and the vectors of these stay as they are.

    Args:
        client: The graph.
        retold: What changes.
        also: Is run in the same transaction.

    Raises:
        GraphError: If a space of its vectors was begun by another model.
    """

    def work(tx: Transaction) -> None:
        tx.run(load("ingest/lock_library"))
        also(tx)
        video_id = retold.video_id
        begin_spaces(tx, retold.embeddings)
        rows = [{"id": s.id, "properties": told_properties(s)} for s in retold.segments]
        tx.run_batches(load("ingest/segments"), rows, video_id=video_id)
        write_names(tx, video_id, retold.entities, retold.mentions, retold.relations)
        untold = tx.run(load("ingest/untold"), video_id=video_id, told=[*TOLD])[0]
        kept = {
            "segments": untold["segments"],
            "mentions": [*untold["mentions"], *(m.id for m in retold.mentions)],
            "relations": [*untold["relations"], *(r.id for r in retold.relations)],
            "embeddings": [e for e in untold["embeddings"] if e not in retold.stale],
        }
        write_embeddings(tx, retold.embeddings, retold.segments, prune(tx, video_id, kept))

    client.write(work)

"""The graph as the source that vector indexes copy from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kg_videorag.graph.queries import load
from kg_videorag.model import VectorSpace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from kg_videorag.graph.client import GraphClient


def begun_spaces(client: GraphClient) -> tuple[VectorSpace, ...]:
    """The spaces that vectors were written in, by name."""
    return tuple(latest_changes(client))


def latest_changes(client: GraphClient) -> dict[VectorSpace, int]:
    """The same, each with the number of its latest change, in one round trip."""
    return {
        VectorSpace(row["name"], row["model"], row["dimension"]): int(row["seq"])
        for row in client.read(load("graph/spaces"))
    }


@dataclass(frozen=True, slots=True)
class GraphEmbeddings:
    """The vectors of one space, as Neo4j holds them (implements `ports.EmbeddingSource`)."""

    client: GraphClient
    space: str

    def latest_seq(self) -> int:
        """The number of the last change; 0 where nothing was embedded yet."""
        rows = self.client.read(load("graph/space"), space=self.space)
        return int(rows[0]["seq"]) if rows else 0

    def added_since(self, seq: int) -> Iterator[tuple[list[int], NDArray[np.float32], int]]:
        """Batches of (labels, vectors of shape (n, dimension), highest seq), oldest first."""
        query = load("graph/embeddings_since")
        for rows in self.client.stream(query, space=self.space, seq=seq):
            vectors = np.asarray([row["vector"] for row in rows], dtype=np.float32)
            yield [row["label"] for row in rows], vectors, int(rows[-1]["seq"])

    def removed_since(self, seq: int) -> list[int]:
        """Labels that are gone."""
        rows = self.client.read(load("graph/removed_since"), space=self.space, seq=seq)
        return [row["label"] for row in rows]

"""Neo4j's own vector indexes, one a space: a mirror of what hnswlib holds, for Cypher to use.

The text space's is made by a migration for the embedder of that day. The others' dimension is
known when the space is begun, and an index of another dimension would leave vectors out without
a word: so what stands is compared, and made anew where it does not fit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg_videorag.errors import GraphError
from kg_videorag.graph.queries import load

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg_videorag.graph.client import GraphClient
    from kg_videorag.model import VectorSpace

SPACE_LABELS = {
    "text": "TextEmbedding",
    "vision": "VisionEmbedding",
    "audio": "AudioEmbedding",
    "depth": "DepthEmbedding",
    "thermal": "ThermalEmbedding",
    "imu": "ImuEmbedding",
}
_AWAIT_S = 300


def space_label(space: str) -> str:
    """The label that a space's embeddings carry beside `Embedding`.

    Raises:
        GraphError: If there is no such space.
    """
    if space not in SPACE_LABELS:
        raise GraphError(
            f"there is no space of vectors named {space!r}",
            hint=f"There are {', '.join(SPACE_LABELS)}.",
        )
    return SPACE_LABELS[space]


def drop_mirror(client: GraphClient, space: str) -> None:
    """Take away a space's vector index, and the one beside it that filters by label."""
    for index in (f"{space}_vector", f"{space}_vector_by_label"):
        client.run_schema(load("graph/drop_index"), name=index)


def ensure_mirrors(client: GraphClient, spaces: Iterable[VectorSpace]) -> None:
    """Make the vector indexes of spaces, where they are not there or are for another length.

    Args:
        client: The graph.
        spaces: With their own dimension, where they hold vectors already.

    Raises:
        GraphError: If there is no such space, or Neo4j refuses.
    """
    statements = {
        "text": load("schema/019_text_vector"),
        "vision": load("graph/vision_vector"),
        "audio": load("graph/audio_vector"),
        "depth": load("graph/depth_vector"),
        "thermal": load("graph/thermal_vector"),
        "imu": load("graph/imu_vector"),
    }
    standing = {row["name"]: row["dimension"] for row in client.read(load("graph/vector_indexes"))}
    changed = False
    for space in spaces:
        space_label(space.name)
        name = f"{space.name}_vector"
        if standing.get(name) == space.dimension:
            continue
        if name in standing:
            drop_mirror(client, space.name)
        client.run_schema(statements[space.name], dimension=space.dimension)
        changed = True
    if changed:
        client.run_schema(load("graph/await_indexes"), timeout_s=_AWAIT_S)

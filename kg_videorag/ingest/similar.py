"""SIMILAR_TO: joins segments with the nearest of other moments and videos.

Writing a segment marks it as due, and so does losing an edge to a segment that is gone. Here
all that is due is searched for, so what a killed run left undone the next one does, and the
edges do not depend on which video came first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kg_videorag.graph.queries import load

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from numpy.typing import NDArray

    from kg_videorag.graph.client import GraphClient, Transaction
    from kg_videorag.ports import VectorIndex

EDGES = 5  # that leave a segment at most
# benchmarks/similar.py, MiniLM: of 576 pairs of different subjects the nearest have cosine .33,
# none reaches .35; of 54 pairs of one subject 37 % reach .35 and 24 % .40. In a library of
# thousands a segment meets more strangers: at .40 few of them come through.
LEAST_COSINE = 0.40
_BATCH = 100  # segments that one round trip joins
# More than EDGES, since the other end may have few that are as near.
_CANDIDATES = 50
_OWN = 3  # a segment itself and those before and after it are found too
_ROUNDS = 3  # who loses an edge to a changed segment is searched for in the next
_DIGITS = 4  # of scores: indexes differ in the seventh


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a segment stands; `label` is of its vector as a whole."""

    segment_id: str
    video_id: str
    index: int

    def is_beside(self, other: _Place) -> bool:
        """Whether it is the same segment, or the one before or after it."""
        return self.video_id == other.video_id and abs(self.index - other.index) <= 1


def link_similar(graph: GraphClient, index: VectorIndex, space: str) -> None:
    """Give each segment that is due its edges.

    Args:
        graph: The graph.
        index: Vectors of the space, up to date.
        space: Which space.
    """
    for _ in range(_ROUNDS):
        due = graph.read(load("graph/similar_due"), space=space)
        if not due:
            return
        places = _places(graph, space)
        within = index.labels & places.keys()
        for start in range(0, len(due), _BATCH):
            batch = due[start : start + _BATCH]
            _join(graph, space, [_row(row, index, places, within) for row in batch])


def _places(graph: GraphClient, space: str) -> dict[int, _Place]:
    query = load("graph/similar_wholes")
    return {
        row["label"]: _Place(row["segment_id"], row["video_id"], row["index"])
        for rows in graph.stream(query, space=space)
        for row in rows
    }


def _row(
    due: Mapping[str, Any],
    index: VectorIndex,
    places: Mapping[int, _Place],
    within: Collection[int],
) -> dict[str, Any]:
    """A segment with its candidates, best first."""
    label = due["label"]
    if label not in within:  # nothing is said in it, or it was deleted meanwhile
        return {"segment_id": due["segment_id"], "nearest": []}
    vector: NDArray[Any] = index.vectors([label])[0]
    here = places[label]
    near = [
        {"segment_id": places[found].segment_id, "score": round(cosine, _DIGITS)}
        for found, cosine in index.search(vector, _CANDIDATES + _OWN, within)
        if cosine >= LEAST_COSINE and not here.is_beside(places[found])
    ]
    return {"segment_id": here.segment_id, "nearest": near[:_CANDIDATES]}


def _join(graph: GraphClient, space: str, rows: list[dict[str, Any]]) -> None:
    def work(tx: Transaction) -> None:
        tx.run(load("ingest/lock_library"))
        tx.run(load("ingest/similar"), space=space, rows=rows, cap=EDGES)

    graph.write(work)

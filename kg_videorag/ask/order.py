"""Answers "what is said right after the landing?" by where it lies in the video.

The anchor is found as any question is; then its neighbours along FOLLOWS are the evidence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg_videorag.ask.anchor import as_good, find_anchors
from kg_videorag.ask.beside import Beside
from kg_videorag.ask.fuse import fuse
from kg_videorag.ask.question import OrderRelation
from kg_videorag.graph.around import read_surroundings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg_videorag.ask.anchor import Anchor
    from kg_videorag.ask.question import Order
    from kg_videorag.graph.around import Neighbour
    from kg_videorag.graph.client import GraphClient
    from kg_videorag.model import Hit
    from kg_videorag.ports import Embedder

_CANDIDATES = 8  # segments of a search in which an anchor is looked for
_MAX_ANCHORS = 3  # places that say it equally well
_REACH = {True: 3, False: 5}  # neighbours beside an anchor, by whether the nearest are asked for
_REACH_BETWEEN = 120  # 20 to 60 minutes


def find_beside(
    order: Order,
    found: Sequence[Mapping[str, Sequence[Hit]]],
    *,
    graph: GraphClient,
    embedder: Embedder,
    top_k: int,
) -> Beside | None:
    """Where the answer lies; None where nothing says what the question names.

    Args:
        order: What the question asks for.
        found: By anchor: what a search for it brought, by road.
        graph: The graph.
        embedder: Compares sentences with the anchors.
        top_k: How many segments at most.
    """
    candidates = [[r.segment_id for r in fuse(hits)[:_CANDIDATES]] for hits in found]
    is_between = order.relation is OrderRelation.BETWEEN
    around = read_surroundings(
        graph,
        list(dict.fromkeys(id_ for ids in candidates for id_ in ids)),
        later=order.relation is not OrderRelation.BEFORE,
        reach=_REACH_BETWEEN if is_between else _REACH[order.near],
    )
    anchors = [
        find_anchors(
            text, {id_: around[id_] for id_ in ids if id_ in around}, embedder, shown=order.shown
        )
        for text, ids in zip(order.anchors, candidates, strict=True)
    ]
    if not all(anchors):
        return None
    if is_between:
        return _between(order, anchors[0], anchors[1], top_k)
    kept = as_good(anchors[0], _MAX_ANCHORS)
    return Beside(order, tuple((anchor, anchor.chain) for anchor in kept))


def _between(
    order: Order, first: Sequence[Anchor], second: Sequence[Anchor], top_k: int
) -> Beside | None:
    """The stretch between the two that say the ends best, in one video."""
    pairs = [
        (a.score + b.score, a, b)
        for one in first
        for other in second
        for a, b in [sorted((one, other), key=lambda anchor: anchor.sentence.span)]
        if a.video_id == b.video_id and a.sentence.span.end_ms <= b.sentence.span.start_ms
    ]
    for _, a, b in sorted(pairs, key=lambda pair: -pair[0]):
        ids = [n.segment_id for n in a.chain]
        if b.around.here.segment_id in ids:
            chain = a.chain[: ids.index(b.around.here.segment_id) + 1]
            return Beside(order, ((a, _spread(chain, top_k)),), b)
    return None


def _spread(chain: Sequence[Neighbour], limit: int) -> tuple[Neighbour, ...]:
    """Segments spread evenly over a stretch that is too long to be read as a whole."""
    if len(chain) <= limit:
        return tuple(chain)
    return tuple(chain[n * len(chain) // limit] for n in range(limit))

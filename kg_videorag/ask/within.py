"""The nearest vectors within a scope, whether it leaves out much or little."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg_videorag.graph.labels import labels_within
from kg_videorag.model import EVERYWHERE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg_videorag.ask.probe import Probe
    from kg_videorag.graph.client import GraphClient
    from kg_videorag.model import Scope

Near = list[tuple[int, float]]  # label, cosine; best first

# To tell which of 600,000 vectors are within a scope took 5 s, of 400 drawn ones 20 to 260 ms. The
# last draw is enough where a 64th is within; what is narrower is told and scanned (ADR 27).
_DRAWS = (4, 16, 64)  # times what is wanted
_FEW_VIDEOS = 20  # their vectors are found by an index


def nearest_within(
    probes: Sequence[Probe], wanted: int, *, graph: GraphClient, scope: Scope = EVERYWHERE
) -> dict[str, Near]:
    """The nearest vectors to a query within a scope, by space.

    More and more of the nearest are drawn until enough of them are within, which is exact: those
    that were not drawn are further away. Where that takes too many, or where few videos are
    looked at, all that is within is told first, and the index searches among it.

    Args:
        probes: The query in every space that is asked.
        wanted: How many vectors of each space at most.
        graph: The graph.
        scope: Where to look.
    """
    if scope == EVERYWHERE:
        return {p.space: list(p.index.search(p.vector, wanted)) for p in probes}
    found: dict[str, Near] = {}
    for times in () if _few_videos(scope) else _DRAWS:
        left = [p for p in probes if p.space not in found]
        drawn = {p.space: list(p.index.search(p.vector, times * wanted)) for p in left}
        kept = _kept(drawn, graph, scope)
        for space, near in kept.items():
            if len(near) >= wanted or len(drawn[space]) < times * wanted:  # or it was all
                found[space] = near[:wanted]
        if len(found) == len(probes):
            return found
    left = [p for p in probes if p.space not in found]
    labels = labels_within(graph, [p.space for p in left], scope=scope)
    among = {p.space: list(p.index.search(p.vector, wanted, labels[p.space])) for p in left}
    return found | among


def _few_videos(scope: Scope) -> bool:
    return scope.video_ids is not None and len(scope.video_ids) <= _FEW_VIDEOS


def _kept(drawn: Mapping[str, Near], graph: GraphClient, scope: Scope) -> dict[str, Near]:
    """What of drawn vectors is within a scope, in one round trip for all spaces."""
    labels = [label for near in drawn.values() for label, _ in near]
    within = labels_within(graph, drawn, scope=scope, labels=labels)
    return {
        space: [pair for pair in near if pair[0] in within[space]] for space, near in drawn.items()
    }

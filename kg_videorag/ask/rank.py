"""Personalised PageRank over a small graph.

Source: Page, Brin, Motwani and Winograd, "The PageRank citation ranking", 1999; Haveliwala,
"Topic-sensitive PageRank", WWW 2002. networkx.pagerank is the peer that tests compare with; it
and scikit-network take most of a second to import, which is more than a question may take.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

DAMPING = 0.6
_PRECISION = 1e-9  # sum of what a step moves
_MAX_STEPS = 100


def pagerank(
    edges: Mapping[tuple[str, str], float],
    seeds: Mapping[str, float],
    *,
    damping: float = DAMPING,
) -> dict[str, float]:
    """How often a walk that returns to the seeds visits each node.

    Args:
        edges: Undirected ones, with weights above 0.
        seeds: Where walks begin, with weights above 0; each is a node, with edges or without.
        damping: How likely a walk goes on at each step, 0..1.

    Returns:
        By node, in sum 1; the same to the last bit for the same graph, whatever its order.
    """
    nodes = sorted({end for edge in edges for end in edge} | seeds.keys())
    if not seeds:
        return dict.fromkeys(nodes, 0.0)
    place = {node: i for i, node in enumerate(nodes)}
    ordered = sorted(edges.items())
    pairs = [(place[one], place[other]) for (one, other), _ in ordered]
    ends = np.array(pairs, dtype=np.intp).reshape(len(pairs), 2)
    weights = np.array([weight for _, weight in ordered])
    sources, targets = np.concatenate([ends, ends[:, ::-1]]).T
    weights = np.concatenate([weights, weights])
    leaving = np.bincount(sources, weights, len(nodes))
    shares = weights / leaving[sources]
    start = np.zeros(len(nodes))
    for node, weight in seeds.items():
        start[place[node]] = weight
    start /= start.sum()
    dangling = leaving == 0
    rank = start
    for _ in range(_MAX_STEPS):
        moved = np.bincount(targets, rank[sources] * shares, len(nodes))
        moved = moved + rank[dangling].sum() * start
        last, rank = rank, damping * moved + (1 - damping) * start
        if np.abs(rank - last).sum() < _PRECISION:
            break
    return dict(zip(nodes, rank.tolist(), strict=True))

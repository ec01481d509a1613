"""Communities, PageRank and betweenness of a network of entities.

Why these libraries: docs/adr/0036-measures.md. All three give the same for the same network.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg_videorag.errors import EngineUnavailable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg_videorag.graph.network import Network

SEED = 20_260
_RANDOMNESS, _ITERATIONS = 0.001, 10  # graspologic's own; iterations end early where nothing moves
# Brandes' betweenness looks from every node: 5,000 of them take 24 s of two busy cores, six times
# as many forty times as long. Beyond, a sample of nodes is looked from.
EXACT_TO = 3_000
PIVOTS = 64


@dataclass(frozen=True, slots=True)
class Measures:
    """What each entity is in the network, by id.

    Args:
        community: To which it belongs, from 0, the largest first.
        pagerank: Its share of a walk over the network; the sum is 1.
        betweenness: Share of the shortest ways between others that lead over it, 0..1.
    """

    community: Mapping[str, int]
    pagerank: Mapping[str, float]
    betweenness: Mapping[str, float]


def measure(network: Network, *, seed: int = SEED) -> Measures:
    """Measure a network.

    Args:
        network: Entities and what joins them.
        seed: Of what is left to chance: the same seed gives the same.

    Raises:
        EngineUnavailable: If the extra `analysis` is not installed.

    Source: Traag, Waltman and van Eck, "From Louvain to Leiden", 2019; Page and others, "The
    PageRank citation ranking", 1999; Brandes, "A faster algorithm for betweenness centrality",
    2001, and Brandes and Pich, "Centrality estimation in large networks", 2007.
    """
    try:
        import graspologic_native
        import rustworkx
    except ImportError as error:
        raise EngineUnavailable(
            f"{error.name} is not installed",
            hint="Install it: pip install 'kg-videorag[analysis]'",
        ) from error
    ids = [entity.id for entity in network.entities]
    places = {id_: place for place, id_ in enumerate(ids)}
    edges = [(places[a], places[b], float(weight)) for a, b, weight in network.edges]
    both = rustworkx.PyDiGraph(multigraph=False)
    both.add_nodes_from(ids)
    both.add_edges_from([*edges, *((b, a, weight) for a, b, weight in edges)])
    ranks = rustworkx.pagerank(both, weight_fn=float) if ids else {}
    _, found = (
        graspologic_native.leiden(
            edges=[(a, b, float(weight)) for a, b, weight in network.edges],
            resolution=1.0,
            randomness=_RANDOMNESS,
            iterations=_ITERATIONS,
            use_modularity=True,
            seed=seed,
        )
        if edges
        else (0.0, {})
    )
    return Measures(
        community=_by_size(found),
        pagerank={ids[place]: round(rank, 9) for place, rank in ranks.items()},
        betweenness={ids[p]: b for p, b in _betweenness(len(ids), edges, seed).items()},
    )


def _by_size(found: Mapping[str, int]) -> dict[str, int]:
    """Communities numbered by size; of one size by their first member."""
    members: dict[int, list[str]] = {}
    for id_ in sorted(found):
        members.setdefault(found[id_], []).append(id_)
    ordered = sorted(members.values(), key=lambda ids: (-len(ids), ids[0]))
    return {id_: number for number, ids in enumerate(ordered) for id_ in ids}


def _betweenness(
    nodes: int, edges: Sequence[tuple[int, int, float]], seed: int
) -> dict[int, float]:
    if nodes <= EXACT_TO:
        import rustworkx

        graph = rustworkx.PyGraph(multigraph=False)
        graph.add_nodes_from(range(nodes))
        graph.add_edges_from(edges)
        exact = rustworkx.graph_betweenness_centrality(graph)
        return {place: round(between, 9) for place, between in exact.items()}
    import networkx as nx

    sampled = nx.Graph()
    sampled.add_nodes_from(range(nodes))
    sampled.add_weighted_edges_from(edges)
    near = nx.betweenness_centrality(sampled, k=PIVOTS, seed=seed)
    return {place: round(between, 9) for place, between in near.items()}

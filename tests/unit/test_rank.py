"""Personalised PageRank: the same as networkx's, and the same every time."""

from __future__ import annotations

import random

import networkx as nx
import pytest

from kg_videorag.ask.rank import DAMPING, pagerank


def peer(edges, seeds, damping=DAMPING):
    graph = nx.Graph()
    graph.add_nodes_from(seeds)
    for (one, other), weight in edges.items():
        graph.add_edge(one, other, weight=weight)
    return nx.pagerank(graph, alpha=damping, personalization=seeds, tol=1e-12, max_iter=500)


def some_graph(seed):
    rng = random.Random(seed)
    names = [f"n{i}" for i in range(rng.randint(2, 60))]
    edges = {}
    for _ in range(rng.randint(1, 150)):
        one, other = sorted(rng.sample(names, 2))
        edges[one, other] = rng.choice((0.1, 0.5, 1.0, 16.0))
    seeds = {name: rng.random() + 0.01 for name in rng.sample(names, rng.randint(1, len(names)))}
    return edges, seeds


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("damping", [0.3, DAMPING, 0.85])
def test_it_is_what_networkx_finds(seed, damping):
    edges, seeds = some_graph(seed)
    assert pagerank(edges, seeds, damping=damping) == pytest.approx(
        peer(edges, seeds, damping), abs=1e-7
    )


def test_the_order_of_edges_and_seeds_changes_nothing():
    edges, seeds = some_graph(1)
    turned = dict(reversed(edges.items())), dict(reversed(seeds.items()))
    assert pagerank(edges, seeds) == pagerank(*turned)


def test_a_seed_without_edges_keeps_its_share():
    assert pagerank({("a", "b"): 1.0}, {"a": 1.0, "alone": 1.0})["alone"] == pytest.approx(
        peer({("a", "b"): 1.0}, {"a": 1.0, "alone": 1.0})["alone"]
    )


def test_a_heavier_edge_leads_to_the_higher_rank():
    ranks = pagerank({("a", "b"): 4.0, ("a", "c"): 1.0}, {"a": 1.0})
    assert ranks["a"] > ranks["b"] > ranks["c"]


def test_without_seeds_nothing_is_near():
    assert pagerank({("a", "b"): 1.0}, {}) == {"a": 0.0, "b": 0.0}
    assert pagerank({}, {}) == {}
    assert pagerank({}, {"a": 2.0}) == {"a": 1.0}

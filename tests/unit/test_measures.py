"""Communities and centralities of networks whose measures are known by hand."""

from __future__ import annotations

import networkx as nx
import pytest

from kg_videorag.graph.network import Network
from kg_videorag.measures import network as measured_by
from kg_videorag.measures.communities import communities_of
from kg_videorag.measures.network import measure
from kg_videorag.model import Entity, EntityType

CLIQUE = ("a", "b", "c", "d")
OTHER = ("w", "x", "y", "z")


def network(edges, alone=()):
    ids = sorted({id_ for a, b, _ in edges for id_ in (a, b)} | set(alone))
    people = tuple(Entity(id_, id_.upper(), EntityType.PERSON) for id_ in ids)
    return Network(people, tuple(sorted(edges)))


def pairs(ids):
    return [(a, b, 1) for a in ids for b in ids if a < b]


# Two cliques of four; m is joined to d and to w, and is the only way from one to the other.
BRIDGED = network([*pairs(CLIQUE), *pairs(OTHER), ("d", "m", 1), ("m", "w", 1)], alone=["q"])


def test_two_cliques_are_two_communities() -> None:
    community = measure(BRIDGED).community
    assert len({community[id_] for id_ in CLIQUE}) == 1
    assert len({community[id_] for id_ in OTHER}) == 1
    assert community["a"] != community["z"]
    assert "q" not in community


def test_the_bridge_is_between() -> None:
    between = measure(BRIDGED).betweenness
    assert max(between, key=lambda id_: between[id_]) == "m"
    assert between["m"] == pytest.approx(16 / 36)  # 4 x 4 pairs, of the 36 without m
    assert between["a"] == between["q"] == 0


def test_pagerank_is_that_of_networkx() -> None:
    graph = nx.Graph()
    graph.add_nodes_from(e.id for e in BRIDGED.entities)
    graph.add_weighted_edges_from(BRIDGED.edges)
    assert measure(BRIDGED).pagerank == pytest.approx(nx.pagerank(graph), abs=1e-5)


def test_the_same_network_measures_the_same() -> None:
    assert measure(BRIDGED) == measure(BRIDGED)


def test_a_large_network_is_looked_at_from_some(monkeypatch) -> None:
    monkeypatch.setattr(measured_by, "EXACT_TO", 4)
    monkeypatch.setattr(measured_by, "PIVOTS", 6)
    between = measure(BRIDGED).betweenness
    assert max(between, key=lambda id_: between[id_]) in {"d", "m", "w"}
    assert measure(BRIDGED).betweenness == between


def test_nothing_measures_nothing() -> None:
    nothing = measure(network([]))
    assert (nothing.community, nothing.pagerank, nothing.betweenness) == ({}, {}, {})


def test_communities_have_names_and_summaries() -> None:
    asked = []

    def told(each):
        asked.extend(each)
        return [["A know B"], []]

    first, second = communities_of(BRIDGED, measure(BRIDGED), told)
    assert (first.number, second.number) == (0, 1)
    assert set(first.member_ids) | set(second.member_ids) == {*CLIQUE, *OTHER, "m"}
    assert first.id == first.member_ids[0]
    assert [first.member_ids, second.member_ids] == [tuple(ids) for ids in asked]
    assert first.summary.endswith(f"({len(first.member_ids)} Person). Told most: A know B.")
    assert second.summary.endswith("Person).")

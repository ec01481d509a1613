"""Measures a library: reads its network, measures it, writes back what was found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg_videorag.graph.network import read_network, relations_within, write_measures
from kg_videorag.measures.communities import communities_of
from kg_videorag.measures.network import EXACT_TO, PIVOTS, measure

if TYPE_CHECKING:
    from kg_videorag.graph.client import GraphClient
    from kg_videorag.graph.network import Community

_TOLD = 3  # relations in a community's summary


@dataclass(frozen=True, slots=True)
class Measured:
    """What a library was measured to be.

    Args:
        entities: In the network.
        edges: Between them.
        communities: The largest first.
        pivots: From how many entities betweenness was looked at; 0 where from all.
    """

    entities: int
    edges: int
    communities: tuple[Community, ...]
    pivots: int


def measure_library(client: GraphClient) -> Measured:
    """Measure the network of entities and write it back; a second run changes nothing.

    Raises:
        EngineUnavailable: If the extra `analysis` is not installed.
    """
    network = read_network(client)
    measures = measure(network)
    communities = communities_of(
        network, measures, lambda each: relations_within(client, each, limit=_TOLD)
    )
    number_of = {id_: c.number for c in communities for id_ in c.member_ids}
    rows = [
        {
            "entity_id": entity.id,
            "pagerank": measures.pagerank[entity.id],
            "betweenness": measures.betweenness[entity.id],
            "community": number_of.get(entity.id),
        }
        for entity in network.entities
    ]
    write_measures(client, rows, communities)
    pivots = PIVOTS if len(network.entities) > EXACT_TO else 0
    return Measured(len(network.entities), len(network.edges), communities, pivots)

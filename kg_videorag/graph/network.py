"""The network of entities: what is spoken of together, and what is related."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg_videorag.graph.match_words import entity_of
from kg_videorag.graph.queries import load

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg_videorag.graph.client import GraphClient, Transaction
    from kg_videorag.model import Entity


@dataclass(frozen=True, slots=True)
class Network:
    """Canonical entities, but no dates and quantities, which join what has nothing in common.

    Args:
        entities: In order of their ids.
        edges: Two ids, the smaller first, and in how many segments both are spoken of, a
            relation counting as one segment more; in order.
    """

    entities: tuple[Entity, ...]
    edges: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True)
class Community:
    """Entities that are spoken of together more than with others.

    Args:
        id: That of its most central member, so that it stays where little changes.
        number: From 0, the largest first.
        name: Its most central members.
        summary: What it is about, in a sentence or two.
        member_ids: Ids of its entities, the most central first.
    """

    id: str
    number: int
    name: str
    summary: str
    member_ids: tuple[str, ...]


def read_network(client: GraphClient) -> Network:
    """The whole network, read in batches."""
    entities = [
        entity_of(row) for rows in client.stream(load("graph/network_entities")) for row in rows
    ]
    edges = [
        (row["first"], row["second"], row["weight"])
        for rows in client.stream(load("graph/network_edges"))
        for row in rows
    ]
    return Network(tuple(entities), tuple(edges))


def relations_within(
    client: GraphClient, communities: Sequence[Sequence[str]], *, limit: int
) -> list[list[str]]:
    """What is told most often between the members of each, in words: "Ann work at NASA".

    Args:
        client: The graph.
        communities: Of each, ids of members.
        limit: How many of each at most.
    """
    rows = client.read(
        load("graph/community_relations"), communities=[list(c) for c in communities], limit=limit
    )
    told = {row["place"]: row["told"] for row in rows}
    return [told.get(place, []) for place in range(len(communities))]


def write_measures(
    client: GraphClient,
    rows: Sequence[Mapping[str, object]],
    communities: Sequence[Community],
) -> None:
    """Write properties of entities and the communities anew, in one transaction.

    Args:
        client: The graph.
        rows: entity_id, pagerank, betweenness, community (None where it stands alone).
        communities: All; others are removed.
    """

    def work(tx: Transaction) -> None:
        tx.run(load("ingest/lock_library"))
        tx.run(load("ingest/drop_measures"), community_ids=[c.id for c in communities])
        tx.run_batches(load("ingest/measures"), rows)
        tx.run_batches(
            load("ingest/communities"),
            [
                {
                    "id": c.id,
                    "number": c.number,
                    "name": c.name,
                    "summary": c.summary,
                    "size": len(c.member_ids),
                    "member_ids": list(c.member_ids),
                }
                for c in communities
            ],
        )

    client.write(work)

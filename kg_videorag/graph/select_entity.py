"""Finds the one entity that a user names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg_videorag.errors import EntitySelectionError
from kg_videorag.graph.match_words import match_words
from kg_videorag.graph.queries import load
from kg_videorag.identity import entity_id
from kg_videorag.model import Entity, EntityType

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg_videorag.graph.client import GraphClient

_SHOWN = 10
_SHORT_ID_CHARS = 12


def select_entity(
    client: GraphClient, selector: str, entity_type: EntityType | None = None
) -> Entity:
    """The one entity that a selector names.

    Args:
        client: The graph.
        selector: An id, the first 8 or more characters of one, or a name in any spelling that
            `normalise_name` makes equal.
        entity_type: Only of this type.

    Raises:
        EntitySelectionError: If it names none, or several; the candidates are in the hint.
    """
    ids = [selector, *(entity_id(each, selector) for each in EntityType)]
    rows = client.read(load("graph/select_entities"), selector=selector, ids=ids)
    found = [Entity(row["id"], row["name"], EntityType(row["type"])) for row in rows]
    fitting = [entity for entity in found if entity_type in (None, entity.type)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise EntitySelectionError(
            f"{selector!r} names {len(fitting)} entities; name the type, or use the id",
            hint=_candidates(fitting),
        )
    near = found or match_words(client, selector, limit=1).entities
    what = f"no {entity_type} is named" if entity_type else "no entity is named"
    raise EntitySelectionError(f"{what} {selector!r}", hint=_candidates(near))


def _candidates(entities: Iterable[Entity]) -> str:
    shown = [f"{e.id[:_SHORT_ID_CHARS]} {e.name} ({e.type})" for e in entities][:_SHOWN]
    return (
        f"Candidates: {'; '.join(shown)}" if shown else "See `kg-videorag cypher run top_entities`."
    )

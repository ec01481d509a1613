"""One name, one type: what a thing is does not change from sentence to sentence.

An entity's id hashes its type, so a model that calls "Apollo 11" a product in one sentence and an
event in the next would make two nodes of it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from kg_videorag.identity import normalise_name
from kg_videorag.model import EntityType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg_videorag.model import Extraction

_ORDER = {entity_type: rank for rank, entity_type in enumerate(EntityType)}


def settle_types(extractions: Sequence[Extraction]) -> list[Extraction]:
    """The same extractions, each name with the type that has most confidence behind it.

    Among equals the order of `EntityType` decides, whatever the order of the texts.
    """
    votes: defaultdict[str, Counter[EntityType]] = defaultdict(Counter)
    for extraction in extractions:
        for entity in extraction.entities:
            votes[normalise_name(entity.name)][entity.type] += round(1000 * entity.confidence)
    types = {
        name: min(counts, key=lambda kind: (-counts[kind], _ORDER[kind]))
        for name, counts in votes.items()
    }
    return [
        replace(
            extraction,
            entities=tuple(
                replace(entity, type=types[normalise_name(entity.name)])
                for entity in extraction.entities
            ),
        )
        for extraction in extractions
    ]

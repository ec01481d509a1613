"""From phrases found sentence by sentence to the entities of one video.

A sentence alone does not settle what a thing is, nor whether a plain noun matters. Over all
sentences of a call one name gets one type, and a common noun is an entity where it is related
to something somewhere; it is then mentioned wherever it is said. "He" is whoever was named.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from kg_videorag.engines.grammar.pronouns import resolve_pronouns
from kg_videorag.engines.grammar.values import Basis, Candidate, Kind, Reading
from kg_videorag.model import EntityType, Extraction, TextEntity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Vote = tuple[Basis, EntityType]

_BY_THEMSELVES = (Kind.NAME, Kind.PRONOUN)  # no common nouns
_ORDER = {entity_type: rank for rank, entity_type in enumerate(EntityType)}


def settle(readings: Sequence[Reading]) -> list[Extraction]:
    """One extraction per reading, with the types and nouns of all of them."""
    types = _types(readings)
    readings = resolve_pronouns(readings, types)
    related = {
        reading.candidates[end].key
        for reading in readings
        for relation in reading.relations
        for end in (relation.subject, relation.object)
    }
    return [_extraction(reading, types, related) for reading in readings]


def _types(readings: Sequence[Reading]) -> Mapping[str, EntityType]:
    votes: defaultdict[str, Counter[Vote]] = defaultdict(Counter)
    for reading in readings:
        for candidate in reading.candidates:
            if candidate.phrase.kind is Kind.PRONOUN:
                continue
            votes[candidate.key][candidate.phrase.basis, candidate.phrase.type] += 1
    elected = {key: _elected(counts) for key, counts in votes.items()}
    surnames = {
        key.rsplit(" ", 1)[-1]
        for key, (_, entity_type) in elected.items()
        if entity_type is EntityType.PERSON and " " in key
    }
    return {key: _by_surname(key, vote, surnames) for key, vote in elected.items()}


def _elected(counts: Counter[Vote]) -> Vote:
    """The majority among the votes on the strongest basis, ties by the types' order."""

    def rank(vote: Vote) -> tuple[Basis, int, int]:
        basis, entity_type = vote
        return basis, -counts[vote], _ORDER[entity_type]

    return min(counts, key=rank)


def _by_surname(key: str, vote: Vote, surnames: set[str]) -> EntityType:
    """A person for "Armstrong" where "Neil Armstrong" is one, unless it is known for a place."""
    basis, entity_type = vote
    is_weak = basis >= Basis.MODEL and entity_type is not EntityType.PLACE
    return EntityType.PERSON if is_weak and key in surnames else entity_type


def _extraction(reading: Reading, types: Mapping[str, EntityType], related: set[str]) -> Extraction:
    kept = [
        n
        for n, candidate in enumerate(reading.candidates)
        if candidate.phrase.kind in _BY_THEMSELVES or candidate.key in related
    ]
    place = {old: new for new, old in enumerate(kept)}
    return Extraction(
        entities=tuple(_entity(reading.candidates[n], types) for n in kept),
        relations=tuple(
            replace(r, subject=place[r.subject], object=place[r.object])
            for r in reading.relations
            if reading.candidates[r.subject].key != reading.candidates[r.object].key
        ),
    )


def _entity(candidate: Candidate, types: Mapping[str, EntityType]) -> TextEntity:
    return TextEntity(
        name=candidate.name,
        type=types[candidate.key],
        start_char=candidate.start_char,
        end_char=candidate.end_char,
        confidence=candidate.phrase.confidence,
        stands_for=candidate.stands_for,
    )

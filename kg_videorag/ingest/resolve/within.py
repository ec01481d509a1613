"""Names of one video: "Carter" and "Dr. Carter" are Helen Carter where she is the only one.

Unlike SAME_AS, which joins what two videos say, this changes what a mention points at before it is
written; its surface stays what was said. Pronouns that an extractor took for names are dropped.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import regex

from kg_videorag.identity import entity_id, mention_id, relation_id
from kg_videorag.ingest.resolve.lists import TITLES_OF_MEN, TITLES_OF_WOMEN, form
from kg_videorag.ingest.resolve.names import is_pronoun, read_name
from kg_videorag.ingest.resolve.rules import contradict
from kg_videorag.model import Entity, EntityType

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kg_videorag.ingest.extract import ExtractedGraph
    from kg_videorag.ingest.resolve.names import Name
    from kg_videorag.model import Mention, Relation, Segment

_TITLED_SURNAME = regex.compile(r"(\p{L}+)\.?\s+(\p{Lu}[\p{L}’'-]+)")


def resolve_within(
    graph: ExtractedGraph, segments: Sequence[Segment], *, join: bool = True
) -> ExtractedGraph:
    """What the sentences of a video say, with one entity for each person.

    Args:
        graph: As an extractor found it.
        segments: What it was found in.
        join: Whether short names are joined to full ones; pronouns are dropped in any case.
    """
    named = _without(graph, {e.id for e in graph.entities if is_pronoun(e.name)})
    return _renamed(named, _full_names(named, segments)) if join else named


@dataclass(frozen=True, slots=True)
class _Person:
    """A person by the full name: the entities that bear it, with or without a title."""

    name: Name
    entity: Entity


def _without(graph: ExtractedGraph, dropped: set[str]) -> ExtractedGraph:
    if not dropped:
        return graph
    return replace(
        graph,
        entities=tuple(e for e in graph.entities if e.id not in dropped),
        mentions=tuple(m for m in graph.mentions if m.entity_id not in dropped),
        relations=tuple(
            r for r in graph.relations if dropped.isdisjoint((r.subject_id, r.object_id))
        ),
    )


def _full_names(graph: ExtractedGraph, segments: Sequence[Segment]) -> dict[str, Entity]:
    """By id of an entity that goes by another name: whom it is."""
    mentions: defaultdict[str, int] = defaultdict(int)
    for mention in graph.mentions:
        mentions[mention.entity_id] += 1
    names = {e.id: (e, read_name(e.name, e.type)) for e in graph.entities if _may_be_named(e)}
    persons = _persons(names, mentions)
    by_surname: defaultdict[str, list[_Person]] = defaultdict(list)
    for person in {p.entity.id: p for p in persons.values()}.values():
        by_surname[person.name.stems[-1]].append(person)
    two_sexes = _of_both_sexes(segments)
    full = {i: p.entity for i, p in persons.items() if p.entity.id != i}
    for identity, (entity, name) in names.items():
        if len(name.words) == 1 and name.stems[0] not in two_sexes:
            fitting = [p for p in _whom(entity, name, by_surname, persons) if _fits(name, p)]
            if len(fitting) == 1:
                full[identity] = fitting[0].entity
    return full


def _may_be_named(entity: Entity) -> bool:
    """Persons, and what is written as a name but was taken for none: "Carter" alone."""
    return entity.type in (EntityType.PERSON, EntityType.CONCEPT) and entity.name[:1].isupper()


def _persons(
    names: Mapping[str, tuple[Entity, Name]], mentions: Mapping[str, int]
) -> dict[str, _Person]:
    """Persons of two words and more by the ids that are theirs; one in several cases is one."""
    found: defaultdict[tuple[tuple[str, ...], str], list[tuple[Entity, Name]]] = defaultdict(list)
    for entity, name in names.values():
        is_person = (
            name.is_person or name.is_russian
        )  # without a model all Russian names are concepts
        if is_person and len(name.words) > 1 and not name.numbers:
            found[name.stems, name.suffix].append((entity, name))
    persons: dict[str, _Person] = {}
    for same in found.values():
        entity, name = min(same, key=lambda one: (not one[1].is_person, -mentions[one[0].id]))
        person = _Person(name, _untitled(entity, name))
        persons |= {other.id: person for other, _ in same}
    return persons


def _untitled(entity: Entity, name: Name) -> Entity:
    """The entity by its name alone: "Doctor Helen Carter" is the Helen Carter of other videos."""
    if not name.titles:
        return entity
    bare = " ".join(entity.name.split()[len(name.titles) :])
    return Entity(entity_id(entity.type, bare), bare, entity.type)


def _whom(
    entity: Entity,
    name: Name,
    by_surname: Mapping[str, Sequence[_Person]],
    persons: Mapping[str, _Person],
) -> list[_Person]:
    """Persons whose surname a lone word is, or else whose given name."""
    stem = name.stems[0]
    if found := by_surname.get(stem):
        return list(found)
    if entity.type is not EntityType.PERSON or name.titles:
        return []
    distinct = {person.entity.id: person for person in persons.values()}
    return [person for person in distinct.values() if person.name.stems[0] == stem]


def _fits(name: Name, person: _Person) -> bool:
    return not contradict(name, person.name) or not name.is_person


def _of_both_sexes(segments: Iterable[Segment]) -> set[str]:
    """Surnames that a man and a woman of the video bear, told by their titles."""
    sexes: defaultdict[str, set[str]] = defaultdict(set)
    for segment in segments:
        for said in (segment.speech, segment.screen_text):
            for title, surname in _TITLED_SURNAME.findall(said, overlapped=True):
                known = form(title.casefold())
                sex = "m" if known in TITLES_OF_MEN else "f" if known in TITLES_OF_WOMEN else ""
                if sex:
                    sexes[form(surname.casefold().replace("ё", "е"))].add(sex)  # noqa: RUF001
    return {surname for surname, told in sexes.items() if len(told) > 1}


def _renamed(graph: ExtractedGraph, full: Mapping[str, Entity]) -> ExtractedGraph:
    """The same, with every entity of `full` in the place of the one that it is."""
    if not full:
        return graph
    entities: dict[str, Entity] = {}
    for entity in graph.entities:
        whole = full.get(entity.id, entity)
        entities.setdefault(whole.id, whole)
    mentions: dict[str, Mention] = {}
    for mention in graph.mentions:
        moved = _moved(mention, full)
        known = mentions.setdefault(moved.id, moved)
        mentions[moved.id] = replace(known, confidence=max(known.confidence, moved.confidence))
    relations: dict[str, Relation] = {}
    for relation in graph.relations:
        joined = _rejoined(relation, full)
        if joined.subject_id != joined.object_id:
            relations.setdefault(joined.id, joined)
    return replace(
        graph,
        entities=tuple(entities.values()),
        mentions=tuple(mentions.values()),
        relations=tuple(relations.values()),
    )


def _moved(mention: Mention, full: Mapping[str, Entity]) -> Mention:
    whole = full.get(mention.entity_id)
    if whole is None:
        return mention
    identity = mention_id(mention.segment_id, whole.id, mention.modality, mention.span)
    return replace(mention, id=identity, entity_id=whole.id)


def _rejoined(relation: Relation, full: Mapping[str, Entity]) -> Relation:
    subject, object_ = (
        full[i].id if i in full else i for i in (relation.subject_id, relation.object_id)
    )
    if (subject, object_) == (relation.subject_id, relation.object_id):
        return relation
    parts = (subject, relation.predicate, object_, relation.segment_id)
    identity = relation_id(*parts, relation.span.start_ms, relation.modality)
    return replace(relation, id=identity, subject_id=subject, object_id=object_)

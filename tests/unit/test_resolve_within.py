"""Short names of one video become mentions of the full one; pronouns become nothing."""

from __future__ import annotations

from itertools import pairwise

import pytest

from kg_videorag import identity
from kg_videorag.ingest.extract import ExtractedGraph
from kg_videorag.ingest.resolve.within import resolve_within
from kg_videorag.model import (
    Entity,
    EntityType,
    Mention,
    Modality,
    Relation,
    Segment,
    Sentence,
    Span,
)

P, C, L = EntityType.PERSON, EntityType.CONCEPT, EntityType.PLACE
ORG = EntityType.ORGANIZATION


def extracted(*sentences):
    """A segment a sentence: its text and the (type, name) it mentions, each told of the next."""
    segments, entities, mentions, relations = [], {}, [], []
    for index, (text, *named) in enumerate(sentences):
        span = Span(index * 10_000, index * 10_000 + 10_000)
        segment = identity.segment_id("v", span, "test")
        segments.append(Segment(segment, "v", index, span, (Sentence(text, span),)))
        ids = []
        for place, (kind, name) in enumerate(named):
            entity = identity.entity_id(kind, name)
            entities.setdefault(entity, Entity(entity, name, kind))
            ids.append(entity)
            at = Span(span.start_ms + place, span.start_ms + place + 1)
            key = identity.mention_id(segment, entity, Modality.SPEECH, at)
            mentions.append(Mention(key, segment, entity, Modality.SPEECH, at, name, 0.9))
        for subject, object_ in pairwise(ids):
            parts = (subject, "know", object_, segment)
            key = identity.relation_id(*parts, span.start_ms, Modality.SPEECH)
            relations.append(Relation(key, *parts, Modality.SPEECH, span, text, 0.8))
    graph = ExtractedGraph(tuple(entities.values()), tuple(mentions), tuple(relations))
    return graph, segments


def said(graph):
    """Surface and the name that it stands for now, in order."""
    names = {entity.id: entity.name for entity in graph.entities}
    return [(mention.surface, names[mention.entity_id]) for mention in graph.mentions]


def whom(*sentences):
    graph, segments = extracted(*sentences)
    resolved = resolve_within(graph, segments)
    assert {m.entity_id for m in resolved.mentions} == {e.id for e in resolved.entities}
    return said(resolved)


def test_short_forms_are_the_one_person_who_bears_the_name():
    assert whom(
        ("", (P, "Doctor Helen Carter")),
        ("", (P, "Helen Carter"), (L, "Ohio")),
        ("", (P, "Carter")),
        ("", (P, "Dr. Carter")),
        ("", (C, "Carter")),
        ("", (P, "Helen")),
    ) == [
        ("Doctor Helen Carter", "Helen Carter"),
        ("Helen Carter", "Helen Carter"),
        ("Ohio", "Ohio"),
        ("Carter", "Helen Carter"),
        ("Dr. Carter", "Helen Carter"),
        ("Carter", "Helen Carter"),
        ("Helen", "Helen Carter"),
    ]


def test_a_title_alone_is_left_out_of_the_name():
    graph, segments = extracted(("", (P, "Senator John Glenn")), ("", (P, "King Charles")))
    resolved = resolve_within(graph, segments)
    glenn = identity.entity_id(P, "John Glenn")
    assert (resolved.entities[0].id, resolved.entities[0].name) == (glenn, "John Glenn")
    assert resolved.entities[1].name == "King Charles"


@pytest.mark.parametrize(
    "sentences",
    [
        pytest.param([(P, "Helen Carter"), (P, "John Carter"), (P, "Carter")], id="two Carters"),
        pytest.param([(P, "John Adams"), (P, "John Quincy Adams"), (P, "Adams")], id="father, son"),
        pytest.param([(P, "Ann Lee"), (P, "Ann Berg"), (P, "Ann")], id="two Anns"),
        pytest.param([(P, "William Boeing"), (ORG, "Boeing")], id="the firm is not its founder"),
        pytest.param([(P, "Veronica Lake"), (L, "Lake")], id="a place"),
        pytest.param([(P, "Helen Carter"), (C, "carter")], id="a common noun"),
        pytest.param([(P, "Helen Carter"), (P, "Dr. Helen")], id="nobody is Doctor Helen"),
    ],
)
def test_who_may_be_another_stays_alone(sentences):
    assert whom(*(("", named) for named in sentences)) == [(name, name) for _, name in sentences]


def test_a_husband_is_not_his_wife():
    texts = ("Mr. Keller met Mrs. Keller.", (P, "Keller")), ("", (P, "Susan Keller"))
    assert whom(*texts)[0] == ("Keller", "Keller")
    texts = ("Mrs. Keller spoke.", (P, "Keller")), ("", (P, "Susan Keller"))
    assert whom(*texts)[0] == ("Keller", "Susan Keller")


def test_russian_names_in_any_case_are_one():
    found = whom(
        ("", (C, "Юрий Гагарин")),
        ("", (C, "Юрий Гагарин")),
        ("", (C, "Юрия Гагарина")),
        ("", (C, "Гагарину")),
        ("", (C, "Королёв")),
    )
    assert {name for surface, name in found if "агарин" in surface} == {"Юрий Гагарин"}
    assert found[-1] == ("Королёв", "Королёв")


def test_relations_follow_and_ids_are_those_of_the_new_ends():
    graph, segments = extracted(
        ("", (P, "Helen Carter"), (L, "Ohio")), ("", (P, "Carter"), (L, "Ohio")),
        ("", (P, "Helen Carter"), (P, "Carter")),
    )  # fmt: skip
    resolved = resolve_within(graph, segments)
    carter, ohio = identity.entity_id(P, "Helen Carter"), identity.entity_id(L, "Ohio")
    assert {(r.subject_id, r.object_id) for r in resolved.relations} == {(carter, ohio)}
    assert len(resolved.relations) == 2, "nobody is told of herself"
    for relation in resolved.relations:
        parts = (carter, "know", ohio, relation.segment_id)
        assert relation.id == identity.relation_id(*parts, relation.span.start_ms, Modality.SPEECH)
    for mention in resolved.mentions:
        assert mention.id == identity.mention_id(
            mention.segment_id, mention.entity_id, mention.modality, mention.span
        )


def test_pronouns_are_dropped_whatever_the_extractor_says():
    sentences = [("", (P, "She"), (L, "US"), (P, "Ann")), ("", (C, "Они"), (ORG, "WHO"))]
    assert whom(*sentences) == [("US", "US"), ("Ann", "Ann"), ("WHO", "WHO")]
    graph, segments = extracted(*sentences, ("", (P, "Ann Lee")))
    kept = resolve_within(graph, segments, join=False)
    assert ("Ann", "Ann") in said(kept)
    assert ("She", "She") not in said(kept)
    assert [(r.subject_id, r.object_id) for r in kept.relations] == [
        (identity.entity_id(L, "US"), identity.entity_id(P, "Ann"))
    ]


def test_what_needs_nothing_is_the_same():
    graph, segments = extracted(("", (P, "Ann Lee"), (L, "Ohio")))
    assert resolve_within(graph, segments) == graph
    assert resolve_within(ExtractedGraph(), []) == ExtractedGraph()
    once, _ = extracted(("", (P, "Ann Lee")), ("", (P, "Lee")))
    resolved = resolve_within(once, segments)
    assert resolve_within(resolved, segments) == resolved

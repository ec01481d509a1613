"""What is told of "he" and "she", by spaCy's real small model."""

from __future__ import annotations

import pytest

from kg_videorag.engines.spacy import SpacyExtractor
from kg_videorag.identity import entity_id
from kg_videorag.ingest.extract import extract_graph
from kg_videorag.model import EntityType, Segment, Sentence, Span


@pytest.fixture(scope="module")
def extractor():
    return SpacyExtractor()


def told(extractor, *texts):
    """Whom a pronoun means, and what is told of them."""
    return {
        (found.entities[r.subject].stands_for, r.predicate, found.entities[r.object].name)
        for found in extractor.extract(texts)
        for r in found.relations
        if found.entities[r.subject].stands_for
    }


ARMSTRONG = "Neil Armstrong was born in Ohio."
RAIN = ("It rained.", "It snowed.")
HE_FLEW = "He flew at Edwards Air Force Base."
FLEW = ("Neil Armstrong", "fly at", "Edwards Air Force Base")


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param([ARMSTRONG, HE_FLEW], id="the sentence before"),
        pytest.param([ARMSTRONG, "It rained.", HE_FLEW], id="a window"),
        pytest.param(
            [ARMSTRONG, "Armstrong was quiet.", HE_FLEW],
            id="the fuller name",
        ),
        pytest.param(
            [ARMSTRONG, *RAIN, "He studied at Purdue University.", *RAIN, HE_FLEW],
            id="going on about him",
        ),
    ],
)
def test_a_pronoun_is_the_one_person_named_before(extractor, texts):
    assert FLEW in told(extractor, *texts)


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param([HE_FLEW], id="nobody"),
        pytest.param(["The rain fell in Ohio.", HE_FLEW], id="a place"),
        pytest.param(["Neil Armstrong met John Glenn.", HE_FLEW], id="two"),
        pytest.param(
            [ARMSTRONG, *["It rained."] * 3, HE_FLEW],
            id="too far back",
        ),
        pytest.param(
            [
                *[ARMSTRONG, "He studied at Purdue University."] * 2,
                *[ARMSTRONG, "She flew at Edwards Air Force Base."],
            ],
            id="the other sex",
        ),
        pytest.param([ARMSTRONG, "It flew at Edwards Air Force Base."], id="it"),
        pytest.param([ARMSTRONG, "They flew at Edwards Air Force Base."], id="they"),
        pytest.param([ARMSTRONG, "Did he fly at Edwards Air Force Base?"], id="a question"),
    ],
)
def test_who_may_be_another_is_dropped(extractor, texts):
    assert all(base != "Edwards Air Force Base" for _, _, base in told(extractor, *texts))


def test_a_pronoun_of_which_nothing_is_told_is_no_mention(extractor):
    found = extractor.extract([ARMSTRONG, "He slept."])
    assert found[1].entities == ()


def test_the_graph_has_the_person_and_the_surface_has_the_pronoun(extractor):
    span = Span(0, 10_000)
    texts = (ARMSTRONG, "He flew at Edwards Air Force Base.")
    sentences = tuple(
        Sentence(text, Span(n * 5_000, n * 5_000 + 5_000)) for n, text in enumerate(texts)
    )
    graph = extract_graph([Segment("s", "v", 0, span, sentences)], extractor)
    person = entity_id(EntityType.PERSON, "Neil Armstrong")
    assert [e.name for e in graph.entities if e.type is EntityType.PERSON] == ["Neil Armstrong"]
    assert [m.surface for m in graph.mentions if m.entity_id == person] == ["Neil Armstrong", "He"]
    (relation,) = (r for r in graph.relations if r.predicate == "fly at")
    assert relation.subject_id == person
    assert relation.span == sentences[1].span
    assert relation.confidence < 0.6

"""What every `Extractor` keeps to, whatever it is made of."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

from kg_videorag.compose import Composition
from kg_videorag.config import load_settings
from kg_videorag.engines.spacy import SPACY_ENGLISH, SpacyExtractor
from kg_videorag.errors import EngineUnavailable
from kg_videorag.model import EntityType, Extraction
from kg_videorag.ports import Extractor

# What each is set up with; the values are settings, or fixtures' names.
ADAPTERS = {
    "spacy": {},
    "gliner": {"extractor_model": "tiny_gliner", "device": "cpu"},
    "llm": {"llm_url": "reader_server"},
}

PLAIN = [
    "Marie Curie was born in Warsaw, Poland, in 1867.",
    "She moved to Paris in 1891 and studied at the Sorbonne.",
    "Apollo 11 was launched by a Saturn V rocket.",
    "Nothing in particular was said here.",
]
HARD = [
    "",
    "   \t\n ",
    "😀 Neil Armstrong 😀 landed on the Moon 🌕.",
    "Neil\x00 Armstrong\x1b[31m landed\x07 on the Moon.\x00",
    "Neil\nArmstrong\r\nlanded on the\u200b Moon.",
    "half a surrogate \ud83d and Neil Armstrong",
    "Мария Кюри родилась в Варшаве и работала в Париже.",
    "玛丽·居里出生于华沙。",
    "ماري كوري ولدت في وارسو",
    "I I I V V X 11 11 11 - - - & & & of of of 's 's",
    "NEIL ARMSTRONG LANDED ON THE MOON IN 1969",
    "neil armstrong landed on the moon in 1969",
    "<script>alert('x')</script> MATCH (n) DETACH DELETE n",
    "?",
    "n't",
]
LONG = [
    "Neil Armstrong landed on the Moon. " * 2000,
    "x" * 50_000,
]


@pytest.fixture(scope="module", params=ADAPTERS)
def extractor(request, tmp_path_factory):
    """Made as a command makes it, from settings."""
    made_here = {"tiny_gliner", "reader_server"}
    chosen = {
        name: str(request.getfixturevalue(value)) if value in made_here else value
        for name, value in ADAPTERS[request.param].items()
    }
    cache = tmp_path_factory.mktemp("cache")
    settings = load_settings(extractor=request.param, cache_dir=cache, **chosen)
    return Composition(settings).engine("extractor")


def test_says_who_it_is_without_loading(extractor):
    assert isinstance(extractor, Extractor)
    assert extractor.name
    assert extractor.version
    assert extractor.check().ready


@pytest.mark.parametrize("texts", [[], PLAIN, HARD], ids=["none", "plain", "hard"])
def test_one_extraction_per_text(extractor, texts):
    found = extractor.extract(texts)
    assert len(found) == len(texts)
    assert all(isinstance(extraction, Extraction) for extraction in found)


def test_extractions_are_in_the_order_of_the_texts(extractor):
    found = extractor.extract(PLAIN)
    assert "Marie Curie" in {e.name for e in found[0].entities}
    assert "Apollo 11" in {e.name for e in found[2].entities}
    assert found[3] == Extraction()


@pytest.mark.parametrize("text", PLAIN + HARD + LONG, ids=lambda text: ascii(text[:20]))
def test_offsets_types_and_indices_are_valid(extractor, text):
    (found,) = extractor.extract([text])
    for entity in found.entities:
        assert text[entity.start_char : entity.end_char] == entity.name
        assert entity.name.strip() == entity.name != ""
        assert entity.name.isprintable()
        assert isinstance(entity.type, EntityType)
        assert 0 < entity.confidence <= 1
    starts = [entity.start_char for entity in found.entities]
    assert starts == sorted(starts), "entities stand in order of appearance"
    for relation in found.relations:
        ends = (found.entities[relation.subject], found.entities[relation.object])
        assert 0 <= relation.subject != relation.object >= 0
        assert relation.start_char <= min(end.start_char for end in ends)
        assert max(end.end_char for end in ends) <= relation.end_char <= len(text)
        assert relation.predicate == relation.predicate.strip().lower() != ""
        assert 0 < relation.confidence <= 1


@pytest.mark.parametrize("text", ["", "   \t\n ", "?"])
def test_no_words_no_entities(extractor, text):
    assert list(extractor.extract([text])) == [Extraction()]


def test_a_long_text_is_read_to_its_end(extractor):
    (found,) = extractor.extract([LONG[0]])
    assert found.entities[-1].end_char > len(LONG[0]) - 100


def test_a_thousand_texts_are_read_each(extractor):
    texts = [text for text in PLAIN + HARD if text.strip()] * 60
    found = extractor.extract(texts)
    assert len(found) == len(texts) >= 1000
    assert found[-1] == found[len(texts) // 60 - 1]
    assert {e.name for e in found[-len(texts) // 60].entities} >= {"Marie Curie", "Warsaw"}


def test_pronouns_are_nobody(extractor):
    (found,) = extractor.extract(["She gave it to him, and they thanked her for this."])
    assert found.entities == ()


def test_the_same_texts_give_the_same(extractor):
    assert extractor.extract(PLAIN + HARD) == extractor.extract(PLAIN + HARD)


def test_a_batch_differs_from_single_texts_in_settled_types_alone(extractor):
    alone = [extractor.extract([text])[0] for text in PLAIN]
    for single, batched in zip(alone, extractor.extract(PLAIN), strict=True):
        assert {e.name for e in single.entities} <= {e.name for e in batched.entities}
        assert len(single.relations) <= len(batched.relations)  # "she" is named before


def test_other_scripts_give_names(extractor):
    (found,) = extractor.extract(["Мария Кюри родилась в Варшаве и работала в Париже."])
    assert [e.name for e in found.entities] == ["Мария Кюри", "Варшаве", "Париже"]


def test_one_name_has_one_type(extractor):
    found = extractor.extract(PLAIN + HARD)
    types = {(e.name, e.type) for extraction in found for e in extraction.entities}
    assert len(types) == len({name for name, _ in types})


def test_gliner_finds_no_fewer_relations_than_the_grammar(tiny_gliner, tmp_path):
    settings = load_settings(
        extractor="gliner", extractor_model=str(tiny_gliner), device="cpu", cache_dir=tmp_path
    )
    texts = [*PLAIN, "The astronaut John Glenn flew a Mercury capsule for NASA."]
    of_both = Composition(settings).engine("extractor").extract(texts)
    of_grammar = SpacyExtractor().extract(texts)
    assert [len(e.relations) for e in of_both] == [len(e.relations) for e in of_grammar]
    assert sum(len(e.relations) for e in of_both) >= 4
    (curie, *_) = of_both[0].entities
    assert (curie.name, curie.type) == ("Marie Curie", EntityType.PERSON)
    assert curie.confidence != of_grammar[0].entities[0].confidence  # it is GLiNER's own


def test_spacy_knows_no_types_and_no_relations_in_other_scripts():
    (found,) = SpacyExtractor().extract(["Мария Кюри родилась в Варшаве и работала в Париже."])
    assert {e.type for e in found.entities} == {EntityType.CONCEPT}
    assert found.relations == ()


@pytest.mark.parametrize("name", ADAPTERS)
def test_libraries_are_imported_by_the_first_text_alone(name):
    program = (
        "import sys; from kg_videorag.compose import Composition as C;"
        f"from kg_videorag.config import load_settings as s; e = C(s(extractor={name!r}));"
        "e = e.engine('extractor'); e.version; e.check();"
        "sys.exit(bool({'spacy', 'torch', 'numpy', 'gliner', 'openai'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_spacy_refuses_weights_that_are_not_those_pinned(monkeypatch):
    damaged = replace(SPACY_ENGLISH, sha256="0" * 64)
    monkeypatch.setattr("kg_videorag.engines.spacy.SPACY_ENGLISH", damaged)
    extractor = SpacyExtractor()
    state = extractor.check()
    assert (state.ready, state.checksum) == (False, "mismatch")
    with pytest.raises(EngineUnavailable) as caught:
        extractor.extract(["Neil Armstrong landed on the Moon."])
    assert caught.value.hint == state.hint != ""

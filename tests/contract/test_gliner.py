"""GLiNER on a tiny model: how it is loaded, what is refused, what a long text is cut into."""

from __future__ import annotations

import json
import pickle
import shutil
import socket

import pytest

from kg_videorag.compose import Composition
from kg_videorag.config import load_settings
from kg_videorag.engines.gliner_model import GLINER_MULTI, MDEBERTA, GlinerSource
from kg_videorag.engines.joined_names import join_names
from kg_videorag.errors import EngineUnavailable
from kg_videorag.model import EntityType, Extraction, TextEntity, TextRelation
from kg_videorag.wanted_models import of_settings


def engine(model):
    settings = load_settings(extractor="gliner", extractor_model=str(model), device="cpu")
    return Composition(settings).engine("extractor")


@pytest.fixture
def copy(tiny_gliner, tmp_path):
    """The same model, to be changed."""
    return shutil.copytree(tiny_gliner, tmp_path / "copy")


def change(folder, **values):
    file = folder / "gliner_config.json"
    file.write_text(json.dumps(json.loads(file.read_bytes()) | values), encoding="utf-8")


def test_names_have_the_models_types_and_its_own_confidence(tiny_gliner):
    (found,) = engine(tiny_gliner).extract(["Мария Кюри родилась в Варшаве и работала в Париже."])
    assert [(e.name, e.type) for e in found.entities] == [
        ("Мария Кюри", EntityType.PERSON),
        ("Варшаве", EntityType.PLACE),
        ("Париже", EntityType.PLACE),
    ]
    assert all(0.5 < e.confidence <= 1 for e in found.entities)
    assert found.relations == ()


def test_a_text_longer_than_the_model_reads_is_cut_between_sentences(tiny_gliner):
    text = "Мария Кюри в Париже. " * 40
    model = engine(tiny_gliner)
    assert model._model.config.max_len == 24  # words and full stops: 4 sentences and a part
    pieces = list(model._pieces(text))
    assert [content for _, content in pieces] == [("Мария Кюри в Париже. " * 4).strip()] * 10
    assert all(text[start:].startswith(content) for start, content in pieces)
    (found,) = model.extract([text])
    assert found.entities[-1].start_char > len(text) * 0.9
    assert all(text[e.start_char : e.end_char] == e.name for e in found.entities)


def test_it_is_loaded_without_a_network(tiny_gliner, monkeypatch):
    def refused(*_):
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refused)
    (found,) = engine(tiny_gliner).extract(["Neil Armstrong landed on the Moon."])
    assert "Neil Armstrong" in {e.name for e in found.entities}


def test_weights_in_pickles_are_read_as_weights_alone(copy):
    import torch
    from safetensors.torch import load_file

    weights = copy / "model.safetensors"
    if weights.exists():
        torch.save(load_file(weights), copy / "pytorch_model.bin")
        weights.unlink()
    (found,) = engine(copy).extract(["Мария Кюри в Париже."])
    assert len(found.entities) == 2
    (copy / "pytorch_model.bin").write_bytes(pickle.dumps({"a": shutil.rmtree}))
    with pytest.raises(EngineUnavailable, match="does not load"):
        engine(copy).extract(["Мария Кюри в Париже."])


@pytest.mark.parametrize("part", ["encoder_config", "labels_encoder_config"])
def test_a_model_that_brings_code_is_refused(copy, part):
    config = json.loads((copy / "gliner_config.json").read_bytes())
    brought = (config.get(part) or {}) | {"auto_map": {"AutoModel": "evil.Model"}}
    change(copy, **{part: brought})
    assert not engine(copy).check().ready
    with pytest.raises(EngineUnavailable, match="code of its own, which is not run"):
        engine(copy).extract(["Мария Кюри в Париже."])


@pytest.mark.parametrize("damage", ["no config", "no JSON", "no weights", "no folder"])
def test_what_is_missing_is_told_before_it_is_needed(copy, damage):
    if damage == "no config":
        (copy / "gliner_config.json").unlink()
    elif damage == "no JSON":
        (copy / "gliner_config.json").write_text("{", encoding="utf-8")
    elif damage == "no weights":
        (copy / "pytorch_model.bin").unlink(missing_ok=True)
        (copy / "model.safetensors").unlink(missing_ok=True)
    else:
        shutil.rmtree(copy)
    extractor = engine(copy)
    state = extractor.check()
    assert not state.ready
    with pytest.raises(EngineUnavailable) as caught:
        extractor.extract(["Мария Кюри в Париже."])
    assert caught.value.hint == state.hint != ""


@pytest.mark.usefixtures("empty_hub")
def test_the_default_model_wants_its_encoders_tokenizer_too():
    settings = load_settings(extractor="gliner")
    state = Composition(settings).engine("extractor").check()
    assert not state.ready
    assert "models fetch urchade/gliner_multi-v2.1" in state.hint
    wanted = {m.name: m.source.licence for m in of_settings(settings)[0] if m.kind == "extractor"}
    assert wanted == {GLINER_MULTI.repo: "Apache-2.0", MDEBERTA.repo: "MIT"}


@pytest.mark.usefixtures("empty_hub")
def test_a_model_that_only_names_its_encoder_wants_that_from_the_hub(copy):
    change(copy, model_name="some/encoder", encoder_config=None)
    assert [model.repo for model in GlinerSource(str(copy)).hub_models] == ["some/encoder"]
    assert "models fetch some/encoder" in engine(copy).check().hint


def name(text, start, kind=EntityType.PERSON):
    return TextEntity(text, kind, start, start + len(text), 0.9)


def told(subject, object_, start, end):
    return TextRelation(subject, "met", object_, start, end, 0.7)


def test_relations_go_to_the_names_that_stand_at_their_ends():
    # "Dr. Ann Lee met Bob in Rome"
    grammar = Extraction((name("Ann Lee", 4), name("Bob", 16)), (told(0, 1, 4, 19),))
    joined = join_names([name("Rome", 23), name("Dr. Ann Lee", 0)], grammar)
    assert [e.name for e in joined.entities] == ["Dr. Ann Lee", "Bob", "Rome"]
    (relation,) = joined.relations
    assert (relation.subject, relation.object, relation.start_char) == (0, 1, 0)


def test_a_name_that_swallows_both_ends_of_a_relation_gives_way():
    # "Ann of Rome met Bob"
    grammar = Extraction((name("Ann", 0), name("Rome", 7)), (told(0, 1, 0, 11),))
    joined = join_names([name("Ann of Rome", 0), name("Bob", 16)], grammar)
    assert [e.name for e in joined.entities] == ["Ann", "Rome", "Bob"]
    assert len(joined.relations) == 1


def test_what_the_grammar_names_and_tells_nothing_of_is_left_out():
    assert join_names([], Extraction((name("Ann", 0),))) == Extraction()

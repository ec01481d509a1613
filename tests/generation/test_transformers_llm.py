"""A tiny Llama, loaded and asked by the code that loads a large one."""

from __future__ import annotations

import json
import shutil

import pytest

from kg_videorag.engines.model_source import LLAMA
from kg_videorag.engines.transformers_llm import TransformersGenerator
from kg_videorag.errors import ConfigError, EngineError, EngineUnavailable
from kg_videorag.ports import GeneratorOptions

QUESTION = "Where was Neil Armstrong born?"
SAID = "Neil Armstrong was born in Ohio. [1]"


@pytest.fixture
def new(tmp_path, tiny_llama):
    def new(**options):
        given = {"model": str(tiny_llama), "device": "cpu", "temperature": 0.0, **options}
        return TransformersGenerator(None, options=GeneratorOptions(tmp_path, **given))

    return new


@pytest.fixture
def changed(tmp_path, tiny_llama):
    """The tiny Llama with values of one of its JSON files changed; None takes one out."""

    def changed(file, **values):
        folder = tmp_path / "changed"
        shutil.copytree(tiny_llama, folder, dirs_exist_ok=True)
        stated = json.loads((folder / file).read_text()) | values
        kept = {name: value for name, value in stated.items() if value is not None}
        (folder / file).write_text(json.dumps(kept))
        return str(folder)

    return changed


def test_a_folder_is_named_by_its_name_and_needs_no_hub(new):
    generator = new()
    assert generator.model == "tiny-llama"
    assert generator.hub_models == ()
    assert generator.check().ready


def test_without_a_name_it_is_llama_and_the_hint_brings_it(new, monkeypatch, tmp_path, library):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    generator = new(model="")
    assert generator.model == "meta-llama/Llama-3.2-3B-Instruct"
    assert generator.hub_models == (LLAMA,)
    state = generator.check()
    assert not state.ready
    assert "KGV_HUB_TOKEN" in state.hint
    with pytest.raises(EngineUnavailable, match=r"Llama-3\.2-3B-Instruct is not on this machine"):
        generator.generate(QUESTION, library)


def test_another_name_is_one_of_the_hub(new, monkeypatch, tmp_path):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    generator = new(model="owner/other")
    assert generator.model == "owner/other"
    assert [model.repo for model in generator.hub_models] == ["owner/other"]
    assert "models fetch owner/other" in generator.check().hint


def test_a_model_without_a_chat_template_gets_plain_text(new, tiny_llama, tmp_path, library):
    folder = tmp_path / "plain"
    shutil.copytree(tiny_llama, folder)
    (folder / "chat_template.jinja").unlink()
    assert new(model=str(folder)).generate(QUESTION, library) == SAID


def test_a_template_that_refuses_a_system_message_gets_one_message(
    new, tiny_llama, tmp_path, library
):
    folder = tmp_path / "gemma"
    shutil.copytree(tiny_llama, folder)
    template = folder / "chat_template.jinja"
    refusal = "{% if messages[0].role == 'system' %}{{ raise_exception('no') }}{% endif %}"
    template.write_text(refusal + template.read_text())
    assert new(model=str(folder)).generate(QUESTION, library) == SAID


def test_evidence_that_the_model_cannot_read_is_left_out_from_the_end(
    new, changed, evidence, caplog
):
    # prompt and answer take 240 words of these
    folder = changed("config.json", max_position_embeddings=420)
    items = [evidence(f"s{n}", "word " * 50) for n in range(5)]
    assert new(model=folder, max_tokens=16).generate(QUESTION, items) == SAID
    assert "of 5 pieces of evidence" in caplog.text


def test_a_model_that_cannot_read_one_piece_is_told(new, changed, library):
    folder = changed("config.json", max_position_embeddings=64)
    with pytest.raises(EngineError, match="reads 64 tokens, too few") as caught:
        new(model=folder).generate(QUESTION, library)
    assert "KGV_MAX_TOKENS" in caught.value.hint


def test_an_answer_keeps_to_its_tokens_and_ends_with_a_sentence(new, library, caplog):
    assert new(max_tokens=4).generate(QUESTION, library) == "Neil Armstrong was born"
    assert "cut at 4 tokens" in caplog.text
    caplog.clear()
    assert new(max_tokens=8).generate(QUESTION, library) == SAID  # the eighth ends it
    assert not caplog.text


@pytest.mark.parametrize("dtype", ["float32", "bfloat16", "auto"])
def test_it_calculates_in_the_numbers_that_are_asked_for(dtype, new, library):
    import torch

    generator = new(dtype=dtype)
    assert generator.generate(QUESTION, library) == SAID
    wanted = torch.float32 if dtype == "auto" else getattr(torch, dtype)
    assert next(generator._loaded[1].parameters()).dtype is wanted


def test_settings_that_the_machine_cannot_keep_are_told(new, library):
    import torch

    with pytest.raises(ConfigError, match="KGV_DTYPE is int8"):
        new(dtype="int8").generate(QUESTION, library)
    if not torch.cuda.is_available():
        with pytest.raises(EngineUnavailable, match="finds no device 'cuda'"):
            new(device="cuda").generate(QUESTION, library)


@pytest.mark.parametrize("damage", ["empty", "config", "weights", "shape"])
def test_a_folder_that_holds_no_model_is_told(damage, new, changed, tmp_path, library):
    folder = tmp_path / "changed"
    if damage == "shape":
        changed("config.json", hidden_size=32)
    elif damage == "empty":
        folder.mkdir()
    else:
        changed("config.json")
        file = {"config": "config.json", "weights": "model.safetensors"}[damage]
        (folder / file).write_bytes(b"{ not what it should be")
    generator = new(model=str(folder))
    assert generator.check().ready == (damage != "empty")
    with pytest.raises(EngineUnavailable, match="changed cannot be loaded: ") as caught:
        generator.generate(QUESTION, library)
    assert "\n" not in caught.value.message
    assert str(folder) not in caught.value.hint


def test_code_that_a_model_brings_is_not_run(new, changed, tmp_path, library):
    ran = tmp_path / "ran"
    folder = changed(
        "config.json",
        model_type="evil",
        auto_map={"AutoConfig": "evil.Config", "AutoModelForCausalLM": "evil.Model"},
    )
    (tmp_path / "changed" / "evil.py").write_text(f"open({str(ran)!r}, 'w')\n")
    with pytest.raises(EngineUnavailable):
        new(model=folder).generate(QUESTION, library)
    assert not ran.exists()


def test_memory_that_is_full_is_told(new, library, monkeypatch):
    import torch

    generator = new()
    _, model = generator._loaded

    def full(**_):
        raise torch.cuda.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB")

    monkeypatch.setattr(model, "generate", full)
    with pytest.raises(EngineError, match="tiny-llama: the card's memory is full") as caught:
        generator.generate(QUESTION, library)
    assert "smaller model" in caught.value.hint

"""Tiny models, loaded and shown pictures by the code that does so with large ones."""

from __future__ import annotations

import json
import re
import shutil

import pytest

from kg_videorag.engines.transformers_captioner import SMOLVLM, TransformersCaptioner
from kg_videorag.errors import ConfigError, EngineError, EngineUnavailable
from kg_videorag.ports import CaptionerOptions


@pytest.fixture
def new(tmp_path, tiny_smolvlm):
    def new(**options):
        given = {"model": str(tiny_smolvlm), "device": "cpu", **options}
        return TransformersCaptioner(options=CaptionerOptions(tmp_path, **given))

    return new


@pytest.fixture
def changed(tmp_path, tiny_smolvlm):
    """The tiny SmolVLM with values of one of its JSON files changed."""

    def changed(file="config.json", **values):
        folder = tmp_path / "changed"
        if not folder.exists():
            shutil.copytree(tiny_smolvlm, folder)
        stated = json.loads((folder / file).read_text()) | values
        (folder / file).write_text(json.dumps(stated))
        return folder

    return changed


@pytest.fixture
def given_to(monkeypatch):
    """What a model is given at each call: how many pictures and tokens."""

    def given_to(captioner):
        seen = []
        model = captioner._loaded.model
        generate = model.generate

        def noting(**given):
            seen.append((tuple(given["pixel_values"].shape), given.get("input_ids")))
            return generate(**given)

        monkeypatch.setattr(model, "generate", noting)
        return seen

    return given_to


def test_a_folder_is_named_by_its_name_and_needs_no_hub(new):
    captioner = new()
    assert captioner.model == "tiny-smolvlm"
    assert captioner.hub_models == ()
    assert captioner.check().ready
    # The print of the folder tells it from a model that gets the same name later.
    assert re.search(r"/tiny-smolvlm@[0-9a-f]{8}/prompt-1$", captioner.version)


def test_without_a_name_it_is_smolvlm_and_the_hint_brings_it(new, monkeypatch, tmp_path, plain):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    captioner = new(model="")
    assert captioner.hub_models == (SMOLVLM,)
    assert captioner.check().hint == (
        "Run `kg-videorag models fetch HuggingFaceTB/SmolVLM-500M-Instruct` (1.0 GB)."
    )
    with pytest.raises(EngineUnavailable, match="SmolVLM-500M-Instruct is not on this machine"):
        captioner.caption([plain("red")], "")


def test_of_any_other_name_only_safe_weights_are_fetched(new, monkeypatch, tmp_path):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    (model,) = new(model="owner/other").hub_models
    assert model.repo == "owner/other"
    assert "*.safetensors" in model.allow
    assert not [pattern for pattern in model.allow if "bin" in pattern or "onnx" in pattern]


def test_all_pictures_go_into_one_prompt_each_as_one_tile(new, plain, given_to):
    captioner = new()
    seen = given_to(captioner)
    captioner.caption([plain("red"), plain("blue"), plain("red")], "Words.")
    ((shape, tokens),) = seen
    assert shape[:2] == (1, 3)
    assert int((tokens == 5).sum()) == 3  # <image>, one a picture of 32 x 32


def test_a_model_without_a_template_sees_all_pictures_in_one_batch(new, tiny_blip, plain, given_to):
    captioner = new(model=str(tiny_blip))
    seen = given_to(captioner)
    said = captioner.caption([plain("red"), plain("blue"), plain("red")], "Words.")
    assert said == "A red slide. A blue slide."
    assert [shape[0] for shape, _ in seen] == [3]


def test_pictures_that_the_model_cannot_read_are_left_out(new, changed, plain, given_to):
    folder = changed()
    config = json.loads((folder / "config.json").read_text())
    config["text_config"]["max_position_embeddings"] = 190  # the words take some 60
    (folder / "config.json").write_text(json.dumps(config))
    captioner = new(model=str(folder))
    seen = given_to(captioner)
    assert captioner.caption([plain("blue")] * 16, "") == "A blue slide."
    assert seen[0][0][1] < 16


@pytest.mark.parametrize("dtype", ["float32", "bfloat16", "auto"])
def test_it_calculates_in_the_numbers_that_are_asked_for(dtype, new, plain):
    import torch

    captioner = new(dtype=dtype)
    assert captioner.caption([plain("red")], "") == "A red slide."
    wanted = torch.float32 if dtype == "auto" else getattr(torch, dtype)
    assert captioner._loaded.model.dtype is wanted


def test_settings_that_the_machine_cannot_keep_are_told(new, plain):
    import torch

    with pytest.raises(ConfigError, match="KGV_DTYPE is int8"):
        new(dtype="int8").caption([plain("red")], "")
    if not torch.cuda.is_available():
        with pytest.raises(EngineUnavailable, match="finds no device 'cuda'"):
            new(device="cuda").caption([plain("red")], "")


@pytest.mark.parametrize("damage", ["empty", "config", "weights", "pickle", "pictures", "kind"])
def test_a_folder_that_holds_no_vision_model_is_told(damage, new, changed, tmp_path, plain):
    folder = tmp_path / "changed"
    if damage == "empty":
        folder.mkdir()
    elif damage == "kind":
        changed(model_type="llama", architectures=["LlamaForCausalLM"])
    else:
        changed()
        if damage == "pickle":  # weights of a format that runs code are not looked at
            (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
        elif damage == "pictures":
            for file in folder.glob("*processor_config.json"):
                file.unlink()
        else:
            file = {"config": "config.json", "weights": "model.safetensors"}[damage]
            (folder / file).write_bytes(b"{ not what it should be")
    captioner = new(model=str(folder))
    assert captioner.check().ready == (damage != "empty")
    with pytest.raises(EngineUnavailable, match="changed cannot be loaded: ") as caught:
        captioner.caption([plain("red")], "")
    assert "\n" not in caught.value.message
    assert "KGV_CAPTIONER_MODEL" in caught.value.hint


def test_code_that_a_model_brings_is_not_run(new, changed, tmp_path, plain):
    ran = tmp_path / "ran"
    folder = changed(
        model_type="evil",
        auto_map={"AutoConfig": "evil.Config", "AutoModelForImageTextToText": "evil.Model"},
    )
    changed("preprocessor_config.json", auto_map={"AutoProcessor": "evil.Processor"})
    (folder / "evil.py").write_text(f"open({str(ran)!r}, 'w')\n")
    with pytest.raises(EngineUnavailable):
        new(model=str(folder)).caption([plain("red")], "")
    assert not ran.exists()


@pytest.mark.parametrize("full", [True, False])
def test_what_fails_while_it_looks_is_told(full, new, plain, monkeypatch):
    import torch

    captioner = new()

    def failing(**_):
        if full:
            raise torch.cuda.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB")
        raise RuntimeError("shapes\ndo not match")

    monkeypatch.setattr(captioner._loaded.model, "generate", failing)
    told = "the card's memory is full" if full else "failed: shapes$"
    with pytest.raises(EngineError, match=f"tiny-smolvlm:? {told}") as caught:
        captioner.caption([plain("red")], "")
    assert not isinstance(caught.value, EngineUnavailable)

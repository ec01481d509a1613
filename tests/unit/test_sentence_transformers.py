"""The embedder of the `full` profile: which model, how long its vectors, what is told if not."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest

from kg_videorag.config import load_settings
from kg_videorag.engines.minilm import MINILM, MiniLMEmbedder
from kg_videorag.engines.sentence_transformers import (
    BGE_M3,
    MULTILINGUAL_MINILM,
    SentenceTransformersEmbedder,
)
from kg_videorag.errors import EngineUnavailable

TEXTS = [
    "Neil Armstrong walked on the Moon.",
    "Who discovered radium?",
    "a big cat at rest",
    "The Saturn V rocket was developed at the Marshall Space Flight Center.",
]


@pytest.fixture
def embedder(tmp_path):
    def embedder(model="", device="cpu"):
        return SentenceTransformersEmbedder(cache_dir=tmp_path, model=str(model), device=device)

    return embedder


@pytest.fixture
def copied(tmp_path):
    """The packaged model in a folder of the test's own."""
    return shutil.copytree(MINILM.locate(), tmp_path / "minilm")


@pytest.fixture
def no_hub(monkeypatch, tmp_path):
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))


@pytest.mark.parametrize(
    ("name", "model", "dimension"),
    [
        ("", BGE_M3, 1024),
        ("BAAI/bge-m3", BGE_M3, 1024),
        (MULTILINGUAL_MINILM.repo, MULTILINGUAL_MINILM, 384),
    ],
)
@pytest.mark.usefixtures("no_hub")
def test_a_known_model_says_its_dimension_before_it_is_there(embedder, name, model, dimension):
    made = embedder(name)
    assert made.hub_models == (model,)
    assert made.dimension == dimension
    state = made.check()
    assert (state.ready, state.checksum, state.model) == (False, "missing", model.repo)
    assert f"kg-videorag models fetch {model.repo}" in state.hint


@pytest.mark.usefixtures("no_hub")
def test_a_missing_model_is_told_at_once(embedder):
    with pytest.raises(EngineUnavailable, match="BAAI/bge-m3 is not on this machine") as caught:
        embedder().embed(["x"])
    assert "models fetch BAAI/bge-m3" in caught.value.hint


@pytest.mark.usefixtures("no_hub")
def test_a_model_of_another_publisher_can_be_fetched_too(embedder):
    (model,) = embedder("acme/sentences").hub_models
    assert (model.repo, model.size_bytes) == ("acme/sentences", 0)
    assert "(size unknown)" in embedder("acme/sentences").check().hint


def test_a_folder_needs_no_hub(embedder):
    made = embedder(MINILM.locate())
    assert (made.hub_models, made.dimension) == ((), 384)


def test_its_vectors_are_those_of_the_other_library(embedder):
    ours = embedder(MINILM.locate()).embed(TEXTS)
    theirs = MiniLMEmbedder(cache_dir=load_settings().cache_dir).embed(TEXTS)
    assert (np.einsum("ij,ij->i", ours, theirs) > 0.99).all()


def test_a_folder_that_moves_stays_the_same_model_and_another_is_another(embedder, copied):
    moved = copied.parent / "elsewhere" / "minilm"
    before = embedder(copied).model
    shutil.copytree(copied, moved)
    assert embedder(moved).model == before
    (moved / "config.json").write_text("{}", encoding="utf-8")
    assert embedder(moved).model != before


def test_a_dense_layer_decides_the_dimension(embedder, copied):
    (copied / "3_Dense").mkdir()
    (copied / "3_Dense" / "config.json").write_text('{"out_features": 64}', encoding="utf-8")
    modules = json.loads((copied / "modules.json").read_text())
    modules.insert(2, {"idx": 2, "name": "2", "path": "3_Dense", "type": "x"})
    (copied / "modules.json").write_text(json.dumps(modules), encoding="utf-8")
    assert embedder(copied).dimension == 64


@pytest.mark.parametrize("folder", ["./nowhere", "/nowhere/model"])
def test_a_folder_without_a_model_is_told(embedder, folder):
    assert not embedder(folder).check().ready
    with pytest.raises(EngineUnavailable, match="holds no model") as caught:
        embedder(folder).embed(["x"])
    assert "KGV_EMBEDDER_MODEL" in caught.value.hint


@pytest.mark.parametrize("content", ["{", "[]", '[{"type": "x"}]', "7"])
def test_a_malformed_description_is_told(embedder, copied, content):
    (copied / "modules.json").write_text(content, encoding="utf-8")
    with pytest.raises(EngineUnavailable, match="minilm") as caught:
        _ = embedder(copied).dimension
    assert "\n" not in caught.value.message


def test_damaged_weights_are_told_in_one_line(embedder, copied):
    (copied / "model.safetensors").write_bytes(b"not weights")
    with pytest.raises(EngineUnavailable, match="does not load") as caught:
        embedder(copied).embed(["x"])
    assert "\n" not in caught.value.message
    assert caught.value.hint


def test_a_device_that_is_not_there_is_told(embedder):
    import torch

    if torch.cuda.is_available():
        assert embedder(MINILM.locate(), device="cuda").embed(["x"]).shape == (1, 384)
        return
    with pytest.raises(EngineUnavailable, match="finds no device 'cuda'"):
        embedder(MINILM.locate(), device="cuda").embed(["x"])

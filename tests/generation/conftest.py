"""A server that speaks the protocols of OpenAI and Ollama, and a Llama small enough to be made."""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any

import pytest

from kg_videorag.model import Evidence, Sentence, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

ANSWER = "Neil Armstrong was born in Ohio. [1]"
_CHAIN = "Neil Armstrong was born in Ohio. [1] <|end|>".split()


def evidence(name: str, *sentences: str, video: str = "v.mp4", start_s: int = 0) -> Evidence:
    """A segment of a minute; each sentence lasts five seconds."""
    start_ms = start_s * 1_000
    timed = tuple(
        Sentence(text, Span(start_ms + n * 5_000, start_ms + n * 5_000 + 5_000))
        for n, text in enumerate(sentences)
    )
    span = Span(start_ms, start_ms + 60_000)
    return Evidence(name, f"id of {video}", video, span, 1.0, ("text",), timed)


@pytest.fixture(name="evidence", scope="session")
def _evidence() -> Callable[..., Evidence]:
    return evidence


@pytest.fixture(scope="session")
def library() -> tuple[Evidence, ...]:
    """What the answers are about."""
    return (
        evidence("s1", "Neil Armstrong was born in Ohio.", "His wife was Janet Shearon."),
        evidence("s2", "Margaret Hamilton led the software team.", video="w.mp4"),
    )


@dataclass
class Server:
    """A model server of the tests.

    Args:
        url: Of its OpenAI-compatible address.
        replies: What it does at the next requests for an answer: a text, a status with a body
            and headers, raw bytes, or seconds to wait. The last one stays.
    """

    url: str = ""
    models: list[str] = field(default_factory=lambda: ["tiny"])
    replies: list[Any] = field(default_factory=lambda: [ANSWER])
    requests: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)
    streams: bool = True  # whether it can; else it sends the whole reply when asked to stream

    @property
    def prompts(self) -> list[str]:
        """Of each request for an answer, all that the model was told."""
        return [
            "\n".join(m["content"] for m in body.get("messages", ())) or str(body.get("prompt"))
            for _, _, body in self.requests
            if body
        ]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    state: Server

    def log_message(self, *_args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self.state.requests.append(
            (self.path, {k.lower(): v for k, v in self.headers.items()}, None)
        )
        models = [{"id": name, "object": "model"} for name in self.state.models]
        self._send(200, {"object": "list", "data": models})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.state.requests.append(
            (self.path, {k.lower(): v for k, v in self.headers.items()}, body)
        )
        replies = self.state.replies
        reply = replies.pop(0) if len(replies) > 1 else replies[0]
        if callable(reply):
            reply = reply(body)
        if isinstance(reply, float):
            time.sleep(reply)
            reply = ANSWER
        if isinstance(reply, tuple):
            self._send(*reply)
        elif isinstance(reply, bytes | dict):
            self._send(200, reply)
        elif self.path == "/api/generate":
            self._send(200, {"model": body["model"], "response": reply, "done": True})
        elif body.get("stream") and self.state.streams:
            self._send(200, events(reply), {"Content-Type": "text/event-stream"})
        elif self.path == "/api/chat":
            message = {"role": "assistant", "content": reply}
            self._send(200, {"model": body["model"], "message": message, "done": True})
        else:
            self._send(200, completion(reply))

    def _send(self, status: int, body: object, headers: dict[str, str] | None = None) -> None:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def completion(text: str | None, finish_reason: str = "stop") -> dict[str, Any]:
    """What OpenAI's protocol answers."""
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "message": message, "finish_reason": finish_reason}
    return {"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}


def events(text: str, finish_reason: str = "stop") -> bytes:
    """The same word by word, as server-sent events."""
    pieces = [(piece, None) for piece in re.findall(r"\s*\S+|\s+", text)]
    sent = []
    for piece, reason in [*pieces, (None, finish_reason)]:
        choice = {"index": 0, "delta": {"content": piece}, "finish_reason": reason}
        chunk = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
        sent.append(f"data: {json.dumps({**chunk, 'choices': [choice]})}\n\n")
    return "".join([*sent, "data: [DONE]\n\n"]).encode()


@pytest.fixture(name="events")
def _events() -> Callable[..., bytes]:
    return events


@pytest.fixture(name="completion")
def _completion() -> Callable[..., dict[str, Any]]:
    return completion


@pytest.fixture
def server(served: Callable[..., Any]) -> Iterator[Server]:
    """A real server on a free port of this machine."""
    state = Server()
    with served(_Handler, state):
        yield state


@pytest.fixture(scope="session")
def tiny_llama(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Llama and its tokenizer, saved as a hub's are.

    Its layers add nothing, and each word of its vocabulary leads to one other: after
    "<|assistant|>", or after "Answer:" where no chat template is used, it writes ANSWER.
    """
    import torch
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import WhitespaceSplit
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    special = ["<unk>", "<|begin|>", "<|end|>", "<|system|>", "<|user|>", "<|assistant|>"]
    words = list(dict.fromkeys([*special, *_CHAIN, "Answer:", "again", "and"]))
    vocabulary = {word: n for n, word in enumerate(words)}
    raw = Tokenizer(WordLevel(vocabulary, unk_token="<unk>"))
    raw.pre_tokenizer = WhitespaceSplit()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=raw,
        unk_token="<unk>",
        bos_token="<|begin|>",
        eos_token="<|end|>",
        additional_special_tokens=special[3:],
    )
    tokenizer.chat_template = (
        "<|begin|> {% for m in messages %}<|{{ m.role }}|> {{ m.content }} {% endfor %}"
        "{% if add_generation_prompt %}<|assistant|>{% endif %}"
    )
    size = 64
    model = LlamaForCausalLM(
        LlamaConfig(
            vocab_size=len(words), hidden_size=size, intermediate_size=size, num_hidden_layers=2,
            num_attention_heads=4, num_key_value_heads=2, max_position_embeddings=1024,
            bos_token_id=1, eos_token_id=2, tie_word_embeddings=False,
        )
    )  # fmt: skip
    following = dict(zip(["<|assistant|>", *_CHAIN], _CHAIN, strict=False))
    following |= {"Answer:": _CHAIN[0], "again": "and", "and": "again"}
    with torch.no_grad():
        for layer in model.model.layers:
            layer.self_attn.o_proj.weight.zero_()
            layer.mlp.down_proj.weight.zero_()
        model.model.embed_tokens.weight.copy_(torch.eye(len(words), size))
        model.lm_head.weight.zero_()
        for word, other in following.items():
            model.lm_head.weight[vocabulary[other], vocabulary[word]] = 5.0
    folder = tmp_path_factory.mktemp("models") / "tiny-llama"
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder

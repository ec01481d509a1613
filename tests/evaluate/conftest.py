"""A judge that follows a script, on loopback."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DIMENSIONS = (
    "comprehensiveness", "empowerment", "trustworthiness", "depth", "density", "overall",
)  # fmt: skip


@dataclass
class JudgeServer:
    """An OpenAI-compatible server whose replies a function of the prompt makes.

    Args:
        url: Its address.
        says: Given system and user part of a prompt, what the model writes; an integer is a
            status of failure.
        prompts: All that it was asked.
        busiest: How many requests it had at once.
    """

    url: str = ""
    says: Callable[[str, str], str | int] = lambda _system, _user: ""
    prompts: list[tuple[str, str]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    busy: int = 0
    busiest: int = 0
    lock: Any = field(default_factory=threading.Lock)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    state: JudgeServer

    def log_message(self, *_args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self._send(200, {"object": "list", "data": [{"id": "judge-1", "object": "model"}]})

    def do_POST(self) -> None:
        state = self.state
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        system, user = (message["content"] for message in body["messages"])
        with state.lock:
            state.prompts.append((system, user))
            state.keys.append(self.headers.get("Authorization", ""))
            state.busy += 1
            state.busiest = max(state.busiest, state.busy)
        said = state.says(system, user)
        with state.lock:
            state.busy -= 1
        if isinstance(said, int):
            self._send(said, {"error": {"message": "no"}})
            return
        message = {"role": "assistant", "content": said}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        self._send(
            200,
            {
                "id": "1", "object": "chat.completion", "created": 1, "model": "judge-1",
                "choices": [choice],
            },
        )  # fmt: skip

    def _send(self, status: int, body: object) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@pytest.fixture
def judge_server(served: Callable[..., Any]) -> Iterator[JudgeServer]:
    """A real server on a free port of this machine."""
    state = JudgeServer()
    with served(_Handler, state):
        yield state

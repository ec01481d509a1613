"""A model hub on this machine that speaks the few requests a download is made of."""

from __future__ import annotations

import contextlib
import hashlib
import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

REPO = "acme/tiny-model"
COMMIT = "c" * 40
LARGE_BYTES = 3_000_000  # several of what is read at once


@dataclass
class Hub:
    """What the hub holds, how it misbehaves, and what it was asked."""

    files: dict[str, bytes]
    large: set[str]  # these are named by sha256, as files in LFS are
    commit: str = COMMIT
    gated: bool = False
    token: str = ""  # that is let through where it is gated
    status: int = 0  # answered to everything, where not 0
    cut_bytes: int = 0  # the connection is cut after so many of a file, where not 0
    location: str = ""  # where plain files are redirected to, if not ""
    asked: list[tuple[str, str, str]] = field(default_factory=list)  # method, path, range
    slow_s: float = 0  # how long a file's content is waited for
    port: int = 0
    over: threading.Event = field(default_factory=threading.Event)  # ends all waiting

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def etag(self, name: str) -> str:
        content = self.files[name]
        if name in self.large:
            return hashlib.sha256(content).hexdigest()
        return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()

    def gets(self) -> list[tuple[str, str]]:
        """File and range of every download."""
        return [
            (path.rpartition("/")[2], span)
            for method, path, span in self.asked
            if method == "GET" and "/resolve/" in path
        ]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hub: Hub

    def log_message(self, *args) -> None:
        pass

    def do_HEAD(self) -> None:
        self._answer(b"")

    def do_GET(self) -> None:
        self._answer(None)

    def _answer(self, body: bytes | None) -> None:
        hub = self.hub
        hub.asked.append((self.command, self.path, self.headers.get("Range", "")))
        if hub.status:
            self._send(hub.status, {})
        elif self.path.startswith("/api/models/"):
            self._info()
        elif "/resolve/" in self.path:
            self._file(self.path.partition("/resolve/")[2].partition("/")[2], body)
        elif self.path.startswith("/plain/"):
            self._plain(self.path.removeprefix("/plain/"))
        else:
            self._send(404, {})

    def _info(self) -> None:
        repo, _, revision = self.path.removeprefix("/api/models/").partition("/revision/")
        if repo != REPO:
            self._send(404, {"X-Error-Code": "RepoNotFound"})
        elif revision not in ("main", self.hub.commit):
            self._send(404, {"X-Error-Code": "RevisionNotFound"})
        else:
            siblings = [{"rfilename": name} for name in self.hub.files]
            document = {"id": REPO, "sha": self.hub.commit, "siblings": siblings}
            self._send(200, {"Content-Type": "application/json"}, json.dumps(document).encode())

    def _file(self, name: str, body: bytes | None) -> None:
        hub = self.hub
        if hub.gated and self.headers.get("Authorization") != f"Bearer {hub.token}":
            self._send(403, {"X-Error-Code": "GatedRepo"})
            return
        headers = {"X-Repo-Commit": hub.commit, "ETag": f'"{hub.etag(name)}"'}
        if body is not None:
            self._send(200, headers | {"Content-Length": str(len(hub.files[name]))})
        else:
            self._content(name, headers)

    def _plain(self, name: str) -> None:
        if self.hub.location:
            self._send(302, {"Location": self.hub.location})
        elif name in self.hub.files:
            self._content(name, {})
        else:
            self._send(404, {})

    def _content(self, name: str, headers: dict[str, str]) -> None:
        content = self.hub.files[name]
        first = int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").partition("-")[0])
        status = 206 if first else 200
        if first:
            headers["Content-Range"] = f"bytes {first}-{len(content) - 1}/{len(content)}"
        self._send(status, headers, content[first:])

    def _send(self, status: int, headers: dict[str, str], content: bytes = b"") -> None:
        self.send_response(status)
        for header, value in {"Content-Length": str(len(content)), **headers}.items():
            self.send_header(header, value)
        self.end_headers()
        if self.command != "GET":
            return
        if content and "/resolve/" in self.path:
            self.hub.over.wait(self.hub.slow_s)
        cut = self.hub.cut_bytes
        if cut and len(content) > cut:
            self.wfile.write(content[:cut])
            self.close_connection = True
        else:
            with contextlib.suppress(ConnectionError):  # a client may be killed on purpose
                self.wfile.write(content)


class _Server(ThreadingHTTPServer):
    def handle_error(self, request, client_address) -> None:
        """A client that went away, by being killed or by cutting a test short."""


@pytest.fixture
def served() -> Iterator[Hub]:
    """The hub, running."""
    hub = Hub(
        files={
            "config.json": b'{"hidden_size": 8}',
            "model.safetensors": bytes(range(256)) * (LARGE_BYTES // 256),
            "onnx/model.onnx": b"the same for another library",
        },
        large={"model.safetensors"},
    )
    handler = type("Handler", (_Handler,), {"hub": hub})
    with _Server(("127.0.0.1", 0), handler) as server:
        hub.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield hub
        hub.over.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def hub(served, tmp_path, monkeypatch) -> Hub:
    """The hub, and the hub's library told to ask it, with a cache of the test's own.

    The library reads its environment once, when it is imported, which another test may have done.
    """
    from huggingface_hub import constants, file_download

    monkeypatch.setattr(constants, "ENDPOINT", served.url)
    template = served.url + "/{repo_id}/resolve/{revision}/{filename}"
    monkeypatch.setattr(file_download, "HUGGINGFACE_CO_URL_TEMPLATE", template)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
    monkeypatch.setattr(constants, "DOWNLOAD_CHUNK_SIZE", 100_000)
    monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(tmp_path / "token"))
    monkeypatch.delenv("HF_TOKEN", raising=False)
    return served

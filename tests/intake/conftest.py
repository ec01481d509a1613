"""A web server on this machine that serves files, and misbehaves as it is told."""

from __future__ import annotations

import contextlib
import socket
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kg_videorag.intake.fetch import Fetcher
from kg_videorag.intake.shelf import Shelf
from kg_videorag.intake.terms import Patience, Terms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SAMPLE = Path(__file__).parents[2] / "samples" / "apollo_people.mp4"
HASTY = Patience(
    connect_s=2, read_s=0.5, window_s=0.6, window_bytes=64, attempts=3, pause_s=0.01,
    longest_pause_s=2,
)  # fmt: skip


@dataclass
class Page:
    """What is at a path.

    Args:
        content: Its bytes.
        kind: Its Content-Type.
        status: 200, or what else is answered.
        headers: More of them.
        etag: Where it is given, pieces can be asked for.
        cuts: After so many bytes the connection is cut, once for each entry.
        sized: Whether its length is said.
        drip_s: The pause after each byte.
    """

    content: bytes = b""
    kind: str = "video/mp4"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    etag: str = ""
    cuts: list[int] = field(default_factory=list)
    sized: bool = True
    drip_s: float = 0.0


@dataclass
class Web:
    """What the server holds, and what it was asked."""

    port: int = 0
    pages: dict[str, Page] = field(default_factory=dict)
    failing: dict[str, list[Page]] = field(default_factory=dict)  # answered first, in turn
    asked: list[tuple[str, str]] = field(default_factory=list)  # path, range
    seen: list[dict[str, str]] = field(default_factory=list)  # headers
    over: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def page(self, content: bytes = b"", **how: Any) -> Page:
        return Page(content, **how)

    def ranges(self, path: str) -> list[str]:
        return [span for asked, span in self.asked if asked == path]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    web: Web

    def log_message(self, *_: object) -> None:
        """Quiet."""

    def handle_one_request(self) -> None:
        with contextlib.suppress(ConnectionError):
            super().handle_one_request()

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        self.web.asked.append((self.path, self.headers.get("Range", "")))
        self.web.seen.append(dict(self.headers))
        queue = self.web.failing.get(self.path)
        page = queue.pop(0) if queue else self.web.pages.get(self.path, Page(status=404))
        begin = self._begin(page)
        self.send_response(206 if begin is not None else page.status)
        rest = page.content[begin or 0 :]
        if page.sized:
            self.send_header("Content-Length", str(len(rest)))
        else:
            self.send_header("Connection", "close")
            self.close_connection = True
        if begin is not None:
            end = len(page.content)
            self.send_header("Content-Range", f"bytes {begin}-{end - 1}/{end}")
        if page.etag:
            self.send_header("ETag", page.etag)
        self.send_header("Content-Type", page.kind)
        for name, value in page.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            with contextlib.suppress(ConnectionError):
                self._send(page, rest)

    def _begin(self, page: Page) -> int | None:
        span, same = self.headers.get("Range", ""), self.headers.get("If-Range")
        if not (span and page.etag and same in (None, page.etag)):
            return None
        return int(span.removeprefix("bytes=").partition("-")[0])

    def _send(self, page: Page, rest: bytes) -> None:
        if page.drip_s:
            for byte in rest:
                if self.web.over.wait(page.drip_s):
                    return
                self.wfile.write(bytes([byte]))
            return
        if page.cuts:
            self.wfile.write(rest[: page.cuts.pop(0)])
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
            return
        self.wfile.write(rest)


@pytest.fixture
def web() -> Iterator[Web]:
    served = Web()
    handler = type("Handler", (_Handler,), {"web": served})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    served.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield served
    served.over.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def fetcher(tmp_path: Path) -> Fetcher:
    """Brings files from this machine, hastily."""
    return Fetcher(Shelf(tmp_path / "downloads"), Terms(1 << 30, private=True, patience=HASTY))


@pytest.fixture
def sample() -> bytes:
    return SAMPLE.read_bytes()


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Makes up machines: each look at a name gives its next address, the last one for ever.

    The resolver is the seam: what is looked up in the world's directory is looked up here.
    """
    real = socket.getaddrinfo
    directory: dict[str, list[str]] = {}
    looked: list[str] = []

    def lookup(host: str, port: int, *rest: object, **options: object) -> list[tuple]:
        key = host.decode() if isinstance(host, bytes) else host
        if key not in directory:
            return real(host, port, *rest, **options)
        looked.append(key)
        answers = directory[key]
        address = answers.pop(0) if len(answers) > 1 else answers[0]
        return real(address, port, *rest, **options)

    monkeypatch.setattr(socket, "getaddrinfo", lookup)

    def add(host: str, *addresses: str) -> list[str]:
        directory[host] = list(addresses)
        return looked

    return add

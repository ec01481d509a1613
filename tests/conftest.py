"""What every test shares; the real Neo4j of the run among it."""

from __future__ import annotations

import logging
import os
import secrets
import signal
import subprocess
import sys
import threading
import wave
from contextlib import ExitStack, contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pytest_docker.plugin import get_docker_services

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    from kg_videorag.graph.client import Address, GraphClient
    from kg_videorag.graph.queries import Query

COMPOSE_FILE = Path(__file__).parents[1] / "docker" / "compose.yml"
SHARED = Path(__file__).parents[2] / "shared"
DOCKER, MANAGED = "docker/compose.yml", "the managed server"


def where_neo4j_runs(docker_answers: bool) -> str:
    """Where the tests' Neo4j runs; one of the two always does, so no test is ever skipped."""
    return DOCKER if docker_answers else MANAGED


@cache
def docker_answers() -> bool:
    """Whether there is a Docker engine, not only its command."""
    try:
        asked = subprocess.run(["docker", "info"], capture_output=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return asked.returncode == 0


def pytest_report_header() -> str:
    return f"neo4j: {where_neo4j_runs(docker_answers())}"


@contextmanager
def in_docker(version: str, folder: Path) -> Iterator[Address]:
    """A Neo4j of docker/compose.yml, for as long as it is used."""
    from kg_videorag.graph.client import Address

    password = secrets.token_hex(16)
    login = folder / "neo4j_auth"
    login.write_text(f"neo4j/{password}", encoding="ascii")
    login.chmod(0o600)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NEO4J_VERSION", version)
        patch.setenv("NEO4J_AUTH_FILE", str(login))
        patch.setenv("NEO4J_BOLT_PORT", "0")  # any that is free
        patch.setenv("NEO4J_HTTP_PORT", "0")
        project = f"kgv-test-{os.getpid()}-{version.replace('.', '-')}"
        with get_docker_services(
            "docker compose", str(COMPOSE_FILE), project, ["up --wait"], ["down -v"]
        ) as services:
            uri = f"bolt://127.0.0.1:{services.port_for('neo4j', 7687)}"
            yield Address(uri, "neo4j", password)


@contextmanager
def managed(folder: Path, version: str) -> Iterator[Address]:
    """A managed Neo4j of its own, for as long as it is used."""
    from kg_videorag.config import load_settings
    from kg_videorag.graph.server import ManagedServer

    yield address_of(folder, version)
    ManagedServer(folder, load_settings().cache_dir, version).stop()


def address_of(home: Path, version: str) -> Address:
    """How to enter the managed Neo4j of a data directory."""
    from kg_videorag.config import load_settings
    from kg_videorag.graph.client import Address
    from kg_videorag.graph.server import ManagedServer

    endpoint = ManagedServer(home, load_settings().cache_dir, version).ensure()
    return Address(endpoint.bolt_uri, endpoint.user, endpoint.password)


@pytest.fixture(autouse=True)
def _no_logged_errors(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """An ERROR in the log of a test that passes is a failure nobody saw."""
    yield
    errors = [r for r in caplog.get_records("call") if r.levelno >= logging.ERROR]
    assert not errors, [record.getMessage() for record in errors]


@pytest.fixture(scope="session", autouse=True)
def _interrupts_are_heard() -> None:
    """What a script runs in the background ignores Ctrl-C, and so would the commands tested."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def _own_settings() -> Iterator[None]:
    """Settings of whoever runs the tests do not reach them; the cache is shared on purpose."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith("KGV_") and name != "KGV_CACHE_DIR":
                patch.delenv(name)
        yield


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory, _own_settings: None) -> Iterator[Path]:
    """A data directory whose managed Neo4j runs for the whole session."""
    from kg_videorag.config import load_settings
    from kg_videorag.graph.server import ManagedServer

    folder = tmp_path_factory.mktemp("kgv-home")
    server = ManagedServer(folder, load_settings().cache_dir)
    server.ensure()
    yield folder
    server.stop()


@pytest.fixture(scope="session")
def neo4j_of(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, _own_settings: None
) -> Iterator[Callable[[str], GraphClient]]:
    """Connections to a Neo4j of each version, their schemas in place: in Docker, else managed."""
    from kg_videorag.graph.client import GraphClient
    from kg_videorag.graph.migrate import migrate
    from kg_videorag.graph.server import VERSION

    opened: dict[str, GraphClient] = {}
    with ExitStack() as stack:

        def of(version: str) -> GraphClient:
            if version not in opened:
                if where_neo4j_runs(docker_answers()) == DOCKER:
                    folder = tmp_path_factory.mktemp("docker")
                    address = stack.enter_context(in_docker(version, folder))
                elif version == VERSION:
                    address = address_of(request.getfixturevalue("home"), version)
                else:
                    folder = tmp_path_factory.mktemp("kgv-home")
                    address = stack.enter_context(managed(folder, version))
                client = stack.enter_context(GraphClient(address))
                migrate(client, dimension=384)
                opened[version] = client
            return opened[version]

        yield of


@pytest.fixture(scope="session")
def client(neo4j_of: Callable[[str], GraphClient]) -> GraphClient:
    """A connection to the Neo4j of the session, its schema in place."""
    from kg_videorag.graph.server import VERSION

    return neo4j_of(VERSION)


@pytest.fixture
def graph(client: GraphClient) -> GraphClient:
    """The same, with no data in it."""
    empty(client)
    return client


@pytest.fixture(scope="session", name="empty")
def _empty() -> Callable[[GraphClient], None]:
    return empty


def empty(client: GraphClient) -> None:
    """Take everything out but the schema's own nodes."""
    data = statement("MATCH (n) WHERE NOT n:Library AND NOT n:Migration DETACH DELETE n")
    client.write(lambda tx: tx.run(data))


@pytest.fixture(scope="session")
def imagebind_checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkpoint as its publisher's is made, of a model of random weights with 64-d blocks."""
    import torch

    from kg_videorag.engines.imagebind.checkpoint import import_package

    torch.manual_seed(7)
    sizes = {"out_embed_dim": 32}
    for tower in ("vision", "audio", "text", "depth", "thermal", "imu"):
        sizes |= {f"{tower}_embed_dim": 64, f"{tower}_num_blocks": 2, f"{tower}_num_heads": 1}
    path = tmp_path_factory.mktemp("imagebind") / "tiny.pth"
    torch.save(import_package().ImageBindModel(**sizes).state_dict(), path)
    return path


@pytest.fixture(scope="session")
def weights() -> Path:
    """Small real models, which lie beside the repository where its makers work."""
    folder = SHARED / "weights"
    if not folder.is_dir():
        pytest.skip("there is no ../shared/weights beside the repository")
    return folder


@pytest.fixture(scope="session")
def recordings() -> Path:
    """Real recordings, likewise."""
    folder = SHARED / "media"
    if not folder.is_dir():
        pytest.skip("there is no ../shared/media beside the repository")
    return folder


@pytest.fixture(scope="session", name="silence")
def _silence() -> Callable[..., None]:
    return silence


def silence(path: Path, *, seconds: int) -> None:
    """A file in which nothing is said, to be ingested quickly."""
    with wave.open(str(path), "wb") as sound:
        sound.setparams((1, 2, 16_000, 0, "NONE", ""))
        sound.writeframes(bytes(32_000 * seconds))


def statement(text: str) -> Query:
    """A statement that a test writes itself."""
    from kg_videorag.graph.queries import Query

    return Query("test", "", (), "", "", text)  # type: ignore[arg-type]


@contextmanager
def served(handler: type[BaseHTTPRequestHandler], state: Any) -> Iterator[None]:
    """A real server on a free port of this machine, for as long as it is used.

    Args:
        handler: Answers requests; its `state` is the one given.
        state: Gets the address as `url`.
    """
    bound = type("Handler", (handler,), {"state": state})
    with ThreadingHTTPServer(("127.0.0.1", 0), bound) as http:
        http.daemon_threads = True
        state.url = f"http://127.0.0.1:{http.server_address[1]}/v1"
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield
        http.shutdown()
        thread.join()


@pytest.fixture(scope="session", name="served")
def _served() -> Callable[..., Any]:
    return served


@pytest.fixture(name="conftest")
def _conftest() -> ModuleType:
    """This file, for what is tested of it."""
    return sys.modules[__name__]


@pytest.fixture(scope="session", name="statement")
def _statement() -> object:
    return statement

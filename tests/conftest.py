"""What every test shares; the real Neo4j of the run among it."""

from __future__ import annotations

import logging
import os
import wave
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from kg_videorag.graph.client import GraphClient
    from kg_videorag.graph.queries import Query


@pytest.fixture(autouse=True)
def _no_logged_errors(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """An ERROR in the log of a test that passes is a failure nobody saw."""
    yield
    errors = [r for r in caplog.get_records("call") if r.levelno >= logging.ERROR]
    assert not errors, [record.getMessage() for record in errors]


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
def client(home: Path) -> Iterator[GraphClient]:
    """A connection to that Neo4j, its schema in place."""
    from kg_videorag.config import load_settings
    from kg_videorag.graph.client import Address, GraphClient
    from kg_videorag.graph.migrate import migrate
    from kg_videorag.graph.server import ManagedServer

    endpoint = ManagedServer(home, load_settings().cache_dir).ensure()
    with GraphClient(Address(endpoint.bolt_uri, endpoint.user, endpoint.password)) as connected:
        migrate(connected, dimension=384)
        yield connected


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


@pytest.fixture(name="silence")
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


@pytest.fixture(name="statement")
def _statement() -> object:
    return statement

"""What the program itself starts is a managed Neo4j: these tests look into that one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kg_videorag.config import load_settings
from kg_videorag.graph.client import Address, GraphClient
from kg_videorag.graph.migrate import migrate
from kg_videorag.graph.server import ManagedServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def client(home: Path) -> Iterator[GraphClient]:
    """A connection to the managed Neo4j of `home`, its schema in place."""
    endpoint = ManagedServer(home, load_settings().cache_dir).ensure()
    with GraphClient(Address(endpoint.bolt_uri, endpoint.user, endpoint.password)) as connected:
        migrate(connected, dimension=384)
        yield connected

"""A library that was never used, met by several commands at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from kg_videorag.config import load_settings
from kg_videorag.graph.client import Address, GraphClient
from kg_videorag.graph.migrate import migrate, migrations
from kg_videorag.graph.server import ManagedServer


@pytest.fixture
def address(tmp_path):
    server = ManagedServer(tmp_path / "home", load_settings().cache_dir)
    endpoint = server.ensure()
    yield Address(endpoint.bolt_uri, endpoint.user, endpoint.password)
    server.stop()


def test_many_migrate_a_new_library_at_once(address, statement) -> None:
    def first_use(_: int) -> str:
        with GraphClient(address) as client:
            return migrate(client, dimension=384)

    with ThreadPoolExecutor(4) as pool:
        libraries = set(pool.map(first_use, range(4)))
    assert len(libraries) == 1
    with GraphClient(address) as client:
        rows = client.read(statement("MATCH (m:Migration) RETURN m.number AS number"))
        assert sorted(row["number"] for row in rows) == [m.number for m in migrations()]
        states = client.read(statement("SHOW INDEXES YIELD state RETURN DISTINCT state"))
        assert states == [{"state": "ONLINE"}]

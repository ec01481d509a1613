"""A Neo4j of one's own: encrypted, with a certificate and a login; one line for each fault."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from kg_videorag.config import load_settings
from kg_videorag.errors import GraphUnavailable
from kg_videorag.graph.client import Address, GraphClient
from kg_videorag.graph.server import ManagedServer, loopback, start
from kg_videorag.graph.server.conf import conf_text

if TYPE_CHECKING:
    from pathlib import Path

TLS = """
server.bolt.tls_level=REQUIRED
dbms.ssl.policy.bolt.enabled=true
dbms.ssl.policy.bolt.base_directory={folder}
dbms.ssl.policy.bolt.private_key=private.key
dbms.ssl.policy.bolt.public_certificate=public.crt
dbms.ssl.policy.bolt.client_auth=NONE
"""


def certificate(folder: Path) -> Path:
    """A certificate that nobody has signed but itself, for this machine."""
    made = folder / "public.crt"
    command = (
        f"openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=kg-videorag-test"
        f" -addext subjectAltName=IP:127.0.0.1 -keyout {folder / 'private.key'} -out {made}"
    )
    subprocess.run(command.split(), check=True, capture_output=True, timeout=60)
    return made


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server that takes encrypted connections alone; its address without scheme, and how in."""
    folder = tmp_path_factory.mktemp("tls")
    ca = certificate(folder)
    managed = ManagedServer(tmp_path_factory.mktemp("home"), load_settings().cache_dir)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            start, "conf_text", lambda *given: conf_text(*given) + TLS.format(folder=folder)
        )
        # A plain handshake is what this server refuses.
        patch.setattr(loopback, "answers_bolt", loopback.accepts)
        endpoint = managed.ensure()
    yield endpoint.bolt_uri.removeprefix("bolt://"), endpoint.password, ca
    managed.stop()


def enter(scheme, server, **changed):
    where, password, _ = server
    address = Address(f"{scheme}://{where}", "neo4j", changed.pop("password", password), **changed)
    with GraphClient(address) as client:
        return client.version


def test_encryption_without_a_check_of_the_certificate(server) -> None:
    assert enter("bolt+ssc", server) >= (2026,)


@pytest.mark.parametrize("scheme", ["bolt+s", "neo4j+s"])
def test_an_authority_can_be_named(scheme, server) -> None:
    assert enter(scheme, server, ca=server[2]) >= (2026,)


def refused(scheme, server, **changed):
    with pytest.raises(GraphUnavailable) as caught:
        enter(scheme, server, **changed)
    assert "\n" not in caught.value.message
    return caught.value


def test_a_certificate_that_nobody_trusts_is_refused(server) -> None:
    error = refused("bolt+s", server)
    assert error.message == "Neo4j's certificate is not trusted: self-signed certificate"
    assert "KGV_NEO4J_CA" in error.hint


def test_a_certificate_of_another_authority_is_refused(server, tmp_path) -> None:
    error = refused("bolt+s", server, ca=certificate(tmp_path))
    assert error.message.startswith("Neo4j's certificate is not trusted")


def test_a_plain_connection_is_refused(server) -> None:
    assert refused("bolt", server).message.startswith("Neo4j cannot be reached")


def test_a_wrong_password_is_told(server) -> None:
    error = refused("bolt+ssc", server, password="not the password")
    assert error.message.startswith("Neo4j refused the login")
    assert "KGV_NEO4J_PASSWORD" in error.hint
    assert "not the password" not in error.message


@pytest.mark.parametrize("scheme", ["bolt", "bolt+ssc"])
def test_an_authority_where_nothing_is_checked_is_told(scheme, server) -> None:
    error = refused(scheme, server, ca=server[2])
    assert "checks no certificate" in error.message
    assert "bolt+s://" in error.hint


@pytest.mark.parametrize("content", [None, "", "no certificate"])
def test_a_file_that_holds_no_certificate_is_told(content, server, tmp_path) -> None:
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_text(content, encoding="ascii")
    assert "holds no certificates" in refused("bolt+s", server, ca=file).message


def test_the_program_asks_such_a_server(server, tmp_path) -> None:
    where, password, ca = server
    environment = {name: value for name, value in os.environ.items() if name[:4] != "KGV_"}
    environment |= {
        "KGV_HOME": str(tmp_path / "home"),
        "KGV_CACHE_DIR": str(load_settings().cache_dir),
        "KGV_NEO4J_URI": f"bolt+s://{where}",
        "KGV_NEO4J_PASSWORD": password,
        "KGV_NEO4J_CA": str(ca),
    }
    done = subprocess.run(
        [sys.executable, "-m", "kg_videorag", "ask", "Who was there?", "--json"],
        capture_output=True, text=True, check=False, timeout=200, env=environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["answered"] is False
    assert password not in done.stderr
    assert not (tmp_path / "home" / "neo4j").exists(), "a server was started all the same"

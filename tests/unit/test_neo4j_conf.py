"""What the managed Neo4j is told, and the files and ports it lives by; without Java."""

from __future__ import annotations

import os
import socket
import stat
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kg_videorag.errors import GraphUnavailable
from kg_videorag.graph.server import loopback
from kg_videorag.graph.server.conf import (
    Memory,
    Ports,
    argument_file,
    conf_text,
    java_options,
    machine_memory,
    memory_for,
    path_fault,
    ports_in,
)
from kg_videorag.graph.server.files import ServerState, ServiceFiles

GIB = 1024**3
STATE = ServerState(
    pid=123,
    ports=Ports(bolt=7000, http=7001),
    version="2026.08.1",
    started_at=datetime(2026, 1, 2, 3, 4, tzinfo=UTC),
    watch_pid=124,
)


@pytest.fixture
def files(tmp_path: Path) -> ServiceFiles:
    files = ServiceFiles.of(tmp_path)
    files.create()
    return files


@pytest.mark.parametrize(
    ("total_gib", "limit_gib", "memory"),
    [
        (2, None, Memory(512, 256)),
        (16, None, Memory(2048, 2048)),
        (256, None, Memory(4096, 4096)),
        (16, 64, Memory(2048, 2048)),
        (16, 3, Memory(1536, 1536)),
        (16, 0.875, Memory(512, 384)),
        (16, 0.1, Memory(512, 256)),
    ],
)
def test_memory_is_an_eighth_each_within_bounds_and_the_limit_caps_both_together(
    total_gib, limit_gib, memory
):
    limit = None if limit_gib is None else int(limit_gib * GIB)
    assert memory_for(total_gib * GIB, limit) == memory


def test_the_machines_memory_is_known():
    assert 256 * 1024**2 < machine_memory() < 2**50


def test_the_ports_can_be_read_back_from_the_configuration():
    ports = Ports(bolt=27687, http=27474)
    assert ports_in(conf_text(ports, Memory(512, 256))) == ports


@pytest.mark.parametrize("text", ["", "server.bolt.listen_address=127.0.0.1:1\n", "nonsense"])
def test_another_text_names_no_ports(text):
    assert ports_in(text) is None


def test_every_address_is_a_loopback_one():
    lines = conf_text(Ports(1, 2), Memory(512, 256)).splitlines()
    addresses = [line.partition("=")[2] for line in lines if "_address=" in line]
    assert len(addresses) == 4
    assert all(address.startswith("127.0.0.1:") for address in addresses)


def test_arguments_are_quoted_as_java_reads_them():
    text = argument_file(["-cp", "/a b/ж.jar", 'x"y\\z'])
    assert text == '"-cp"\n"/a b/ж.jar"\n"x\\"y\\\\z"\n'


def test_the_java_options_hold_class_path_and_heap():
    text = java_options([Path("/a/x.jar"), Path("/b c/y.jar")], 512)
    assert '"/a/x.jar:/b c/y.jar"\n"-Xmx512m"\n' in text


@pytest.mark.parametrize(
    "name", ["plain", "two words", "каталог", 'quote"s', "a:b", "50%", "$HOME"]
)
def test_a_home_may_be_called_nearly_anything(name):
    assert path_fault(Path("/data", name)) == ""


@pytest.mark.parametrize("name", ["new\nline", "nul\0", os.fsdecode(b"\xff")])
def test_a_home_that_java_cannot_be_given_is_refused(name, tmp_path):
    with pytest.raises(GraphUnavailable, match="cannot keep its data") as caught:
        ServiceFiles.of(tmp_path / name)
    assert "KGV_HOME" in caught.value.hint


def test_a_colon_is_refused_in_a_class_path_alone():
    assert "colon" in path_fault(Path("/a:b"), on_class_path=True)


def test_a_home_is_the_same_by_whatever_path(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert ServiceFiles.of(tmp_path / "link") == ServiceFiles.of(tmp_path / "real" / ".." / "real")


def test_the_state_is_read_as_it_was_written_until_it_is_cleared(files):
    assert files.read_state() is None
    files.write_state(STATE)
    assert files.read_state() == STATE
    files.clear_state()
    files.clear_state()
    assert files.read_state() is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": 1}', '{"pid": "x", "ports": 3}'])
def test_a_damaged_state_is_none(files, text):
    files.write(files.root / "server.json", text)
    assert files.read_state() is None


def test_what_is_written_is_the_owners_alone(files):
    files.write(files.password, "secret")
    assert stat.S_IMODE(files.password.stat().st_mode) == 0o600
    assert stat.S_IMODE(files.root.stat().st_mode) == 0o700
    assert [path.name for path in files.root.glob("*.part")] == []


def test_use_is_remembered(files):
    assert files.unused_s() == float("inf")
    files.touch()
    assert files.unused_s() < 60
    past = time.time() - 3600
    os.utime(files.last_used, (past, past))
    assert files.unused_s() == pytest.approx(3600, abs=60)


def test_use_of_a_home_that_is_not_there_makes_nothing(tmp_path):
    ServiceFiles.of(tmp_path / "none").touch()
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("log", "complaint"),
    [
        ("", ""),
        ("INFO Starting...\n", "INFO Starting..."),
        ("x ERROR Failed to start\nINFO Stopped.\n", "x ERROR Failed to start"),
        ("Error: no main class\nlast\n", "Error: no main class"),
        ("a ERROR b\nCaused by: C: in use\n\tat x.Y(Z)\n\t... 3 more\n", "Caused by: C: in use"),
    ],
)
def test_the_log_is_quoted_where_it_says_why(files, log, complaint):
    files.write(files.log, log)
    assert files.last_complaint() == complaint


def test_ports_are_kept_while_they_are_free():
    first = loopback.choose_ports(None)
    assert first.bolt != first.http
    assert loopback.choose_ports(first) == first
    with socket.create_server(("127.0.0.1", first.bolt)):
        second = loopback.choose_ports(first)
    assert second.http == first.http
    assert second.bolt not in (first.bolt, first.http)


def test_a_listener_that_is_not_neo4j_does_not_answer_bolt():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        assert loopback.accepts(port)
        assert not loopback.answers_bolt(port, timeout_s=0.1)
    assert not loopback.accepts(port)
    assert not loopback.answers_bolt(port, timeout_s=0.1)

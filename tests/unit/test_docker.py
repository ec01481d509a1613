"""Which Neo4j the tests use, and the compose file: checked where no Docker engine is, too."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
import yaml

from kg_videorag.graph.server import VERSION

COMPOSE = Path(__file__).parents[2] / "docker" / "compose.yml"

# Stands in for Docker's command: writes down what it is asked, and answers.
DOCKER = """#!/bin/sh
echo "$NEO4J_VERSION $*" >> "{log}"
case "$*" in
  info) exit {info} ;;
  *" port neo4j 7687") echo 127.0.0.1:32768 ;;
esac
"""


@pytest.fixture
def docker(tmp_path, monkeypatch):
    """Puts a `docker` first on the path, and gives what it was asked."""
    log = tmp_path / "asked"
    log.touch()

    def install(info: int = 0):
        command = tmp_path / "bin" / "docker"
        command.parent.mkdir(exist_ok=True)
        command.write_text(DOCKER.format(log=log, info=info), encoding="ascii")
        command.chmod(0o755)
        monkeypatch.setenv("PATH", f"{command.parent}:/usr/bin:/bin")
        return lambda: log.read_text(encoding="utf-8").splitlines()

    return install


@pytest.mark.parametrize(
    ("answers", "where"), [(True, "docker/compose.yml"), (False, "the managed server")]
)
def test_some_neo4j_is_always_chosen(answers, where, conftest) -> None:
    assert conftest.where_neo4j_runs(answers) == where


@pytest.mark.parametrize(("exit_status", "answers"), [(0, True), (1, False)])
def test_an_engine_must_answer_not_only_its_command(exit_status, answers, conftest, docker) -> None:
    docker(exit_status)
    assert conftest.docker_answers.__wrapped__() is answers


def test_without_the_command_there_is_no_engine(conftest, monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert conftest.docker_answers.__wrapped__() is False


def test_the_header_says_which(conftest) -> None:
    chosen = conftest.where_neo4j_runs(conftest.docker_answers())
    assert conftest.pytest_report_header() == f"neo4j: {chosen}"


def test_a_container_is_waited_for_entered_and_taken_away(conftest, docker, tmp_path) -> None:
    asked = docker()
    with conftest.in_docker("5.26.31", tmp_path) as address:
        login = tmp_path / "neo4j_auth"
        assert address.uri == "bolt://127.0.0.1:32768"
        assert login.read_text(encoding="ascii") == f"neo4j/{address.password}"
        assert stat.S_IMODE(login.stat().st_mode) == 0o600
    up, port, down = asked()
    assert all(line.startswith(f"5.26.31 compose -f {COMPOSE} -p ") for line in (up, port, down))
    assert up.endswith(" up --wait")
    assert down.endswith(" down -v")
    assert address.password not in "".join(asked())


@pytest.fixture(scope="module")
def service():
    return yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"]["neo4j"]


def test_the_release_is_the_one_that_is_managed(service) -> None:
    assert service["image"] == f"neo4j:${{NEO4J_VERSION:-{VERSION}}}-community"


def test_it_is_reached_from_this_machine_alone(service) -> None:
    assert {port.rpartition(":")[2] for port in service["ports"]} == {"7474", "7687"}
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])


def test_no_password_stands_in_the_file(service) -> None:
    whole = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))
    assert "NEO4J_AUTH" not in service["environment"]
    assert service["environment"]["NEO4J_AUTH_FILE"] == "/run/secrets/neo4j_auth"
    assert whole["secrets"]["neo4j_auth"]["file"].startswith("${NEO4J_AUTH_FILE:?")


def test_it_says_when_it_is_ready_and_keeps_its_data(service) -> None:
    assert service["healthcheck"]["test"][:2] == ["CMD", "wget"]
    assert service["volumes"] == ["data:/data"]

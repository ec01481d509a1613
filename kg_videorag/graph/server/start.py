"""One start of the managed Neo4j: configuration, password, Java, and the wait until it answers."""

from __future__ import annotations

import secrets
import subprocess
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import psutil

from kg_videorag.errors import GraphUnavailable
from kg_videorag.graph.server import loopback, neo4j_process
from kg_videorag.graph.server.conf import (
    Ports,
    argument_file,
    conf_text,
    java_options,
    machine_memory,
    memory_for,
    ports_in,
)
from kg_videorag.graph.server.files import ServerState, password_missing

if TYPE_CHECKING:
    from pathlib import Path

    from kg_videorag.graph.server.files import ServiceFiles
    from kg_videorag.graph.server.jars import Installation

START_S = 120.0
_PORT_TRIES = 3


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a server is started from.

    Attributes:
        installation: Neo4j's jars.
        java: The Java command.
        version: Of Neo4j.
        idle_s: Without use for so many seconds, the server ends; 0 for never.
        memory_limit_bytes: Cap on heap and page cache together; None for none.
    """

    installation: Installation
    java: Path
    version: str
    idle_s: float
    memory_limit_bytes: int | None = None


def start(files: ServiceFiles, recipe: Recipe) -> ServerState:
    """Starts a server and waits until it takes queries. The lock must be held.

    Raises:
        GraphUnavailable: If it ends or does not answer within 120 s.
        OSError: If its files cannot be written or Java cannot be run.
    """
    _refuse_older(files, recipe.version)
    ports = _configure(files, recipe)
    _ensure_password(files, recipe.java)
    for _ in range(_PORT_TRIES):
        if state := _launch(files, recipe, ports):
            files.write(files.version, recipe.version + "\n")
            return state
        if loopback.is_free(ports.bolt) and loopback.is_free(ports.http):
            break
        # Somebody took a port between our choice and Java's start: choose again.
        ports = _configure(files, recipe)
    raise GraphUnavailable(
        f"Neo4j did not start: {files.last_complaint() or 'it printed nothing'}",
        hint=f"Its log is {files.log}.",
    )


def with_watch(files: ServiceFiles, state: ServerState, idle_s: float) -> ServerState:
    """Starts the idle watch of a server that has none. The lock must be held.

    Raises:
        OSError: If it could not be started.
    """
    watch = neo4j_process.launch_watch(files, state.pid, idle_s)
    watched = replace(state, watch_pid=watch.pid)
    files.write_state(watched)
    return watched


def end(files: ServiceFiles, state: ServerState) -> None:
    """Ends a server and its idle watch. The lock must be held.

    Raises:
        psutil.AccessDenied: If they belong to another user.
    """
    files.clear_state()
    for process in (
        neo4j_process.find_watch(files, state.watch_pid),
        neo4j_process.find(files, state.pid),
    ):
        if process:
            neo4j_process.terminate(process)


def _refuse_older(files: ServiceFiles, version: str) -> None:
    """Neo4j takes up the data of an older release, never of a newer one, and says so darkly."""
    try:
        former = files.version.read_text(encoding="ascii").strip()
        newer = _numbers(former) > _numbers(version)
    except (OSError, ValueError):  # never started, or by a release that wrote no such file
        return
    if newer:
        raise GraphUnavailable(
            f"this library was opened by Neo4j {former}: {version} cannot read it any more",
            hint=f"Set KGV_NEO4J_VERSION={former}, or KGV_HOME to another library.",
        )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in version.split("."))


def _configure(files: ServiceFiles, recipe: Recipe) -> Ports:
    """Writes what Neo4j reads at its start, with ports that are free now."""
    last = ports_in(files.conf.read_text(encoding="utf-8")) if files.conf.exists() else None
    ports = loopback.choose_ports(last)
    memory = memory_for(machine_memory(), recipe.memory_limit_bytes)
    files.write(files.conf, conf_text(ports, memory))
    options = java_options(recipe.installation.class_path, memory.heap_mib)
    files.write(files.java_options, options)
    return ports


def _launch(files: ServiceFiles, recipe: Recipe, ports: Ports) -> ServerState | None:
    """Starts Java; None if it ended before it was ready."""
    try:
        process = neo4j_process.launch_server(files, recipe.java, recipe.installation.main_class)
    except psutil.NoSuchProcess:
        return None
    state = ServerState(process.pid, ports, recipe.version, datetime.now(UTC))
    ready = False
    try:
        # At once, so that whoever comes after us finds it even if we are killed now.
        files.write_state(state)
        if recipe.idle_s > 0:
            state = with_watch(files, state, recipe.idle_s)
        ready = neo4j_process.await_ready(process, ports, START_S)
        if not ready and neo4j_process.is_alive(process):
            raise GraphUnavailable(
                f"Neo4j did not answer within {START_S:.0f} s",
                hint=f"The machine may be busy: try again. Its log is {files.log}.",
            )
    finally:
        if not ready:  # Ctrl-C comes here too
            end(files, state)
    return state if ready else None


def _ensure_password(files: ServiceFiles, java: Path) -> None:
    """Gives a new database a random password, by way of files that only their owner can read."""
    if files.password.exists():
        return
    if (files.root / "data" / "databases").exists():
        raise password_missing(files)
    password = secrets.token_hex(16)  # begins with nothing that the tool takes for an option
    arguments = files.root / "conf" / "password.args"
    files.write(
        arguments,
        argument_file(["org.neo4j.cli.AdminTool", "dbms", "set-initial-password", password]),
    )
    try:
        done = subprocess.run(
            [str(java), f"@{files.java_options}", f"@{arguments}"],
            env=neo4j_process.java_environment(files),
            cwd=files.root,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=START_S,
            check=False,
        )
    finally:
        arguments.unlink()
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise GraphUnavailable(
            f"Neo4j took no password: {said[0] if said else 'no reason given'}",
            hint=f"Its folder is {files.root}.",
        )
    # Last, so that a password in the file is always one that the database knows.
    files.write(files.password, password + "\n")

"""The processes of one managed Neo4j: starting, recognising and ending them.

A server is recognised by its command line, which names the home it serves. That holds whatever
became of the state file, and, unlike a process's creation time, when the clock is set.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import psutil

from kg_videorag.graph.server import loopback

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kg_videorag.graph.server.conf import Ports
    from kg_videorag.graph.server.files import ServiceFiles

_TERMINATE_S = 30.0  # Neo4j writes a checkpoint first
_POLL_S = 0.1
_WATCH = "kg_videorag.graph.server.idle_watch"


def home_argument(files: ServiceFiles) -> str:
    """The argument that tells a server its home, and us whose server it is."""
    return f"--home-dir={files.root}"


def find(files: ServiceFiles, pid: int) -> psutil.Process | None:
    """The process `pid` if it is this home's server and lives."""
    return _having(pid, home_argument(files))


def find_watch(files: ServiceFiles, pid: int) -> psutil.Process | None:
    """The process `pid` if it is this home's idle watch and lives."""
    return _having(pid, _WATCH, str(files.home))


def _having(pid: int, *arguments: str) -> psutil.Process | None:
    try:
        process = psutil.Process(pid)
        # A process that ended and was not waited for has no command line.
        return process if {*arguments} <= {*process.cmdline()} else None
    except (psutil.Error, ValueError, OverflowError):
        return None


def search(files: ServiceFiles) -> psutil.Process | None:
    """This home's server, looked for among all processes (tens of milliseconds)."""
    return _search(home_argument(files))


def search_watch(files: ServiceFiles) -> psutil.Process | None:
    """This home's idle watch, looked for among all processes."""
    return _search(_WATCH, str(files.home))


def _search(*arguments: str) -> psutil.Process | None:
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if {*arguments} <= {*process.cmdline()}:
                return process
    return None


def launch_server(files: ServiceFiles, java: Path, main_class: str) -> psutil.Process:
    """Starts a server that outlives this process and shares nothing with it.

    Raises:
        OSError: If it could not be started.
        psutil.NoSuchProcess: If it ended at once.
    """
    if files.log.exists():
        files.log.replace(files.log.with_suffix(".log.1"))
    command = [
        str(java),
        f"@{files.java_options}",
        main_class,
        home_argument(files),
        f"--config-dir={files.conf.parent}",
        "--console-mode",
    ]
    return _launch(command, files, java_environment(files))


def launch_watch(files: ServiceFiles, pid: int, idle_s: float) -> psutil.Process:
    """Starts the process that stops server `pid` once unused for `idle_s` seconds.

    Raises:
        OSError: If it could not be started.
        psutil.NoSuchProcess: If it ended at once.
    """
    # -P: the folder a user stands in must not be able to shadow a module.
    command = [sys.executable, "-P", "-m", _WATCH, str(files.home), str(pid), str(idle_s)]
    return _launch(command, files, None)


def java_environment(files: ServiceFiles) -> dict[str, str]:
    """What Java is told of this process's environment: nothing that changes how it works.

    JAVA_TOOL_OPTIONS, NEO4J_* and the like are meant for other servers, and a user's secrets
    are nothing to it.
    """
    kept = {name: os.environ[name] for name in ("HOME", "PATH", "TMPDIR") if name in os.environ}
    if sys.platform != "darwin":  # where paths are UTF-8 whatever the locale
        # In the C locale Java turns each letter of a path beyond ASCII into a question mark.
        kept["LC_ALL"] = "C.UTF-8"
    return kept | {"NEO4J_HOME": str(files.root), "NEO4J_CONF": str(files.conf.parent)}


def _launch(
    command: Sequence[str], files: ServiceFiles, environment: dict[str, str] | None
) -> psutil.Process:
    with files.log.open("ab") as log:
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=files.root,
            env=environment,
            start_new_session=True,  # Ctrl-C in the terminal is not meant for it
        )
    # It is to outlive us, so Popen must not complain of that; but should it end first, a thread
    # takes its exit status, else it would stay in the process table for as long as we run.
    child.returncode = 0
    threading.Thread(target=_reap, args=(child.pid,), daemon=True).start()
    return psutil.Process(child.pid)


def _reap(pid: int) -> None:
    with suppress(ChildProcessError):
        os.waitpid(pid, 0)


def await_ready(process: psutil.Process, ports: Ports, timeout_s: float) -> bool:
    """Waits until the server takes queries and shows Browser.

    Returns:
        True once it does; False if it ended or took longer than `timeout_s` seconds.
    """
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline and is_alive(process):
        if (
            loopback.accepts(ports.http)
            and loopback.answers_bolt(ports.bolt)
            and listens(process, ports)
        ):
            return True
        time.sleep(_POLL_S)
    return False


def is_alive(process: psutil.Process) -> bool:
    """Whether it still runs; one that ended and was not waited for does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def listens(process: psutil.Process, ports: Ports) -> bool:
    """Whether it is this process, not a stranger, that has the ports."""
    return {ports.bolt, ports.http} <= _local_ports(process, psutil.CONN_LISTEN, ports)


def is_connected(process: psutil.Process, ports: Ports) -> bool:
    """Whether any client, a driver or Browser, is connected to the server."""
    return not {ports.bolt, ports.http}.isdisjoint(
        _local_ports(process, psutil.CONN_ESTABLISHED, ports)
    )


def _local_ports(process: psutil.Process, status: str, unknown: Ports) -> set[int]:
    try:
        connections = process.net_connections(kind="tcp")
    except psutil.AccessDenied:
        # Where the system does not tell, it listens and is in use: so it is never stopped idly.
        return {unknown.bolt, unknown.http}
    except psutil.Error:
        return set()
    return {c.laddr.port for c in connections if c.laddr and c.status == status}


def terminate(process: psutil.Process) -> None:
    """Asks a process to end, and after 30 s makes it.

    Raises:
        psutil.AccessDenied: If it belongs to another user.
    """
    with suppress(psutil.NoSuchProcess):
        process.terminate()
        try:
            process.wait(_TERMINATE_S)
        except psutil.TimeoutExpired:
            process.kill()
            process.wait(_TERMINATE_S)

"""Ends a managed Neo4j that nobody uses: `python -m kg_videorag.graph.server.idle_watch`.

It is started with the server and ends with it. A server is in use while a client is connected
(a driver, or Browser, which keeps its connection open) and for a while after each command.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from kg_videorag.errors import GraphUnavailable
from kg_videorag.graph.server import neo4j_process
from kg_videorag.graph.server.files import ServiceFiles

if TYPE_CHECKING:
    import psutil

    from kg_videorag.graph.server.conf import Ports

_LOOKS_PER_IDLE = 5
_LONGEST_NAP_S = 60.0
_LOCK_S = 1.0


def watch(files: ServiceFiles, pid: int, idle_s: float) -> None:
    """Returns when server `pid` has ended, which this does once it was idle for `idle_s` s."""
    last_connected = time.time()
    while True:
        time.sleep(min(idle_s / _LOOKS_PER_IDLE, _LONGEST_NAP_S))
        process = neo4j_process.find(files, pid)
        state = files.read_state()
        if process is None or (state is not None and state.pid != pid):
            return
        if not files.root.is_dir():  # its data were deleted under it
            neo4j_process.terminate(process)
            return
        if state is None:  # just being stopped, or the file is lost
            continue
        if neo4j_process.is_connected(process, state.ports):
            last_connected = time.time()
        # The wall clock, as the time of `last_used` is on it too.
        idle = time.time() - last_connected >= idle_s and files.unused_s() >= idle_s
        if idle and stop_unless_used(files, process, state.ports, idle_s):
            return


def stop_unless_used(
    files: ServiceFiles, process: psutil.Process, ports: Ports, idle_s: float
) -> bool:
    """Stops the server unless somebody began to use it meanwhile.

    Returns:
        Whether it was stopped.
    """
    try:
        with files.locked(_LOCK_S):
            state = files.read_state()
            if state is None or state.pid != process.pid:
                return False
            # First the state goes, then comes the last look. A command does it in the opposite
            # order, touching `last_used` before it reads the state: so either it is seen here,
            # or it finds no server, waits for the lock, and starts one.
            files.clear_state()
            if files.unused_s() < idle_s or neo4j_process.is_connected(process, ports):
                files.write_state(state)
                return False
            neo4j_process.terminate(process)
            return True
    except GraphUnavailable:  # a command holds the lock: so the server is in use
        return False


def main(arguments: list[str]) -> None:
    """Reads home, process id and idle seconds from the command line, and watches."""
    home, pid, idle_s = arguments
    watch(ServiceFiles(Path(home)), int(pid), float(idle_s))


if __name__ == "__main__":
    main(sys.argv[1:])

"""The managed Neo4j: one server for one data directory, started when needed, shared by all.

It outlives the command that started it. `stop` ends it, and so does half an hour without use
(`idle_watch`). What runs is decided by the processes, never by a file alone.
"""

from __future__ import annotations

import subprocess
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import psutil

from kg_videorag.errors import GraphUnavailable
from kg_videorag.graph.server import loopback, neo4j_process
from kg_videorag.graph.server.conf import USER, ports_in
from kg_videorag.graph.server.files import ServerState, ServiceFiles, password_missing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from kg_videorag.graph.server.jars import Installation

VERSION = "2026.08.1"

_LOCK_S = 180.0  # another command may be starting it (120 s), after it stopped it (30 s)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A running server and how to enter it.

    Attributes:
        bolt_uri: For drivers.
        browser_url: Neo4j Browser; `?connectURL=` in it fills in address and user.
        user: The login.
        password: Its password; not in `repr`, so that no log gets it.
        pid: The server's process.
    """

    bolt_uri: str
    browser_url: str
    user: str
    password: str = field(repr=False)
    pid: int


@dataclass(frozen=True, slots=True)
class ServerStatus:
    """Whether the server runs, and where its things are.

    Attributes:
        running: Whether its process lives; `pid`, the addresses and `started_at` are None if not.
        pid: Its process.
        bolt_uri: For drivers.
        browser_url: Neo4j Browser; `?connectURL=` in it fills in address and user.
        version: Of Neo4j: the one running, else the one that would be started.
        home: The data directory.
        log_path: What the server printed.
        password_file: Holds the password of user `neo4j`.
        started_at: In UTC.
    """

    running: bool
    pid: int | None
    bolt_uri: str | None
    browser_url: str | None
    version: str
    home: Path
    log_path: Path
    password_file: Path
    started_at: datetime | None


class ManagedServer:
    """Neo4j as a service of one data directory.

    Args:
        home: The data directory (`KGV_HOME`); the server's files go to `neo4j/` in it.
        cache_dir: Where Neo4j's jars are kept, for all data directories alike.
        version: Of Neo4j Community.
        idle_minutes: Without use for so long, the server ends; 0 for never.
        memory_limit_bytes: Cap on heap and page cache together, down to the 768 MiB without which
            Neo4j does not work; None for none.
        progress: Told, a line at a time, what takes long.

    Raises:
        GraphUnavailable: From each method, if the server cannot be started, stopped or kept
            under such a path; and from here for the last.
    """

    def __init__(
        self,
        home: Path,
        cache_dir: Path,
        version: str = VERSION,
        *,
        idle_minutes: float = 30,
        memory_limit_bytes: int | None = None,
        progress: Callable[[str], None] | None = None,
    ) -> None:
        self._files = ServiceFiles.of(home)
        self._cache_dir = cache_dir
        self._version = version
        self._idle_s = idle_minutes * 60
        self._memory_limit_bytes = memory_limit_bytes
        self._progress = progress or _say_nothing

    def ensure(self) -> Endpoint:
        """Starts the server if it does not run, and waits until it takes queries.

        Cheap while it runs (about a millisecond), and counts as use: a long job calls it again
        before it comes back to the graph.
        """
        # Before the state is read: see idle_watch.stop_unless_used.
        self._files.touch()
        state = self._running()
        if state is None or not loopback.accepts(state.ports.bolt) or self._lacks_watch(state):
            with self._failing_clearly("started"):
                state = self._start_or_share()
        return self._endpoint(state)

    def status(self) -> ServerStatus:
        """What runs now; starts nothing."""
        state = self._running() or self._recovered()
        return ServerStatus(
            running=state is not None,
            pid=state.pid if state else None,
            bolt_uri=state.ports.bolt_uri if state else None,
            browser_url=state.ports.browser_url if state else None,
            version=state.version if state else self._version,
            home=self._files.home,
            log_path=self._files.log,
            password_file=self._files.password,
            started_at=state.started_at if state else None,
        )

    def stop(self) -> bool:
        """Ends the server, and returns when it has ended.

        Returns:
            Whether one ran.
        """
        from kg_videorag.graph.server.start import end

        if not self._files.root.is_dir():
            return False
        with self._failing_clearly("stopped"), self._files.locked(_LOCK_S):
            state = self._running() or self._recovered()
            if state is None:
                self._files.clear_state()
                return False
            end(self._files, state)
            return True

    def _running(self) -> ServerState | None:
        state = self._files.read_state()
        return state if state and neo4j_process.find(self._files, state.pid) else None

    def _recovered(self) -> ServerState | None:
        """The state of a server whose state file was lost, as when its stopper was killed."""
        try:
            ports = ports_in(self._files.conf.read_text(encoding="utf-8"))
            process = neo4j_process.search(self._files) if ports else None
            if ports is None or process is None:
                return None
            started_at = datetime.fromtimestamp(process.create_time(), UTC)
        except (OSError, psutil.Error):
            return None
        watch = neo4j_process.search_watch(self._files)
        watch_pid = watch.pid if watch else 0
        return ServerState(process.pid, ports, self._version, started_at, watch_pid)

    def _lacks_watch(self, state: ServerState) -> bool:
        return self._idle_s > 0 and not neo4j_process.find_watch(self._files, state.watch_pid)

    def _start_or_share(self) -> ServerState:
        from kg_videorag.graph.server.start import with_watch

        self._files.create()
        if not self._running():
            # Before the lock: a download takes longer than anybody should wait for a lock.
            self._install()
        with self._files.locked(_LOCK_S):
            state = self._ready() or self._start()
            if self._lacks_watch(state):
                state = with_watch(self._files, state, self._idle_s)
            self._files.write_state(state)
            self._files.touch()
            return state

    def _ready(self) -> ServerState | None:
        """The server that runs, once it answers; one that does not is ended."""
        from kg_videorag.graph.server.start import START_S, end

        state = self._running() or self._recovered()
        process = neo4j_process.find(self._files, state.pid) if state else None
        if state is None or process is None:
            return None
        if neo4j_process.await_ready(process, state.ports, START_S):
            return state
        end(self._files, state)
        return None

    def _start(self) -> ServerState:
        from kg_videorag.graph.server.jars import java
        from kg_videorag.graph.server.start import Recipe, start

        recipe = Recipe(
            installation=self._install(),
            java=java(),
            version=self._version,
            idle_s=self._idle_s,
            memory_limit_bytes=self._memory_limit_bytes,
        )
        self._progress(f"starting Neo4j {self._version}")
        return start(self._files, recipe)

    def _install(self) -> Installation:
        from kg_videorag.graph.server.jars import install

        return install(self._cache_dir, self._version, self._progress)

    def _endpoint(self, state: ServerState) -> Endpoint:
        try:
            password = self._files.password.read_text(encoding="utf-8").strip()
        except OSError as error:
            raise password_missing(self._files) from error
        return Endpoint(
            bolt_uri=state.ports.bolt_uri,
            browser_url=state.ports.browser_url,
            user=USER,
            password=password,
            pid=state.pid,
        )

    @contextmanager
    def _failing_clearly(self, action: str) -> Iterator[None]:
        try:
            yield
        except (OSError, psutil.Error, subprocess.SubprocessError) as error:
            raise GraphUnavailable(
                f"Neo4j could not be {action}: {error}",
                hint=f"Its folder is {self._files.root}; its log is {self._files.log}.",
            ) from error


def _say_nothing(_: str) -> None:
    """What a caller without interest in progress gets."""

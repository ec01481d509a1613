"""The files of one managed Neo4j: where they lie, and how they are read and written.

In `<home>/neo4j/`, which only its owner may enter:

- `password`: the login of user `neo4j`
- `version`: of the Neo4j that last opened the data
- `server.json`: the running server; absent when none runs
- `last_used`: touched by each command that uses the server
- `lock`: held while a server is started or stopped
- `server.log`: what Java printed; of the start before, `server.log.1`
- `conf/`, `data/`, `logs/`, `import/`: Neo4j's own
"""

from __future__ import annotations

import json
import os
import time
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kg_videorag.errors import GraphUnavailable
from kg_videorag.graph.server.conf import Ports, path_fault

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class ServerState:
    """A server that was started.

    Attributes:
        pid: Its process. Whether that process is still this server, `neo4j_process` tells.
        ports: Where it listens.
        version: Of Neo4j.
        started_at: In UTC.
        watch_pid: The process that stops it when idle; 0 if none does.
    """

    pid: int
    ports: Ports
    version: str
    started_at: datetime
    watch_pid: int = 0


@dataclass(frozen=True, slots=True)
class ServiceFiles:
    """The files under one data directory.

    Args:
        home: The data directory, absolute and resolved: processes recognise each other by it.
    """

    home: Path

    @classmethod
    def of(cls, home: Path) -> ServiceFiles:
        """The files of a data directory however it is spelled.

        Raises:
            GraphUnavailable: If Java cannot be given such a path.
        """
        if fault := path_fault(home):
            raise GraphUnavailable(
                f"Neo4j cannot keep its data under {str(home)!r}: {fault}",
                hint="Set KGV_HOME to another folder.",
            )
        return cls(Path(os.path.realpath(home)))

    @property
    def root(self) -> Path:
        return self.home / "neo4j"

    @property
    def conf(self) -> Path:
        return self.root / "conf" / "neo4j.conf"

    @property
    def java_options(self) -> Path:
        return self.root / "conf" / "java.args"

    @property
    def password(self) -> Path:
        return self.root / "password"

    @property
    def log(self) -> Path:
        return self.root / "server.log"

    @property
    def version(self) -> Path:
        return self.root / "version"

    @property
    def last_used(self) -> Path:
        return self.root / "last_used"

    @property
    def _state(self) -> Path:
        return self.root / "server.json"

    def create(self) -> None:
        """Makes the folders.

        Raises:
            OSError: If they cannot be made.
        """
        for folder in (self.root, self.conf.parent, self.root / "import"):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.root.chmod(0o700)

    @contextmanager
    def locked(self, timeout_s: float) -> Iterator[None]:
        """Holds the right to start and stop this home's server.

        Args:
            timeout_s: How long to wait for another process that holds it.

        Raises:
            GraphUnavailable: If it holds it longer.
        """
        import filelock  # a tenth of a second, which a command that finds a server need not pay

        lock = filelock.FileLock(self.root / "lock", timeout=timeout_s)
        try:
            lock.acquire()
        except filelock.Timeout as error:
            raise GraphUnavailable(
                f"another command has been starting or stopping Neo4j for {timeout_s:.0f} s",
                hint=f"Try again in a moment; its log is {self.log}.",
            ) from error
        try:
            yield
        finally:
            lock.release()

    def read_state(self) -> ServerState | None:
        """The server last started and not stopped since; None too if the file is unreadable."""
        try:
            raw = json.loads(self._state.read_bytes())
            return ServerState(
                pid=int(raw["pid"]),
                ports=Ports(**raw["ports"]),
                version=str(raw["version"]),
                started_at=datetime.fromisoformat(raw["started_at"]),
                watch_pid=int(raw["watch_pid"]),
            )
        except (OSError, ValueError, KeyError, TypeError):
            # Damaged or from another release: the server is then found by its command line.
            return None

    def write_state(self, state: ServerState) -> None:
        """Replaces the state in one step."""
        raw = asdict(state) | {"started_at": state.started_at.astimezone(UTC).isoformat()}
        self.write(self._state, json.dumps(raw, indent=1) + "\n")

    def clear_state(self) -> None:
        """Says that no server runs."""
        self._state.unlink(missing_ok=True)

    def touch(self) -> None:
        """Says that the server is being used now."""
        with suppress(OSError):  # no folder yet: then there is no server to keep up either
            self.last_used.touch()

    def unused_s(self) -> float:
        """Seconds since `touch`; infinity if never."""
        try:
            return time.time() - self.last_used.stat().st_mtime
        except OSError:
            return float("inf")

    def write(self, path: Path, text: str) -> None:
        """Writes a file that only its owner may read, in one step: whole or not at all."""
        part = path.with_name(f"{path.name}.{os.getpid()}.part")
        part.unlink(missing_ok=True)
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)

    def last_complaint(self) -> str:
        """The line of the log that says best why Java ended; empty if it printed nothing."""
        try:
            text = self.log.read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""
        lines = [line.strip() for line in text.splitlines()]
        lines = [line for line in lines if line and not line.startswith(("at ", "... "))]
        for mark in ("Caused by:", " ERROR ", "Error"):
            marked = [line for line in lines if mark in line]
            if marked:
                return marked[-1][:300]
        return lines[-1][:300] if lines else ""


def password_missing(files: ServiceFiles) -> GraphUnavailable:
    """The error for a database whose password nobody knows any more."""
    return GraphUnavailable(
        f"the password of the managed Neo4j is missing: {files.password}",
        hint="Put the file back. To begin anew with an empty graph: kg-videorag db stop, "
        f"then delete {files.root}.",
    )

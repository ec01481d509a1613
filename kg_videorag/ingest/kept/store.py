"""The kept results of one video: an SQLite file that two processes may use at once.

Nothing here may fail an ingest: what cannot be kept is told of once, and made again next time.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
import zlib
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self, TypeVar

from kg_videorag.ingest.kept.codecs import Codec, CodecError
from kg_videorag.ingest.kept.file import open_file, open_to_read, remove_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType

    from kg_videorag.ingest.stages import StageKey

T = TypeVar("T")
_log = logging.getLogger(__name__)
# Results a stage, those used last: an engine is changed and changed back while someone tries
# which does better, and an hour of speech takes longer than its 100 kB are worth.
KEPT_RESULTS = 3
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR})
_GET = "SELECT value, checksum FROM result WHERE stage = ? AND key = ? AND part = ?"
_PUT = "INSERT OR REPLACE INTO result VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_USED = "UPDATE result SET used_at = ? WHERE stage = ? AND key = ? AND part = ''"
_DROP = "DELETE FROM result WHERE stage = ? AND key = ? AND part = ?"
_DROP_PARTS = "DELETE FROM result WHERE stage = ? AND key = ? AND part <> ''"
_DROP_OLD = """
DELETE FROM result WHERE stage = :stage AND key NOT IN (
    SELECT key FROM result WHERE stage = :stage GROUP BY key ORDER BY max(used_at) DESC LIMIT :most
)
"""
_PIECES = "SELECT count(*) FROM result WHERE stage = ? AND key = ? AND part <> ''"
_WHOLE = "SELECT count(*) FROM result WHERE stage = ? AND key = ? AND part = ''"
_FORMER = "SELECT version, workers FROM result WHERE stage = ? AND part = '' ORDER BY used_at DESC"


@dataclass(frozen=True, slots=True)
class Former:
    """How a kept result came to be: the version of the stage's code, and who worked in it."""

    version: str
    workers: str


class StageStore:
    """What is kept of one video.

    Args:
        path: The file; made when something is first kept.
        read_only: Whether nothing is to be written, not even to the folder.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self._path = path
        self._read_only = read_only
        self._lock = threading.Lock()  # the stages of one file may work in several threads
        self._connection: sqlite3.Connection | None = None
        self._is_lost = read_only and not path.exists()
        self._cannot_write = read_only
        self._was_renewed = False
        self._begun: set[str] = set()  # stages of which a piece was kept

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _value: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the file back."""
        with self._lock:
            self._drop_connection()

    def get(self, key: StageKey, codec: Codec[T], part: str = "") -> T | None:
        """What is kept under a key; None if nothing is.

        Args:
            key: Of the stage's result.
            codec: How it is kept.
            part: Of it; "" for the whole.
        """
        where = (key.stage, key.digest, part)
        row = self._safely(lambda connection: connection.execute(_GET, where).fetchone())
        if row is None:
            return None
        value, checksum = row
        if zlib.crc32(value) != checksum:
            with self._lock:
                self._renew("a value in it is not what was kept")
            return None
        try:
            found = codec.decode(value)
        except CodecError:
            _log.warning("%s: what was kept of %s is made anew", self._path.name, key.stage)
            self._write(lambda connection: connection.execute(_DROP, where))
            return None
        if not part:
            used = (time.time(), key.stage, key.digest)
            self._write(lambda connection: connection.execute(_USED, used))
        return found

    def put(self, key: StageKey, value: T, codec: Codec[T], part: str = "") -> None:
        """Keep a value, durable against a kill of this process.

        Once the whole is kept its parts go, and so do the oldest results of its stage.
        """
        try:
            data = codec.encode(value)
        except ValueError as error:
            _log.warning("a result of %s cannot be kept: %s", key.stage, error)
            return
        row = (
            *(key.stage, key.digest, part, key.version, key.workers, time.time()),
            *(zlib.crc32(data), data),
        )

        def write(connection: sqlite3.Connection) -> None:
            connection.execute(_PUT, row)
            if not part:
                connection.execute(_DROP_PARTS, (key.stage, key.digest))
            if not part or key.stage not in self._begun:
                connection.execute(_DROP_OLD, {"stage": key.stage, "most": KEPT_RESULTS})
                self._begun.add(key.stage)

        self._write(write)

    def former(self, stage: str) -> list[Former]:
        """How the results came to be that are kept of a stage, those used last first."""
        rows = self._safely(lambda connection: connection.execute(_FORMER, (stage,)).fetchall())
        return [Former(*row) for row in rows or ()]

    def has(self, key: StageKey) -> bool:
        """Whether a whole result is kept."""
        return bool(self._count(_WHOLE, key))

    def pieces(self, key: StageKey) -> int:
        """How many pieces are kept of a result that is not whole yet."""
        return self._count(_PIECES, key)

    def _count(self, statement: str, key: StageKey) -> int:
        where = (key.stage, key.digest)
        row = self._safely(lambda connection: connection.execute(statement, where).fetchone())
        return int(row[0]) if row else 0

    def _write(self, work: Callable[[sqlite3.Connection], object]) -> None:
        if self._cannot_write:
            return

        def whole(connection: sqlite3.Connection) -> None:
            with connection:
                work(connection)

        self._safely(whole, writes=True)

    def _safely(self, work: Callable[[sqlite3.Connection], T], *, writes: bool = False) -> T | None:
        """What some work gives; None, told of once, where the file or the disk fails."""
        with self._lock:
            if self._is_lost:
                return None
            try:
                return work(self._opened())
            except (sqlite3.Error, OSError) as error:
                fault = error
            if getattr(fault, "sqlite_errorcode", None) in _DAMAGED and not self._was_renewed:
                self._renew(str(fault))
            else:
                self._lose(fault, writes=writes)
        return None

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = (open_to_read if self._read_only else open_file)(self._path)
        return self._connection

    def _renew(self, fault: str) -> None:
        """Take a damaged file away and begin anew."""
        self._drop_connection()
        self._was_renewed = True
        if self._read_only:
            self._is_lost = True
        else:
            with suppress(OSError):
                remove_file(self._path)
        _log.warning("%s: what was kept is not used: %s", self._path.name, fault)

    def _lose(self, fault: Exception, *, writes: bool) -> None:
        """Go on without keeping anything; what can still be read is used."""
        self._cannot_write = True
        self._is_lost = self._connection is None or not writes
        reason = fault.strerror if isinstance(fault, OSError) else fault
        _log.warning("%s: nothing more is kept of this video: %s", self._path, reason)

    def _drop_connection(self) -> None:
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None

"""The SQLite file of what is kept of a video: how it is made, opened and removed."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = 1  # of the file: raise it when the table or a codec changes
_BUSY_S = 10.0  # another process writes one result in milliseconds
_TABLE = """
CREATE TABLE IF NOT EXISTS result (
    stage TEXT NOT NULL, key TEXT NOT NULL, part TEXT NOT NULL,  -- part '': the whole
    version TEXT NOT NULL, workers TEXT NOT NULL, used_at REAL NOT NULL,
    checksum INTEGER NOT NULL, value BLOB NOT NULL,
    PRIMARY KEY (stage, key, part)
)
"""


def open_file(path: Path) -> sqlite3.Connection:
    """Open a file, made where there is none; several threads may use it, one at a time.

    Raises:
        OSError: If its folder cannot be made.
        sqlite3.Error: If it cannot be opened, is damaged or of another format.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, timeout=_BUSY_S, check_same_thread=False)
    try:
        if _format(connection) == 0:
            _begin(connection)
        connection.execute("PRAGMA synchronous = NORMAL")  # a kill loses nothing
    except BaseException:
        connection.close()
        raise
    return connection


def open_to_read(path: Path) -> sqlite3.Connection:
    """Open a file so that nothing is written, not even beside it.

    Raises:
        sqlite3.Error: If it cannot be opened, is damaged or of another format.
    """
    # Without others at it (their log lies beside it), it can be read without a trace.
    alone = not path.with_name(f"{path.name}-wal").exists()
    uri = f"{path.absolute().as_uri()}?mode=ro{'&immutable=1' if alone else ''}"
    connection = sqlite3.connect(uri, uri=True, timeout=_BUSY_S, check_same_thread=False)
    try:
        _format(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def remove_file(path: Path) -> None:
    """Remove a file and what SQLite lays beside it.

    Raises:
        OSError: If the disk refuses.
    """
    for suffix in ("-wal", "-shm", "-journal", ""):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _begin(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA auto_vacuum = FULL")  # what is dropped is given back
    with suppress(sqlite3.OperationalError):  # another process does the same now
        connection.execute("PRAGMA journal_mode = WAL")
    with connection:
        connection.execute(_TABLE)
        connection.execute(f"PRAGMA user_version = {FORMAT}")


def _format(connection: sqlite3.Connection) -> int:
    """The file's format; 0 of one that is new."""
    (found,) = connection.execute("PRAGMA user_version").fetchone()
    if found in (0, FORMAT):
        return int(found)
    error = sqlite3.DatabaseError(f"its format is {found}, not {FORMAT}")
    error.sqlite_errorcode = sqlite3.SQLITE_NOTADB
    raise error

"""Histories of named conversations: one SQLite file that several processes may use at once."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from kg_videorag.ask.session.turn import Cited, Turn
from kg_videorag.errors import AskError
from kg_videorag.model import Entity, EntityType, Span

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FORMAT = 1  # of the file: raise it when a table changes
MAX_TURNS = 100  # of a session; the oldest go
MAX_SESSIONS = 500  # those longest unused go: with MAX_TURNS some 200 MB at the very most
_RECENT = 10  # turns that a follow-up can lean on
_BUSY_S = 10.0
_NAME = re.compile(r"\w[\w.@-]{0,63}")
_TABLES = """
CREATE TABLE IF NOT EXISTS session (name TEXT PRIMARY KEY, used_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS turn (
    session TEXT NOT NULL REFERENCES session (name) ON DELETE CASCADE, number INTEGER NOT NULL,
    asked_at TEXT NOT NULL, question TEXT NOT NULL, understood TEXT NOT NULL,
    answer TEXT NOT NULL, answered INTEGER NOT NULL, entities TEXT NOT NULL, cited TEXT NOT NULL,
    PRIMARY KEY (session, number)
);
"""
_USE = (
    "INSERT INTO session VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET used_at = excluded.used_at"
)
_NEXT = "SELECT coalesce(max(number), 0) + 1 FROM turn WHERE session = ?"
_ADD = "INSERT INTO turn VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_DROP_TURNS = "DELETE FROM turn WHERE session = ? AND number <= ?"
_DROP_SESSIONS = """DELETE FROM session WHERE name NOT IN
    (SELECT name FROM session ORDER BY used_at DESC, name LIMIT ?)"""
_TURNS = "SELECT * FROM turn WHERE session = ? ORDER BY number DESC LIMIT ?"
_LIST = """SELECT name, used_at, (SELECT count(*) FROM turn WHERE session = name) FROM session
    ORDER BY used_at DESC, name"""


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A conversation that is kept.

    Args:
        name: As the user called it.
        used_at: When it was last asked; ISO 8601, UTC.
        turns: How many questions it has.
    """

    name: str
    used_at: str
    turns: int


def check_name(name: str) -> str:
    """The name of a session, if it is one.

    Raises:
        AskError: If it is not 1 to 64 letters, digits, `_`, `.`, `@`, `-`, the first no sign.
    """
    if not _NAME.fullmatch(name):
        raise AskError(
            f"{name[:80]!r} is no name of a session",
            hint="Up to 64 letters, digits and . _ @ -, as in `--session apollo`.",
        )
    return name


class SessionStore:
    """The kept conversations of a library.

    Args:
        path: The file; made, readable by its owner alone, when something is first kept.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def recent(self, name: str) -> tuple[Turn, ...]:
        """The last turns of a session, as many as a follow-up can lean on; the last at the end."""
        return self._turns(name, _RECENT)

    def all(self, name: str) -> tuple[Turn, ...]:
        """All that is kept of a session.

        Raises:
            AskError: If there is none of that name.
        """
        turns = self._turns(name, MAX_TURNS)
        if not turns:
            raise AskError(f"there is no session {name!r}", hint="See `kg-videorag sessions list`.")
        return turns

    def add(self, name: str, turn: Turn) -> None:
        """Keep a turn; the oldest of a long session go."""
        check_name(name)
        entities = [[e.id, e.name, str(e.type)] for e in turn.entities]
        cited = [[c.video_id, c.video, c.span.start_ms, c.span.end_ms, c.quote] for c in turn.cited]
        with self._open() as store:
            store.execute("BEGIN IMMEDIATE")  # so that two processes do not take one number
            store.execute(_USE, (name, datetime.now(UTC).isoformat()))
            (number,) = store.execute(_NEXT, (name,)).fetchone()
            row = (
                *(name, number, turn.asked_at, turn.question, turn.understood, turn.answer),
                *(turn.answered, _json(entities), _json(cited)),
            )
            store.execute(_ADD, row)
            store.execute(_DROP_TURNS, (name, number - MAX_TURNS))
            store.execute(_DROP_SESSIONS, (MAX_SESSIONS,))

    def list(self) -> tuple[StoredSession, ...]:
        """All sessions, the one used last first."""
        if not self._path.exists():
            return ()
        with self._open() as store:
            return tuple(StoredSession(*row) for row in store.execute(_LIST))

    def delete(self, name: str) -> int:
        """Forget a session.

        Returns:
            How many turns it had.

        Raises:
            AskError: If there is none of that name.
        """
        count = len(self.all(name))
        with self._open() as store:
            store.execute("DELETE FROM session WHERE name = ?", (name,))
        return count

    def _turns(self, name: str, most: int) -> tuple[Turn, ...]:
        check_name(name)
        if not self._path.exists():
            return ()
        with self._open() as store:
            rows = store.execute(_TURNS, (name, most)).fetchall()
        return tuple(_turn(row) for row in reversed(rows))

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """The file, in one transaction.

        Raises:
            AskError: If it cannot be used.
        """
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.touch(mode=0o600)  # what somebody asked is nobody else's business
            with closing(sqlite3.connect(self._path, timeout=_BUSY_S)) as store:
                store.execute("PRAGMA foreign_keys = ON")
                (found,) = store.execute("PRAGMA user_version").fetchone()
                if found not in (0, FORMAT):
                    raise sqlite3.DatabaseError(f"its format is {found}, not {FORMAT}")
                if not found:
                    store.executescript(f"{_TABLES} PRAGMA user_version = {FORMAT};")
                with store:
                    yield store
        except (sqlite3.Error, OSError, ValueError) as error:
            raise AskError(
                f"the history of conversations cannot be used: {error}",
                hint=f"Move {self._path} away to begin anew, or ask without --session.",
            ) from error


def _turn(row: tuple[Any, ...]) -> Turn:
    _, _, asked_at, question, understood, answer, answered, entities, cited = row
    return Turn(
        question=question,
        understood=understood,
        answer=answer,
        answered=bool(answered),
        entities=tuple(Entity(i, name, EntityType(kind)) for i, name, kind in json.loads(entities)),
        cited=tuple(
            Cited(video_id, video, Span(start_ms, end_ms), quote)
            for video_id, video, start_ms, end_ms, quote in json.loads(cited)
        ),
        asked_at=asked_at,
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)

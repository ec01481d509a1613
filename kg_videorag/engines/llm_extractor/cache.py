"""What a language model said of a window, kept by a hash of all that made it say so."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_MAX_ROWS = 50_000  # some 50 MB: 1 kB a window, and 800 hours of speech at 8 sentences a window
_SHARE_DROPPED = 10  # a tenth of them goes at once, the oldest, so that it is seldom done
_WAIT_S = 30.0  # for another process that writes
_TABLE = "CREATE TABLE IF NOT EXISTS replies (key TEXT PRIMARY KEY, reply TEXT NOT NULL)"
_log = logging.getLogger(__name__)


class ReplyCache:
    """Replies in one SQLite file, which several processes may use at once.

    It may be deleted at any time. One that cannot be used costs time, never a result.

    Args:
        folder: Where the file lies.
        max_rows: How many replies are kept.
        of: What they are.
    """

    def __init__(self, folder: Path, max_rows: int = _MAX_ROWS, *, of: str = "extractions") -> None:
        self._of = of
        self.file = folder / f"{of}.sqlite3"
        self._max_rows = max_rows
        self._told = False

    def get(self, key: str) -> str | None:
        """The reply that was kept under a key."""

        def ask(store: sqlite3.Connection) -> str | None:
            row = store.execute("SELECT reply FROM replies WHERE key = ?", (key,)).fetchone()
            return None if row is None else str(row[0])

        return self._use(ask)

    def put(self, key: str, reply: str) -> None:
        """Keep a reply."""

        def keep(store: sqlite3.Connection) -> None:
            store.execute("INSERT OR REPLACE INTO replies VALUES (?, ?)", (key, reply))
            rows = store.execute("SELECT count(*) FROM replies").fetchone()[0]
            if rows > self._max_rows:
                gone = rows - self._max_rows + self._max_rows // _SHARE_DROPPED
                store.execute(
                    "DELETE FROM replies WHERE rowid IN"
                    " (SELECT rowid FROM replies ORDER BY rowid LIMIT ?)",
                    (gone,),
                )

        self._use(keep)

    def _use(self, what: Callable[[sqlite3.Connection], str | None]) -> str | None:
        try:
            return self._open(what)
        except sqlite3.OperationalError as error:  # locked for long, read-only, disk full
            self._tell(f"cannot be used ({error})")
        except sqlite3.DatabaseError as error:  # damaged
            self._tell(f"is made anew ({error})")
            self.file.unlink(missing_ok=True)
        except OSError as error:
            self._tell(f"cannot be used ({error.strerror})")
        return None

    def _open(self, what: Callable[[sqlite3.Connection], str | None]) -> str | None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self.file, timeout=_WAIT_S)) as store, store:
            store.execute(_TABLE)
            return what(store)

    def _tell(self, fault: str) -> None:
        if not self._told:
            self._told = True
            _log.warning("the cache of %s %s %s", self._of, self.file, fault)

"""Files that arrive in folders, each when it is whole.

The system tells at once that something has changed; what counts is the state of the files. A
file is whole when nothing of it has changed for a while, and it is told of once for each state
that it was in. Folders are also looked through now and then: network drives do not tell.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import watchfiles

from kg_videorag.errors import MediaError
from kg_videorag.intake.folders import Unreadable, media_files
from kg_videorag.intake.names import is_media_name

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator, Sequence

# How long a file must stay as it is. Copying programs write every second, recorders at least
# every few; a download that stalls for longer has a name of its own while it lasts.
SETTLED_S = 5.0
_LOOK_S = 30.0  # between looks through all folders, where nothing is told
_STEP_MS = 250

State = tuple[int, int]  # size in bytes, time of change in ns


@dataclass(slots=True)
class Arrivals:
    """Watches folders.

    Args:
        folders: With all below them.
        settled_s: How long a file must not have changed.
        stop: Ends it when set.
    """

    folders: Sequence[Path]
    settled_s: float = SETTLED_S
    stop: threading.Event | None = None
    _told: dict[Path, State] = field(default_factory=dict)
    _waiting: dict[Path, tuple[State, float]] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Path]:
        """Files that are there, then those that arrive or change; without end.

        Raises:
            MediaError: If a folder cannot be watched.
        """
        for folder in self.folders:
            if not folder.is_dir():
                raise MediaError(
                    f"{folder}: only folders can be watched",
                    hint="Name a folder; without --watch, files and addresses can be named too.",
                )
        try:
            changes = watchfiles.watch(
                *self.folders,
                watch_filter=_matters,
                stop_event=self.stop,
                rust_timeout=_STEP_MS,
                step=_STEP_MS // 2,
                yield_on_timeout=True,
                ignore_permission_denied=True,
            )
            yield from self._by_state(changes)
        except (OSError, RuntimeError) as error:
            raise MediaError(
                f"the folders cannot be watched: {error}",
                hint="Linux: raise fs.inotify.max_user_watches, or name fewer folders.",
            ) from error

    def _by_state(self, changes: Iterator[object]) -> Iterator[Path]:
        looked_s = -_LOOK_S
        for changed in changes:
            now_s = time.monotonic()
            if changed or now_s - looked_s >= _LOOK_S:
                looked_s = now_s
                self._look(now_s)
            yield from self._settled(now_s)

    def _look(self, now_s: float) -> None:
        """Compare what is there with what was told."""
        present = {
            file: state
            for folder in self.folders
            for file in media_files(folder)
            if not isinstance(file, Unreadable) and (state := _state(file))
        }
        for gone in self._told.keys() - present.keys():
            del self._told[gone]  # if it comes back, it arrives
        for file, state in present.items():
            if self._told.get(file) != state and file not in self._waiting:
                self._waiting[file] = (state, now_s)

    def _settled(self, now_s: float) -> Iterator[Path]:
        """The files that have stayed as they are for long enough."""
        for file, (known, since_s) in list(self._waiting.items()):
            state = _state(file)
            if state is None:
                del self._waiting[file]
            elif state != known:
                self._waiting[file] = (state, now_s)
            elif now_s - since_s >= self.settled_s and _opens(file):
                del self._waiting[file]
                self._told[file] = state
                if state[0]:  # an empty file is a place kept for what is to come
                    yield file


def _matters(_change: watchfiles.Change, path: str) -> bool:
    """Whether a change may bring a file: of one, or of a folder that was moved here."""
    return is_media_name(Path(path).name) or Path(path).is_dir()


def _state(file: Path) -> State | None:
    """What a file is now; None if it is gone."""
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns


def _opens(file: Path) -> bool:
    """Whether a file may be read now: Windows keeps it shut while it is written."""
    try:
        with file.open("rb"):
            return True
    except PermissionError:
        return os.name != "nt"  # elsewhere it will stay so, and the reader says it
    except OSError:
        return False

"""The folder of what is kept: one file a video, named by its id."""

from __future__ import annotations

import logging
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg_videorag.ingest.kept.file import remove_file
from kg_videorag.ingest.kept.speeds import Speeds
from kg_videorag.ingest.kept.store import StageStore

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

_log = logging.getLogger(__name__)
_SUFFIX = ".sqlite"
# Of a video that the library does not hold: an ingest that was interrupted, or was tried and
# failed in the end. Whoever means to go on does so within a month.
FORGOTTEN_DAYS = 30


@dataclass(frozen=True, slots=True)
class KeptSize:
    """How much is kept."""

    videos: int
    bytes: int


@dataclass(frozen=True, slots=True)
class KeptFolder:
    """What is kept of all videos of a library.

    Args:
        folder: Where; made when something is first kept.
    """

    folder: Path

    def store(self, video_id: str, *, read_only: bool = False) -> StageStore:
        """What is kept of a video; to be closed by its user."""
        return StageStore(self._path(video_id), read_only=read_only)

    @property
    def speeds(self) -> Speeds:
        """How fast the stages were on this machine."""
        return Speeds(self.folder / "speeds.json")

    def remove(self, video_id: str) -> None:
        """Forget a video; that its file cannot be removed is told of and harms nothing."""
        try:
            remove_file(self._path(video_id))
        except OSError as error:
            _log.warning("%s cannot be removed: %s", self._path(video_id), error.strerror)

    def size(self) -> KeptSize:
        """How much is kept; what vanishes meanwhile is not counted."""
        total = count = 0
        for path in self.folder.glob(f"*{_SUFFIX}*"):
            with suppress(OSError):
                total += path.stat().st_size
                count += path.suffix == _SUFFIX
        return KeptSize(count, total)

    def forget_unknown(self, known: Callable[[], Collection[str]]) -> None:
        """Remove what nobody has used for FORGOTTEN_DAYS of videos that are not in the library.

        Args:
            known: Ids of the library's videos; asked only where something is that old.
        """
        latest_s = time.time() - FORGOTTEN_DAYS * 86_400
        old = []
        for path in self.folder.glob(f"*{_SUFFIX}"):
            with suppress(OSError):
                if path.stat().st_mtime < latest_s:
                    old.append(path.stem)
        if old:
            for video_id in set(old).difference(known()):
                self.remove(video_id)

    def _path(self, video_id: str) -> Path:
        return self.folder / f"{video_id}{_SUFFIX}"

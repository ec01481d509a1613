"""Looks at every sampled picture once and keeps what it shows: shots, and lines of text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg_videorag.ingest.watch.history import History
from kg_videorag.ingest.watch.lines import LineTracker
from kg_videorag.ingest.watch.looks import grey, largest_change
from kg_videorag.ingest.watch.pace import CHANGED, STEADY, STOOD_MS, Pace
from kg_videorag.ingest.watch.shots import ShotDetector

if TYPE_CHECKING:
    from kg_videorag.ingest.watch.looks import Grey
    from kg_videorag.model import Picture, Sentence
    from kg_videorag.ports import TextReader


@dataclass(frozen=True, slots=True)
class Seen:
    """What the pictures of a video show.

    Args:
        lines: Lines on the screen, by when they came, then from the top.
        shots_ms: When the picture changes to another shot.
        pictures: How many were looked at.
        readings: How many of them were read.
    """

    lines: tuple[Sentence, ...] = ()
    shots_ms: tuple[int, ...] = ()
    pictures: int = 0
    readings: int = 0


class Watcher:
    """Watches one video, picture by picture.

    Args:
        reader: Reads those that changed; None: nothing is read.
    """

    def __init__(self, reader: TextReader | None) -> None:
        self._reader = reader
        self._shots = ShotDetector()
        self._history = History()
        self._lines = LineTracker(self._history)
        self._pace = Pace()
        self._shots_ms: list[int] = []
        self._last: tuple[Picture, Grey] | None = None
        self._read: Grey | None = None  # the picture that was read last
        self._pictures = self._readings = 0

    def see(self, picture: Picture) -> None:
        """Look at the next picture."""
        self._pictures += 1
        cuts = self._shots.see(picture)
        if cuts:
            self._shots_ms += cuts
            self._pace.note_shot()
        if self._reader is None:
            return
        now = grey(picture)
        steady = False
        if self._last is not None:
            before, then = self._last
            steady = largest_change(then, now) < STEADY
            if not steady and picture.at_ms - before.at_ms >= STOOD_MS:
                self._read_if_due(before, then, steady=True)  # it stood until now
        self._history.add(picture.at_ms, now)
        self._last = (picture, now)
        if self._last is not None:
            self._read_if_due(picture, now, steady=steady)

    def finish(self, end_ms: int) -> Seen:
        """What was seen, once there are no more pictures.

        Args:
            end_ms: When the last picture goes.
        """
        if self._last is not None and self._changed(self._last[1]):
            self._read_now(*self._last)
        return Seen(
            self._lines.finish(end_ms), tuple(self._shots_ms), self._pictures, self._readings
        )

    def _read_if_due(self, picture: Picture, look: Grey, *, steady: bool) -> None:
        if self._pace.is_due(picture.at_ms, steady=steady) and self._changed(look):
            self._read_now(picture, look)

    def _changed(self, look: Grey) -> bool:
        return self._read is None or largest_change(self._read, look) >= CHANGED

    def _read_now(self, picture: Picture, look: Grey) -> None:
        assert self._reader is not None  # noqa: S101 - nothing is kept to be read without one
        found = self._reader.read(picture.whole())
        news = self._lines.read(found, look, picture.at_ms)
        self._pace.note_reading(picture.at_ms, news=news)
        self._read = look
        self._readings += 1

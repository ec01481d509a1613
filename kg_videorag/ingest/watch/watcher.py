"""Looks at every sampled picture once and keeps what it shows: shots, and lines of text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg_videorag.errors import EngineError, EngineUnavailable, MediaError
from kg_videorag.ingest.watch.history import History
from kg_videorag.ingest.watch.lines import LineTracker
from kg_videorag.ingest.watch.looks import grey, largest_change
from kg_videorag.ingest.watch.pace import CHANGED, STEADY, STILL_MS, STOOD_MS, Pace
from kg_videorag.ingest.watch.shots import MIN_SHOT_MS, ShotDetector
from kg_videorag.model import Sentence  # noqa: TC001 - kept values are read back by their types

if TYPE_CHECKING:
    from kg_videorag.ingest.watch.looks import Grey
    from kg_videorag.model import Picture
    from kg_videorag.ports import TextReader


@dataclass(frozen=True, slots=True)
class Seen:
    """What the pictures of a video show.

    Args:
        lines: Lines on the screen, by when they came, then from the top.
        shots_ms: When the picture changes to another shot.
        pictures: How many were looked at.
        readings: How many of them were read.
        warnings: What could not be read.
    """

    lines: tuple[Sentence, ...] = ()
    shots_ms: tuple[int, ...] = ()
    pictures: int = 0
    readings: int = 0
    warnings: tuple[str, ...] = ()


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
        self._still_from_ms = 0  # since when the picture has not moved
        self._pictures = self._readings = self._failed = 0
        self._fault = ""

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
        moved = self._last is None or largest_change(self._last[1], now) >= STEADY
        if moved:
            if self._last is not None and picture.at_ms - self._last[0].at_ms >= STOOD_MS:
                self._read_if_due(*self._last, steady=True)  # it stood until now
            self._still_from_ms = picture.at_ms
        self._history.add(picture.at_ms, now)
        self._last = (picture, now)
        stood_ms = picture.at_ms - self._still_from_ms
        self._read_if_due(picture, now, steady=stood_ms >= STILL_MS)

    def finish(self, end_ms: int | None) -> Seen:
        """What was seen, once there are no more pictures.

        Args:
            end_ms: When the last picture goes; None if that is not known, as where a file is cut.
        """
        last_ms = 0
        if self._last is not None:
            last_ms = self._last[0].at_ms
            if self._changed(self._last[1]):
                self._read_now(*self._last)
        failed = f"{self._failed} pictures could not be read: {self._fault}"
        return Seen(
            lines=self._lines.finish(max(end_ms or 0, last_ms)),
            shots_ms=tuple(sorted({*self._shots_ms, *self._lone_slides_ms()})),
            pictures=self._pictures,
            readings=self._readings,
            warnings=(failed,) if self._failed else (),
        )

    def _lone_slides_ms(self) -> list[int]:
        """Changes of slides that are no shots already."""
        return [
            slide_ms
            for slide_ms in self._lines.slides_ms
            if all(abs(slide_ms - shot_ms) >= MIN_SHOT_MS for shot_ms in self._shots_ms)
        ]

    def _read_if_due(self, picture: Picture, look: Grey, *, steady: bool) -> None:
        if self._pace.is_due(picture.at_ms, steady=steady) and self._changed(look):
            self._read_now(picture, look)

    def _changed(self, look: Grey) -> bool:
        return self._read is None or largest_change(self._read, look) >= CHANGED

    def _read_now(self, picture: Picture, look: Grey) -> None:
        assert self._reader is not None  # noqa: S101 - nothing is kept to be read without one
        self._read = look
        news = False
        try:
            found = self._reader.read(picture.whole())
        except EngineUnavailable:
            raise
        except (EngineError, MediaError) as error:  # of one picture; the others may do
            self._failed, self._fault = self._failed + 1, error.message
        else:
            news = self._lines.read(found, look, picture.at_ms)
            self._readings += 1
        self._pace.note_reading(picture.at_ms, news=news)

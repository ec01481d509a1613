"""Times the stages of an ingest and passes their progress on."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_SOONEST_S = 0.5  # before that a speed says more of what is loaded than of the work


@dataclass(frozen=True, slots=True)
class Step:
    """How far a stage of a file has come.

    Args:
        stage: Its name.
        share: Of it that is done, 0..1.
        elapsed_s: Since it began; other stages may have gone on meanwhile.
        duration_ms: Of the video; 0 while it is not known.
    """

    stage: str
    share: float
    elapsed_s: float
    duration_ms: int = 0

    @property
    def speed(self) -> float | None:
        """Seconds of video that are done in a second; None while nobody can tell."""
        done_s = self.share * self.duration_ms / 1000
        return done_s / self.elapsed_s if done_s and self.elapsed_s >= _SOONEST_S else None

    @property
    def remaining_s(self) -> float | None:
        """Until it is done, if it goes on as it went; None while nobody can tell."""
        if self.share >= 1:
            return 0.0
        if not self.share or self.elapsed_s < _SOONEST_S:
            return None
        return self.elapsed_s * (1 - self.share) / self.share


OnStep = Callable[[Step], None]


@dataclass(slots=True)
class StageClock:
    """How long the stages of one file take; one at a time is the current one.

    Args:
        on_step: Told how far a stage has come.
        duration_ms: Of the video, once it is known.
        seconds: What each stage took so far.
    """

    on_step: OnStep
    duration_ms: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    _current: str = ""
    _ahead_s: dict[str, float] = field(default_factory=dict)
    _began_s: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time a stage; what was done of it ahead counts, what is done of others does not."""
        self._current = name
        if name not in self._began_s:
            self.tell(name, 0.0)
        before_s = sum(self._ahead_s.values())
        start = time.perf_counter()
        try:
            yield
        finally:
            pieces_s = sum(self._ahead_s.values()) - before_s
            own_s = self._ahead_s.pop(name, 0.0)
            spent_s = time.perf_counter() - start - pieces_s + own_s
            self.seconds[name] = round(max(spent_s, 0.0), 3)
        self.tell(name, 1.0)

    @contextmanager
    def ahead(self, name: str, share: float | None = None) -> Iterator[None]:
        """Time a piece of a stage, done while another, or the same, goes on.

        Args:
            name: The stage.
            share: How much of it is then done, 0..1; None: nobody is told.
        """
        start = time.perf_counter()
        self._began_s.setdefault(name, start)
        yield
        self._ahead_s[name] = self._ahead_s.get(name, 0.0) + time.perf_counter() - start
        if share is not None:
            self.tell(name, min(share, 1.0))

    def share(self, done: float) -> None:
        """The current stage has come so far, 0..1."""
        self.tell(self._current, min(done, 1.0))

    def tell(self, stage: str, share: float) -> None:
        """A stage has come so far, 0..1."""
        now_s = time.perf_counter()
        elapsed_s = now_s - self._began_s.setdefault(stage, now_s)
        self.on_step(Step(stage, share, elapsed_s, self.duration_ms))

"""Times the stages of an ingest and passes their progress on."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

OnProgress = Callable[[str, float], None]


@dataclass(slots=True)
class StageClock:
    """How long the stages of one file take; one at a time is the current one.

    Args:
        on_progress: Told the stage and the share of it that is done, 0..1.
        seconds: What each stage took so far.
    """

    on_progress: OnProgress
    seconds: dict[str, float] = field(default_factory=dict)
    _current: str = ""
    _ahead_s: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time a stage; what was done of it ahead counts, what is done of others does not."""
        self._current = name
        self.on_progress(name, 0.0)
        before_s = sum(self._ahead_s.values())
        start = time.perf_counter()
        try:
            yield
        finally:
            pieces_s = sum(self._ahead_s.values()) - before_s
            own_s = self._ahead_s.pop(name, 0.0)
            spent_s = time.perf_counter() - start - pieces_s + own_s
            self.seconds[name] = round(max(spent_s, 0.0), 3)
        self.on_progress(name, 1.0)

    @contextmanager
    def ahead(self, name: str, share: float | None = None) -> Iterator[None]:
        """Time a piece of a stage, done while another, or the same, goes on.

        Args:
            name: The stage.
            share: How much of it is then done, 0..1; None: nobody is told.
        """
        start = time.perf_counter()
        yield
        self._ahead_s[name] = self._ahead_s.get(name, 0.0) + time.perf_counter() - start
        if share is not None:
            self.on_progress(name, min(share, 1.0))

    def share(self, done: float) -> None:
        """The current stage has come so far, 0..1."""
        self.on_progress(self._current, min(done, 1.0))

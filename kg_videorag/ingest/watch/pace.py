"""When a picture is worth reading: it changed, and it is not too soon.

Reading a picture costs about a second of one core (docs/adr/0010-pictures.md), seeing that it
did not change a fifth of a millisecond.
"""

from __future__ import annotations

# Levels of grey, in the cell that changed the most: pictures that stand still change by less
# than 0.3 (samples/), moving ones by 3.5 and more, a letter that appears by 10.
CHANGED = 6.0
STEADY = 3.0
STILL_MS = 190  # two steps of sampling: film holds still for one now and then
STOOD_MS = 300  # a picture that stays this long until the next one stood still

_SOONEST_MS = 1_000  # slides that are flipped through faster are not all read
_LATEST_MS = 5_000  # of a picture that changes all the time
_AFTER_SHOT_MS = 2_000  # of one that moves, when a new shot has begun


class Pace:
    """How long to wait between readings.

    Where readings bring nothing new the wait doubles, from 1 s up to 5 s: a speaker beside a
    slide changes all the time and his slide does not.
    """

    def __init__(self) -> None:
        self._wait_ms = _SOONEST_MS
        self._moving_wait_ms = _AFTER_SHOT_MS
        self._read_ms = -_SOONEST_MS  # a video may fade in

    def is_due(self, at_ms: int, *, steady: bool) -> bool:
        """Whether a picture that changed since the last reading may be read now."""
        wait_ms = self._wait_ms if steady else self._moving_wait_ms
        return at_ms - self._read_ms >= wait_ms

    def note_reading(self, at_ms: int, *, news: bool) -> None:
        """A picture was read."""
        self._read_ms = at_ms
        self._wait_ms = _SOONEST_MS if news else min(2 * self._wait_ms, _LATEST_MS)
        self._moving_wait_ms = _LATEST_MS

    def note_shot(self) -> None:
        """A new shot began."""
        self._wait_ms = _SOONEST_MS
        self._moving_wait_ms = _AFTER_SHOT_MS

"""What one file may cost while it is read: length, frames, processor time; and a sign of life.

Whoever reads packets tells the budget of each. It says when to stop, in words; what came until
then is kept. It also tells whoever waits that the work goes on, once a second.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from kg_videorag.model import DecodeLimits, timecode

if TYPE_CHECKING:
    from collections.abc import Callable

_BEAT_S = 1.0
# Cameras that slow time down store up to 1,000 frames a second; a file may begin with a burst.
_FRAMES_A_SECOND, _FRAMES_AT_ONCE = 1_000, 10_000
# Of a processor, for each second of film. The dearest that is filmed, 8K at 60 a second in
# 10-bit HEVC, takes some 10 to 15; a slow old machine twice that.
_CPU_A_SECOND, _CPU_AT_ONCE_S = 60.0, 120.0


class Budget:
    """Holds one file's reading to the limits.

    Args:
        limits: What it may take.
        on_beat: Told about once a second how far reading is, in ms on the clock.
    """

    def __init__(
        self, limits: DecodeLimits | None = None, on_beat: Callable[[int], None] = lambda _: None
    ) -> None:
        self.limits = limits or DecodeLimits()
        self._on_beat = on_beat
        self._beat_s = time.monotonic()
        self._began_cpu_s = time.process_time()

    def excess(self, at_s: float, frames: int = 0) -> str:
        """Why reading has to stop here, in words; "" while it may go on.

        Args:
            at_s: How far it is, on the clock.
            frames: How many pictures were decoded until here.
        """
        if at_s * 1000 > self.limits.duration_ms:
            hours = self.limits.duration_ms / 3_600_000
            return f"it goes on after the {hours:g} hours that are allowed"
        if frames > _FRAMES_AT_ONCE + _FRAMES_A_SECOND * at_s:
            return f"it holds more than {frames - 1:,} pictures in {timecode(round(at_s * 1000))}"
        if time.monotonic() - self._beat_s < _BEAT_S:
            return ""
        self.beat(at_s)
        used_s = time.process_time() - self._began_cpu_s
        if used_s > _CPU_AT_ONCE_S + _CPU_A_SECOND * max(at_s, 0.0):
            at = timecode(round(at_s * 1000))
            return f"decoding it until {at} took {used_s:.0f} s of processor time"
        return ""

    def beat(self, at_s: float) -> None:
        """Tell that the work goes on."""
        self._beat_s = time.monotonic()
        self._on_beat(round(at_s * 1000))

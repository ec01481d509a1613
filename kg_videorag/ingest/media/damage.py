"""What could not be read of a stream, and when that is worth a word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import av

TOLD_FROM_S = 1.0  # of loss; less goes unnoticed


@dataclass(slots=True)
class Damage:
    """What could not be decoded of one stream.

    Attributes:
        parts: How many packets failed.
        lost_s: How long they would have lasted.
        lacked_memory: Whether any failed for want of memory.
    """

    parts: int = 0
    lost_s: float = 0.0
    lacked_memory: bool = False

    def count(self, packet: av.Packet | None, stream: av.stream.Stream) -> None:
        """A packet failed; None is what the decoder still held at the end."""
        self.parts += 1
        if packet is not None:
            self.lost_s += (packet.duration or 0) * float(stream.time_base)

    def note(self, error: Exception) -> None:
        """What FFmpeg said of a packet that failed."""
        self.lacked_memory |= isinstance(error, MemoryError)


def is_short(missing_s: float, stated_s: float) -> bool:
    """Whether a stream ends too early to be a matter of rounding."""
    return missing_s > max(TOLD_FROM_S, 0.02 * stated_s)

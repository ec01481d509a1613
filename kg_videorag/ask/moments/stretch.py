"""A stretch of a video as a question names it: in milliseconds, or in shares of its length."""

from __future__ import annotations

from dataclasses import dataclass

from kg_videorag.model import Span

_SECOND_MS = 1_000  # 00:43 is named of all that a player shows as 00:43


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a video: a share of its length, and milliseconds from there."""

    share: float
    ms: int

    def at_ms(self, duration_ms: int) -> int:
        return round(self.share * duration_ms) + self.ms


@dataclass(frozen=True, slots=True)
class Moment:
    """A stretch of a video as a question names it.

    Args:
        start: Where it begins.
        end: Where it ends.
        at: The very second that is named, where it is one; what is around it is only near.
    """

    start: Place
    end: Place
    at: Place | None = None

    def span(self, duration_ms: int) -> Span | None:
        """The stretch in a video of some length; None if the video is over before."""
        start_ms, end_ms = self.start.at_ms(duration_ms), self.end.at_ms(duration_ms)
        whole = Span(0, duration_ms)
        if start_ms >= duration_ms or end_ms <= 0:
            return None
        return Span(max(start_ms, 0), max(start_ms, 0, end_ms)).clamp(whole)

    def second(self, duration_ms: int) -> Span | None:
        """The second that is named, as players count them; None for a longer stretch."""
        if self.at is None:
            return None
        at_ms = self.at.at_ms(duration_ms)
        return Span(max(at_ms, 0), max(at_ms, 0) + _SECOND_MS)

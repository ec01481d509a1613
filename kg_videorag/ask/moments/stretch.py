"""A stretch of a video as a question names it: in milliseconds, or in shares of its length."""

from __future__ import annotations

from dataclasses import dataclass

from kg_videorag.model import Span


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a video: a share of its length, and milliseconds from there."""

    share: float
    ms: int

    def at_ms(self, duration_ms: int) -> int:
        return round(self.share * duration_ms) + self.ms


@dataclass(frozen=True, slots=True)
class Moment:
    """A stretch of a video as a question names it."""

    start: Place
    end: Place

    def span(self, duration_ms: int) -> Span | None:
        """The stretch in a video of some length; None if the video is over before."""
        start_ms, end_ms = self.start.at_ms(duration_ms), self.end.at_ms(duration_ms)
        whole = Span(0, duration_ms)
        if start_ms >= duration_ms or end_ms <= 0:
            return None
        return Span(max(start_ms, 0), max(start_ms, 0, end_ms)).clamp(whole)

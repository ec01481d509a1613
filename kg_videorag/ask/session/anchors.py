"""Turns "after that" into the time that it means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg_videorag.ask.session.turn import Understood
from kg_videorag.model import timecode

if TYPE_CHECKING:
    from kg_videorag.ask.session.turn import Turn

# What is said "right after that": as long as the longest segment.
_STRETCH_MS = 30_000


def around_last(turn: Turn, form: str, *, after: bool) -> Understood | None:
    """A question about what follows the last citation, or comes before it.

    Args:
        turn: The last one; None comes back where it cites nothing, or what begins its video.
        form: The question with two places for times.
        after: Or before.
    """
    if not turn.cited:
        return None
    cited = turn.cited[-1 if after else 0]
    if after:
        start_ms = -(-cited.span.end_ms // 1000) * 1000
        end_ms = start_ms + _STRETCH_MS
    else:
        end_ms = cited.span.start_ms // 1000 * 1000
        start_ms = max(end_ms - _STRETCH_MS, 0)
    if start_ms >= end_ms:
        return None
    times = (timecode(start_ms), timecode(end_ms))
    return Understood(form.format(*times), video_id=cited.video_id)

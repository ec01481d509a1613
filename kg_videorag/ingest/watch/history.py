"""The last seconds of small pictures: when a line came, and when it went.

A line is read some moments after it appeared. Going back from there, its place on the picture
is compared with how it looked when it was read.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import numpy as np

from kg_videorag.ingest.watch.looks import part, same_line

if TYPE_CHECKING:
    from kg_videorag.ingest.watch.looks import Box, Grey

_KEPT = 100  # pictures: 10 s, more than any two readings of a changing picture lie apart


class History:
    """Small grey pictures with their times, newest last."""

    def __init__(self) -> None:
        self._kept: deque[tuple[int, Grey]] = deque(maxlen=_KEPT)

    def add(self, at_ms: int, picture: Grey) -> None:
        """Remember a picture; the oldest is forgotten."""
        self._kept.append((at_ms, picture))

    def shown_since_ms(self, box: Box, look: Grey, read_ms: int, before: Grey | None) -> int:
        """When a line that was read had come to stand in its box.

        Args:
            box: The line's.
            look: How the box looked when the line was read.
            read_ms: When that was.
            before: How it looked when another line stood there; None if none did.
        """
        since_ms = read_ms
        for at_ms, picture in reversed(self._kept):
            if at_ms <= read_ms:
                if not _shows(part(picture, box), look, before):
                    break
                since_ms = at_ms
        return since_ms

    def gone_since_ms(self, box: Box, look: Grey, read_ms: int, after: Grey | None) -> int | None:
        """When a line had gone from its box, after it was read; None if it still stands there.

        Args:
            box: The line's.
            look: How the box looked when the line was last read.
            read_ms: When that was.
            after: How it looks now that another line stands there; None if none does.
        """
        since_ms = None
        for at_ms, picture in reversed(self._kept):
            if at_ms <= read_ms or _shows(part(picture, box), look, after):
                break
            since_ms = at_ms
        return since_ms


def _shows(now: Grey, look: Grey, other: Grey | None) -> bool:
    """Whether a line stands in a box, rather than what is there at another time."""
    if not same_line(look, now):
        return False
    return other is None or bool(np.abs(now - look).mean() <= np.abs(now - other).mean())

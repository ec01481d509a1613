"""The last seconds of small pictures: when a line came, and when it went.

A line is read some moments after it appeared. Going back from there, its place on the picture
is compared with how it looked when it was read.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

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

    def shown_since_ms(self, box: Box, look: Grey, read_ms: int) -> int:
        """When a line that was read had come to stand in its box."""
        since_ms = read_ms
        for at_ms, picture in reversed(self._kept):
            if at_ms <= read_ms:
                if not same_line(look, part(picture, box)):
                    break
                since_ms = at_ms
        return since_ms

    def gone_since_ms(self, box: Box, look: Grey, read_ms: int, now_ms: int) -> int:
        """When a line last read at `read_ms` had gone from its box, `now_ms` at the latest."""
        since_ms = now_ms
        for at_ms, picture in reversed(self._kept):
            if at_ms <= read_ms or same_line(look, part(picture, box)):
                break
            since_ms = min(since_ms, at_ms)
        return since_ms

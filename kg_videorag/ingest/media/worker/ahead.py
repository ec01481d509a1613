"""How far a child decodes ahead of its parent, and which pictures it still holds for it."""

from __future__ import annotations

from collections import deque
from threading import Condition
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg_videorag.model import Picture


class Ahead:
    """Counts what was handed out, what was taken, and what is held.

    What nobody has taken yet holds the decoder up when it is too much. What was taken never
    does: the parent, holding more pictures than there is room for, would wait for a next one
    for ever. The oldest of those are let go instead.

    Args:
        ahead_bytes: Of what may be handed out before the parent takes it.
        held_bytes: Of decoded pictures that the parent took and has not let go.
    """

    def __init__(self, ahead_bytes: int, held_bytes: int) -> None:
        self._ahead_bytes, self._held_bytes = ahead_bytes, held_bytes
        self._waiting: deque[int] = deque()  # bytes of each part that was not taken
        self._untaken_bytes = 0
        self._kept: dict[int, Picture] = {}  # by number, so in order of time
        self._next = 0
        self._room = Condition()

    def keep(self, picture: Picture) -> int:
        """Hold a picture; returns the number by which it may be asked for."""
        with self._room:
            self._next += 1
            self._kept[self._next] = picture
            return self._next

    def wait(self, part_bytes: int) -> None:
        """Wait until there is room for the next part; there is, where nothing waits."""
        with self._room:
            self._room.wait_for(
                lambda: not self._waiting or self._untaken_bytes + part_bytes <= self._ahead_bytes
            )
            self._waiting.append(part_bytes)
            self._untaken_bytes += part_bytes

    def take(self, parts: int, dropped: Iterable[int]) -> None:
        """The parent took so many parts more, and let these pictures go."""
        with self._room:
            for _ in range(parts):
                self._untaken_bytes -= self._waiting.popleft()
            for number in dropped:
                self._kept.pop(number, None)
            held_bytes = sum(picture.held_bytes for picture in self._kept.values())
            while len(self._kept) > 1 and held_bytes - self._untaken_bytes > self._held_bytes:
                oldest = next(iter(self._kept))
                held_bytes -= self._kept.pop(oldest).held_bytes
            self._room.notify()

    def kept(self, number: int) -> Picture | None:
        """A picture that is still held."""
        with self._room:
            return self._kept.get(number)

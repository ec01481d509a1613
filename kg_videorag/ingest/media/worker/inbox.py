"""What came from a child: taken in by a thread of its own, so that the child is never held up."""

from __future__ import annotations

import time
from collections import defaultdict, deque
from threading import Condition, Thread
from typing import TYPE_CHECKING, BinaryIO

from kg_videorag.ingest.media.worker import messages
from kg_videorag.ingest.media.worker.wire import WireError, read_frame

if TYPE_CHECKING:
    from collections.abc import Callable

_WAIT_S = 1.0  # waiting is counted in these, so that a laptop that sleeps is no stall


class Inbox:
    """Sorts what a child says.

    Args:
        pipe: Where it says it; closed here at its end.
        max_body_bytes: Nothing larger is taken.

    Attributes:
        parts: What the call has handed out and nobody has taken yet, each with its bytes.
        wholes: Answers to who asked for whole pictures, by the picture's number.
        fault: What the call says went wrong.
        done: Whether the call is done.
        gone: Whether the child is; nothing more will come.
        nonsense: What it said that is none of its messages; it is not listened to after that.
        at_ms: How far it is, on the video's clock.
    """

    def __init__(self, pipe: BinaryIO, max_body_bytes: int) -> None:
        self.parts: deque[tuple[messages.Part, bytearray]] = deque()
        self.wholes: defaultdict[int, deque[tuple[messages.Whole | messages.NotWhole, bytearray]]]
        self.wholes = defaultdict(deque)
        self.fault: messages.Fault | None = None
        self.done = self.gone = False
        self.nonsense = ""
        self.at_ms = 0
        self.peak_bytes = 0
        self._pipe, self._max_body_bytes = pipe, max_body_bytes
        self._news = Condition()
        self._count = 0
        Thread(target=self._listen, name="kgv-decoder", daemon=True).start()

    def wait(self, for_what: Callable[[], bool], stall_s: float) -> bool:
        """Wait until something is so, or the child is gone.

        Args:
            for_what: Looks at this inbox.
            stall_s: The longest time in which the child may say nothing at all.

        Returns:
            False if it said nothing for so long.
        """
        waited_s, count = 0.0, -1
        with self._news:
            while not (for_what() or self.gone):
                if count != self._count:
                    waited_s, count = 0.0, self._count
                if waited_s >= stall_s:
                    return False
                step_s = min(_WAIT_S, stall_s - waited_s)
                began_s = time.monotonic()
                self._news.wait(step_s)
                waited_s += min(time.monotonic() - began_s, step_s)
        return True

    def _listen(self) -> None:
        try:
            with self._pipe:
                while frame := read_frame(self._pipe, self._max_body_bytes):
                    message = messages.checked(*frame)
                    with self._news:
                        self._sort(message, frame[1])
                        self._count += 1
                        self._news.notify_all()
        except (WireError, OSError) as error:
            self.nonsense = str(error)
        finally:
            with self._news:
                self.gone = True
                self._news.notify_all()

    def _sort(self, message: messages.Message, body: bytearray) -> None:
        match message:
            case messages.Alive():
                self.at_ms = message.at_ms
            case messages.Whole() | messages.NotWhole():
                self.wholes[message.number].append((message, body))
            case messages.Fault():
                self.fault = message
            case messages.End():
                self.done, self.peak_bytes = True, message.peak_bytes
            case _:
                self.parts.append((message, body))

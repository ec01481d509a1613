"""One call, made of a process of its own."""

from __future__ import annotations

import os
import select
from collections import deque
from contextlib import suppress
from dataclasses import asdict
from subprocess import TimeoutExpired
from threading import Lock
from typing import TYPE_CHECKING, BinaryIO, cast
from weakref import finalize

import numpy as np

from kg_videorag.errors import MediaError, MediaTruncatedError
from kg_videorag.ingest.media.worker import messages, process
from kg_videorag.ingest.media.worker.inbox import Inbox
from kg_videorag.ingest.media.worker.wire import write_frame
from kg_videorag.model import SAMPLE_RATE_HZ, one_line, timecode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from kg_videorag.model import DecodeLimits

_MOST_BYTES = 64 << 20  # of a frame that is no whole picture; a second of sound is 32 kB
_EXIT_S = 5.0  # between a child's last word and its end
_MANY = 200  # numbers in one request, which a pipe then takes as a whole
_HINT = "The file is damaged or hostile. If you trust it, convert it to another format first."


class Worker:
    """A process that works at one call. It ends with this object, at the latest.

    Args:
        call: A method of `MediaReader`.
        path: The file.
        limits: What it may take.
        arguments: Of the call.
    """

    def __init__(
        self, call: str, path: Path, limits: DecodeLimits, arguments: Mapping[str, object]
    ) -> None:
        self._name = one_line(path.name) or str(path)
        self._limits = limits
        try:
            self._process = process.start()
        except OSError as error:
            why = f"{self._name}: its decoder cannot be started: {error.strerror}"
            raise MediaError(
                why, hint="The system may be short of memory. Try it again."
            ) from error
        self._end = finalize(self, process.end, self._process)
        self._requests = cast("BinaryIO", self._process.stdin)
        self._sending = Lock()
        self._dropped: deque[int] = deque()  # pictures that nobody has any more
        self._lent = 0  # pictures that somebody has, and those in _dropped
        self._came = False
        self._fault: tuple[str, str, int | None] | None = None  # message, hint, decoded_ms
        self._inbox = Inbox(
            cast("BinaryIO", self._process.stdout), max(limits.pixels * 3, _MOST_BYTES)
        )
        request = {"call": call, "arguments": arguments, "limits": asdict(limits)}
        with suppress(BrokenPipeError):  # it could not start: that is told when it is listened to
            write_frame(self._requests, request, os.fsencode(path.absolute()))

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._process.pid

    @property
    def peak_bytes(self) -> int:
        """The most memory that the process had until the call was done; 0 before."""
        return self._inbox.peak_bytes

    def parts(self) -> Iterator[tuple[messages.Part, bytearray]]:
        """What the call hands out, until it is done or has failed: see `raise_fault`."""
        inbox = self._inbox
        while self._wait():
            if not inbox.parts:
                break  # done, or gone
            part, content = inbox.parts.popleft()
            self._came = True
            self._note(part)
            self._send(taken=1, lent=isinstance(part, messages.Shown))
            yield part, content

    def raise_fault(self, *, partly: bool) -> None:
        """Raise what went wrong, if anything did.

        Args:
            partly: Whether what was handed out is of use without the rest.

        Raises:
            MediaTruncatedError: If part of what was asked for is missing, and part has come.
            MediaError: If the call failed.
        """
        told = self._inbox.fault
        if self._fault is None and told is not None:
            self._fault = told.message, told.hint, told.decoded_ms
        if self._fault is None and not self._inbox.done:
            self._fault = self._how_it_ended()
        if self._fault is None:
            return
        message, hint, decoded_ms = self._fault
        if decoded_ms is not None and partly and self._came:
            raise MediaTruncatedError(message, hint=hint, decoded_ms=decoded_ms)
        raise MediaError(message, hint=hint)

    def whole(self, number: int) -> NDArray[np.uint8]:
        """A picture in its own size. May be asked from any thread.

        Raises:
            MediaError: If it cannot be had, or the process has failed.
        """
        answers = self._inbox.wholes[number]
        self._send(whole=number)
        if not self._inbox.wait(lambda: bool(answers), self._limits.stall_s):
            self._stalled()
        try:
            answer, content = answers.popleft()
        except IndexError:
            self.raise_fault(partly=True)
            raise MediaError(f"{self._name}: its decoder gave no answer") from None
        if isinstance(answer, messages.NotWhole):
            raise MediaError(answer.message, hint=answer.hint)
        return np.frombuffer(content, np.uint8).reshape(answer.height, answer.width, 3)

    def drop(self, number: int) -> None:
        """Nobody has this picture any more. Called by whoever collects garbage: takes no lock."""
        self._dropped.append(number)

    def leave(self, *, kill: bool) -> None:
        """The call is over; the process goes on only for pictures that somebody still has."""
        if kill and self._fault is None:
            self._fault = f"{self._name}: it is closed", "", None
        if kill or self._lent <= len(self._dropped):
            self._end()

    def _wait(self) -> bool:
        inbox = self._inbox
        if inbox.wait(lambda: bool(inbox.parts) or inbox.done, self._limits.stall_s):
            return True
        self._stalled()
        return False

    def _note(self, part: messages.Part) -> None:
        """How far it has come, for what is said if it fails."""
        if isinstance(part, messages.Shown):
            self._inbox.at_ms = part.at_ms
        elif isinstance(part, messages.Sound):
            end = part.at + part.samples
            self._inbox.at_ms = end * 1000 // SAMPLE_RATE_HZ

    def _send(self, *, taken: int = 0, lent: bool = False, whole: int | None = None) -> None:
        with self._sending:
            self._lent += lent
            dropped = [self._dropped.popleft() for _ in range(min(len(self._dropped), _MANY))]
            self._lent -= len(dropped)
            pipe = select.poll()
            with suppress(OSError, ValueError):  # it is gone: whoever waits for it hears of it
                pipe.register(self._requests, select.POLLOUT)
                if pipe.poll(self._limits.stall_s * 1000):
                    request = {"taken": taken, "dropped": dropped, "whole": whole}
                    write_frame(self._requests, request)

    def _stalled(self) -> None:
        at = timecode(max(self._inbox.at_ms, 0))
        why = f"{self._name}: decoding it stood still for {self._limits.stall_s:g} s at {at}"
        self._fault = self._fault or (why, _HINT, self._inbox.at_ms)
        self._end()

    def _how_it_ended(self) -> tuple[str, str, int]:
        """Of a process that is gone without having said that it is done."""
        with suppress(TimeoutExpired):
            self._process.wait(_EXIT_S)
        code = self._process.poll()
        last_words = self._end() or ""
        if code is None:
            code = 0
        what, hint = process.how_it_ended(code)
        said = self._inbox.nonsense or (last_words if code >= 0 else "")
        at = timecode(max(self._inbox.at_ms, 0))
        why = f"{self._name}: {what} at {at}" + (f": {one_line(said)}" if said else "")
        return why, hint, self._inbox.at_ms


class Whole:
    """Converts one picture in its own size, where it was decoded.

    Args:
        worker: Where that is.
        number: Its number there.
    """

    __slots__ = ("_number", "_worker")

    def __init__(self, worker: Worker, number: int) -> None:
        self._worker, self._number = worker, number

    def __call__(self) -> NDArray[np.uint8]:
        return self._worker.whole(self._number)

    def __del__(self) -> None:
        self._worker.drop(self._number)

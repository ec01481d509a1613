"""What runs in the decoding process: one call, then whole pictures for as long as they are wanted.

Two threads. The first decodes, and hands out as far ahead as there is room for. The second
listens: what the parent took, which pictures it let go, which it wants whole. When the parent is
gone its pipe closes, and the process ends at once, whatever the decoder does.
"""

from __future__ import annotations

import json
import os
import signal
import traceback
from dataclasses import asdict
from pathlib import Path
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any, BinaryIO

from kg_videorag.errors import MediaError, MediaTruncatedError
from kg_videorag.ingest.media.budget import Budget
from kg_videorag.ingest.media.captions import caption_streams, read_captions
from kg_videorag.ingest.media.decode import taped
from kg_videorag.ingest.media.probe import probe
from kg_videorag.ingest.media.source import LACKED_MEMORY, MEMORY_HINT
from kg_videorag.ingest.media.tape import Piece, PieceTape
from kg_videorag.ingest.media.worker import restraint
from kg_videorag.ingest.media.worker.ahead import Ahead
from kg_videorag.ingest.media.worker.wire import MAX_NAME, MAX_TEXT, read_frame, write_frame
from kg_videorag.model import DecodeLimits, Picture

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kg_videorag.ingest.media.worker.wire import Content

_MAX_REQUEST_BYTES = 1 << 16  # a path
# Of the memory: what may be handed out and not taken yet, and what is held of pictures that were.
_SHARE_AHEAD = _SHARE_HELD = 8


def main() -> None:
    """Do what the parent asks for on stdin."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    requests, replies = _pipes()
    frame = read_frame(requests, _MAX_REQUEST_BYTES)
    if frame is None:
        return
    request = json.loads(frame[0])
    limits = DecodeLimits(**request["limits"])
    restraint.apply(limits)
    path = Path(os.fsdecode(bytes(frame[1])))
    child = _Child(requests, replies, limits)
    child.serve(path, request)


def _pipes() -> tuple[BinaryIO, BinaryIO]:
    """Requests and replies; what a library prints goes to the complaints instead."""
    replies = os.dup(1)
    os.dup2(2, 1)
    os.set_blocking(2, False)  # who complains without end is not waited for
    return open(0, "rb", buffering=0), open(replies, "wb", buffering=0)  # noqa: PTH123


class _Child:
    """One call and what follows from it."""

    def __init__(self, requests: BinaryIO, replies: BinaryIO, limits: DecodeLimits) -> None:
        self._requests, self._replies = requests, replies
        self._writing = Lock()
        self._ahead = Ahead(limits.memory_bytes // _SHARE_AHEAD, limits.memory_bytes // _SHARE_HELD)
        self._budget = Budget(limits, self._beat)
        self._listener = Thread(target=self._listen, daemon=True)

    def serve(self, path: Path, request: Mapping[str, Any]) -> None:
        """Do the call; then wait for the parent to have enough of its pictures."""
        self._listener.start()
        calls: dict[str, Callable[..., None]] = {
            "probe": self._probe,
            "caption_streams": self._caption_streams,
            "read_captions": self._read_captions,
            "decoded": self._decoded,
        }
        try:
            calls[request["call"]](path, **request["arguments"])
        except MediaTruncatedError as error:
            self._fault(error.message, error.hint, error.decoded_ms)
        except MediaError as error:
            self._fault(error.message, error.hint)
        except MemoryError:
            self._fault(f"{path.name}: {LACKED_MEMORY}", MEMORY_HINT)
        self._say({"kind": "end", "peak_bytes": restraint.peak_bytes()})
        self._listener.join()

    def _probe(self, path: Path, *, language: str) -> None:
        info = probe(path, language=language, budget=self._budget)
        told = asdict(info)
        del told["path"]  # the parent has its own
        self._hand_out({"kind": "info", **told})
        self._caption_streams(path)  # who probes asks for them next: one process does for both

    def _caption_streams(self, path: Path) -> None:
        tracks, sound = caption_streams(path, self._budget)
        found = [{**asdict(track), "language": track.language[:MAX_NAME]} for track in tracks]
        self._hand_out({"kind": "tracks", "tracks": found, "sound": sound[:MAX_NAME]})

    def _read_captions(self, path: Path, index: int) -> None:
        for cue in read_captions(path, index, self._budget):
            text = cue.text.encode("utf-8", "replace")
            header = {"kind": "cue", "start_ms": cue.start_ms, "end_ms": cue.end_ms}
            self._hand_out({**header, "actor": cue.actor[:MAX_TEXT], "size": len(text)}, text)

    def _decoded(self, path: Path, *, sound: bool, pictures: bool, track: int) -> None:
        tape = PieceTape if sound else None
        for part in taped(path, tape, pictures=pictures, track=track, budget=self._budget):
            if isinstance(part, Picture):
                self._hand_out_picture(part)
            elif isinstance(part, Piece):
                header = {"kind": "sound", "at": part.at, "samples": len(part.samples)}
                self._hand_out(header, part.samples.data)
            restraint.renew()

    def _hand_out_picture(self, picture: Picture) -> None:
        height, width, _ = picture.small.shape
        number = self._ahead.keep(picture)
        header = {"kind": "picture", "number": number, "at_ms": picture.at_ms}
        sizes = {"height": height, "width": width, "held_bytes": picture.held_bytes}
        self._hand_out({**header, **sizes}, picture.small.data, picture.held_bytes)

    def _hand_out(
        self, header: Mapping[str, Any], body: Content = b"", held_bytes: int = 0
    ) -> None:
        """Say a part of what was asked for, once there is room for it."""
        self._ahead.wait(memoryview(body).nbytes + held_bytes)
        self._say(header, body)

    def _say(self, header: Mapping[str, Any], body: Content = b"") -> None:
        with self._writing:
            write_frame(self._replies, header, body)

    def _beat(self, at_ms: int) -> None:
        restraint.renew()
        self._say({"kind": "alive", "at_ms": at_ms})

    def _fault(self, message: str, hint: str, decoded_ms: int | None = None) -> None:
        told = {"message": message[:MAX_TEXT], "hint": hint, "decoded_ms": decoded_ms}
        self._say({"kind": "fault", **told})

    def _listen(self) -> None:
        code = 1
        try:
            while frame := read_frame(self._requests, 0):
                request = json.loads(frame[0])
                self._ahead.take(request["taken"], request["dropped"])
                if request["whole"] is not None:
                    self._show(request["whole"])
            code = 0
        except Exception:  # noqa: BLE001 - the parent is told, and the process must not stay
            traceback.print_exc()
        finally:
            os._exit(code)

    def _show(self, number: int) -> None:
        """Convert a picture in its own size; done here, because the decoder may be waiting."""
        picture = self._ahead.kept(number)
        header = {"kind": "not_whole", "number": number, "hint": ""}
        if picture is None:
            self._say({**header, "message": "too many pictures were kept to be looked at later"})
            return
        try:
            pixels = picture.whole()
        except MediaError as error:
            self._say({**header, "message": error.message, "hint": error.hint})
        except MemoryError:
            self._say({**header, "message": LACKED_MEMORY, "hint": MEMORY_HINT})
        else:
            height, width, _ = pixels.shape
            sizes = {"number": number, "height": height, "width": width}
            self._say({"kind": "whole", **sizes}, pixels.data)

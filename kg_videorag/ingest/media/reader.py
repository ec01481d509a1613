"""Reads media files in processes of their own: what the rest of the package uses."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from kg_videorag.errors import MediaError
from kg_videorag.ingest.media.captions import Caption, CaptionStream
from kg_videorag.ingest.media.decode import BLOCK_S, block_samples
from kg_videorag.ingest.media.tape import Tape
from kg_videorag.ingest.media.worker import messages
from kg_videorag.ingest.media.worker.worker import Whole, Worker
from kg_videorag.model import DecodeLimits, MediaInfo, Picture, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from kg_videorag.model import AudioBlock

_Tracks = tuple[tuple[CaptionStream, ...], str]


@dataclass(frozen=True, slots=True)
class MediaReader:
    """Probes and decodes files, each in a process that may fail without harm.

    The methods keep the contracts of the functions of the same names. Besides, each raises
    MediaError if the file's process crashes, stands still or takes more than it may.

    Args:
        limits: What a file may take.
    """

    limits: DecodeLimits = field(default_factory=DecodeLimits)
    # Of the file that was probed last: who probes a file asks for its streams of text next.
    _probed: dict[tuple[object, ...], _Tracks] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def probe(self, path: Path, *, language: str = "") -> MediaInfo:
        """What a file's container says of itself: see `probe.probe`."""
        info = tracks = None
        for part, _ in self._parts("probe", path, language=language):
            if isinstance(part, messages.Info):
                info = part
            elif isinstance(part, messages.Tracks):
                tracks = _tracks(part)
        if info is None:
            raise _silent(path)
        self._probed.clear()
        if tracks is not None:
            self._probed[_identity(path)] = tracks
        return MediaInfo(path, **info.model_dump(exclude={"kind"}))

    def caption_streams(self, path: Path) -> _Tracks:
        """The file's streams of text: see `captions.caption_streams`."""
        if known := self._probed.get(_identity(path)):
            return known
        for part, _ in self._parts("caption_streams", path):
            if isinstance(part, messages.Tracks):
                return _tracks(part)
        raise _silent(path)

    def read_captions(self, path: Path, index: int) -> list[Caption]:
        """Everything that one stream of text shows: see `captions.read_captions`."""
        return [
            Caption(cue.start_ms, cue.end_ms, text.decode("utf-8", "replace"), cue.actor)
            for cue, text in self._parts("read_captions", path, index=index)
            if isinstance(cue, messages.Cue)
        ]

    def decoded(
        self,
        path: Path,
        *,
        sound: bool = True,
        pictures: bool = True,
        block_s: float = BLOCK_S,
        track: int = 0,
    ) -> Iterator[AudioBlock | Picture]:
        """A file's sound and pictures: see `decode.decoded`.

        Where the process crashes after something came, it is a MediaTruncatedError, so that what
        came is kept. A picture's `whole` is asked of the process, which lives until the last
        picture is let go; `whole` raises what ended the process, if it has ended.
        """
        wanted = {"sound": sound, "pictures": pictures, "track": track}
        return self._decoded(path, block_samples(block_s), wanted)

    def _decoded(
        self, path: Path, size: int, wanted: Mapping[str, object]
    ) -> Iterator[AudioBlock | Picture]:
        tape = Tape(size)
        worker = Worker("decoded", path, self.limits, wanted)
        complete = False
        try:
            for part, content in worker.parts():
                if isinstance(part, messages.Sound):
                    yield from tape.lay(part.at, np.frombuffer(content, np.int16))
                elif isinstance(part, messages.Shown):
                    small = np.frombuffer(content, np.uint8).reshape(part.height, part.width, 3)
                    whole = Whole(worker, part.number)
                    yield Picture(part.at_ms, small, whole, part.held_bytes)
                    del whole  # else this one lives until the next comes
            yield from tape.rest()
            complete = True
            worker.raise_fault(partly=True)
        finally:
            worker.leave(kill=not complete)

    def _parts(
        self, call: str, path: Path, **arguments: object
    ) -> Iterator[tuple[messages.Part, bytearray]]:
        worker = Worker(call, path, self.limits, arguments)
        try:
            yield from worker.parts()
            worker.raise_fault(partly=False)
        finally:
            worker.leave(kill=True)


def _tracks(told: messages.Tracks) -> _Tracks:
    return tuple(CaptionStream(**track.model_dump()) for track in told.tracks), told.sound


def _identity(path: Path) -> tuple[object, ...]:
    """Which file this is, as long as nobody writes to it."""
    try:
        status = path.stat()
    except OSError:
        return (path,)
    return path, status.st_ino, status.st_size, status.st_mtime_ns


def _silent(path: Path) -> MediaError:
    return MediaError(f"{one_line(path.name)}: its decoder said nothing", hint="Try it again.")

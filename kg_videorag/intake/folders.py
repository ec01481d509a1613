"""The files of video and sound in a folder and all below it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from kg_videorag.errors import MediaError
from kg_videorag.intake.names import is_media_name, natural_key

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_TS_PACKET_BYTES = 188
_TS_MARK = 0x47
# aria2 writes under the file's own name, and keeps this beside it until it is done.
_CONTROL = ".aria2"
_THERMAL = ".thermal"  # lecture.thermal.mp4 beside lecture.mp4: docs/sidecars.md


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A folder that could not be listed."""

    folder: Path
    error: MediaError


def media_files(folder: Path) -> Iterator[Path | Unreadable]:
    """Files of video and sound, in natural order of their paths, one folder listed at a time.

    Hidden files and folders are left out, and those that are still being written by their
    names. A folder that links lead to again is looked at once.
    """
    seen: set[tuple[int, int]] = set()
    waiting = [(folder, True)]
    while waiting:
        path, is_folder = waiting.pop()
        if not is_folder:
            yield path
            continue
        try:
            status = path.stat()
            if (mark := (status.st_dev, status.st_ino)) in seen:
                continue
            seen.add(mark)
            waiting.extend(reversed(_wanted(path)))
        except OSError as error:
            yield Unreadable(path, _cannot_list(path, error))


def _wanted(folder: Path) -> list[tuple[Path, bool]]:
    """Subfolders and files of a folder, by name; which of them are folders."""
    with os.scandir(folder) as entries:
        kinds = {entry.name: entry.is_dir() for entry in entries if not entry.name.startswith(".")}
    names = sorted(kinds, key=natural_key)
    return [
        (folder / name, kinds[name])
        for name in names
        if kinds[name] or is_media_file(folder / name)
    ]


def is_media_file(file: Path) -> bool:
    """Whether a file is video or sound by its name, and where that leaves doubt, its beginning."""
    if not is_media_name(file.name) or file.with_name(f"{file.name}{_CONTROL}").exists():
        return False
    if PurePath(file.stem).suffix.lower() == _THERMAL and _is_beside_its_video(file):
        return False
    return file.suffix.lower() != ".ts" or _is_transport_stream(file)


def _is_beside_its_video(film: Path) -> bool:
    """Whether a thermal film is that of another film beside it: a sidecar, not a video itself."""
    own = PurePath(film.stem).stem
    try:
        beside = [entry.name for entry in os.scandir(film.parent)]
    except OSError:
        return False
    return any(is_media_name(name) and PurePath(name).stem == own for name in beside)


def _is_transport_stream(file: Path) -> bool:
    """Whether a .ts is video: TypeScript has the same ending.

    Source: ISO/IEC 13818-1: packets of 188 bytes that begin with 0x47.
    """
    try:
        with file.open("rb") as opened:
            head = opened.read(_TS_PACKET_BYTES + 1)
    except OSError:
        return True  # the reader will tell what is wrong with it
    return head[:1] == head[_TS_PACKET_BYTES:] == bytes([_TS_MARK])


def _cannot_list(folder: Path, error: OSError) -> MediaError:
    reason = (error.strerror or "it failed").lower()
    return MediaError(f"{folder}: the folder cannot be read: {reason}", hint="Check permissions.")

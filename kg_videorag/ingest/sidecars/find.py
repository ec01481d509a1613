"""Finds a video's sidecars by their names, and tells one content from another."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg_videorag.identity import video_id
from kg_videorag.model import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_FILMS = frozenset({".mp4", ".mkv", ".mov", ".avi", ".webm", ".m4v"})
_DIGEST_CHARS = 12


@dataclass(frozen=True, slots=True)
class Sidecar:
    """One of them.

    Args:
        space: Of its vectors: depth, thermal or imu.
        path: The file, or the folder of pictures.
        source: Such as "sidecar-imu/5f3a0c12de77": stored among the video's engines, another one
            where it holds something else.
    """

    space: str
    path: Path
    source: str

    @property
    def name(self) -> str:
        """Of the file, for messages."""
        return one_line(self.path.name)


@dataclass(frozen=True, slots=True)
class Sidecars:
    """All of a video.

    Args:
        found: At most one for each space.
        warnings: What could not be looked at, and why.
    """

    found: tuple[Sidecar, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def sources(self) -> tuple[str, ...]:
        return tuple(sidecar.source for sidecar in self.found)


def find_sidecars(video: Path) -> Sidecars:
    """What lies beside a video, named after it.

    `lecture.mp4` has `lecture.depth/`, `lecture.thermal/` or else `lecture.thermal.mp4`, and
    `lecture.imu.csv`.
    """
    found: dict[str, Sidecar] = {}
    warnings: list[str] = []
    for space, path in _candidates(video):
        if space in found:
            warnings.append(f"{one_line(path.name)} was not used: {found[space].name} was")
            continue
        try:
            source = f"sidecar-{space}/{_digest(path)}"
        except OSError as error:
            warnings.append(f"{one_line(path.name)} cannot be read: {error.strerror}")
            continue
        found[space] = Sidecar(space, path, source)
    return Sidecars(tuple(found.values()), tuple(warnings))


def _candidates(video: Path) -> Iterator[tuple[str, Path]]:
    """(space, path), folders before films."""
    stem = _plain(video.stem)
    beside = [path for path in _beside(video) if path != video]
    for path in beside:
        if path.is_dir() and _plain(path.name) in (f"{stem}.depth", f"{stem}.thermal"):
            yield path.suffix[1:], path
    for path in beside:
        named = _plain(path.stem), path.suffix.lower()
        if named == (f"{stem}.imu", ".csv") and path.is_file():
            yield "imu", path
        if named[0] == f"{stem}.thermal" and named[1] in _FILMS and path.is_file():
            yield "thermal", path


def _beside(video: Path) -> list[Path]:
    try:
        return sorted(video.parent.iterdir())
    except OSError:  # a folder that may be passed through but not listed
        return []


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", name)  # macOS parts й into и and its breve


def _digest(path: Path) -> str:
    """Of a file's content; of a folder's names and sizes, for pictures may be many."""
    if path.is_file():
        return video_id(path)[:_DIGEST_CHARS]
    listed = sorted((file.name, file.stat().st_size) for file in path.iterdir())
    return hashlib.sha256(repr(listed).encode("utf-8", "replace")).hexdigest()[:_DIGEST_CHARS]

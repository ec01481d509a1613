"""What every download shares: where to run it from, how large it is, whether it fits."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg_videorag.errors import EngineUnavailable
from kg_videorag.model import EngineState

if TYPE_CHECKING:
    from pathlib import Path

_ROOM_BYTES = 1 << 30  # that stays free: a full disk stops Neo4j too


@dataclass(frozen=True, slots=True)
class FileCheck:
    """What comparing a model's files with their publisher's checksums came to.

    Args:
        files: How many were compared; 0 where the publisher gives no checksums.
        faults: One line per file that is missing or damaged; empty if all is well.
    """

    files: int
    faults: tuple[str, ...] = ()


def size_text(size_bytes: int) -> str:
    """A size as people read it: 91 MB, 3.2 GB; 0 stands for one that is not known."""
    if not size_bytes:
        return "size unknown"
    if size_bytes < 1e9:
        return f"{max(1, round(size_bytes / 1e6))} MB"
    return f"{size_bytes / 1e9:.1f} GB"


def fetch_hint(name: str, size_bytes: int) -> str:
    """The command that brings a model."""
    return f"Run `kg-videorag models fetch {name}` ({size_text(size_bytes)})."


def present(model: str, folder: Path) -> EngineState:
    """Its files are all there; `models verify` compares them, which takes seconds a gigabyte."""
    return EngineState(ready=True, model=model, weights=str(folder), checksum="present")


def missing(model: str, where: str, hint: str) -> EngineState:
    """Not there, or not all of it."""
    return EngineState(ready=False, model=model, weights=where, checksum="missing", hint=hint)


def existing(folder: Path) -> Path:
    """A folder that may still have to be made, or the nearest above it that is there."""
    return next(path for path in (folder, *folder.parents) if path.exists())


def free_bytes(folder: Path) -> int:
    """How much its disk still takes."""
    return shutil.disk_usage(existing(folder)).free


def require_space(folder: Path, needed_bytes: int, name: str) -> None:
    """Say before a download, not at its end, that the disk is too small.

    Raises:
        EngineUnavailable: If what is free would not hold it with a gigabyte to spare.
    """
    free = free_bytes(folder)
    if free < needed_bytes + _ROOM_BYTES:
        raise EngineUnavailable(
            f"{name}: {size_text(needed_bytes)} are to be downloaded,"
            f" and {size_text(free)} are free in {folder}",
            hint="Free some space (1 GB stays free), or move the cache: HF_HOME, KGV_CACHE_DIR.",
        )

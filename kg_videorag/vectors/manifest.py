"""A saved index is two files: the index, named by its checksum, and a manifest naming it.

A space has one manifest, whichever store wrote it: another store's is refused and built anew.

The manifest is renamed into place last, so a kill at any moment leaves the former pair
whole. hnswlib itself loads flipped bytes and wrong dimensions in silence: only a file whose
checksum its manifest knows is given to it.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from kg_videorag.errors import IndexCorruptError, VectorIndexError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

FORMAT = 2
_SUFFIXES = {"hnswlib": "index", "json": "vectors", "faiss": "faiss"}  # a manifest's own is json
_HINT = "Run `kg-videorag index rebuild`."


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a saved index is; every field is compared or needed on load."""

    format: int
    store: str
    library_id: str
    space: str
    model: str
    dimension: int
    metric: str
    parameters: Mapping[str, int]
    count: int
    deleted: tuple[int, ...]
    seq: int
    sha256: str = ""
    digest: str = ""

    @property
    def file_name(self) -> str:
        return f"{self.space}-{self.sha256[:16]}.{self.suffix}"

    @property
    def suffix(self) -> str:
        return _SUFFIXES.get(self.store, "index")

    def text(self) -> str:
        """What its file holds, to the byte."""
        return json.dumps(asdict(self), indent=1)

    def own_digest(self) -> str:
        """A checksum of all other fields: a flipped bit in `seq` would hide changes for good."""
        fields = {**asdict(self), "digest": ""}
        return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()


def save(folder: Path, manifest: Manifest, write: Callable[[str], None]) -> Path:
    """Save durably: temp file, fsync, rename, fsync of the folder, manifest last.

    Args:
        folder: Where both files go.
        manifest: All but its checksum.
        write: Writes the index to the path it is given.

    Returns:
        Where the index lies now.

    Raises:
        VectorIndexError: If the disk refuses.
    """
    temporary = folder / f"{manifest.space}.{os.getpid()}.tmp"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write(str(temporary))
        complete = replace(manifest, sha256=_sha256_synced(temporary))
        complete = replace(complete, digest=complete.own_digest())
        temporary.replace(folder / complete.file_name)
        temporary.write_bytes(complete.text().encode())
        _sha256_synced(temporary)
        temporary.replace(_path(folder, manifest.space))
        _sync_folder(folder)
        _drop_others(folder, complete)
        return folder / complete.file_name
    except OSError as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)  # on a full disk it may be what fills it
        raise VectorIndexError(
            f"the vector index cannot be saved in {folder}: {error.strerror or error}",
            hint="Free disk space or check permissions; the graph holds every vector.",
        ) from error


def load(folder: Path, expected: Manifest) -> tuple[Manifest, Path] | None:
    """The saved manifest and its verified index file; None if nothing was saved.

    Raises:
        IndexCorruptError: If the pair is damaged or is not of the expected kind.
    """
    for _ in range(3):  # another process may replace the pair between our two reads
        try:
            manifest = _read(folder, expected.space)
            if manifest is None:
                return None
            _compare(manifest, expected)
            path = folder / manifest.file_name
            with path.open("rb") as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError:
            continue
        except OSError as error:
            raise IndexCorruptError(f"{folder}: {error.strerror}", hint=_HINT) from error
        if sha256 != manifest.sha256:
            raise IndexCorruptError(f"{path.name} is not the file that was saved", hint=_HINT)
        return manifest, path
    raise IndexCorruptError(f"{expected.space}.json names an index file that is gone", hint=_HINT)


def _read(folder: Path, space: str) -> Manifest | None:
    try:
        content = _path(folder, space).read_bytes()
        fields = json.loads(content)
        manifest = Manifest(**{**fields, "deleted": tuple(fields["deleted"])})
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, KeyError) as error:
        raise IndexCorruptError(f"{space}.json is not a manifest", hint=_HINT) from error
    # The digest tells a changed value, the text a changed byte between the values.
    if manifest.digest != manifest.own_digest() or manifest.text().encode() != content:
        raise IndexCorruptError(f"{space}.json is not what was saved", hint=_HINT)
    return manifest


def _compare(saved: Manifest, expected: Manifest) -> None:
    if saved.store != expected.store:
        raise IndexCorruptError(
            f"the saved {saved.space} index is of {saved.store}, not of {expected.store}",
            hint=_HINT,
        )
    for name in ("format", "library_id", "space", "model", "dimension", "metric"):
        if getattr(saved, name) != getattr(expected, name):
            raise IndexCorruptError(
                f"the saved {saved.space} index has {name} {getattr(saved, name)!r},"
                f" not {getattr(expected, name)!r}",
                hint=_HINT,
            )


def _path(folder: Path, space: str) -> Path:
    return folder / f"{space}.json"


def _sha256_synced(path: Path) -> str:
    with path.open("rb") as file:
        os.fsync(file.fileno())
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _drop_others(folder: Path, current: Manifest) -> None:
    """Drop former index files, and what killed saves left; the caller holds the lock."""
    patterns = [f"{current.space}-*.{suffix}" for suffix in _SUFFIXES.values()]
    for pattern in (*patterns, f"{current.space}.*.tmp"):
        for path in folder.glob(pattern):
            if path.name != current.file_name:
                path.unlink(missing_ok=True)

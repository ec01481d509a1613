"""Where downloaded files are kept: a folder each, named after the address.

They stay, because a citation must be able to play them. `download.json` says that a download
is whole, and what it was; it is written last. What is on its way ends in `.part`, with what is
known of it beside it, so that the next run goes on where this one stopped.
"""

from __future__ import annotations

import json
import os
import shutil
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock

from kg_videorag.errors import FetchError
from kg_videorag.intake.addresses import address_key, without_login

if TYPE_CHECKING:
    from collections.abc import Iterator

RECORD = "download.json"
_STATE = "download.part.json"
PART = "download.part"
_SPARE_BYTES = 256 << 20  # left free on the disk, for the graph that comes of the file


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file that an address led to.

    Args:
        path: Where it lies now.
        url: The address, without login.
        title: As its page gives it; "" where there is none.
        warning: What of it could not be had; "" where all is here.
    """

    path: Path
    url: str
    title: str = ""
    warning: str = ""


@dataclass(frozen=True, slots=True)
class PartState:
    """What is known of a file that is on its way.

    Args:
        validator: Its ETag or date of change, which tells whether it is still the same.
        total_bytes: Its whole size; 0 where the server does not say.
        name: What it will be called.
    """

    validator: str = ""
    total_bytes: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The folder of all downloads of a library."""

    folder: Path

    def place(self, url: str) -> Place:
        """Where the file of an address is, or will be."""
        return Place(self.folder / address_key(url), without_login(url))

    def discard(self, path: str | Path) -> bool:
        """Remove a downloaded file with its folder; others are left alone.

        Returns:
            Whether it was one.
        """
        folder = self.folder_of(path)
        if folder is None:
            return False
        try:
            shutil.rmtree(folder)
        except OSError as error:
            raise FetchError(
                f"{error.filename or folder} cannot be removed: {error.strerror}",
                hint="The video is out of the library; remove the file yourself.",
            ) from error
        return True

    def folder_of(self, path: str | Path) -> Path | None:
        """The folder of a downloaded file; None for files that lie elsewhere."""
        file = Path(os.path.realpath(path))
        home = Path(os.path.realpath(self.folder))
        inside = file.parent.parent == home and (file.parent / RECORD).is_file()
        return file.parent if inside else None


@dataclass(frozen=True, slots=True)
class Place:
    """The folder of one address.

    Args:
        folder: It is made when something is to come.
        url: Without login.
    """

    folder: Path
    url: str

    @property
    def part(self) -> Path:
        """The file that is on its way."""
        return self.folder / PART

    @contextmanager
    def held(self) -> Iterator[None]:
        """No other process brings the same at the same time.

        Raises:
            FetchError: If the disk refuses something meanwhile.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with FileLock(self.folder.with_name(f"{self.folder.name}.lock")):
                yield
        except OSError as error:
            raise FetchError(
                f"{error.filename or self.folder}: {error.strerror or error}",
                hint="Free some space, or set KGV_HOME to another disk.",
            ) from error

    def whole(self) -> Fetched | None:
        """What was brought before, if it is still there whole."""
        record = _read(self.folder / RECORD)
        path = self.folder / Path(str(record.get("name", ""))).name
        whole = record and path.is_file() and path.stat().st_size == record.get("size_bytes")
        told = (str(record.get(key, "")) for key in ("title", "warning"))
        return Fetched(path, self.url, *told) if whole else None

    def finish(self, file: Path, name: str, title: str = "", warning: str = "") -> Fetched:
        """Put a file in its place, under its name, and note that it is whole."""
        with file.open("rb") as written:
            os.fsync(written.fileno())  # the note must not outlast the file in a power cut
        former = _read(self.folder / RECORD)
        path = self.folder / name
        if file != path:
            file.replace(path)
        size_bytes = path.stat().st_size
        record = {"url": self.url, "name": name, "size_bytes": size_bytes}
        _write(self.folder / RECORD, {**record, "title": title, "warning": warning})
        (self.folder / _STATE).unlink(missing_ok=True)
        if (known := Path(str(former.get("name", name))).name) != name:
            with suppress(OSError):  # under another name before: it is not the file any more
                (self.folder / known).unlink()
        return Fetched(path, self.url, title, warning)

    def clear(self) -> None:
        """Forget the address: what it gave is no video."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def part_state(self) -> PartState:
        """What is known of the part that a former run left; nothing if there is none."""
        state = _read(self.folder / _STATE)
        validator, name, total = (state.get(key) for key in ("validator", "name", "total_bytes"))
        if not self.part.is_file():
            return PartState()
        if isinstance(validator, str) and isinstance(name, str) and isinstance(total, int):
            return PartState(validator, total, name)
        return PartState()

    def note_part(self, state: PartState) -> None:
        """Remember what is on its way."""
        _write(self.folder / _STATE, asdict(state))

    def require_space(self, missing_bytes: int) -> None:
        """Refuse now what would fill the disk later.

        Raises:
            FetchError: If the disk has not so much.
        """
        free = shutil.disk_usage(self.folder).free
        if missing_bytes + _SPARE_BYTES > free:
            raise FetchError(
                f"it needs {size(missing_bytes)}, and the disk has {size(free)} left",
                hint="Free some space, or set KGV_HOME to another disk.",
            )


def size(count: int) -> str:
    """How large something is, as people say it."""
    value, unit = float(count), "bytes"
    for larger in ("kB", "MB", "GB", "TB"):
        if value < 1000:
            break
        value, unit = value / 1000, larger
    return f"{value:.0f} {unit}" if unit in ("bytes", "kB") else f"{value:.1f} {unit}"


def _read(path: Path) -> dict[str, object]:
    try:
        value = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def _write(path: Path, value: dict[str, object]) -> None:
    scratch = path.with_name(f"{path.name}.tmp")
    scratch.write_text(json.dumps(value, ensure_ascii=False), "utf-8")
    scratch.replace(path)

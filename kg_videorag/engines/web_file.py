"""A model that is one file at a fixed address, such as ImageBind's checkpoint."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from filelock import FileLock

from kg_videorag.engines import downloads
from kg_videorag.engines.downloads import FileCheck
from kg_videorag.errors import EngineUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import httpx

    from kg_videorag.model import EngineState

_LOOPBACK = "127.0.0.1"  # needs no encryption: nothing leaves the machine
_TIMEOUT_S = 60.0  # without a byte


@dataclass(frozen=True, slots=True)
class WebFile:
    """One file on the web.

    Args:
        name: The file's name in the cache, and for `kg-videorag models fetch`.
        url: Where it is; https.
        size_bytes: Its exact size.
        licence: Its licence's name.
        sha256: In hexadecimal; "" where the publisher gives none.
    """

    name: str
    url: str
    size_bytes: int
    licence: str
    sha256: str = ""

    def __post_init__(self) -> None:
        address = urlsplit(self.url)
        if address.scheme != "https" and address.hostname != _LOOPBACK:
            raise ValueError(f"{self.url} is not https")

    def locate(self, cache_dir: Path) -> Path:
        """The file; the network is not asked.

        Raises:
            EngineUnavailable: If it is not there; the hint brings it.
        """
        path = self._path(cache_dir)
        if not path.is_file() or path.stat().st_size != self.size_bytes:
            what = "has not its size" if path.is_file() else "is not on this machine"
            raise EngineUnavailable(
                f"{self.name} {what}", hint=downloads.fetch_hint(self.name, self.size_bytes)
            )
        return path

    def state(self, cache_dir: Path) -> EngineState:
        """What `doctor` says of it; compares its size, not its checksum."""
        try:
            return downloads.present(self.name, self.locate(cache_dir))
        except EngineUnavailable as error:
            return downloads.missing(self.name, self.url, error.hint)

    def fetch(self, cache_dir: Path) -> Path:
        """Bring it if it is not there whole, with progress on stderr.

        An interrupted download goes on where it stopped; two processes wait for each other.

        Raises:
            EngineUnavailable: If the server is away or gives something else, or the disk is full.
        """
        import httpx

        path = self._path(cache_dir)
        part = path.with_name(f"{path.name}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(path.with_name(f"{path.name}.lock")):
                if not self.verify(cache_dir).faults:
                    return path
                here = part.stat().st_size if part.exists() else 0
                downloads.require_space(path.parent, max(0, self.size_bytes - here), self.name)
                self._download(part)
                if fault := self._fault(part):
                    part.unlink()
                    raise EngineUnavailable(
                        f"{self.name}: what {self.url} gives {fault}",
                        hint="Run the command again; if it stays so, please report it.",
                    )
                part.replace(path)
        except httpx.HTTPError as error:
            raise EngineUnavailable(
                f"{self.name}: {self.url} cannot be had: {_reason(error)}",
                hint="Check the network. Run the command again to go on where it stopped.",
            ) from error
        except OSError as error:
            raise EngineUnavailable(
                f"{self.name}: {error.filename or path.parent}: {error.strerror}",
                hint="Free some space, or set KGV_CACHE_DIR to another disk.",
            ) from error
        return path

    def verify(self, cache_dir: Path) -> FileCheck:
        """Compare its size, and its checksum where the publisher gives one."""
        path = self._path(cache_dir)
        if not path.is_file():
            return FileCheck(0, ("is not on this machine",))
        fault = self._fault(path)
        return FileCheck(int(bool(self.sha256)), (fault,) if fault else ())

    def _fault(self, path: Path) -> str:
        if (size := path.stat().st_size) != self.size_bytes:
            return f"has {size} bytes, not {self.size_bytes}"
        with path.open("rb") as file:
            if self.sha256 and hashlib.file_digest(file, "sha256").hexdigest() != self.sha256:
                return "has not its checksum"
        return ""

    def _path(self, cache_dir: Path) -> Path:
        return cache_dir / "models" / self.name

    def _download(self, part: Path) -> None:
        """Append to the part what is missing of it."""
        import httpx

        here = part.stat().st_size if part.exists() else 0
        if here >= self.size_bytes:
            return
        ask = {"Accept-Encoding": "identity"}
        if here:
            ask["Range"] = f"bytes={here}-"
        hooks = {"request": [self._keep_encrypted]}
        with (
            httpx.Client(follow_redirects=True, timeout=_TIMEOUT_S, event_hooks=hooks) as client,
            client.stream("GET", self.url, headers=ask) as response,
        ):
            response.raise_for_status()
            resumed = response.status_code == httpx.codes.PARTIAL_CONTENT
            with part.open("ab" if resumed else "wb") as file:
                for chunk in self._shown(response, here if resumed else 0):
                    file.write(chunk)

    def _keep_encrypted(self, request: httpx.Request) -> None:
        """A redirect may not leave https."""
        import httpx

        if request.url.scheme != "https" and request.url.host != urlsplit(self.url).hostname:
            raise httpx.UnsupportedProtocol(
                f"it redirects to {request.url.host} without https", request=request
            )

    def _shown(self, response: httpx.Response, here: int) -> Iterator[bytes]:
        """What arrives, while a bar on stderr follows it; no more than the file's size."""
        from rich.console import Console
        from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn
        from rich.progress import TransferSpeedColumn as Speed

        columns = TextColumn("{task.description}"), BarColumn(), DownloadColumn(), Speed()
        with Progress(*columns, console=Console(stderr=True)) as bars:
            bar = bars.add_task(self.name, total=self.size_bytes, completed=here)
            for chunk in response.iter_bytes():
                yield chunk
                here += len(chunk)
                bars.update(bar, completed=here)
                if here > self.size_bytes:
                    return


def _reason(error: httpx.HTTPError) -> str:
    import httpx

    if isinstance(error, httpx.HTTPStatusError):
        return f"the server answered {error.response.status_code}"
    return str(error) or type(error).__name__

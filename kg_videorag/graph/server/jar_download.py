"""Downloading jars from Maven Central by jgo, with checksums that count and progress to see.

jgo's own `build` is not used: to sort jars it wants a Java 11, which it would download, and it
takes a half-written file of an interrupted run for the jar.
"""

from __future__ import annotations

import hashlib
import time
import zipfile
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from jgo.maven import Artifact, MavenContext

    Progress = Callable[[str], None]

BROWSER_VERSION = "5.24.0"  # the last that is published as a jar of its own

_DOWNLOADS = 8  # at once; Maven Central takes far more
_REQUEST_S = 60  # jgo's own 10 s gave up on slow lines
_REPORT_S = 2.0


@dataclass(frozen=True, slots=True)
class Jar:
    """One jar of a release.

    Attributes:
        coordinate: `group:artifact:version[:classifier]`, as Maven names it.
        size: In bytes; 0 where unknown.
        sha256: In hexadecimal; empty where unknown.
    """

    coordinate: str
    size: int = 0
    sha256: str = ""


def _contexts(repository: Path) -> tuple[MavenContext, MavenContext]:
    """Two ways to get a jar: from what this machine has, and from Maven Central alone."""
    from jgo.constants import default_maven_repo
    from jgo.maven import MavenContext

    machine = [default_maven_repo()]
    return (
        MavenContext(repo_cache=repository, local_repos=machine, timeout=_REQUEST_S),
        MavenContext(repo_cache=repository, timeout=_REQUEST_S),
    )


def resolve(repository: Path, version: str, progress: Progress) -> list[Jar]:
    """Finds out from Maven Central what a release consists of, which takes a minute or two."""
    context, _ = _contexts(repository)
    wanted = [
        context.create_dependency(f"org.neo4j:neo4j:{version}"),
        context.create_dependency(f"org.neo4j.client:neo4j-browser:{BROWSER_VERSION}"),
    ]
    with ThreadPoolExecutor(1) as pool:
        resolving = pool.submit(context.resolver.resolve, wanted)
        started = time.monotonic()
        while not wait([resolving], timeout=_REPORT_S).done:
            seconds = time.monotonic() - started
            progress(f"finding out what Neo4j {version} consists of ({seconds:.0f} s)")
        inputs, transitive = resolving.result()
    needed = [*inputs, *(d for d in transitive if d.scope in ("compile", "runtime"))]
    names = {
        ":".join(filter(None, (a.groupId, a.artifactId, a.version, a.classifier)))
        for a in (dependency.artifact for dependency in needed)
    }
    return [Jar(name) for name in sorted(names)]


def fetch(repository: Path, jars: list[Jar], version: str, progress: Progress) -> list[Path]:
    """Finds each jar on this machine, whole, or downloads it.

    Args:
        repository: Where downloads go, laid out as Maven does.
        jars: Those wanted.
        version: Of Neo4j, for the messages.
        progress: Told every two seconds how far it is.

    Returns:
        Their files, in the order of `jars`.

    Raises:
        OSError: If the network or the disk fails.
        RuntimeError: If a jar does not exist or has not the checksum that it should.
    """
    contexts = _contexts(repository)
    megabytes = sum(jar.size for jar in jars) / 1e6
    size = f", {megabytes:.0f} MB" if megabytes else ""
    progress(f"fetching Neo4j {version} ({len(jars)} jars{size}, once)")
    pool = ThreadPoolExecutor(_DOWNLOADS)
    try:
        fetching = {pool.submit(_fetch, contexts, jar): jar for jar in jars}
        while unfinished := _unfinished(fetching):
            here = sum(jar.size for future, jar in fetching.items() if future not in unfinished)
            progress(
                f"fetching Neo4j {version}: {len(jars) - len(unfinished)} of {len(jars)} jars"
                + (f", {here / 1e6:.0f} of {megabytes:.0f} MB" if megabytes else "")
            )
        return [future.result() for future in fetching]
    finally:
        # After a failure or Ctrl-C the rest is not begun; the next run takes it up there.
        pool.shutdown(cancel_futures=True)


def _unfinished(fetching: Iterable[Future[Path]]) -> set[Future[Path]]:
    done, rest = wait(fetching, timeout=_REPORT_S, return_when=FIRST_EXCEPTION)
    for future in done:
        future.result()  # raises what went wrong at once, not after the other downloads
    return rest


def _fetch(contexts: tuple[MavenContext, ...], jar: Jar) -> Path:
    for context in contexts:
        path = Path(_artifact(context, jar).resolve())
        if _is_whole(path, jar):
            return path
        # An interrupted download, or a damaged file of Maven's own, which is left to Maven.
        if path.is_relative_to(context.repo_cache):
            path.unlink()
    raise RuntimeError(f"{jar.coordinate} does not have the checksum that it should")


def _artifact(context: MavenContext, jar: Jar) -> Artifact:
    group, name, version, *classifier = jar.coordinate.split(":")
    return context.project(group, name).at_version(version).artifact("".join(classifier))


def _is_whole(path: Path, jar: Jar) -> bool:
    if jar.sha256:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == jar.sha256
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.testzip() is None
    except zipfile.BadZipFile:
        return False

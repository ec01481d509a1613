"""What the arguments of `ingest` name: files, the files of folders and patterns, addresses."""

from __future__ import annotations

import glob
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kg_videorag.errors import KgVideoRagError, MediaError
from kg_videorag.intake.addresses import is_address, without_login
from kg_videorag.intake.folders import Unreadable, is_media_file, media_files
from kg_videorag.intake.names import natural_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_KINDS = "Looked for mp4, mkv, webm, mov, mp3, m4a, wav, flac and the like, by their names."


@dataclass(frozen=True, slots=True)
class Input:
    """One thing to ingest, or an argument that names nothing.

    Args:
        given: What reports call it: as it was given or found; an address without login.
        path: A file on this machine; None for an address.
        url: An address, with its login; "" for a file.
        error: Why nothing can be ingested; None where something can.
    """

    given: str
    path: Path | None = None
    url: str = ""
    error: KgVideoRagError | None = None


def single(argument: str | Path) -> Input:
    """The one file or address that an argument names; a folder or pattern is none."""
    given = str(argument)
    if is_address(given) and not os.path.lexists(given):
        return Input(without_login(given), url=given)
    return Input(given, Path(argument))


def inputs(arguments: Iterable[str | Path | Input]) -> Iterator[Input]:
    """What arguments name, in their order; found while it is asked for.

    What a person names has its entry each time. What is found in a folder or by a pattern is
    left out if it was named or found before, under whatever path.

    Args:
        arguments: Paths of files and folders, patterns such as `lectures/*.mp4` or
            `**/*.mkv`, addresses. A file of that very name wins over a pattern.
    """
    known: set[str] = set()
    for argument in arguments:
        if isinstance(argument, Input):
            yield argument
            continue
        for item, found in _named(argument):
            if item.path is not None and item.error is None:
                real = os.path.realpath(item.path)
                if found and real in known:
                    continue
                known.add(real)
            yield item


def _named(argument: str | Path) -> Iterator[tuple[Input, bool]]:
    """What one argument names, and whether it was found rather than named."""
    given, path = str(argument), Path(argument)
    if path.is_dir():
        yield from _found(given, media_files(path), f"{given}: no video or sound in this folder")
    elif glob.has_magic(given) and not is_address(given) and not os.path.lexists(path):
        yield from _found(given, _matching(given), f"{given}: no video or sound has such a name")
    else:
        yield single(argument), False


def _found(
    given: str, files: Iterator[Path | Unreadable], otherwise: str
) -> Iterator[tuple[Input, bool]]:
    """Each file as an input; one that failed where there is none."""
    none = True
    for file in files:
        none = False
        if isinstance(file, Unreadable):
            yield Input(str(file.folder), file.folder, error=file.error), True
        else:
            yield Input(str(file), file), True
    if none:
        yield Input(given, error=MediaError(otherwise, hint=_KINDS)), True


def _matching(pattern: str) -> Iterator[Path | Unreadable]:
    """The files that a pattern names, in natural order; folders that it names, with their files.

    `**` goes down into folders, not through links, which could lead round in circles.
    """
    parts = Path(pattern).parts
    plain = next(n for n, part in enumerate(parts) if glob.has_magic(part))
    base, rest = Path(*parts[:plain]), str(Path(*parts[plain:]))
    matches = sorted(base.glob(rest), key=lambda path: natural_key(str(path)))
    for path in matches:
        shown = [part for part in path.parts[plain:] if part.startswith(".")]
        if shown and not rest.startswith("."):
            continue
        if path.is_dir():
            if parts[-1] != "**":  # there, the files are matches themselves
                yield from media_files(path)
        elif is_media_file(path) and path.is_file():
            yield path

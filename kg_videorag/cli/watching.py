"""`ingest --watch`: what is said of it, and how it ends."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from kg_videorag.cli.output import counted, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg_videorag.api import VideoRAG
    from kg_videorag.intake.inputs import Input
    from kg_videorag.model import IngestReport


def require_folders(paths: Sequence[str]) -> None:
    """Nothing but folders can be watched.

    Raises:
        typer.BadParameter: If one is none.
    """
    for path in paths:
        if not Path(path).is_dir():
            raise typer.BadParameter(f"--watch takes folders, and {path} is none")


def watched(rag: VideoRAG, folders: Sequence[str], *, quiet: bool) -> Iterator[Input]:
    """What is in the folders and what arrives there, until Ctrl-C or SIGTERM."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if not quiet:
        say(
            f"watching {', '.join(folders)}; what is deleted there stays in the library;"
            " Ctrl-C ends"
        )
    return rag.arrivals(folders)


def tell_watched(reports: Iterable[IngestReport]) -> None:
    """What came of it, in one line."""
    counts: dict[str, int] = {}
    for report in reports:
        counts[str(report.status)] = counts.get(str(report.status), 0) + 1
    say(f"watched: {counted(**counts) or 'nothing arrived'}")

"""What every command shares: one JSON document on stdout, all else on stderr, exit codes."""

from __future__ import annotations

import json
import logging
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg_videorag.errors import KgVideoRagError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg_videorag.api import VideoRAG

INTERRUPTED = "interrupted: nothing was left half-written; run the command again to go on"
JsonFlag = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")]
VideosOption = Annotated[
    list[str] | None,
    typer.Option("--video", help="Only this video: id, id prefix, path, title or file name."),
]


def use_profile(name: str | None) -> str | None:
    """Take a profile for this run; a wrong name is wrong usage.

    Raises:
        typer.BadParameter: If no profile is named so.
    """
    if name is not None:
        from kg_videorag.config import PROFILES

        if name not in PROFILES:
            raise typer.BadParameter(f"no profile is named {name!r}; known: {', '.join(PROFILES)}")
        os.environ["KGV_PROFILE"] = name
    return name


ProfileOption = Annotated[
    str | None,
    typer.Option(
        "--profile",
        metavar="NAME",
        help="Engines to use: local or full; for this run, before KGV_PROFILE.",
        callback=use_profile,
    ),
]


@contextmanager
def reported(*, as_json: bool) -> Iterator[None]:
    """Turn this package's errors into one clear line and exit code 1."""
    _log_to_stderr()
    try:
        yield
    except KgVideoRagError as error:
        if as_json:
            from kg_videorag.documents import error_document

            print_json(error_document(error))
        else:
            say_error(error.message, error.hint)
        raise typer.Exit(1) from error
    except KeyboardInterrupt as error:
        say(INTERRUPTED)
        raise typer.Exit(1) from error


@contextmanager
def library(*, as_json: bool, quiet: bool = False) -> Iterator[VideoRAG]:
    """A VideoRAG whose errors are reported, and unless it is quiet what takes long, too."""
    with reported(as_json=as_json):
        from kg_videorag.api import VideoRAG

        if quiet:
            logging.getLogger("kg_videorag").setLevel(logging.ERROR)
        with VideoRAG(on_status=(lambda _: None) if quiet else say) as rag:
            yield rag


def print_json(document: dict[str, Any]) -> None:
    """One document, the only thing on stdout."""
    text = json.dumps(document, ensure_ascii=False, indent=2, default=str)
    # An argument that is no UTF-8 is told as given, but for its half characters.
    typer.echo(text.encode("utf-8", "replace").decode())


def say(message: str) -> None:
    """Tell a user what goes on, on stderr."""
    typer.echo(printable(message), err=True)


def say_error(message: str, hint: str) -> None:
    """One line on what is wrong, one on what to do."""
    say(f"error: {message}")
    if hint:
        say(f"  {hint}")


def show(text: str = "") -> None:
    """Print for people, on stdout; control characters of untrusted text are dropped."""
    typer.echo(printable(text))


def printable(text: str) -> str:
    """Text without control characters: a title or a transcript could carry terminal escapes."""
    return "".join(char for char in text if char.isprintable() or char in "\n\t")


def counted(**counts: int) -> str:
    """How many there are of each plural noun: 1 segment, 5 entities."""
    return ", ".join(
        f"{count} {_singular(things) if count == 1 else things}" for things, count in counts.items()
    )


def _singular(things: str) -> str:
    return f"{things[:-3]}y" if things.endswith("ies") else things.removesuffix("s")


class _Sayer(logging.Handler):
    """Log lines as users read them, above the progress bars where there are any."""

    def emit(self, record: logging.LogRecord) -> None:
        say(record.getMessage())


def _log_to_stderr() -> None:
    logging.basicConfig(level=logging.WARNING, handlers=[_Sayer()])
    logging.getLogger("kg_videorag").setLevel(logging.INFO)
    # The driver warns of every retry; what comes of them is told in the end.
    logging.getLogger("neo4j").setLevel(logging.CRITICAL)

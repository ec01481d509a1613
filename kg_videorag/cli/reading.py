"""A bar for files that take a while to read, on stderr."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from kg_videorag.cli.output import printable

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType


class FileBar:
    """Shows the one file that is read now; where nobody looks, nothing."""

    def __init__(self) -> None:
        self._progress = Progress(
            BarColumn(bar_width=30),
            TextColumn("{task.percentage:3.0f}%"),
            TimeRemainingColumn(compact=True),
            TextColumn("{task.description}"),
            console=Console(file=sys.stderr),
            transient=True,
        )
        self._task = self._progress.add_task("", total=1.0, visible=False)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _value: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def advance(self, path: Path, share: float) -> None:
        """Of this file so much is read, 0..1."""
        name = escape(printable(path.name))
        self._progress.update(self._task, completed=share, description=name, visible=True)

"""One progress bar per stage of a file, on stderr."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from kg_videorag.cli.output import printable, say

if TYPE_CHECKING:
    from types import TracebackType

    from rich.progress import TaskID


class StageBars:
    """Bars of the file that is being ingested; each file ends in one line of outcome."""

    def __init__(self) -> None:
        self._console = Console(file=sys.stderr)
        self._bars: dict[str, TaskID] = {}
        self._progress: Progress | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _value: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self._stop()

    def begin(self, path: str) -> None:
        """A new file begins."""
        self._bars = {}
        self._progress = Progress(
            TextColumn("  {task.description:8}"),
            BarColumn(bar_width=30),
            TextColumn("{task.percentage:3.0f}%"),
            TimeElapsedColumn(),
            TimeRemainingColumn(compact=True),
            console=self._console,
        )
        self._console.print(escape(printable(path)), highlight=False)
        self._progress.start()

    def advance(self, stage: str, share: float) -> None:
        """A stage has come so far, 0..1."""
        if self._progress is None:
            return
        if stage not in self._bars:
            self._bars[stage] = self._progress.add_task(stage, total=1.0)
        self._progress.update(self._bars[stage], completed=share)

    def end(self, outcome: str) -> None:
        """The file is done, or has failed; "" where there is nothing to say."""
        self._stop()
        if outcome:
            say(outcome)

    def _stop(self) -> None:
        if self._progress is not None:
            self._progress.stop()
            self._progress = None

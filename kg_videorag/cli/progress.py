"""How far an ingest has come, on stderr: bars for people, JSON lines for programs, or nothing."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Protocol, Self

import typer

from kg_videorag.cli.output import say

if TYPE_CHECKING:
    from types import TracebackType

    from rich.progress import Progress, TaskID

    from kg_videorag.ingest.clock import Step
    from kg_videorag.model import IngestReport

MODES = ("auto", "bars", "json", "none")
_EVERY_S = 0.5  # a line of a stage that goes on: a program's reader needs no more


class View(Protocol):
    """Shows one file after another, each from `begin` to `end`."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _value: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None: ...

    def begin(self, path: str) -> None:
        """A new file begins."""
        ...

    def step(self, step: Step) -> None:
        """A stage has come so far."""
        ...

    def end(self, report: IngestReport | None = None) -> None:
        """The file is done, or has failed; None where it was stopped."""
        ...


def view(mode: str) -> View:
    """A view by its name; "auto" is bars on a terminal, and nothing elsewhere."""
    if mode == "json":
        return JsonLines()
    if mode == "bars" or (mode == "auto" and sys.stderr.isatty()):
        return StageBars()
    return Nothing()


class Nothing:
    """Implements `View` where nobody watches."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _value: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self.end()

    def begin(self, path: str) -> None:
        """Nothing is shown."""

    def step(self, step: Step) -> None:
        """Nothing is shown."""

    def end(self, report: IngestReport | None = None) -> None:
        """Nothing is shown."""


class JsonLines(Nothing):
    """One line a step, and one a file in the end; other lines on stderr do not begin with `{`."""

    def __init__(self) -> None:
        self._path = ""
        self._next_s: dict[str, float] = {}  # when a stage may be told of again
        self._share: dict[str, float] = {}  # that was told last

    def begin(self, path: str) -> None:
        self._path, self._next_s, self._share = path, {}, {}

    def step(self, step: Step) -> None:
        now_s = time.monotonic()
        if (
            now_s >= self._next_s.get(step.stage, now_s)
            or 1 <= step.share > self._share[step.stage]
        ):
            self._next_s[step.stage] = now_s + _EVERY_S
            self._share[step.stage] = step.share
            self._print(
                stage=step.stage,
                share=round(step.share, 4),
                speed=_rounded(step.speed),
                remaining_s=_rounded(step.remaining_s),
            )

    def end(self, report: IngestReport | None = None) -> None:
        if report is not None:
            error = report.error and asdict(report.error)
            self._print(status=str(report.status), error=error)

    def _print(self, **told: object) -> None:
        line = json.dumps({"path": self._path, **told}, ensure_ascii=False)
        typer.echo(line.encode("utf-8", "replace").decode(), err=True)


class StageBars(Nothing):
    """One bar a stage of the file that is being ingested, with its speed and remaining time."""

    def __init__(self) -> None:
        self._bars: dict[str, TaskID] = {}
        self._progress: Progress | None = None

    def begin(self, path: str) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn

        say(path)
        self._bars = {}
        self._progress = Progress(
            TextColumn("  {task.description:8}"),
            BarColumn(bar_width=30),
            TextColumn("{task.percentage:3.0f}%"),
            TextColumn("{task.fields[speed]:>7}"),
            TextColumn("{task.fields[left]:>9}"),
            console=Console(file=sys.stderr),
        )
        self._progress.start()

    def step(self, step: Step) -> None:
        if self._progress is None:
            return
        if step.stage not in self._bars:
            self._bars[step.stage] = self._progress.add_task(
                step.stage, total=1.0, speed="", left=""
            )
        self._progress.update(
            self._bars[step.stage],
            completed=step.share,
            speed=f"{step.speed:.1f}x" if step.speed else "",
            left=_clock(step.elapsed_s if step.share >= 1 else step.remaining_s),
        )

    def end(self, report: IngestReport | None = None) -> None:
        del report  # its line is said by whoever asked for it
        if self._progress is not None:
            self._progress.stop()
            self._progress = None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def _clock(seconds: float | None) -> str:
    """`M:SS` or `H:MM:SS`; nothing where it is not known."""
    if seconds is None:
        return ""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"

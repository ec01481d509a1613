"""`ingest`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kg_videorag.cli.filters import tag_names
from kg_videorag.cli.output import INTERRUPTED, JsonFlag, counted, library, print_json, say
from kg_videorag.cli.watching import require_folders, tell_watched, watched

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg_videorag.api import VideoRAG
    from kg_videorag.cli.progress import View
    from kg_videorag.intake.inputs import Input
    from kg_videorag.model import IngestReport


def _stages(given: str | None) -> str | None:
    """Refuse as wrong usage what is no stage."""
    from kg_videorag.errors import ConfigError
    from kg_videorag.ingest.stages import stages_again

    try:
        stages_again(_split(given))
    except ConfigError as error:
        raise typer.BadParameter(f"{error.message}; {error.hint}") from error
    return given


def _mode(given: str) -> str:
    from kg_videorag.cli.progress import MODES

    if given not in MODES:
        raise typer.BadParameter(f"{given!r} is none of {', '.join(MODES)}")
    return given


def ingest(  # noqa: PLR0913, PLR0917 - one parameter an option, as typer wants it
    paths: Annotated[
        list[str],
        typer.Argument(help="Files, folders, patterns, addresses.", metavar="PATH|URL..."),
    ],
    force: Annotated[
        bool, typer.Option("--force", help="Do everything again, even if nothing changed.")
    ] = False,
    stages: Annotated[
        str | None,
        typer.Option(
            metavar="S,...",
            callback=_stages,
            help="Do these again and what is made from them, such as extract or embed.",
        ),
    ] = None,
    tag: Annotated[
        list[str] | None,
        typer.Option(
            "--tag",
            metavar="NAME",
            callback=tag_names,
            help="Put this tag on each video, also on one that is there already.",
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be done, and what it takes.")
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Stay, and ingest what arrives in the folders.")
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Say nothing but what failed.")
    ] = False,
    progress: Annotated[
        str,
        typer.Option(
            metavar="MODE",
            callback=_mode,
            help="bars; json: a JSON document a line on stderr; none; auto: bars on a terminal.",
        ),
    ] = "auto",
    as_json: JsonFlag = False,
) -> None:
    """Turn files into graph and vectors. A file that fails does not stop the others."""
    from kg_videorag.cli.progress import view

    if watch:
        require_folders(paths)
        if dry_run:
            raise typer.BadParameter("--dry-run tells of what is there, --watch waits for more")
    if dry_run:
        from kg_videorag.cli.dry_run import show_plans

        show_plans(paths, force=force, stages=_split(stages), as_json=as_json)
        return
    shown = view("none" if quiet and progress == "auto" else progress)
    teller = _Teller(shown, progress, quiet=quiet, is_watch=watch, tags=tag or ())
    with library(as_json=as_json, quiet=quiet) as rag, shown:
        rag.require_engines()
        rag.connect()  # what it says must not come between the bars
        items = watched(rag, paths, quiet=quiet) if watch else rag.inputs(paths)
        teller.ingest(rag, items, force=force, stages=_split(stages))
    if watch and not quiet:
        tell_watched(teller.reports)
    if as_json:
        from kg_videorag.documents import ingest_document

        print_json(ingest_document(teller.reports))
    if any(report.status in ("partial", "failed") for report in teller.reports):
        raise typer.Exit(1)


class _Teller:
    """Has one input after another ingested, and tells of each what became of it."""

    def __init__(
        self, shown: View, progress: str, *, quiet: bool, is_watch: bool, tags: Sequence[str]
    ) -> None:
        self.reports: list[IngestReport] = []
        self._shown = shown
        self._says = progress != "json"  # its lines tell the outcome too
        self._quiet = quiet
        self._is_watch = is_watch
        self._tags = tags

    def ingest(
        self, rag: VideoRAG, items: Iterable[Input], *, force: bool, stages: list[str]
    ) -> None:
        """Until the last one, or until somebody interrupts."""
        begun: list[str] = []
        try:
            for item in items:
                begun.append(item.given)
                self._shown.begin(item.given)
                self.reports.extend(
                    rag.ingest_many(
                        [item],
                        force=force,
                        stages=stages,
                        tags=self._tags,
                        on_step=self._shown.step,
                    )
                )
                self._tell(self.reports[-1])
        except KeyboardInterrupt:
            self._shown.end()
            stopped = begun[len(self.reports) :]
            left = [] if self._is_watch else [item.given for item in items]
            if stopped or left:
                say(INTERRUPTED)
            self.reports += [
                _interrupted(path, "interrupted while it was ingested") for path in stopped
            ]
            self.reports += [_interrupted(path, "not begun") for path in left]

    def _tell(self, report: IngestReport) -> None:
        self._shown.end(report)
        if self._says and (not self._quiet or report.status in ("partial", "failed")):
            say(_outcome(report))


def _split(stages: str | None) -> list[str]:
    return [name.strip() for name in (stages or "").split(",") if name.strip()]


def _interrupted(path: str, what: str) -> IngestReport:
    from kg_videorag.model import Failure, IngestReport, VideoStatus

    hint = "Run the command again: it goes on where it stopped."
    failure = Failure("interrupted", f"{path}: {what}", hint)
    return IngestReport(path=path, status=VideoStatus.FAILED, error=failure)


def _outcome(report: IngestReport) -> str:
    if report.error is not None:
        hint = f"\n  {report.error.hint}" if report.error.hint else ""
        return f"{report.path}: failed: {report.error.message}{hint}"
    counts = counted(
        segments=report.segments or 0,
        entities=report.entities or 0,
        relations=report.relations or 0,
    )
    warnings = "".join(f"\n  {warning}" for warning in report.warnings)
    return f"{report.path}: {report.status}: {counts}{warnings}"

"""`eval FILE`, and what else is measured of answers."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from kg_videorag.cli.judge import judge
from kg_videorag.cli.output import JsonFlag, VideosOption, library, print_json, say, show

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager

    from kg_videorag.evaluate import Evaluation, Group, Limit, Score

_RUN = "run"
_COLUMNS = {  # title: metric
    "recall": "recall",
    "coverage": "coverage",
    "IoU": "temporal_iou",
    "cited": "citation_precision",
    "accurate": "accuracy",
    "refused": "refusal",
    "falsely": "false_refusal",
}


class _Group(TyperGroup):
    """`eval FILE` is `eval run FILE`: what names no command is a file's name."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - click's own
        """Put `run` before what is neither a command nor a wish for help."""
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = [_RUN, *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    name="eval",
    cls=_Group,
    help="Measure answers: `kg-videorag eval questions.toml` is `eval run questions.toml`.",
    no_args_is_help=True,
)
app.command("judge")(judge)


@app.command(_RUN)
def run(
    file: Annotated[str, typer.Argument(help="Questions with known answers, as TOML.")],
    top_k: Annotated[
        int, typer.Option("--top-k", min=1, max=100, help="How many evidences count.")
    ] = 5,
    video: VideosOption = None,
    fail_under: Annotated[
        list[str] | None,
        typer.Option(
            metavar="METRIC=VALUE",
            help="Exit with 1 if a metric is lower: coverage=0.9, or of a kind or set:"
            " multi_hop.coverage=0.8.",
        ),
    ] = None,
    fail_over: Annotated[
        list[str] | None,
        typer.Option(
            metavar="METRIC=VALUE",
            help="Exit with 1 if a metric is higher: false_refusal=0.05.",
        ),
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Ask a file's questions and measure evidence, citations and answers."""
    limits = _limits(fail_under, fail_over)
    with library(as_json=as_json) as rag:
        from kg_videorag.evaluate import exceeded, read_questions

        questions = read_questions(file)
        with _bar(len(questions)) as advance:
            evaluation = rag.evaluate(
                questions, videos=video or (), top_k=top_k, on_question=advance
            )
        failures = list(exceeded(limits, evaluation.groups))
    if as_json:
        from kg_videorag.documents import evaluation_document

        print_json(evaluation_document(file, evaluation, failures))
    else:
        _show(evaluation)
    for failure in failures:
        say(f"failed: {failure}")
    if failures:
        raise typer.Exit(1)


def _limits(floors: Sequence[str] | None, ceilings: Sequence[str] | None) -> tuple[Limit, ...]:
    """Limits as they were written; a wrong one is wrong usage."""
    if not floors and not ceilings:
        return ()
    from kg_videorag.errors import EvaluationError
    from kg_videorag.evaluate import read_limits

    try:
        return (
            *read_limits(floors or (), is_floor=True),
            *read_limits(ceilings or (), is_floor=False),
        )
    except EvaluationError as error:
        raise typer.BadParameter(f"{error.message}. {error.hint}") from error


def _bar(total: int) -> AbstractContextManager[Any]:
    """A bar on stderr that is advanced by calling it; where nobody looks, nothing."""
    from contextlib import contextmanager

    from rich.console import Console
    from rich.progress import Progress

    @contextmanager
    def shown() -> Iterator[Any]:
        with Progress(console=Console(file=sys.stderr), transient=True) as progress:
            task = progress.add_task("questions", total=total)
            yield lambda done: progress.update(task, completed=done)

    return shown()


def _show(evaluation: Evaluation) -> None:
    from rich.console import Console
    from rich.table import Table

    title = f"recall and coverage of the first {evaluation.top_k} evidences"
    table = Table("", "questions", *_COLUMNS, "p50 ms", "p95 ms", title=title)
    by = evaluation.groups[0].by
    for group in evaluation.groups:
        if group.by != by:
            table.add_section()
            by = group.by
        table.add_row(*_cells(group))
    Console(width=None if sys.stdout.isatty() else 110).print(table)
    missed = [score for score in evaluation.scores if _is_missed(score)]
    if missed:
        show(f"{len(missed)} to look at:")
    for score in missed:
        show(f"  {score.question.id}: {score.question.text} ({_fault(score)})")


def _cells(group: Group) -> Iterator[str]:
    yield f"set {group.name}" if group.by == "set" else group.name
    yield str(group.questions)
    for metric in _COLUMNS.values():
        value = getattr(group, metric)
        yield "-" if value is None else f"{value:.2f}"
    yield f"{group.latency_p50_ms:.0f}"
    yield f"{group.latency_p95_ms:.0f}"


def _is_missed(score: Score) -> bool:
    if not score.question.is_answerable:
        return score.answered
    return score.coverage != 1 or score.accurate is False


def _fault(score: Score) -> str:
    if not score.question.is_answerable:
        return "answered, but nothing answers it"
    faults = []
    if score.coverage != 1:
        faults.append(f"coverage {score.coverage:.2f}")
    if not score.answered:
        faults.append("refused")
    elif score.accurate is False:
        faults.append("another answer")
    return ", ".join(faults)

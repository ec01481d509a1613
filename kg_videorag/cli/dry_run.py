"""`ingest --dry-run`: what would be done, and what it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from kg_videorag.cli.output import library, print_json, say, show

_UNASKED = " (its Neo4j does not run, so the library was not asked whether it holds it)"

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg_videorag.ingest.plan import FilePlan, StagePlan


def show_plans(paths: Sequence[str], *, force: bool, stages: Sequence[str], as_json: bool) -> None:
    """Print the plans of all inputs.

    Raises:
        typer.Exit: With code 1 if one would fail.
    """
    with library(as_json=as_json) as rag:
        plans = list(rag.plan(paths, force=force, stages=stages))
    if as_json:
        from kg_videorag.documents import plan_document

        print_json(plan_document(plans))
    else:
        for plan in plans:
            _show(plan)
        _show_total(plans)
    if any(plan.error for plan in plans):
        raise typer.Exit(1)


def _show(plan: FilePlan) -> None:
    if plan.error is not None:
        show(f"{plan.path}: would fail: {plan.error.message}")
        if plan.error.hint:
            show(f"  {plan.error.hint}")
        return
    if plan.action == "fetch":
        show(f"{plan.path}: would be fetched; more is not known before")
        return
    if plan.action == "nothing":
        show(f"{plan.path}: nothing to do, the library holds it")
        return
    show(f"{plan.path}: would be ingested{'' if plan.asked else _UNASKED}")
    for stage in plan.stages:
        took = "" if not stage.runs else _time(stage.seconds)
        show(f"  {stage.stage:8} {'run ' if stage.runs else 'kept'}  {took:>8}  {_why(stage)}")


def _show_total(plans: Sequence[FilePlan]) -> None:
    seconds = [plan.seconds for plan in plans if plan.seconds is not None]
    unknown = any(stage.seconds is None for plan in plans for stage in plan.stages)
    told = f"{'at least ' if unknown else 'about '}{_time(sum(seconds))}" if seconds else "no time"
    if any(plan.action == "fetch" for plan in plans):
        told += ", and what is fetched"
    disks = [plan.disk for plan in plans if plan.disk]
    graph, vectors, kept = (
        _megabytes(sum(getattr(disk, part) for disk in disks))
        for part in ("graph", "vectors", "stages")
    )
    disk = f"{graph} of graph, {vectors} of vectors, {kept} of results of stages"
    show(
        f"{len(plans)} input{'s' if len(plans) != 1 else ''}: {told};"
        f" disk: {f'about {disk}' if disks else 'no more than now'}"
    )
    say("(time by what was measured here, else on a machine of 2 cores; nothing was written)")


def _why(stage: StagePlan) -> str:
    return stage.why if stage.runs else ""


def _time(seconds: float | None) -> str:
    if seconds is None:
        return "unknown"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{seconds:.1f} s"


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.1f} MB"

"""`graph summary`, `index verify|rebuild`, `config show` and `doctor`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from kg_videorag.cli.output import JsonFlag, counted, library, print_json, reported, say, show

if TYPE_CHECKING:
    from kg_videorag.vectors.spaces import LibraryVerification

graph = typer.Typer(name="graph", help="The knowledge graph.", no_args_is_help=True)
index = typer.Typer(name="index", help="The vector indexes, one a space.", no_args_is_help=True)
config = typer.Typer(name="config", help="Settings.", no_args_is_help=True)


@graph.callback()
@config.callback()
def group() -> None:
    """Keep a single command of a group a subcommand."""


@graph.command("summary")
def summary(as_json: JsonFlag = False) -> None:
    """How much the library holds."""
    with library(as_json=as_json) as rag:
        counts = rag.summary()
    from dataclasses import asdict

    if as_json:
        print_json(asdict(counts))
        return
    from kg_videorag.model import timecode

    show(f"{counted(videos=counts.videos)}, {timecode(counts.duration_ms)} in all")
    show(counted(segments=counts.segments, vectors=counts.embeddings))
    show(counted(entities=counts.entities, mentions=counts.mentions, relations=counts.relations))


@index.command("verify")
def verify(as_json: JsonFlag = False) -> None:
    """Compare the saved indexes with the graph."""
    with library(as_json=as_json) as rag:
        result = rag.verify_index()
    _show_verification(result, as_json=as_json)


@index.command("rebuild")
def rebuild(as_json: JsonFlag = False) -> None:
    """Build the indexes anew from the graph."""
    with library(as_json=as_json) as rag:
        result = rag.rebuild_index()
    _show_verification(result, as_json=as_json)


@config.command("show")
def config_show(as_json: JsonFlag = False) -> None:
    """All settings as they are in force; secrets are masked."""
    with reported(as_json=as_json):
        from kg_videorag.config import load_settings

        settings = load_settings().model_dump(mode="json")
    if as_json:
        print_json({"settings": settings})
        return
    for name, value in settings.items():
        show(f"KGV_{name.upper():22} {'' if value is None else value}")


def doctor(as_json: JsonFlag = False) -> None:
    """Say what is ready, what is missing, and what to do about it."""
    with reported(as_json=as_json):
        from kg_videorag.config import load_settings
        from kg_videorag.diagnose import diagnose

        checks = diagnose(load_settings())
    ok = all(check.ready for check in checks)
    if as_json:
        from dataclasses import asdict

        print_json({"ok": ok, "checks": [asdict(check) for check in checks]})
    else:
        for check in checks:
            show(f"{'ok  ' if check.ready else 'FAIL'} {check.kind:12} {check.name}")
            show(f"     {check.detail}")
            if check.hint:
                show(f"     -> {check.hint}")
    if not ok:
        raise typer.Exit(1)


def _show_verification(result: LibraryVerification, *, as_json: bool) -> None:
    if as_json:
        from kg_videorag.documents import index_document

        print_json(index_document(result))
    else:
        for space, found in result.spaces.items():
            show(f"{space}: {counted(vectors=found.vectors)}, up to change {found.seq}")
        for fault in result.faults:
            say(f"fault: {fault}")
    if result.faults:
        if not as_json:
            say("run `kg-videorag index rebuild`: the graph holds every vector")
        raise typer.Exit(1)

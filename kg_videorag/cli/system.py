"""`index verify|rebuild`, `config show` and `doctor`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from kg_videorag.cli.output import (
    JsonFlag,
    ProfileOption,
    counted,
    library,
    print_json,
    reported,
    say,
    show,
)

if TYPE_CHECKING:
    from kg_videorag.diagnose import Check
    from kg_videorag.vectors.spaces import LibraryVerification

index = typer.Typer(name="index", help="The vector indexes, one a space.", no_args_is_help=True)
config = typer.Typer(name="config", help="Settings.", no_args_is_help=True)


@config.callback()
def group() -> None:
    """Keep a single command of a group a subcommand."""


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


def doctor(profile: ProfileOption = None, as_json: JsonFlag = False) -> None:
    """Say what is ready, what is missing, what it takes to bring it. Asks no network."""
    del profile  # its callback has taken it
    with reported(as_json=as_json):
        from kg_videorag.config import load_settings
        from kg_videorag.diagnose import diagnose, download_bytes

        settings = load_settings()
        checks = diagnose(settings)
    ok = all(check.ready for check in checks)
    missing = download_bytes(checks)
    if as_json:
        from dataclasses import asdict

        document = {"ok": ok, "profile": settings.profile, "download_bytes": missing}
        print_json(document | {"checks": [asdict(check) for check in checks]})
    else:
        show(f"profile {settings.profile}")
        for check in checks:
            _show_check(check)
        if missing:
            from kg_videorag.engines.downloads import size_text

            command = f"kg-videorag --profile {settings.profile} models fetch"
            show(f"{size_text(missing)} to download: `{command}` brings all of it")
    if not ok:
        raise typer.Exit(1)


def _show_check(check: Check) -> None:
    from kg_videorag.cli.models import model_line

    show(f"{'ok  ' if check.ready else 'FAIL'} {check.kind:14} {check.name}")
    show(f"     {check.detail}")
    for model in check.models:
        show(f"     {model_line(model)}")
    hints = [check.hint, *(model.hint for model in check.models)]
    for hint in dict.fromkeys(filter(None, hints)):
        show(f"     -> {hint}")


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

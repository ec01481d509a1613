"""`models list|fetch|verify`: the models of hubs that the settings' engines want."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kg_videorag.cli.output import (
    INTERRUPTED,
    JsonFlag,
    counted,
    print_json,
    reported,
    say,
    say_error,
    show,
)

if TYPE_CHECKING:
    from kg_videorag.diagnose import ModelState
    from kg_videorag.engines.downloads import FileCheck
    from kg_videorag.wanted_models import Fetched, WantedModel

app = typer.Typer(name="models", help="Models of hubs.", no_args_is_help=True)

Names = Annotated[
    list[str] | None,
    typer.Argument(help="Models, as `models list` names them; without: all.", metavar="[NAME...]"),
]


@app.command("list")
def list_models(as_json: JsonFlag = False) -> None:
    """What the settings' engines want from hubs, and whether it is there."""
    with reported(as_json=as_json):
        from kg_videorag.diagnose import model_state
        from kg_videorag.wanted_models import missing_bytes

        profile, models, whole = _chosen(None)
        states = [(model, model_state(model)) for model in models]
        missing = missing_bytes(models)
    if as_json:
        from dataclasses import asdict

        listed = [
            {"kind": model.kind, "engine": model.engine, **asdict(state)} for model, state in states
        ]
        print_json({"profile": profile, "download_bytes": missing, "models": listed})
    else:
        for model, state in states:
            show(f"{model.kind:14} {model_line(state)}")
        _say_if_none(profile, models)
    if not whole:
        raise typer.Exit(1)


@app.command("fetch")
def fetch(names: Names = None, as_json: JsonFlag = False) -> None:
    """Download what is missing; goes on where an earlier download stopped."""
    with reported(as_json=as_json):
        from kg_videorag.config import load_settings
        from kg_videorag.engines.downloads import size_text
        from kg_videorag.wanted_models import fetch, missing_bytes

        profile, models, whole = _chosen(names)
        token = load_settings().hub_token
        results: list[Fetched] = []
        for model in models:
            if not model.state().ready:
                source = model.source
                say(f"{source.name}: {size_text(source.size_bytes)}, licence {source.licence}")
        if missing := missing_bytes(models):
            say(f"{size_text(missing)} to download")
        try:
            for result in fetch(models, token.get_secret_value() if token else ""):
                results.append(result)
                _say_result(result)
        except KeyboardInterrupt:
            say(INTERRUPTED)
            results.extend(map(_interrupted, models[len(results) :]))
    if as_json:
        from dataclasses import asdict

        print_json({"models": [asdict(result) for result in results]})
    else:
        _say_if_none(profile, models)
    if not whole or any(result.error for result in results):
        raise typer.Exit(1)


@app.command("verify")
def verify(names: Names = None, as_json: JsonFlag = False) -> None:
    """Compare models with their publishers' checksums; a second or more a gigabyte."""
    with reported(as_json=as_json):
        profile, models, whole = _chosen(names)
        checked = []
        for model in models:
            checked.append((model, model.verify()))
            if not as_json:
                show(f"{model.name}: {_outcome(checked[-1][1])}")
    ok = whole and not any(check.faults for _, check in checked)
    if as_json:
        documents = [
            {"name": model.name, "ok": not check.faults, "files": check.files}
            | {"faults": list(check.faults)}
            for model, check in checked
        ]
        print_json({"ok": ok, "models": documents})
    else:
        _say_if_none(profile, models)
        if not ok:
            say("`kg-videorag models fetch NAME` brings what is missing or damaged")
    if not ok:
        raise typer.Exit(1)


def model_line(state: ModelState) -> str:
    """One model in one line, as `doctor` and `models list` show it."""
    from kg_videorag.engines.downloads import size_text

    there = "present" if state.present else "missing"
    return f"{there}  {state.name}, {size_text(state.size_bytes)}, licence {state.licence}"


def _outcome(check: FileCheck) -> str:
    if check.faults:
        return "; ".join(check.faults)
    if not check.files:
        return "complete; there are no checksums to compare"
    return f"{counted(files=check.files)} as published"


def _chosen(names: list[str] | None) -> tuple[str, list[WantedModel], bool]:
    """The profile, the models that are meant, and whether every engine could be asked."""
    from kg_videorag.config import load_settings
    from kg_videorag.wanted_models import named, of_settings

    settings = load_settings()
    if names:
        return settings.profile, named(settings, names), True
    models, faults = of_settings(settings)
    for fault in faults:
        say_error(fault.message, fault.hint)
    return settings.profile, models, not faults


def _say_if_none(profile: str, models: list[WantedModel]) -> None:
    if not models:
        say(f"profile {profile}: no engine wants a model of a hub; `doctor` tells of the others")


def _say_result(result: Fetched) -> None:
    if result.error:
        say_error(result.error.message, result.error.hint)
    else:
        say(f"{result.name}: {result.status}, in {result.where}")


def _interrupted(model: WantedModel) -> Fetched:
    from kg_videorag.model import Failure
    from kg_videorag.wanted_models import Fetched

    failure = Failure(
        "interrupted", f"{model.name}: not fetched", "Run the command again to go on."
    )
    return Fetched(model.name, "failed", error=failure)

"""The command line: parse, call, print; no logic.

Nothing heavy is imported here: `--help` must not wait for Neo4j's driver or for numpy.
"""

from __future__ import annotations

from typing import Annotated

import typer

from kg_videorag import __version__
from kg_videorag.cli import (
    corrections,
    cypher,
    database,
    graph,
    ingest,
    library,
    models,
    output,
    overview,
    sessions,
    system,
    videos,
)
from kg_videorag.cli import eval as evaluation

app = typer.Typer(
    name="kg-videorag",
    help="Turn video into a knowledge graph, and ask it questions.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
overview.add_commands()
app.command("ingest")(ingest.ingest)
app.command("ask")(library.ask)
app.command("search")(library.search)
app.command("doctor")(system.doctor)
for group in (
    videos.app,
    corrections.app,
    graph.app,
    cypher.app,
    models.app,
    sessions.app,
    evaluation.app,
    database.app,
    system.index,
    system.config,
):
    app.add_typer(group)


def _version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it so
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version and exit.", is_eager=True, callback=_version
        ),
    ] = False,
    profile: output.ProfileOption = None,
) -> None:
    """Turn video into a knowledge graph, and ask it questions."""
    del version, profile  # their callbacks have done what is to be done

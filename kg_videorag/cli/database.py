"""`db start|stop|status|browser`: the managed Neo4j."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from kg_videorag.cli.output import JsonFlag, print_json, reported, say, show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg_videorag.graph.server import ManagedServer

app = typer.Typer(name="db", help="The managed Neo4j.", no_args_is_help=True)


@app.command("start")
def start(as_json: JsonFlag = False) -> None:
    """Start it, if it is not running, and wait until it answers."""
    with _managed(as_json=as_json) as server:
        server.ensure()
        _show_status(server, as_json=as_json)


@app.command("stop")
def stop(as_json: JsonFlag = False) -> None:
    """Stop it; what it holds stays."""
    with _managed(as_json=as_json) as server:
        stopped = server.stop()
    if as_json:
        print_json({"stopped": stopped})
    else:
        show("stopped" if stopped else "it was not running")


@app.command("status")
def status(as_json: JsonFlag = False) -> None:
    """Whether it runs, and where; starts nothing."""
    with _managed(as_json=as_json) as server:
        _show_status(server, as_json=as_json)


@app.command("browser")
def browser(as_json: JsonFlag = False) -> None:
    """Open Neo4j Browser with address and user filled in."""
    with _managed(as_json=as_json) as server:
        endpoint = server.ensure()
        password_file = server.status().password_file
    import webbrowser
    from urllib.parse import quote

    address = endpoint.bolt_uri.replace("://", f"://{endpoint.user}@")
    url = f"{endpoint.browser_url}?connectURL={quote(address, safe='')}"
    from kg_videorag.graph.queries import cypher_folder

    folder = cypher_folder() / "browser"
    guide = (folder / "guide.html").as_uri()
    if as_json:
        print_json(
            {
                "url": url,
                "user": endpoint.user,
                "password_file": str(password_file),
                "guide": guide,
                "files": str(folder),
            }
        )
        return
    show(f"{url}\nuser {endpoint.user}, password in {password_file}")
    show(f"a guide to follow beside it: {guide}")
    show(f"colours and saved queries, to drag onto its window: {folder}")
    if not webbrowser.open(url):
        say("no web browser could be opened here: open the address above")


@contextmanager
def _managed(*, as_json: bool) -> Iterator[ManagedServer]:
    with reported(as_json=as_json):
        from kg_videorag.compose import managed_server
        from kg_videorag.config import load_server_settings
        from kg_videorag.errors import ConfigError

        settings = load_server_settings()
        if settings.neo4j_uri is not None:
            raise ConfigError(
                f"KGV_NEO4J_URI points at {settings.neo4j_uri}: nothing is managed here",
                hint="Unset it to use the managed Neo4j.",
            )
        yield managed_server(settings, say)


def _show_status(server: ManagedServer, *, as_json: bool) -> None:
    found = server.status()
    document = {
        "running": found.running,
        "version": found.version,
        "pid": found.pid,
        "uri": found.bolt_uri,
        "browser_url": found.browser_url,
        "user": "neo4j",
        "password_file": str(found.password_file),
        "log": str(found.log_path),
        "home": str(found.home),
        "started_at": found.started_at.isoformat() if found.started_at else None,
    }
    if as_json:
        print_json(document)
        return
    for name, value in document.items():
        show(f"{name:14} {'' if value is None else value}")

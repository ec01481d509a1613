"""`sessions list|show|delete`."""

from __future__ import annotations

from typing import Annotated

import typer

from kg_videorag.cli.output import JsonFlag, counted, library, print_json, say, show

app = typer.Typer(
    name="sessions", help="Conversations begun by `ask --session`.", no_args_is_help=True
)
Name = Annotated[str, typer.Argument(help="As it was given to `ask --session`.")]


@app.command("list")
def list_sessions(as_json: JsonFlag = False) -> None:
    """All of them, the one used last first."""
    with library(as_json=as_json) as rag:
        stored = rag.sessions.list()
    if as_json:
        from dataclasses import asdict

        print_json({"sessions": [asdict(session) for session in stored]})
        return
    for session in stored:
        show(f"{session.name:24}  {session.used_at[:16]}  {counted(questions=session.turns)}")
    if not stored:
        say('no conversation is kept: begin one with `kg-videorag ask "..." --session NAME`')


@app.command("show")
def show_session(name: Name, as_json: JsonFlag = False) -> None:
    """Its questions and answers, and what they cited."""
    with library(as_json=as_json) as rag:
        turns = rag.sessions.all(name)
    from kg_videorag.model import one_line, timecode

    if as_json:
        from kg_videorag.overview_documents import turn_document

        print_json({"name": name, "turns": [turn_document(turn) for turn in turns]})
        return
    for turn in turns:
        show(f"\n> {one_line(turn.question)}")
        if turn.understood != turn.question:
            show(f"  ({one_line(turn.understood)})")
        show(turn.answer)
        for cited in turn.cited:
            show(f'  {one_line(cited.video)} {timecode(cited.span.start_ms)} "{cited.quote}"')


@app.command("delete")
def delete_session(name: Name, as_json: JsonFlag = False) -> None:
    """Forget a conversation."""
    with library(as_json=as_json) as rag:
        turns = rag.sessions.delete(name)
    if as_json:
        print_json({"name": name, "deleted": True, "turns": turns})
        return
    show(f"deleted {name} with {counted(questions=turns)}")

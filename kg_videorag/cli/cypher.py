"""`cypher list|show|run|ask`: named statements, and those that a language model writes."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads annotations
from typing import TYPE_CHECKING, Annotated

import typer

from kg_videorag.cli.output import JsonFlag, library, print_json, printable, reported, say, show

if TYPE_CHECKING:
    from collections.abc import Sequence

app = typer.Typer(name="cypher", help="Ask the graph in Cypher, or in words.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="As `cypher list` prints it.")]


@app.command("list")
def list_queries(as_json: JsonFlag = False) -> None:
    """All statements that can be run, with what they answer."""
    with reported(as_json=as_json):
        from kg_videorag.graph.queries import load, names

        queries = [load(name) for name in names("analytics")]
    if as_json:
        from kg_videorag.documents import query_document

        print_json({"queries": [query_document(query) for query in queries]})
        return
    for query in queries:
        show(f"{query.name.removeprefix('analytics/'):24} {query.purpose}")


@app.command("show")
def show_query(name: Name, as_json: JsonFlag = False) -> None:
    """One statement with its parameters, to paste in Neo4j Browser."""
    with reported(as_json=as_json):
        from kg_videorag.graph.queries import load_analytics

        query = load_analytics(name)
    if as_json:
        from kg_videorag.documents import query_document

        print_json(query_document(query))
        return
    show(f"// {query.purpose}")
    for param in query.params:
        default = "" if param.default is None else f", default {param.default}"
        show(f"// {param.name} ({param.type}{default}): {param.meaning}")
    show(f"// returns {query.returns}\n:param {query.example};\n\n{query.statement}")


@app.command("run")
def run_query(
    name: Name,
    param: Annotated[
        list[str] | None, typer.Option("--param", help="A parameter, as name=value.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", help="Write a file instead: .csv, .json or .parquet."),
    ] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV on stdout.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Run one statement; it can only read."""
    if sum((as_csv, as_json, output is not None)) > 1:
        raise typer.BadParameter("choose one", param_hint="--output / --csv / --json")
    given: dict[str, str] = {}
    for text in param or ():
        key, equals, value = text.partition("=")
        if not equals:
            raise typer.BadParameter(f"{text!r} is not name=value", param_hint="--param")
        given[key.strip()] = value
    with library(as_json=as_json) as rag:
        table = rag.cypher(name, given)
        if output is not None:
            from kg_videorag.export.tables import save_table

            save_table(table, output)
    if as_json:
        print_json({"columns": list(table.columns), "rows": [list(row) for row in table.rows]})
    elif as_csv:
        from kg_videorag.export.tables import as_csv as csv_of

        typer.echo(csv_of(table), nl=False)
    elif output is None:
        _draw(table.columns, table.rows)
    say(f"{len(table.rows)} row{'' if len(table.rows) == 1 else 's'}")


@app.command("ask")
def ask_graph(
    question: Annotated[str, typer.Argument(help="In words: what counts, compares or lists.")],
    as_json: JsonFlag = False,
) -> None:
    """Let the language model ask the graph; its statement is shown, and can only read."""
    with library(as_json=as_json) as rag:
        answer = rag.ask_graph(question, on_query=_show_query)
    if as_json:
        from kg_videorag.documents import graph_answer_document

        print_json(graph_answer_document(answer))
        return
    _draw(answer.columns, answer.rows)
    rows = f"{len(answer.rows)} row{'' if len(answer.rows) == 1 else 's'}"
    say(f"{rows}{', and there is more' if answer.cut else ''}")


def _show_query(statement: str) -> None:
    say(f"{statement}\n")


def _draw(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table as RichTable
    from rich.text import Text

    drawn = RichTable(*(escape(printable(name)) for name in columns))
    for row in rows:
        drawn.add_row(*(Text(printable(str(value))) for value in row))
    Console().print(drawn)

"""Puts the graph's sketch and a question before a language model."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg_videorag.graph.queries import load
from kg_videorag.model import EntityType, Prompt
from kg_videorag.prompt_text import harmless, read_prompt

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg_videorag.graph.queries import Query
    from kg_videorag.graph.sketch import EdgeKind, Sketch

# Statements of this repository that the model is shown; all of them would not leave room for an
# answer in 4,096 tokens.
_SHOWN = ("analytics/top_entities", "analytics/entity_timeline")
_VALUE_CHARS = 60
_FAULT_CHARS = 400


def ask_for(question: str, graph: Sketch) -> Prompt:
    """What is asked first; the question stays one line of it."""
    system = read_prompt("cypher.system", frozenset({"schema", "types", "examples"}))
    user = read_prompt("cypher.user", frozenset({"shots", "question"}))
    return Prompt(
        system.substitute(
            schema=_schema(graph), types=", ".join(EntityType), examples=_examples(graph)
        ).strip(),
        user.substitute(shots="\n\n".join(_shots()), question=harmless(question)).strip(),
    )


def ask_again(first: Prompt, statement: str, fault: str) -> Prompt:
    """The same, with what was wrong; a fault may quote the statement, and is data too."""
    told = read_prompt("cypher.again", frozenset({"statement", "fault"})).substitute(
        statement=statement[:2_000], fault=harmless(fault)[:_FAULT_CHARS]
    )
    return Prompt(first.system, f"{first.user}\n\n{told.strip()}")


def _schema(graph: Sketch) -> str:
    nodes = (
        f"(:{node.label} {{{', '.join(f'{name}: {type_}' for name, type_ in node.properties)}}})"
        for node in graph.nodes
    )
    return "\n".join([*nodes, *map(_edge, graph.edges)])


def _edge(edge: EdgeKind) -> str:
    properties = f" {{{', '.join(edge.properties)}}}" if edge.properties else ""
    return f"(:{edge.start})-[:{edge.type}{properties}]->(:{edge.end})"


def _examples(graph: Sketch) -> str:
    return "\n".join(
        f"- {what}: {_listed(values)}"
        for what, values in (
            ("titles", graph.videos),
            ("entities", graph.entities),
            ("predicates of RELATES_TO", graph.predicates),
        )
        if values
    )


def _listed(values: Iterable[str]) -> str:
    return "; ".join(harmless(value)[:_VALUE_CHARS] for value in values)


def _shots() -> list[str]:
    shown = [(query.purpose, _filled(query)) for query in map(load, _SHOWN)]
    return [f"Question: {asked}\nCypher:\n{told}" for asked, told in shown]


def _filled(query: Query) -> str:
    """A named statement with values in place of its parameters."""
    statement = str(query.statement)
    for param in query.params:
        value = param.default or _example_value(query, param.name)
        statement = re.sub(rf"\${param.name}\b", lambda _: value, statement)  # noqa: B023 - used at once
    return statement


def _example_value(query: Query, name: str) -> str:
    """Of the `:param` line, which every statement has."""
    found = re.search(rf'\b{name}: ("[^"]*"|[^,}}]+)', query.example)
    return found[1].strip() if found else "null"

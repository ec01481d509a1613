"""Loads the statements in `cypher/`: one statement a file, its contract in the header.

- `// purpose: what it answers`
- `// param name (type[, default VALUE]): meaning, unit`, one line each
- `// returns: column (type), ...`
- `// :param {name: value}`, to paste in Neo4j Browser
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import LiteralString

from kg_videorag.errors import QueryError

_PACKAGE = Path(__file__).resolve().parents[1]
_PARAM = re.compile(
    r"^(?P<name>\w+) \((?P<type>[a-z ]+)(?:, default (?P<default>[^)]*))?\): (?P<meaning>.+)$"
)
_FOLDERS = ("analytics", "ask", "graph", "ingest", "schema")
_INTEGERS = 1 << 63  # what Neo4j's integers hold
_READERS = {"integer": int, "float": float, "string": str}


@dataclass(frozen=True, slots=True)
class Param:
    """A parameter as its header declares it. `default` is JSON, None where it is required."""

    name: str
    type: str
    meaning: str
    default: str | None

    def read(self, text: str) -> object:
        """Turn what a user typed into a value of the parameter's type.

        Raises:
            QueryError: If it is not one.
        """
        try:
            value = _READERS[self.type](text) if self.type in _READERS else json.loads(text)
        except ValueError as error:
            raise self._mistyped(text) from error
        if self.type.startswith("list") and not isinstance(value, list):
            raise self._mistyped(text)
        if isinstance(value, int) and not -_INTEGERS <= value < _INTEGERS:
            raise self._mistyped(text)
        return value

    def _mistyped(self, text: str) -> QueryError:
        return QueryError(
            f"parameter {self.name} must be of type {self.type}, not {text!r}",
            hint=f"{self.name}: {self.meaning}",
        )


@dataclass(frozen=True, slots=True)
class Query:
    """A named statement. `name` is its path below `cypher/`, without the suffix.

    The driver asks for literals: statements are files of this repository, never data.
    """

    name: str
    purpose: str
    params: tuple[Param, ...]
    returns: str
    example: str
    statement: LiteralString

    def bind(self, given: dict[str, str]) -> dict[str, object]:
        """Values for all parameters, from what a user typed.

        Raises:
            QueryError: If one is missing, unknown or of the wrong type.
        """
        known = {param.name: param for param in self.params}
        usage = "parameters: " + (", ".join(f"{p.name} ({p.type})" for p in self.params) or "none")
        if unknown := given.keys() - known.keys():
            raise QueryError(f"{self.name} has no parameter {min(unknown)!r}", hint=usage)
        missing = [p.name for p in self.params if p.name not in given and p.default is None]
        if missing:
            raise QueryError(
                f"{self.name} needs parameter {missing[0]!r}: --param {missing[0]}=...", hint=usage
            )
        typed = {name: known[name].read(text) for name, text in given.items()}
        defaults = {p.name: json.loads(p.default) for p in self.params if p.default is not None}
        return {**defaults, **typed}


@cache
def load(name: str) -> Query:
    """The statement `cypher/<name>.cypher`.

    Raises:
        QueryError: If there is none of that name, or its header cannot be read.
    """
    if name not in names(name.partition("/")[0]):
        raise _unknown(name)
    return _parse(name, (cypher_folder() / f"{name}.cypher").read_text(encoding="utf-8"))


def load_analytics(name: str) -> Query:
    """A statement that users may run: one of `cypher/analytics/`."""
    full_name = f"analytics/{name.removeprefix('analytics/')}"
    if full_name not in names("analytics"):
        raise _unknown(name)
    return load(full_name)


@cache
def names(folder: str) -> tuple[str, ...]:
    """Names of all statements in one folder below `cypher/`, sorted."""
    if folder not in _FOLDERS:
        return ()
    files = sorted((cypher_folder() / folder).glob("*.cypher"))
    return tuple(f"{folder}/{file.stem}" for file in files)


def _unknown(name: str) -> QueryError:
    known = ", ".join(known_name.partition("/")[2] for known_name in names("analytics"))
    return QueryError(f"there is no query named {name!r}", hint=f"Known: {known}")


@cache
def cypher_folder() -> Path:
    """`cypher/` inside the installed package, else beside it in a checkout."""
    inside = _PACKAGE / "cypher"
    return inside if inside.is_dir() else _PACKAGE.parent / "cypher"


def _parse(name: str, text: str) -> Query:
    header: dict[str, list[str]] = {"purpose": [], "param": [], "returns": [], ":param": []}
    for line in text.splitlines():
        if not line.startswith("// "):
            break
        key, _, value = line[3:].partition(" ")
        if key.rstrip(":") in header:
            header[key.rstrip(":")].append(value)
        elif key in header:
            header[key].append(value)
        else:
            raise QueryError(f"{name}: the header has no key {key!r}")
    body = "\n".join(line for line in text.splitlines() if not line.startswith("//")).strip()
    if not (header["purpose"] and header["returns"] and header[":param"] and body):
        raise QueryError(f"{name}: purpose, returns, :param or the statement is missing")
    return Query(
        name=name,
        purpose=" ".join(header["purpose"]),
        params=tuple(_parse_param(name, line) for line in header["param"]),
        returns=" ".join(header["returns"]),
        example=header[":param"][0],
        statement=body,
    )


def _parse_param(name: str, line: str) -> Param:
    match = _PARAM.match(line)
    if match is None:
        raise QueryError(f"{name}: not a parameter's header: {line!r}")
    return Param(match["name"], match["type"], match["meaning"], match["default"])

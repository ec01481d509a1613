"""Makes values of the graph fit for JSON, and long ones short; vectors stay behind."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from neo4j.graph import Node, Path, Relationship
from neo4j.spatial import Point

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kg_videorag.graph.guard.limits import Limits

_VECTOR = "vector"
_NOT_FINITE = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}  # as Cypher writes them


class Shortener:
    """Values to JSON; `cut` says whether anything was left out.

    Args:
        limits: How much is kept.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.cut = False

    def rows(self, rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
        """Rows as far as their bytes are few enough."""
        kept: list[list[Any]] = []
        left = self._limits.bytes
        for row in rows:
            short = [self._value(value, 0) for value in row[: self._limits.columns]]
            left -= len(json.dumps(short, ensure_ascii=False).encode("utf-8", "replace"))
            if left < 0:
                self.cut = True
                break
            kept.append(short)
        return kept

    def columns(self, names: Sequence[str]) -> list[str]:
        """Their names, as many as are kept."""
        self.cut = self.cut or len(names) > self._limits.columns
        return [self._text(name) for name in names[: self._limits.columns]]

    def _value(self, value: Any, depth: int) -> Any:  # noqa: ANN401 - whatever Neo4j holds
        if value is None or isinstance(value, bool | int):
            return value
        if isinstance(value, float):
            return value if math.isfinite(value) else _NOT_FINITE[str(value)]
        if isinstance(value, str):
            return self._text(value)
        if depth >= self._limits.depth:
            self.cut = True
            return "..."
        if isinstance(value, Node | Relationship | Path):
            return self._element(value, depth + 1)
        return self._container(value, depth + 1)

    def _element(self, value: Node | Relationship | Path, depth: int) -> dict[str, Any]:
        if isinstance(value, Node):
            return {"labels": sorted(value.labels), "properties": self._map(dict(value), depth)}
        if isinstance(value, Relationship):
            return {"type": value.type, "properties": self._map(dict(value), depth)}
        return {
            "nodes": self._list(value.nodes, depth),
            "relationships": self._list(value.relationships, depth),
        }

    def _container(self, value: Any, depth: int) -> Any:  # noqa: ANN401
        if isinstance(value, Point):
            return {"srid": value.srid, "coordinates": list(value)}
        if isinstance(value, dict):
            return self._map(value, depth)
        if isinstance(value, list):
            return self._list(value, depth)
        if isinstance(value, bytes | bytearray):
            self.cut = True
            return f"{len(value)} bytes"
        iso = getattr(value, "iso_format", None)
        return self._text(iso() if iso else str(value))

    def _text(self, text: str) -> str:
        if len(text) > self._limits.text_chars:
            self.cut = True
        # Half characters cannot be printed.
        return text[: self._limits.text_chars].encode("utf-8", "replace").decode()

    def _list(self, values: Sequence[Any], depth: int) -> list[Any]:
        self.cut = self.cut or len(values) > self._limits.items
        return [self._value(value, depth) for value in values[: self._limits.items]]

    def _map(self, values: Mapping[str, Any], depth: int) -> dict[str, Any]:
        named = [(name, value) for name, value in values.items() if name != _VECTOR]
        self.cut = self.cut or len(named) > self._limits.items
        kept = named[: self._limits.items]
        return {self._text(name): self._value(value, depth) for name, value in kept}

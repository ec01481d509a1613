"""Runs a model's statement in a process of its own, which is ended when its time is over."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg_videorag.errors import (
    GraphError,
    GraphUnavailable,
    KgVideoRagError,
    QueryError,
    StatementRefusedError,
)
from kg_videorag.graph.guard.limits import Limits
from kg_videorag.graph.guard.rules import check_statement

if TYPE_CHECKING:
    from kg_videorag.graph.client import Address

_START_S = 30.0  # Python and the driver, where the machine is busy
_BOOT = (
    "import sys; sys.path[:0] = sys.argv[1:];from kg_videorag.graph.guard.child import main; main()"
)
_ERRORS = {
    kind.code: kind for kind in (StatementRefusedError, QueryError, GraphUnavailable, GraphError)
}
_ENDED = "the statement took too long and was ended"
_LESS = "Ask for less: fewer entities, one video, a LIMIT."


@dataclass(frozen=True, slots=True)
class Found:
    """Rows fit for JSON, and whether there is more."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    cut: bool


@dataclass(frozen=True, slots=True)
class ApartReader:
    """Reads the graph by statements that nobody vouches for.

    Args:
        address: Of the graph.
        limits: How much a statement may take and give.
    """

    address: Address
    limits: Limits = field(default_factory=Limits)

    def read(self, statement: str) -> Found:
        """The first rows of a statement of a model's.

        Raises:
            StatementRefusedError: If it would do more than read, or might not end.
            GraphUnavailable: If Neo4j cannot be reached.
            GraphError: If Neo4j refuses it, or it takes too long.
        """
        check_statement(statement, by_machine=True)  # before a process is started for it
        given = asdict(self.address)
        given["ca"] = str(self.address.ca) if self.address.ca else None
        request = {"address": given, "statement": statement, "limits": asdict(self.limits)}
        reply = self._run(json.dumps(request).encode())
        if error := reply.get("error"):
            kind: type[KgVideoRagError] = _ERRORS.get(error["code"], GraphError)
            raise kind(error["message"], hint=error["hint"])
        return Found(tuple(reply["columns"]), tuple(map(tuple, reply["rows"])), reply["cut"])

    def _run(self, request: bytes) -> dict[str, Any]:
        # The current folder decides nothing: `-I`, and what is found stands in sys.path already.
        paths = [str(Path(path).resolve()) for path in sys.path if path]
        try:
            done = subprocess.run(
                [sys.executable, "-I", "-c", _BOOT, *paths],
                input=request,
                capture_output=True,
                timeout=_START_S + 3 * self.limits.timeout_s,
                cwd=Path(sys.executable).anchor,
                env={k: v for k, v in os.environ.items() if not k.startswith(("KGV_", "PYTHON"))},
                process_group=0,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise GraphError(_ENDED, hint=_LESS) from error
        if done.returncode == -signal.SIGALRM:
            raise GraphError(_ENDED, hint=_LESS)
        try:
            reply: dict[str, Any] = json.loads(done.stdout)
        except ValueError as error:
            raise GraphError(
                "the statement gave more than the reading process may hold", hint=_LESS
            ) from error
        return reply

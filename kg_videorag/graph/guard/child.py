"""The process in which a model's statement is run: one request on stdin, one reply on stdout.

A value may be longer than memory, and its making may heed no clock (effort.py): a process of
its own can be held to a size and be ended.
"""

from __future__ import annotations

import json
import resource
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from kg_videorag.errors import KgVideoRagError
from kg_videorag.graph.client import Address, GraphClient
from kg_videorag.graph.guard.limits import Limits
from kg_videorag.graph.guard.plan import check_plan
from kg_videorag.graph.guard.read import as_query
from kg_videorag.graph.guard.rules import check_statement
from kg_videorag.graph.guard.values import Shortener

_GRACE_S = 3.0  # in which a server says itself that the time is over
_TOO_LONG = "a value of the result does not fit into memory"


def main() -> None:
    """Answer the request, or say what is wrong with it."""
    request = json.loads(sys.stdin.buffer.read())
    limits = Limits(**request["limits"])
    _restrain(limits.memory_bytes)
    try:
        reply = _answer(request["address"], request["statement"], limits)
    except KgVideoRagError as error:
        reply = {"error": {"code": error.code, "message": error.message, "hint": error.hint}}
    except MemoryError:
        reply = {"error": {"code": "graph", "message": _TOO_LONG, "hint": "Ask for less."}}
    sys.stdout.buffer.write(json.dumps(reply).encode())


def _answer(address: dict[str, Any], statement: str, limits: Limits) -> dict[str, Any]:
    check_statement(statement, by_machine=True)
    query = as_query(statement)
    ca = address.pop("ca")
    with GraphClient(Address(**address, ca=Path(ca) if ca else None)) as client:
        _end_after(limits.timeout_s + _GRACE_S)
        check_plan(client, query, {}, timeout_s=limits.timeout_s)
        _end_after(limits.timeout_s + _GRACE_S)
        table, more = client.head(query, {}, rows=limits.rows, timeout_s=limits.timeout_s)
    shortener = Shortener(limits)
    columns = shortener.columns(table.columns)
    rows = shortener.rows(table.rows)
    return {"columns": columns, "rows": rows, "cut": more or shortener.cut}


def _end_after(seconds: float) -> None:
    """Be ended by the system then, whatever goes on; the server stops for a reader that left."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)


def _restrain(memory_bytes: int) -> None:
    """Hold this process to its memory, where the system can, and let it leave no file."""
    limits = {resource.RLIMIT_CORE: 0, resource.RLIMIT_FSIZE: 0}
    if sys.platform == "linux":
        limits[resource.RLIMIT_DATA] = memory_bytes
    for which, most in limits.items():
        with suppress(ValueError, OSError):
            resource.setrlimit(which, (most, most))


if __name__ == "__main__":
    main()

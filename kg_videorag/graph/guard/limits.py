"""How much a statement of a model's may take and give."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a statement may give.

    Args:
        rows: How many.
        columns: How many of each.
        text_chars: Of one text.
        items: Of one list or map; below the dimension of any vector.
        depth: Of lists and maps inside of one another.
        bytes: Of all rows together, as JSON.
        timeout_s: Until the server stops it; soon after, the reading process is ended.
        memory_bytes: What the reading process may take.
    """

    rows: int = 200
    columns: int = 30
    text_chars: int = 2_000
    items: int = 50
    depth: int = 5
    bytes: int = 200_000
    timeout_s: float = 15.0
    memory_bytes: int = 768 << 20

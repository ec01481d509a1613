"""Where a question looks, as statements are given it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kg_videorag.graph.queries import load
from kg_videorag.model import EVERYWHERE, Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg_videorag.graph.client import GraphClient
    from kg_videorag.model import Scope

_ANY_TIME = (-1, 2**53)  # also for what is at 0 and lasts no time


def scope_map(scope: Scope) -> dict[str, Any]:
    """The parameter `scope` of statements.

    Returns:
        `narrows`: whether anything is left out; `video_ids`: null for all; `lines`: whether more
        than videos narrows, and only then `start_ms`, `end_ms` (always numbers), `modalities`
        (always a list) and `speaker` (null for all) count.
    """
    window = scope.window
    start_ms, end_ms = (window.start_ms, window.end_ms) if window else _ANY_TIME
    return {
        "narrows": scope != EVERYWHERE,
        "video_ids": None if scope.video_ids is None else list(scope.video_ids),
        "lines": scope.cuts_lines,
        "start_ms": start_ms,
        "end_ms": end_ms,
        "modalities": sorted(scope.perceived),
        "speaker": scope.speaker,
    }


def segments_within(
    client: GraphClient, segment_ids: Iterable[str], scope: Scope
) -> frozenset[str]:
    """Those among some segments, all of videos of the scope, that hold anything within it."""
    wanted = list(segment_ids)
    if not wanted or not scope.cuts_lines:
        return frozenset(wanted)
    rows = client.read(load("ask/segments_within"), segment_ids=wanted, scope=scope_map(scope))
    return frozenset(row["segment_id"] for row in rows)


def narrowed(window: Span | None, scope: Scope) -> Span | None:
    """A stretch of a video as far as it lies in the scope's; None if it does not."""
    if window is None or scope.window is None:
        return window
    return window.clamp(scope.window) if window.overlaps(scope.window) else None

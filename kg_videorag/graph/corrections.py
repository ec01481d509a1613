"""Corrections by hand: kept in the graph, so that they outlive what they correct."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg_videorag.errors import CorrectionError
from kg_videorag.graph.queries import load
from kg_videorag.model import Correction, CorrectionKind, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg_videorag.graph.client import GraphClient, Row, Transaction


def corrections_of(client: GraphClient, video_id: str) -> tuple[Correction, ...]:
    """Those that count for a video: its own, and those of names in all videos."""
    rows = client.read(load("graph/corrections"), video_id=video_id)
    return tuple(_correction(row) for row in rows)


def same_corrections(tx: Transaction, video_id: str, known: Sequence[Correction]) -> bool:
    """Whether these count for a video now, no more and no less."""
    rows = tx.run(load("graph/corrections"), video_id=video_id)
    return {_correction(row) for row in rows} == set(known)


def all_corrections(client: GraphClient) -> tuple[Correction, ...]:
    """Those of the whole library, in the order in which they were made."""
    return tuple(_correction(row) for row in client.read(load("graph/corrections"), video_id=None))


def find_correction(client: GraphClient, prefix: str) -> Correction:
    """The one whose id begins so.

    Raises:
        CorrectionError: If there is none, or several.
    """
    found = [c for c in all_corrections(client) if prefix and c.id.startswith(prefix)]
    if len(found) == 1:
        return found[0]
    raise CorrectionError(
        f"{len(found) or 'no'} corrections have an id that begins with {prefix!r}",
        hint="`kg-videorag correct list` names all.",
    )


def videos_that_say(client: GraphClient, texts: list[str]) -> tuple[str, ...]:
    """Ids of videos in which one of some texts is said or shown, letter by letter."""
    rows = client.read(load("graph/videos_that_say"), texts=texts)
    return tuple(row["id"] for row in rows)


def keep_correction(tx: Transaction, correction: Correction) -> None:
    """Write a correction, or another replacement of one that there is."""
    span = correction.span
    properties = {
        "kind": str(correction.kind),
        "original": correction.original,
        "replacement": correction.replacement,
        "made_at": correction.made_at,
        "start_ms": span.start_ms if span else None,
        "end_ms": span.end_ms if span else None,
    }
    tx.run(
        load("ingest/correction"),
        correction_id=correction.id,
        video_id=correction.video_id,
        properties=properties,
    )


def drop_correction(tx: Transaction, correction: Correction) -> None:
    """Forget a correction."""
    tx.run(load("ingest/drop_correction"), correction_id=correction.id)


def _correction(row: Row) -> Correction:
    start_ms, end_ms = row["start_ms"], row["end_ms"]
    return Correction(
        id=row["id"],
        kind=CorrectionKind(row["kind"]),
        original=row["original"],
        replacement=row["replacement"],
        made_at=row["made_at"],
        video_id=row["video_id"],
        span=None if start_ms is None else Span(start_ms, end_ms),
    )

"""Videos whose titles or file names may be those that a question says."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from kg_videorag.graph.queries import load
from kg_videorag.model import EVERYWHERE
from kg_videorag.words import content_stems

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg_videorag.graph.client import GraphClient
    from kg_videorag.model import Scope

_PART_CHARS = 3
_MAX_PARTS = 60
_LEAST = 0.4  # of a name's parts: a letter that is wrong spoils three


@dataclass(frozen=True, slots=True)
class FilmName:
    """A video as people may name it; `file` is its file's name."""

    video_id: str
    title: str
    file: str


def films_named(
    client: GraphClient, names: Sequence[str], *, scope: Scope = EVERYWHERE, limit: int
) -> tuple[FilmName, ...]:
    """Videos that may be meant by some names, the likest first, in one round trip.

    Args:
        client: The graph.
        names: As a question says them.
        scope: Only of these videos.
        limit: How many at most.
    """
    parts = [found for name in names if (found := _parts(name))]
    if not parts:
        return ()
    rows = client.read(
        load("ask/videos_named"),
        names=parts,
        video_ids=scope.video_ids,
        least=_LEAST,
        limit=limit,
    )
    return tuple(FilmName(row["id"], row["title"], PurePath(row["path"]).name) for row in rows)


def _parts(name: str) -> list[str]:
    """Every three letters in a row of a name's stems: what a wrong letter leaves is found."""
    parts = {
        stem[at : at + _PART_CHARS]
        for stem in content_stems(name)
        for at in range(max(len(stem) - _PART_CHARS + 1, 1))
    }
    return sorted(parts)[:_MAX_PARTS]

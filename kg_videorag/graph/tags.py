"""Tags: what videos are collected by, kept in the graph beside what is ingested."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import normalize

from kg_videorag.errors import TagError
from kg_videorag.graph.queries import load
from kg_videorag.model import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg_videorag.graph.client import GraphClient, Row, Transaction

_MAX_CHARS = 100
_TOLD = 20  # names in a hint


def tag_names(given: Iterable[str]) -> dict[str, str]:
    """Tags as they are kept, by the key under which two spellings of one are equal.

    Args:
        given: As users type them; case, letters' form and space around them do not matter.

    Raises:
        TagError: If one is empty or longer than 100 characters.
    """
    names: dict[str, str] = {}
    for text in given:
        name = one_line(normalize("NFC", text))
        if not 0 < len(name) <= _MAX_CHARS:
            raise TagError(
                f"{name[:_MAX_CHARS]!r} is no tag: it must have 1 to {_MAX_CHARS} characters"
            )
        names.setdefault(normalize("NFC", name.casefold()), name)
    return names


def change_tags(
    client: GraphClient, video_ids: Sequence[str], *, add: Iterable[str], remove: Iterable[str]
) -> None:
    """Put tags on videos and take others off; a tag that no video carries is gone.

    Args:
        client: The graph.
        video_ids: Which videos.
        add: Names; one that there is in another case stays as it is spelt.
        remove: Names; one that a video does not carry is no fault.

    Raises:
        TagError: If a name is none, or nobody carries one that is to be removed.
    """
    added, removed = tag_names(add), tag_names(remove)
    _known(client, removed)

    def work(tx: Transaction) -> None:
        tx.run(load("ingest/lock_library"))
        rows = [{"key": key, "name": name} for key, name in added.items()]
        tx.run(load("ingest/tag_videos"), video_ids=list(video_ids), tags=rows)
        tx.run(load("ingest/untag_videos"), video_ids=list(video_ids), keys=list(removed))
        tx.run(load("ingest/prune_tags"))

    client.write(work)


def videos_tagged(client: GraphClient, tags: Iterable[str]) -> tuple[str, ...]:
    """Ids of the videos that carry any of some tags.

    Raises:
        TagError: If no video carries one of them; the hint names those that are carried.
    """
    rows = _known(client, tag_names(tags))
    return tuple(sorted({video_id for row in rows for video_id in row["video_ids"]}))


def _known(client: GraphClient, names: dict[str, str]) -> list[Row]:
    if not names:
        return []
    rows = client.read(load("graph/tags"), keys=list(names))
    for key in names.keys() - {row["key"] for row in rows}:
        known = [row["name"] for row in client.read(load("graph/tags"), keys=None)]
        more = f" and {len(known) - _TOLD} more" if len(known) > _TOLD else ""
        raise TagError(
            f"no video carries the tag {names[key]!r}",
            hint=f"Tags: {', '.join(known[:_TOLD])}{more}."
            if known
            else "No video carries any: `kg-videorag videos tag VIDEO --add NAME`.",
        )
    return rows

"""Where a question is to look: what users name, found in the library."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg_videorag.errors import ScopeError
from kg_videorag.graph.moments import video_lengths
from kg_videorag.graph.queries import load
from kg_videorag.graph.read import select_video
from kg_videorag.graph.tags import videos_tagged
from kg_videorag.model import Modality, Scope, Span, stretch, timecode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg_videorag.graph.client import GraphClient, Row

_TOLD = 20  # names in a hint


@dataclass(frozen=True, slots=True)
class Filters:
    """What users narrow a question to; each narrows what the others leave.

    Args:
        videos: Any of these: ids, id prefixes, paths, titles or file names.
        tags: Only videos that carry any of these.
        window: Only this stretch of each video.
        speaker: Only what this one says; case does not matter.
        modalities: Only what was perceived in any of these; empty for all.
    """

    videos: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    window: Span | None = None
    speaker: str = ""
    modalities: frozenset[Modality] = frozenset()


def filters(
    *,
    videos: str | Sequence[str] = (),
    tags: str | Sequence[str] = (),
    time: str | Span | None = None,
    speaker: str | None = None,
    modalities: str | Sequence[str] = (),
) -> Filters:
    """Filters from what users type.

    Raises:
        ScopeError: If the time is none, a modality is, or a speaker is to be seen.
    """
    try:
        window = stretch(time) if isinstance(time, str) else time
    except ValueError as error:
        raise ScopeError(str(error)) from error
    known = [str(modality) for modality in Modality]
    named = _several(modalities)
    if wrong := [name for name in named if name not in known]:
        raise ScopeError(
            f"there is no modality {wrong[0]!r}", hint=f"Modalities: {', '.join(known)}."
        )
    if speaker and named and Modality.SPEECH not in named:
        raise ScopeError(
            f"what a speaker says is speech, not {' or '.join(named)}",
            hint="Leave out the speaker, or the modality.",
        )
    return Filters(
        _several(videos), _several(tags), window, speaker or "", frozenset(map(Modality, named))
    )


def select_scope(client: GraphClient, chosen: Filters) -> Scope:
    """Where to look.

    Raises:
        VideoSelectionError: If a video is unknown or ambiguous.
        TagError: If nothing carries a tag.
        ScopeError: If nothing is left: nobody speaks by that name, no video is that long.
    """
    video_ids = _videos(client, chosen)
    speaker = None
    if chosen.speaker:
        speaker, video_ids = _speaker(client, chosen.speaker, video_ids)
    scope = Scope(video_ids, chosen.window, speaker, chosen.modalities or None)
    if chosen.window is not None:
        _require_reach(client, scope, chosen.window.start_ms)
    return scope


def _several(given: str | Sequence[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)  # one name, not its letters


def _videos(client: GraphClient, chosen: Filters) -> tuple[str, ...] | None:
    named = dict.fromkeys(select_video(client, selector) for selector in chosen.videos)
    if not chosen.tags:
        return tuple(named) if chosen.videos else None
    tagged = videos_tagged(client, chosen.tags)
    if not chosen.videos:
        return tagged
    both = tuple(video_id for video_id in named if video_id in tagged)
    if not both:
        tags = " or ".join(map(repr, chosen.tags))
        raise ScopeError(
            f"none of the chosen videos carries the tag {tags}",
            hint="`kg-videorag videos list` tells what each carries.",
        )
    return both


def _speaker(
    client: GraphClient, name: str, video_ids: tuple[str, ...] | None
) -> tuple[str, tuple[str, ...]]:
    """The speaker as transcripts spell the name, and in which videos."""
    rows = client.read(load("graph/speakers"), video_ids=video_ids)
    near = [row for row in rows if row["name"].casefold() == name.strip().casefold()]
    found = [row for row in near if row["name"] == name] or near
    where = "" if video_ids is None else " in the chosen videos"
    if len(found) == 1:
        return found[0]["name"], tuple(found[0]["video_ids"])
    if found:
        raise ScopeError(f"{name!r} is spelt in {len(found)} ways{where}", hint=_names(found))
    raise ScopeError(
        f"nobody is named {name!r} among the speakers{where}",
        hint=_names(rows)
        if rows
        else f"No speaker is known{where}: subtitles name them, or the profile full tells them"
        " apart.",
    )


def _names(rows: list[Row]) -> str:
    more = f" and {len(rows) - _TOLD} more" if len(rows) > _TOLD else ""
    return f"Speakers: {', '.join(row['name'] for row in rows[:_TOLD])}{more}."


def _require_reach(client: GraphClient, scope: Scope, start_ms: int) -> None:
    lengths = video_lengths(client, scope=scope, segment_ids=None, from_ms=start_ms)
    longest = max(lengths.values(), key=lambda video: video.duration_ms, default=None)
    if longest is not None and longest.duration_ms <= start_ms:
        which = "" if len(lengths) == 1 else "the longest video, "
        raise ScopeError(
            f"there is nothing from {timecode(start_ms)} on",
            hint=f"{which}{longest.name}{',' if which else ''} ends at"
            f" {timecode(longest.duration_ms)}.",
        )

"""An entity across videos: when it is mentioned, in which words, and what is told of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TYPE_CHECKING

from kg_videorag.ask.overview.values import Said, Stretch, Timeline, Told
from kg_videorag.graph.timeline import count_mentions, mentioning_segments, relations_of
from kg_videorag.model import Modality, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kg_videorag.graph.client import GraphClient, Row

DEFAULT_LIMIT, MAX_LIMIT = 100, 1_000  # stretches
# Mentions nearer than this are one stretch, unless it grows longer than that.
_GAP_MS, _LONGEST_MS = 15_000, 120_000
_SEGMENTS_A_STRETCH = 12  # at most: _LONGEST_MS in segments of 10 s
_SAID, _SURFACES, _RELATIONS = 12, 10, 20  # of a stretch


@dataclass(slots=True)
class _Growing:
    """A stretch that may still grow."""

    row: Row
    start_ms: int
    end_ms: int
    mentions: int = 0
    surfaces: dict[str, None] = field(default_factory=dict)
    said: dict[Said, None] = field(default_factory=dict)
    segment_ids: dict[str, None] = field(default_factory=dict)


def timeline_of(
    client: GraphClient, entity_id: str, video_ids: Sequence[str] | None, limit: int
) -> Timeline:
    """All stretches in which an entity is mentioned, by any of its names.

    Args:
        client: The graph.
        entity_id: Of one of its names.
        video_ids: Only in these; None for all.
        limit: How many stretches at most, 1..MAX_LIMIT.
    """
    found = count_mentions(client, entity_id, video_ids)
    cap = limit * _SEGMENTS_A_STRETCH
    rows = mentioning_segments(client, found.ids, video_ids, cap)
    grown: list[_Growing] = []
    cut = False
    for stretch in _stretches(rows):
        if len(grown) == limit:
            cut = True
            break
        grown.append(stretch)
    segment_ids = [segment_id for stretch in grown for segment_id in stretch.segment_ids]
    told: dict[str, list[Row]] = {}
    for row in relations_of(client, found.ids, segment_ids, limit * _RELATIONS):
        told.setdefault(row["segment_id"], []).append(row)
    cut = cut or sum(stretch.mentions for stretch in grown) < found.mentions
    stretches = tuple(_whole(stretch, told) for stretch in grown)
    return Timeline(found.entity, found.variants, found.mentions, found.videos, stretches, cut=cut)


def _stretches(rows: Iterable[Row]) -> Iterator[_Growing]:
    """Mentions in order, those that lie close together as one."""
    last: _Growing | None = None
    for row in rows:
        listed = len(row["mentions"])
        for place, mention in enumerate(row["mentions"]):
            start_ms, end_ms = mention["start_ms"], mention["end_ms"]
            goes_on = (
                last is not None
                and last.row["video_id"] == row["video_id"]
                and start_ms - last.end_ms <= _GAP_MS
                and max(end_ms, last.end_ms) - last.start_ms <= _LONGEST_MS
            )
            if last is None or not goes_on:
                if last is not None:
                    yield last
                last = _Growing(row, start_ms, end_ms)
            last.end_ms = max(last.end_ms, end_ms)
            # Those of a segment beyond the cap count with its last one.
            last.mentions += 1 + (row["many"] - listed if place == listed - 1 else 0)
            last.surfaces[mention["surface"]] = None
            last.segment_ids[row["segment_id"]] = None
            last.said |= dict.fromkeys(_saying(row, mention))
    if last is not None:
        yield last


def _saying(row: Row, mention: Row) -> Iterator[Said]:
    """The sentences or lines of a segment in which a mention lies."""
    modality = Modality(mention["modality"])
    kind = {
        Modality.SPEECH: "sentence",
        Modality.SCREEN: "screen_line",
        Modality.CAPTION: "caption_line",
    }.get(modality)
    if kind is None:  # a thing seen, a sound heard
        span = Span(mention["start_ms"], mention["end_ms"])
        yield Said(mention["surface"], span, modality)
        return
    headings = row["screen_line_heading"] if kind == "screen_line" else [""] * len(row[f"{kind}s"])
    lines = zip(
        row[f"{kind}s"], headings, row[f"{kind}_start_ms"], row[f"{kind}_end_ms"], strict=True
    )
    named = mention["surface"].casefold()
    for text, heading, start_ms, end_ms in lines:
        whole = f"{heading}: {text}" if heading else text
        inside = start_ms <= mention["start_ms"] < max(end_ms, start_ms + 1)
        # Lines stand on the screen together: only those that name it.
        if inside and (modality is Modality.SPEECH or named in whole.casefold()):
            yield Said(whole, Span(start_ms, end_ms), modality)


def _whole(grown: _Growing, told: Mapping[str, Sequence[Row]]) -> Stretch:
    span = Span(grown.start_ms, grown.end_ms)
    relations = [
        Told(
            row["subject"], row["predicate"], row["object"],
            Span(row["start_ms"], row["end_ms"]), Modality(row["modality"]),
        )
        for segment_id in grown.segment_ids
        for row in told.get(segment_id, ())
        if row["start_ms"] <= span.end_ms and row["end_ms"] >= span.start_ms
    ]  # fmt: skip
    said = sorted(grown.said, key=lambda s: (s.span, s.text))
    return Stretch(
        video_id=grown.row["video_id"],
        video=PurePath(grown.row["path"]).name,
        title=grown.row["title"],
        span=span,
        mentions=grown.mentions,
        surfaces=tuple(grown.surfaces)[:_SURFACES],
        said=tuple(said[:_SAID]),
        relations=tuple(dict.fromkeys(relations))[:_RELATIONS],
    )

"""Segments with what they say, and their neighbours in time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg_videorag.graph.queries import load
from kg_videorag.model import Modality, Sentence, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg_videorag.graph.client import GraphClient, Row


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A segment beside another one in its video."""

    segment_id: str
    span: Span


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A segment, what it says and shows, and its neighbours on one side.

    Args:
        here: The segment itself.
        video_id: Of which video.
        sentences: What is said in it, in order, then the lines on the screen.
        beside: Its neighbours, the nearest first.
    """

    here: Neighbour
    video_id: str
    sentences: tuple[Sentence, ...]
    beside: tuple[Neighbour, ...]


def read_surroundings(
    client: GraphClient, segment_ids: Sequence[str], *, later: bool, reach: int
) -> dict[str, Surroundings]:
    """Some segments and their neighbours along FOLLOWS, by id, in one round trip.

    Args:
        client: The graph.
        segment_ids: Of which.
        later: Whether the neighbours after them are wanted; else those before.
        reach: How many neighbours at most, 0..120.
    """
    rows = client.read(load("ask/around"), segment_ids=list(segment_ids), later=later, reach=reach)
    return {row["segment_id"]: _surroundings(row) for row in rows}


def _surroundings(row: Row) -> Surroundings:
    return Surroundings(
        _neighbour(row),
        row["video_id"],
        (*_spoken(row), *_shown(row)),
        tuple(_neighbour(beside) for beside in row["beside"]),
    )


def _neighbour(row: Row) -> Neighbour:
    return Neighbour(row["segment_id"], Span(row["start_ms"], row["end_ms"]))


def _spoken(row: Row) -> Iterator[Sentence]:
    times = zip(row["sentence_start_ms"], row["sentence_end_ms"], strict=True)
    for text, time in zip(row["sentences"], times, strict=True):
        yield Sentence(text, Span(*time))


def _shown(row: Row) -> Iterator[Sentence]:
    times = zip(row["screen_line_start_ms"], row["screen_line_end_ms"], strict=True)
    headings = row["screen_line_heading"]
    for text, time, heading in zip(row["screen_lines"], times, headings, strict=True):
        yield Sentence(text, Span(*time), modality=Modality.SCREEN, heading=heading)

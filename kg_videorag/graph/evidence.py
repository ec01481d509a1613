"""What chosen segments say, show and look like, as evidence."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from kg_videorag.graph.match_words import entity_of
from kg_videorag.graph.queries import load
from kg_videorag.model import Evidence, GraphRelation, Modality, Sentence, Span, Subgraph

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg_videorag.graph.client import GraphClient, Row

_ENTITIES_PER_SEGMENT = 50
_LABELS_PER_SEGMENT = 20  # some 100 tokens; in 30 s a film hardly shows more
_RELATIONS = 200
_VARIANTS = 20  # other names of one entity


def read_evidence(
    client: GraphClient, ranked: Sequence[tuple[str, float, tuple[str, ...]]]
) -> tuple[tuple[Evidence, ...], Subgraph]:
    """What chosen segments say, show and look like, in this order, with what the graph knows.

    Args:
        client: The graph.
        ranked: Segment id, fused score, roads; best first.
    """
    segment_ids = [segment_id for segment_id, _, _ in ranked]
    rows = client.read(
        load("ask/evidence"),
        segment_ids=segment_ids,
        cap=_ENTITIES_PER_SEGMENT,
        label_cap=_LABELS_PER_SEGMENT,
        variant_cap=_VARIANTS,
    )
    by_id = {row["segment_id"]: row for row in rows}
    evidence = tuple(
        _evidence(by_id[segment_id], score, via)
        for segment_id, score, via in ranked
        if segment_id in by_id
    )
    relations = client.read(
        load("ask/relations"),
        segment_ids=segment_ids,
        video_ids=sorted({row["video_id"] for row in rows}),
        cap=_RELATIONS,
    )
    entities = {e["id"]: entity_of(e) for row in rows for e in row["entities"]}
    names = {e["id"]: (e["name"], *e["variants"]) for row in rows for e in row["entities"]}
    told = tuple(_relation(row) for row in relations)
    return evidence, Subgraph(tuple(entities.values()), told, names)


def _evidence(row: Row, score: float, via: tuple[str, ...]) -> Evidence:
    return Evidence(
        segment_id=row["segment_id"],
        video_id=row["video_id"],
        video=PurePath(row["path"]).name,
        span=Span(row["start_ms"], row["end_ms"]),
        score=score,
        via=via,
        sentences=(*_spoken(row), *_shown(row), *_described(row), *_named(row)),
        before=tuple(row["before"]),
        path=row["path"],
        source_url=row["source_url"] or "",
    )


def _spoken(row: Row) -> Iterator[Sentence]:
    times = zip(row["sentence_start_ms"], row["sentence_end_ms"], strict=True)
    speakers = row["sentence_speaker"] or [""] * len(row["sentences"])
    for text, time, speaker in zip(row["sentences"], times, speakers, strict=True):
        yield Sentence(text, Span(*time), speaker=speaker)


def _shown(row: Row) -> Iterator[Sentence]:
    times = zip(row["screen_line_start_ms"], row["screen_line_end_ms"], strict=True)
    for text, time, heading in zip(
        row["screen_lines"], times, row["screen_line_heading"], strict=True
    ):
        yield Sentence(text, Span(*time), modality=Modality.SCREEN, heading=heading)


def _described(row: Row) -> Iterator[Sentence]:
    times = zip(row["caption_line_start_ms"], row["caption_line_end_ms"], strict=True)
    for text, time in zip(row["caption_lines"], times, strict=True):
        yield Sentence(text, Span(*time), modality=Modality.CAPTION)


def _named(row: Row) -> Iterator[Sentence]:
    """Things seen and sounds heard, in words: labels are no sentences."""
    for label in sorted(row["labels"], key=lambda label: (label["start_ms"], label["name"])):
        modality = Modality(label["modality"])
        sensed = "Seen" if modality is Modality.VISION else "Heard"
        span = Span(label["start_ms"], label["end_ms"])
        yield Sentence(f"{sensed}: {label['name']}.", span, modality=modality)


def _relation(row: Row) -> GraphRelation:
    return GraphRelation(
        subject_id=row["subject_id"],
        predicate=row["predicate"],
        object_id=row["object_id"],
        segment_id=row["segment_id"],
        span=Span(row["start_ms"], row["end_ms"]),
    )

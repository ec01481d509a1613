"""What asking reads: full-text hits, neighbourhoods, evidence. Every read is capped."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import PurePath
from typing import TYPE_CHECKING

from kg_videorag.graph.fulltext import entity_queries, segment_queries
from kg_videorag.graph.queries import load
from kg_videorag.model import (
    Entity,
    EntityType,
    Evidence,
    GraphRelation,
    Hit,
    Modality,
    Sentence,
    Span,
    Subgraph,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kg_videorag.graph.client import GraphClient, Row

NEIGHBOUR_CAP = 25  # 10 seeds with a cap measured 9 ms, without one 170 ms
_TOLD_CAP = 1000
_VARIANTS = 50  # of one entity; a name that is spelt in more ways is rare
_ENTITIES_PER_SEGMENT = 50
_LABELS_PER_SEGMENT = 20  # some 100 tokens; in 30 s a film hardly shows more
_MOMENT_VIDEOS = 8  # in which one moment is looked for, unless videos are chosen
_MOMENT_SEGMENTS = 50
_RELATIONS = 200
_ENTITY_CANDIDATES = 50
_FILTER_OVER_FETCH = 20  # a filtered full-text search draws this many times its limit


@dataclass(frozen=True, slots=True)
class Matches:
    """What full text found: segments by their words, entities by their names; best first.

    `wholes` are those of whom entities are variants, by the variant's id.
    """

    segments: tuple[Hit, ...]
    entities: tuple[Entity, ...]
    wholes: Mapping[str, Entity] = field(default_factory=dict)

    def whole(self, entities: Sequence[Entity]) -> tuple[Entity, ...]:
        """The canonical ones of some entities, each once, in their order."""
        known = (self.wholes.get(entity.id, entity) for entity in entities)
        return tuple({entity.id: entity for entity in known}.values())


@dataclass(frozen=True, slots=True)
class Spoken:
    """Where an entity is spoken of.

    Args:
        segment_ids: Segments that mention it.
        told_in: Those among them in which something is told of it: a relation has it.
        weight: How many relations join it to what the question names.
        cut: Whether more segments speak of it than were taken.
    """

    segment_ids: Sequence[str]
    told_in: frozenset[str] = frozenset()
    weight: int = 1
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """Segment ids around a question.

    Args:
        mentioned: By entity that the question names.
        related: By entity that those relate to.
        adjacent: By hit: the segments just before and after it.
    """

    mentioned: Mapping[str, Spoken]
    related: Mapping[str, Spoken]
    adjacent: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class VideoLength:
    """How long a video is; `name` is its file's."""

    name: str
    duration_ms: int


def match_words(
    client: GraphClient, question: str, *, limit: int, video_ids: Sequence[str] | None
) -> Matches:
    """Full-text search for a user's words, which are escaped here."""
    asked = segment_queries(question)
    if not asked:
        return Matches((), ())
    row = client.read(
        load("ask/fulltext"),
        segment_queries=asked,
        entity_queries=entity_queries(question),
        video_ids=video_ids,
        limit=limit,
        over_fetch=limit if video_ids is None else limit * _FILTER_OVER_FETCH,
        entity_limit=_ENTITY_CANDIDATES,
    )[0]
    found = [[Hit(s["segment_id"], s["score"]) for s in ranked] for ranked in row["segments"]]
    entities = row["entities"]
    return Matches(
        _in_turn(found)[:limit],
        tuple(_entity(e) for e in entities),
        {e["id"]: _entity(e["canonical"]) for e in entities if e["canonical"]["id"] != e["id"]},
    )


def _in_turn(ranked: Sequence[Sequence[Hit]]) -> tuple[Hit, ...]:
    """The hits of several indexes, whose scores do not compare: by rank, each segment once."""
    hits: dict[str, Hit] = {}
    for same_rank in zip_longest(*ranked):
        for hit in filter(None, same_rank):
            hits.setdefault(hit.segment_id, hit)
    return tuple(hits.values())


def segments_of_labels(client: GraphClient, found: Sequence[tuple[int, float]]) -> tuple[Hit, ...]:
    """Turn an index's (label, cosine) into hits; each segment once, at its best moment."""
    rows = client.read(load("ask/labels"), labels=[label for label, _ in found])
    places = {row["label"]: (row["segment_id"], row["at_ms"]) for row in rows}
    hits: dict[str, Hit] = {}
    for label, cosine in found:
        if label in places:  # else removed since the search
            segment_id, at_ms = places[label]
            hits.setdefault(segment_id, Hit(segment_id, cosine, at_ms))
    return tuple(hits.values())


def video_labels(client: GraphClient, space: str, video_ids: Sequence[str]) -> frozenset[int]:
    """Labels of the vectors of some videos."""
    rows = client.read(load("graph/embedding_labels"), space=space, video_ids=list(video_ids))
    return frozenset(row["label"] for row in rows)


def segment_labels(client: GraphClient, space: str, segment_ids: Sequence[str]) -> frozenset[int]:
    """Labels of the vectors of some segments."""
    rows = client.read(load("ask/segment_labels"), space=space, segment_ids=list(segment_ids))
    return frozenset(row["label"] for row in rows)


def expand(
    client: GraphClient,
    *,
    entity_ids: Sequence[str],
    segment_ids: Sequence[str],
    video_ids: Sequence[str] | None,
) -> Neighbourhood:
    """The bounded neighbourhood of a question, in one round trip.

    Args:
        client: The graph.
        entity_ids: Canonical ones; what is said of their variants is said of them.
        segment_ids: What search found, best first.
        video_ids: Only in these videos; None for all.
    """
    row = client.read(
        load("ask/expand"),
        entity_ids=list(entity_ids),
        segment_ids=list(segment_ids),
        video_ids=video_ids,
        cap=NEIGHBOUR_CAP,
        told_cap=_TOLD_CAP,
        variant_cap=_VARIANTS,
    )[0]
    return Neighbourhood(
        mentioned={
            m["entity_id"]: Spoken(m["segment_ids"], frozenset(m["told_in"]), cut=m["cut"])
            for m in row["mentioned"]
        },
        related={
            r["entity_id"]: Spoken(r["segment_ids"], frozenset(r["told_in"]), r["weight"])
            for r in row["related"]
        },
        adjacent={a["segment_id"]: a["neighbour_ids"] for a in row["adjacent"]},
    )


def video_lengths(
    client: GraphClient,
    *,
    video_ids: Sequence[str] | None,
    segment_ids: Sequence[str] | None,
    from_ms: int = 0,
) -> dict[str, VideoLength]:
    """Lengths of some videos, or of those that some segments are of, by id.

    Args:
        client: The graph.
        video_ids: Only these; None for all.
        segment_ids: Only videos of these; None for all.
        from_ms: Videos longer than this come first, and else the longest: few are read.
    """
    rows = client.read(
        load("ask/lengths"),
        video_ids=video_ids,
        segment_ids=segment_ids,
        from_ms=from_ms,
        limit=_MOMENT_VIDEOS,
    )
    return {
        row["video_id"]: VideoLength(PurePath(row["path"]).name, row["duration_ms"]) for row in rows
    }


def segments_at(client: GraphClient, windows: Mapping[str, Span]) -> dict[str, tuple[Hit, Span]]:
    """Segments in a stretch of each video, with that stretch, by id; the best first.

    Args:
        client: The graph.
        windows: By video id.
    """
    rows = client.read(
        load("ask/at_moment"),
        windows=[
            {"video_id": video_id, "start_ms": window.start_ms, "end_ms": window.end_ms}
            for video_id, window in windows.items()
        ],
        limit=_MOMENT_SEGMENTS,
    )
    return {
        row["segment_id"]: (
            Hit(row["segment_id"], row["overlap_ms"]),
            Span(row["start_ms"], row["end_ms"]),
        )
        for row in rows
    }


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
    entities = {e["id"]: _entity(e) for row in rows for e in row["entities"]}
    return evidence, Subgraph(tuple(entities.values()), tuple(_relation(row) for row in relations))


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


def _entity(row: Row) -> Entity:
    return Entity(row["id"], row["name"], EntityType(row["type"]))


def _relation(row: Row) -> GraphRelation:
    return GraphRelation(
        subject_id=row["subject_id"],
        predicate=row["predicate"],
        object_id=row["object_id"],
        segment_id=row["segment_id"],
        span=Span(row["start_ms"], row["end_ms"]),
    )

"""What chosen segments say, show and look like, as evidence."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TYPE_CHECKING

from kg_videorag.graph.match_words import entity_of
from kg_videorag.graph.neighbourhood import relation_of
from kg_videorag.graph.queries import load
from kg_videorag.graph.scope import scope_map
from kg_videorag.model import EVERYWHERE, Evidence, Modality, Sentence, Span, Subgraph

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kg_videorag.graph.client import GraphClient, Row
    from kg_videorag.model import Entity, GraphRelation, Scope

_ENTITIES_PER_SEGMENT = 50
_LABELS_PER_SEGMENT = 20  # some 100 tokens; in 30 s a film hardly shows more
_RELATIONS_PER_SEGMENT = 40
_VARIANTS = 20  # other names of one entity


@dataclass(frozen=True, slots=True)
class Pool:
    """Evidence to choose from, with what the graph knows of it.

    Args:
        evidence: Segments, best first.
        entities: All that they mention, canonical ones, by id.
        mentions: By segment: which entity is mentioned when, ms.
        relations: What they tell, in order of the evidence.
        names: By entity, all by which videos call it, its own first.
    """

    evidence: tuple[Evidence, ...] = ()
    entities: Mapping[str, Entity] = field(default_factory=dict)
    mentions: Mapping[str, Sequence[tuple[str, int]]] = field(default_factory=dict)
    relations: tuple[GraphRelation, ...] = ()
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def of(self, evidence: Sequence[Evidence]) -> Subgraph:
        """What some of the evidence speaks of."""
        chosen = {item.segment_id for item in evidence}
        held = {id_: None for item in evidence for id_, _ in self.mentions[item.segment_id]}
        return Subgraph(
            tuple(self.entities[id_] for id_ in held),
            tuple(r for r in self.relations if r.segment_id in chosen),
            {id_: self.names[id_] for id_ in held},
        )


def read_pool(
    client: GraphClient,
    ranked: Sequence[tuple[str, float, tuple[str, ...]]],
    *,
    scope: Scope = EVERYWHERE,
) -> Pool:
    """What segments say, show and look like, in this order, with what the graph knows of them.

    Args:
        client: The graph.
        ranked: Segment id, fused score, roads; best first.
        scope: What the graph knows is narrowed to it; sentences are all there.
    """
    rows = client.read(
        load("ask/evidence"),
        segment_ids=[segment_id for segment_id, _, _ in ranked],
        scope=scope_map(scope),
        cap=_ENTITIES_PER_SEGMENT,
        relation_cap=_RELATIONS_PER_SEGMENT,
        label_cap=_LABELS_PER_SEGMENT,
        variant_cap=_VARIANTS,
    )
    by_id = {row["segment_id"]: row for row in rows}
    there = [(by_id[id_], score, via) for id_, score, via in ranked if id_ in by_id]
    return Pool(
        tuple(_evidence(row, score, via) for row, score, via in there),
        {e["id"]: entity_of(e) for row, _, _ in there for e in row["entities"]},
        {
            row["segment_id"]: [
                (e["id"], at_ms) for e in row["entities"] for at_ms in e["starts_ms"]
            ]
            for row, _, _ in there
        },
        tuple(relation_of(r, row["segment_id"]) for row, _, _ in there for r in row["relations"]),
        {e["id"]: (e["name"], *e["variants"]) for row, _, _ in there for e in row["entities"]},
    )


def read_evidence(
    client: GraphClient,
    ranked: Sequence[tuple[str, float, tuple[str, ...]]],
    *,
    scope: Scope = EVERYWHERE,
) -> tuple[tuple[Evidence, ...], Subgraph]:
    """What chosen segments say, in this order, with what the graph knows.

    Args:
        client: The graph.
        ranked: Segment id, fused score, roads; best first.
        scope: What the graph knows is narrowed to it; sentences are all there.
    """
    pool = read_pool(client, ranked, scope=scope)
    return pool.evidence, pool.of(pool.evidence)


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

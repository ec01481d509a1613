"""Finds segments for a question: by vectors, words, entities, around them, and by time."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from kg_videorag.ask.analyse import named_entities
from kg_videorag.ask.expand import entity_hits, walk
from kg_videorag.ask.fuse import emotion_in, fuse
from kg_videorag.ask.terms import Terms
from kg_videorag.ask.within import nearest_within
from kg_videorag.graph.labels import labels_within, segments_of_labels
from kg_videorag.graph.match_words import match_words
from kg_videorag.graph.moments import segments_at, video_lengths
from kg_videorag.graph.near_entities import entities_near
from kg_videorag.graph.neighbourhood import expand
from kg_videorag.graph.scope import narrowed, segments_within
from kg_videorag.model import EVERYWHERE, SIDECAR_SPACES, Hit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg_videorag.ask.beside import Beside
    from kg_videorag.ask.moments import Moment
    from kg_videorag.ask.probe import Probe
    from kg_videorag.graph.client import GraphClient
    from kg_videorag.graph.moments import VideoLength
    from kg_videorag.model import Entity, Scope, Span

_SEEDS = 20  # hits of each road that are fused and expanded
_VECTORS_PER_SEGMENT = 5  # a segment has one vector a sentence: draw enough for _SEEDS segments


@dataclass(frozen=True, slots=True)
class Roads:
    """What every road of retrieval brings to a question.

    Args:
        hits: By road (text, vision, audio, fulltext, entity, graph, time): segments, best first.
        entities: Those that the question names.
        cut: Those among them of which more segments speak than were looked at.
        windows: By segment: the stretch of its video that the question names; empty if none.
        seconds: By video: the very second that the question names, where it is no longer stretch.
        ended: Videos that end before the moment that the question names, the longest first;
            empty where one reaches it.
        beside: Where the answer lies beside what the question names; None if it names nothing.
        terms: Of the question; None where vectors alone searched.
    """

    hits: Mapping[str, Sequence[Hit]]
    entities: tuple[Entity, ...] = ()
    cut: tuple[Entity, ...] = ()
    windows: Mapping[str, Span] = field(default_factory=dict)
    seconds: Mapping[str, Span] = field(default_factory=dict)
    ended: tuple[VideoLength, ...] = ()
    beside: Beside | None = None
    terms: Terms | None = None


def search(
    question: str,
    probes: Sequence[Probe],
    *,
    graph: GraphClient,
    scope: Scope = EVERYWHERE,
) -> Roads:
    """Search by every road.

    Args:
        question: What the user asked.
        probes: The question in every space that is asked.
        graph: The graph.
        scope: Where to look.
    """
    near = by_vectors(probes, graph=graph, scope=scope).hits
    matches = match_words(graph, question, limit=_SEEDS, scope=scope)
    entities = matches.whole(named_entities(question, matches.entities))
    linked = entities or entities_near(graph, near.get("text", ()))
    found = {**near, "fulltext": matches.segments}
    seeds = [Hit(seed.segment_id, seed.score) for seed in fuse(found)[:_SEEDS]]
    terms = Terms.read(question, [entity.name for entity in entities])
    neighbourhood = expand(
        graph,
        entity_ids=[entity.id for entity in linked],
        segment_ids=[seed.segment_id for seed in seeds],
        stems=terms.roots,
        scope=scope,
    )
    around = walk(neighbourhood, seeds, terms)
    within = segments_within(graph, [hit.segment_id for hit in around], scope)
    hits = {
        **found,
        "entity": entity_hits(neighbourhood),
        "graph": [hit for hit in around if hit.segment_id in within],
    }
    cut_ids = {id_ for id_, spoken in neighbourhood.mentioned.items() if spoken.cut}
    return Roads(
        hits,
        entities,
        tuple(entity for entity in entities if entity.id in cut_ids),
        terms=terms,
    )


def by_vectors(probes: Sequence[Probe], *, graph: GraphClient, scope: Scope = EVERYWHERE) -> Roads:
    """Search by vectors alone, a road for each space.

    Args:
        probes: The query in every space that is asked.
        graph: The graph.
        scope: Where to look.
    """
    near = nearest_within(probes, _SEEDS * _VECTORS_PER_SEGMENT, graph=graph, scope=scope)
    hits = segments_of_labels(graph, near)
    return Roads({_road(space): of_space[:_SEEDS] for space, of_space in hits.items()})


def coloured(
    found: Roads, probes: Sequence[Probe], *, graph: GraphClient, scope: Scope = EVERYWHERE
) -> Roads:
    """Let a second query, such as a mood, order what the first one found.

    Args:
        found: By the first query.
        probes: The second query in every space that is asked.
        graph: The graph.
        scope: Where the first query looked.
    """
    segment_ids = [ranked.segment_id for ranked in fuse(found.hits)]
    spaces = [probe.space for probe in probes]
    labels = labels_within(graph, spaces, scope=scope, segment_ids=segment_ids)
    near = {
        probe.space: probe.index.search(probe.vector, len(labels[probe.space]), labels[probe.space])
        for probe in probes
    }
    hits = segments_of_labels(graph, near)
    moods = {emotion_in(_road(space)): of_space for space, of_space in hits.items()}
    return replace(found, hits={**found.hits, **moods})


def at_moment(
    found: Roads, moment: Moment, *, graph: GraphClient, scope: Scope = EVERYWHERE
) -> Roads:
    """Narrow a search to a moment; where no video is that long, only say so.

    Args:
        found: What other roads brought; without any, the moment alone decides.
        moment: What the question names.
        graph: The graph.
        scope: Where to look; without videos, in those that `found` is in.
    """
    near = [ranked.segment_id for ranked in fuse(found.hits)[:_SEEDS]] or None
    from_ms = moment.start.at_ms(0)
    lengths = video_lengths(graph, scope=scope, segment_ids=near, from_ms=from_ms)
    spans = {video_id: moment.span(length.duration_ms) for video_id, length in lengths.items()}
    if not any(spans.values()):
        return replace(found, ended=tuple(lengths.values()))
    cut = {video_id: narrowed(span, scope) for video_id, span in spans.items()}
    windows = {video_id: span for video_id, span in cut.items() if span}
    seconds = {id_: moment.second(lengths[id_].duration_ms) for id_ in windows}
    there = segments_at(graph, windows, scope=scope)
    hits = {
        road: [hit for hit in hits if hit.segment_id in there] for road, hits in found.hits.items()
    }
    return replace(
        found,
        hits={**hits, "time": [hit for hit, _ in there.values()]},
        windows={segment_id: window for segment_id, (_, window) in there.items()},
        seconds={video_id: second for video_id, second in seconds.items() if second},
    )


def _road(space: str) -> str:
    """What a space's hits are told as: what other sensors than a camera saw was seen as well."""
    return "vision" if space in SIDECAR_SPACES else space

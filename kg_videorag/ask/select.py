"""From roads to evidence: a pool is read, the evidence that covers the question chosen from it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from kg_videorag.ask.cover import choose
from kg_videorag.ask.evidence import within_scope
from kg_videorag.ask.explain import reason_of
from kg_videorag.ask.fuse import EMOTION, fuse
from kg_videorag.graph.evidence import read_pool
from kg_videorag.model import EVERYWHERE, Reason, Span, Subgraph

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg_videorag.ask.cover import Choice
    from kg_videorag.ask.fuse import Ranked
    from kg_videorag.ask.search import Roads
    from kg_videorag.graph.client import GraphClient
    from kg_videorag.graph.evidence import Pool
    from kg_videorag.model import Evidence, Scope


_POOL = 20  # fused hits to choose from; 40 found no more (docs/adr/0026-graph-retrieval.md)
_POOL_GRAPH = 16  # and the best of the graph's that are not among them
_GRAPH_ROADS = frozenset({"graph", "entity"})


@dataclass(frozen=True, slots=True)
class Selected:
    """Evidence in order of rank.

    Args:
        evidence: The chosen pieces.
        graph: What they speak of.
        reasons: Why each stands there, in the same order.
    """

    evidence: tuple[Evidence, ...] = ()
    graph: Subgraph = field(default_factory=Subgraph)
    reasons: tuple[Reason, ...] = ()

    def only(self, evidence: Sequence[Evidence]) -> Selected:
        """The same with some of the evidence; nothing of the graph where none is left."""
        graph = self.graph if evidence else Subgraph()
        return Selected(tuple(evidence), graph, self.reasons_of(evidence))

    def reasons_of(self, evidence: Sequence[Evidence]) -> tuple[Reason, ...]:
        """Why some of the evidence stands there, in its order."""
        reasons = {reason.segment_id: reason for reason in self.reasons}
        return tuple(reasons[item.segment_id] for item in evidence)


def select(
    found: Roads,
    *,
    graph: GraphClient,
    top_k: int,
    scope: Scope = EVERYWHERE,
) -> Selected:
    """Read the best of what was found, and choose.

    Where a question names a moment or what lies beside one, or a mood orders what is found, that
    order stands.

    Args:
        found: By every road.
        graph: The graph.
        top_k: How many pieces of evidence; beside a moment all that was found.
        scope: Nothing outside it is evidence.
    """
    ranked = fuse(found.hits)
    read = _Reader(graph, scope)
    if found.beside is not None:
        return _as_ranked(ranked, read)
    if found.terms is None or found.windows or any(_is_mood(road) for road in found.hits):
        return _as_ranked(ranked[:top_k], read)
    best = ranked[: max(_POOL, top_k)]
    known = {r.segment_id for r in best}
    place = {hit.segment_id: i for i, hit in enumerate(found.hits.get("graph", ()))}
    others = [r for r in ranked if r.segment_id in place and r.segment_id not in known]
    best += sorted(others, key=lambda r: place[r.segment_id])[:_POOL_GRAPH]
    pool = read.pool(best)
    gains = {r.segment_id: r.gains for r in ranked}
    choices = choose(pool, found.terms, wanted=top_k)
    evidence = tuple(_chosen(choice, pool) for choice in choices)
    reasons = (
        reason_of(c, gains.get(e.segment_id, ()), pool, found.terms)
        for c, e in zip(choices, evidence, strict=True)
    )
    return Selected(evidence, pool.of(evidence), tuple(reasons))


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads pools."""

    graph: GraphClient
    scope: Scope

    def pool(self, ranked: Sequence[Ranked]) -> Pool:
        segments = [(r.segment_id, r.score, r.via) for r in ranked]
        pool = read_pool(self.graph, segments, scope=self.scope)
        return replace(pool, evidence=within_scope(pool.evidence, self.scope))


def _as_ranked(ranked: Sequence[Ranked], read: _Reader) -> Selected:
    if not ranked:
        return Selected()
    pool = read.pool(ranked)
    gains = {r.segment_id: r.gains for r in ranked}
    reasons = (Reason(e.segment_id, gains[e.segment_id]) for e in pool.evidence)
    return Selected(pool.evidence, pool.of(pool.evidence), tuple(reasons))


def _is_mood(road: str) -> bool:
    return road.partition(":")[0] == EMOTION


def _chosen(choice: Choice, pool: Pool) -> Evidence:
    """An evidence with its score; one that only the graph knows, cut to what it tells of a chain.

    The sentence before is kept with it, and all that is earlier as what was said before: a
    generator must be able to tell who "she" is.
    """
    item = replace(pool.evidence[choice.place], score=choice.score)
    if choice.chain is None or not _GRAPH_ROADS.issuperset(item.via):
        return item
    lines = [fact.line for fact in choice.chain.facts if fact.place == choice.place]
    first = max(0, min(lines) - 1)
    told = item.sentences[first : max(lines) + 1]
    start_ms = min(sentence.span.start_ms for sentence in told)
    end_ms = max(sentence.span.end_ms for sentence in told)
    return replace(
        item,
        span=Span(start_ms, end_ms),
        sentences=told,
        before=(*item.before, *(sentence.text for sentence in item.sentences[:first])),
    )

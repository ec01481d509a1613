"""Ask, the whole flow: question -> search -> graph expansion -> evidence -> cited answer."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kg_videorag.ask.analyse import check_question
from kg_videorag.ask.attribute import attribute
from kg_videorag.ask.cite import cite
from kg_videorag.ask.evidence import at_seconds, telling_of, within_budget, within_windows
from kg_videorag.ask.fuse import fuse
from kg_videorag.ask.moments import read_moment
from kg_videorag.ask.refuse import nothing_answers, nothing_then
from kg_videorag.ask.search import Roads, at_moment, by_vectors, coloured, search
from kg_videorag.errors import AskError
from kg_videorag.graph.evidence import read_evidence
from kg_videorag.model import EVERYWHERE, Answer, Scope, Subgraph

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg_videorag.ask.moments import Timed
    from kg_videorag.ask.probe import Prober
    from kg_videorag.graph.client import GraphClient
    from kg_videorag.model import Evidence
    from kg_videorag.ports import Generator, VectorIndex


@dataclass(frozen=True, slots=True)
class AskPipeline:
    """Answers questions from the graph.

    Args:
        graph: The graph.
        prober: Questions to vectors in every space that is asked.
        generator: Evidence to an answer.
        top_k: How many pieces of evidence.
        evidence_tokens: How much of it a generator is given.
        roads: Of what searches words, only these, such as ("text", "fulltext"): to measure what
            the others add; None for all.
    """

    graph: GraphClient
    prober: Prober
    generator: Generator
    top_k: int
    evidence_tokens: int
    roads: tuple[str, ...] | None = None

    def ask(self, question: str, *, scope: Scope = EVERYWHERE) -> Answer:
        """Answer a question with citations, or say that nothing answers it.

        Args:
            question: In words.
            scope: Where to look.

        Raises:
            AskError: If the question is empty or too long.
        """
        clock = _Clock()
        question = check_question(question)
        timed = read_moment(question)
        indexes = self.prober.asked(None)
        clock.lap("index")
        found = self._search(timed, scope, clock, indexes)
        evidence, subgraph = self._read(found, timed, self.top_k, clock)
        evidence = within_windows(evidence, found.windows)
        evidence = at_seconds(evidence, found.seconds, alone=not timed.rest)
        evidence = within_budget(evidence, self.evidence_tokens)
        # What is said at a time is chosen by it; the generator is asked for the rest.
        asked = timed.rest if found.windows else question
        draft = self.generator.generate(asked, evidence) if evidence else ""
        cited = attribute(cite(draft, evidence), evidence)
        clock.lap("generate")
        return Answer(
            question=question,
            text=cited.text if cited.citations else _refusal(question, timed, found),
            answered=bool(cited.citations),
            generator=self.generator.name,
            generator_model=self.generator.model,
            citations=cited.citations,
            evidence=evidence,
            graph=subgraph,
            timings_ms=clock.timings_ms(),
            cut=found.cut,
            warnings=cited.warnings,
        )

    def search(
        self,
        query: str,
        *,
        emotional_context: str | None = None,
        space: str | None = None,
        scope: Scope = EVERYWHERE,
        top_k: int | None = None,
    ) -> tuple[Evidence, ...]:
        """Segments for a query, best first, without an answer.

        Args:
            query: In words.
            emotional_context: A mood, such as "aggressive": a second query that orders what the
                first one finds, in every space that is asked twice as loud as the first.
            space: Only by the vectors of this space; None for every road.
            scope: Where to look.
            top_k: How many at most; the pipeline's own if not given.

        Raises:
            AskError: If the query or the mood is empty or too long, `top_k` is below 1, or
                nothing can be asked in `space`.
        """
        clock = _Clock()
        wanted = self.top_k if top_k is None else top_k
        if wanted < 1:
            raise AskError(f"top_k is {wanted}; it must be at least 1")
        mood = None if emotional_context is None else check_question(emotional_context)
        timed = read_moment(check_question(query))
        indexes = self.prober.asked(space)
        clock.lap("index")
        found = self._search(timed, scope, clock, indexes, by_words=space is None)
        if mood is not None:
            found = coloured(found, self.prober.required(mood, indexes), graph=self.graph)
        evidence, _ = self._read(found, timed, wanted, clock)
        return evidence

    def _search(
        self,
        timed: Timed,
        scope: Scope,
        clock: _Clock,
        indexes: Mapping[str, VectorIndex],
        *,
        by_words: bool = True,
    ) -> Roads:
        """Search by every road, or by vectors alone."""

        def find(text: str) -> Roads:
            if by_words:
                probes = self.prober.probes(text, indexes)
                clock.lap("embed")
                return self._taken(search(text, probes, graph=self.graph, scope=scope))
            probes = self.prober.required(text, indexes)
            clock.lap("embed")
            return by_vectors(probes, graph=self.graph, scope=scope)

        found = find(timed.rest) if timed.rest else Roads({})
        if timed.moment:
            found = at_moment(found, timed.moment, graph=self.graph, scope=scope)
        if found.ended:  # it may be a time that a video tells of
            found = replace(find(f"{timed.rest} {timed.named}"), ended=found.ended)
        clock.lap("search")
        return found

    def _taken(self, found: Roads) -> Roads:
        """What the roads that are taken found."""
        if self.roads is None:
            return found
        return replace(found, hits={r: h for r, h in found.hits.items() if r in self.roads})

    def _read(
        self, found: Roads, timed: Timed, top_k: int, clock: _Clock
    ) -> tuple[tuple[Evidence, ...], Subgraph]:
        ranked = [(r.segment_id, r.score, r.via) for r in fuse(found.hits)[:top_k]]
        evidence, subgraph = read_evidence(self.graph, ranked) if ranked else ((), Subgraph())
        if found.ended:
            evidence = telling_of(evidence, timed.named)
        clock.lap("evidence")
        return evidence, subgraph if evidence else Subgraph()


def _refusal(question: str, timed: Timed, found: Roads) -> str:
    if found.ended:
        longest = max(found.ended, key=lambda video: video.duration_ms)
        return nothing_then(question, timed.named, longest, of=len(found.ended))
    return nothing_answers(question)


class _Clock:
    """Milliseconds between laps."""

    def __init__(self) -> None:
        self._start = self._lap = time.perf_counter()
        self._laps_ms: dict[str, float] = {}

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self._laps_ms[name] = round((now - self._lap) * 1000, 1)
        self._lap = now

    def timings_ms(self) -> dict[str, float]:
        total_ms = round((time.perf_counter() - self._start) * 1000, 1)
        return {**self._laps_ms, "total": total_ms}

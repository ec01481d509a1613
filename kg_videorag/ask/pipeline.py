"""Ask, the whole flow: question -> search -> graph expansion -> evidence -> cited answer."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kg_videorag.ask.analyse import check_question
from kg_videorag.ask.beside import narrowed
from kg_videorag.ask.cite import DROP, Terms
from kg_videorag.ask.evidence import at_seconds, telling_of, within_budget, within_windows
from kg_videorag.ask.library import told_by_library
from kg_videorag.ask.live import drafts_of, finished, tell
from kg_videorag.ask.narrow import narrow_to_films
from kg_videorag.ask.order import find_beside
from kg_videorag.ask.question import read_question
from kg_videorag.ask.refuse import nothing_answers, nothing_then
from kg_videorag.ask.rerank import reranked
from kg_videorag.ask.search import Roads, at_moment, by_vectors, coloured, search
from kg_videorag.ask.select import Selected, select
from kg_videorag.ask.verify.names import Names
from kg_videorag.errors import AskError
from kg_videorag.graph.evidence import read_evidence
from kg_videorag.model import EVERYWHERE, Answer, Hit, Scope
from kg_videorag.words import language_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from collections.abc import Generator as Pieces

    from kg_videorag.ask.probe import Prober
    from kg_videorag.ask.question import Order, Question
    from kg_videorag.graph.client import GraphClient
    from kg_videorag.model import Evidence
    from kg_videorag.ports import Generator, Reranker, VectorIndex


@dataclass(frozen=True, slots=True)
class AskPipeline:
    """Answers questions from the graph.

    Args:
        graph: The graph.
        prober: Questions to vectors in every space that is asked.
        generator: Evidence to an answer.
        top_k: How many pieces of evidence.
        evidence_tokens: How much of it a generator is given.
        unsupported: What becomes of sentences that no evidence says: "drop" or "mark".
        reranker: Reads the best of what a search finds again; None where nobody does.
        roads: Of what searches words, only these, such as ("text", "fulltext"): to measure what
            the others add; None for all.
    """

    graph: GraphClient
    prober: Prober
    generator: Generator
    top_k: int
    evidence_tokens: int
    unsupported: str = DROP
    reranker: Reranker | None = None
    roads: tuple[str, ...] | None = None

    def ask(self, question: str, *, scope: Scope = EVERYWHERE) -> Answer:
        """Answer a question with citations, or say that nothing answers it.

        Args:
            question: In words.
            scope: Where to look.

        Raises:
            AskError: If the question is empty or too long.
        """
        return finished(self.stream(question, scope=scope, live=False))

    def stream(
        self, question: str, *, scope: Scope = EVERYWHERE, live: bool = True
    ) -> Pieces[str, None, Answer]:
        """The same, told sentence by sentence while it is written.

        Args:
            question: In words.
            scope: Where to look.
            live: Whether the generator is read while it writes, if it can be.

        Yields:
            Text, checked; together the answer's, unless the model took something back.

        Returns:
            The answer.
        """
        clock = _Clock()
        question = check_question(question)
        read, scope = self._understood(question, scope, clock)
        if read.mentions:
            return self._from_library(read, scope, clock)
        indexes = self.prober.asked(None)
        clock.lap("index")
        read, found = self._search(read, scope, clock, indexes)
        selected = self._read(found, read, self.top_k, clock, scope)
        evidence = within_windows(selected.evidence, found.windows)
        evidence = at_seconds(evidence, found.seconds, alone=not read.asked)
        evidence = within_budget(evidence, self.evidence_tokens)
        # What is said at a time is chosen by it; the generator is asked for the rest.
        asked = question if found.ended else read.asked
        language = language_of(question)
        drafts = drafts_of(self.generator, asked, evidence, language=language, live=live)
        terms = Terms(Names.of(selected.graph.names.values()), self.unsupported, language)
        cited = yield from tell(drafts, evidence, terms)
        clock.lap("generate")
        return Answer(
            question=question,
            text=cited.text if cited.citations else _refusal(read, found),
            answered=bool(cited.citations),
            generator=self.generator.name,
            generator_model=self.generator.model,
            citations=cited.citations,
            evidence=evidence,
            graph=selected.graph,
            timings_ms=clock.timings_ms(),
            cut=found.cut,
            warnings=cited.warnings,
            explanation=selected.reasons_of(evidence),
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
        read, scope = self._understood(check_question(query), scope, clock)
        indexes = self.prober.asked(space)
        clock.lap("index")
        read, found = self._search(read, scope, clock, indexes, by_words=space is None)
        if mood is not None:
            found = coloured(
                found, self.prober.required(mood, indexes), graph=self.graph, scope=scope
            )
        return self._read(found, read, wanted, clock, scope).evidence

    def _understood(self, question: str, scope: Scope, clock: _Clock) -> tuple[Question, Scope]:
        """A question, read, and where it looks: in the films that it names, if they are there."""
        read = read_question(question, scope)
        if read.videos:
            films = narrow_to_films(self.graph, read.videos, scope=scope)
            if films is None:  # words like any other
                read = read_question(question, scope, narrow_to_films=False)
            scope = films or scope
        clock.lap("understand")
        return read, scope

    def _from_library(self, read: Question, scope: Scope, clock: _Clock) -> Answer:
        """The answer to a question about the library itself, counted in the graph."""
        assert read.mentions  # noqa: S101 - it was asked for
        told = told_by_library(self.graph, read.mentions, read.language, scope=scope)
        clock.lap("count")
        return Answer(
            question=read.text,
            text=told.text,
            answered=bool(told.citations),
            generator="graph",
            generator_model="none",
            citations=told.citations,
            evidence=told.evidence,
            graph=told.graph,
            timings_ms=clock.timings_ms(),
        )

    def _search(
        self,
        read: Question,
        scope: Scope,
        clock: _Clock,
        indexes: Mapping[str, VectorIndex],
        *,
        by_words: bool = True,
    ) -> tuple[Question, Roads]:
        """Search by every road, or by vectors alone; with the question as it was understood."""

        def find(text: str) -> Roads:
            if by_words:
                probes = self.prober.probes(text, indexes)
                clock.lap("embed")
                return self._taken(search(text, probes, graph=self.graph, scope=scope))
            probes = self.prober.required(text, indexes)
            clock.lap("embed")
            return by_vectors(probes, graph=self.graph, scope=scope)

        if read.order:
            if found := self._beside(read.order, find):
                clock.lap("search")
                return read, found
            # Nothing says what it would follow: "after" is a part of the fact.
            read = read_question(
                read.text, scope, narrow_to_films=bool(read.videos), by_order=False
            )
        found = find(read.topic) if read.topic else Roads({})
        if read.moment:
            found = at_moment(found, read.moment, graph=self.graph, scope=scope)
        if found.ended:  # it may be a time that a video tells of
            found = replace(find(f"{read.topic} {read.named}"), ended=found.ended)
        clock.lap("search")
        if by_words and self.reranker is not None:
            found = reranked(found, read.topic, self.reranker, self._texts)
            clock.lap("rerank")
        return read, found

    def _texts(self, segment_ids: Sequence[str]) -> dict[str, str]:
        evidence, _ = read_evidence(self.graph, [(id_, 0.0, ()) for id_ in segment_ids])
        return {item.segment_id: item.text for item in evidence}

    def _beside(self, order: Order, find: Callable[[str], Roads]) -> Roads | None:
        """What lies before or after what a question names, or between; None if that is nowhere."""
        anchors = [find(anchor) for anchor in order.anchors]
        beside = find_beside(
            order,
            [roads.hits for roads in anchors],
            graph=self.graph,
            embedder=self.prober.embedder,
            top_k=self.top_k,
        )
        if beside is None:
            return None
        hits = [Hit(segment_id, 1.0) for segment_id in beside.segment_ids]
        return replace(anchors[0], hits={"time": hits}, beside=beside)

    def _taken(self, found: Roads) -> Roads:
        """What the roads that are taken found."""
        if self.roads is None:
            return found
        hits = {road: of for road, of in found.hits.items() if road in self.roads}
        return replace(found, hits=hits, terms=None)  # what the graph knows chooses no evidence

    def _read(
        self, found: Roads, read: Question, top_k: int, clock: _Clock, scope: Scope
    ) -> Selected:
        selected = select(found, graph=self.graph, top_k=top_k, scope=scope)
        if found.beside:
            beside = narrowed(selected.evidence, found.beside, read.wishes)
            selected = selected.only(beside[:top_k])
        if found.ended:
            selected = selected.only(telling_of(selected.evidence, read.named))
        clock.lap("evidence")
        return selected


def _refusal(read: Question, found: Roads) -> str:
    if found.ended:
        longest = max(found.ended, key=lambda video: video.duration_ms)
        return nothing_then(read.text, read.named, longest, of=len(found.ended))
    return nothing_answers(read.text)


class _Clock:
    """Milliseconds between laps."""

    def __init__(self) -> None:
        self._start = self._lap = time.perf_counter()
        self._laps_ms: dict[str, float] = {}

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        lap_ms = (now - self._lap) * 1000
        self._laps_ms[name] = round(self._laps_ms.get(name, 0.0) + lap_ms, 1)
        self._lap = now

    def timings_ms(self) -> dict[str, float]:
        total_ms = round((time.perf_counter() - self._start) * 1000, 1)
        return {**self._laps_ms, "total": total_ms}

"""Ask, the whole flow: question -> search -> graph expansion -> evidence -> cited answer."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kg_videorag.ask.analyse import check_question
from kg_videorag.ask.cite import cite
from kg_videorag.ask.evidence import telling_of, within_budget, within_windows
from kg_videorag.ask.fuse import fuse
from kg_videorag.ask.moments import read_moment
from kg_videorag.ask.refuse import nothing_answers, nothing_then
from kg_videorag.ask.search import Roads, at_moment, coloured, search
from kg_videorag.errors import AskError
from kg_videorag.graph.retrieve import read_evidence
from kg_videorag.model import Answer, Subgraph
from kg_videorag.words import reads

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kg_videorag.ask.moments import Timed
    from kg_videorag.graph.client import GraphClient
    from kg_videorag.model import Evidence
    from kg_videorag.ports import Embedder, Generator, VectorIndex


@dataclass(frozen=True, slots=True)
class AskPipeline:
    """Answers questions from the graph.

    Args:
        graph: The graph.
        index: Vectors of the embedder's space.
        refresh_index: Brings the index up to the graph; cheap where nothing changed.
        embedder: Questions to vectors.
        generator: Evidence to an answer.
        top_k: How many pieces of evidence.
        evidence_tokens: How much of it a generator is given.
    """

    graph: GraphClient
    index: VectorIndex
    refresh_index: Callable[[], object]
    embedder: Embedder
    generator: Generator
    top_k: int
    evidence_tokens: int

    def ask(self, question: str, *, video_ids: Sequence[str] | None = None) -> Answer:
        """Answer a question with citations, or say that nothing answers it.

        Args:
            question: In words.
            video_ids: Only from these videos; None for all.

        Raises:
            AskError: If the question is empty or too long.
        """
        clock = _Clock()
        question = check_question(question)
        timed = read_moment(question)
        found = self._search(timed, video_ids, clock)
        evidence, subgraph = self._read(found, timed, self.top_k, clock)
        evidence = within_budget(within_windows(evidence, found.windows), self.evidence_tokens)
        # What is said at a time is chosen by it; the generator is asked for the rest.
        asked = timed.rest if found.windows else question
        draft = self.generator.generate(asked, evidence) if evidence else ""
        text, citations = cite(draft, evidence)
        clock.lap("generate")
        return Answer(
            question=question,
            text=text if citations else _refusal(question, timed, found),
            answered=bool(citations),
            generator=self.generator.name,
            generator_model=self.generator.model,
            citations=citations,
            evidence=evidence,
            graph=subgraph,
            timings_ms=clock.timings_ms(),
            cut=found.cut,
        )

    def search(
        self,
        query: str,
        *,
        emotional_context: str | None = None,
        video_ids: Sequence[str] | None = None,
        top_k: int | None = None,
    ) -> tuple[Evidence, ...]:
        """Segments for a query, best first, without an answer.

        Args:
            query: In words.
            emotional_context: A mood, such as "aggressive": a second query that orders what
                the first one finds, as loud as its words and meaning together.
            video_ids: Only from these videos; None for all.
            top_k: How many at most; the pipeline's own if not given.

        Raises:
            AskError: If the query or the mood is empty or too long, or `top_k` is below 1.
        """
        clock = _Clock()
        wanted = self.top_k if top_k is None else top_k
        if wanted < 1:
            raise AskError(f"top_k is {wanted}; it must be at least 1")
        mood = None if emotional_context is None else self._check_mood(emotional_context)
        timed = read_moment(check_question(query))
        found = self._search(timed, video_ids, clock)
        if mood is not None:
            found = coloured(
                found,
                self.embedder.embed([mood])[0],
                graph=self.graph,
                index=self.index,
                space=self.embedder.space,
            )
        evidence, _ = self._read(found, timed, wanted, clock)
        return evidence

    def _check_mood(self, mood: str) -> str:
        mood = check_question(mood)
        if not reads(self.embedder.languages, mood):
            known = ", ".join(sorted(self.embedder.languages))
            raise AskError(
                f"the embedder {self.embedder.name} does not read the mood {mood!r}",
                hint=f"Say it in one of these languages: {known}.",
            )
        return mood

    def _search(self, timed: Timed, video_ids: Sequence[str] | None, clock: _Clock) -> Roads:
        self.refresh_index()
        clock.lap("index")
        found = self._by_words(timed.rest, video_ids, clock) if timed.rest else Roads({})
        if timed.moment:
            found = at_moment(found, timed.moment, graph=self.graph, video_ids=video_ids)
        if found.ended:  # it may be a time that a video tells of
            question = f"{timed.rest} {timed.named}"
            found = replace(self._by_words(question, video_ids, clock), ended=found.ended)
        clock.lap("search")
        return found

    def _by_words(self, words: str, video_ids: Sequence[str] | None, clock: _Clock) -> Roads:
        # Vectors of a language that the embedder does not read are near one another for no reason.
        vector = None
        if reads(self.embedder.languages, words):
            vector = self.embedder.embed([words])[0]
        clock.lap("embed")
        return search(
            words,
            vector,
            graph=self.graph,
            index=self.index,
            space=self.embedder.space,
            video_ids=video_ids,
        )

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

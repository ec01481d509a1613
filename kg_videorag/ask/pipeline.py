"""Ask, the whole flow: question -> search -> graph expansion -> evidence -> cited answer."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg_videorag.ask.analyse import check_question
from kg_videorag.ask.attribute import attribute
from kg_videorag.ask.cite import cite
from kg_videorag.ask.evidence import within_budget, within_windows
from kg_videorag.ask.fuse import fuse
from kg_videorag.ask.moments import read_moment
from kg_videorag.ask.search import Probe, Roads, at_moment, by_vectors, coloured, search
from kg_videorag.errors import AskError
from kg_videorag.graph.retrieve import read_evidence
from kg_videorag.model import Answer, Subgraph

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from kg_videorag.ask.moments import Timed
    from kg_videorag.graph.client import GraphClient
    from kg_videorag.model import Evidence
    from kg_videorag.ports import Embedder, Generator, MediaEmbedder, VectorIndex

_REFUSAL = "Nothing in the library answers this."


@dataclass(frozen=True, slots=True)
class AskPipeline:
    """Answers questions from the graph.

    Args:
        graph: The graph.
        indexes: The vectors of every space that is asked, by its name, up to the graph; cheap
            where nothing changed.
        embedder: Questions to vectors that ask for what was said.
        media_embedder: Questions to vectors that ask for what was seen or heard, in all other
            spaces; None where nobody asks there.
        generator: Evidence to an answer.
        top_k: How many pieces of evidence.
        evidence_tokens: How much of it a generator is given.
    """

    graph: GraphClient
    indexes: Callable[[], Mapping[str, VectorIndex]]
    embedder: Embedder
    media_embedder: MediaEmbedder | None
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
        evidence, subgraph = self._read(found, self.top_k, clock)
        evidence = within_budget(within_windows(evidence, found.windows), self.evidence_tokens)
        # What is said at a time is chosen by it; the generator is asked for the rest.
        asked = timed.rest if found.windows else question
        draft = self.generator.generate(asked, evidence) if evidence else ""
        cited = attribute(cite(draft, evidence), evidence)
        clock.lap("generate")
        return Answer(
            question=question,
            text=cited.text if cited.citations else _REFUSAL,
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
        video_ids: Sequence[str] | None = None,
        top_k: int | None = None,
    ) -> tuple[Evidence, ...]:
        """Segments for a query, best first, without an answer.

        Args:
            query: In words.
            emotional_context: A mood, such as "aggressive": a second query that orders what the
                first one finds, in every space that is asked twice as loud as the first.
            space: Only by the vectors of this space; None for every road.
            video_ids: Only from these videos; None for all.
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
        found = self._search(timed, video_ids, clock, space)
        if mood is not None:
            probes = self._probes(mood, self._asked(space))
            found = coloured(found, probes, graph=self.graph)
        evidence, _ = self._read(found, wanted, clock)
        return evidence

    def _search(
        self,
        timed: Timed,
        video_ids: Sequence[str] | None,
        clock: _Clock,
        space: str | None = None,
    ) -> Roads:
        indexes = self._asked(space)
        clock.lap("index")
        found = Roads({})
        if timed.rest:
            probes = self._probes(timed.rest, indexes)
            clock.lap("embed")
            if space is None:
                found = search(timed.rest, probes, graph=self.graph, video_ids=video_ids)
            else:
                found = by_vectors(probes, graph=self.graph, video_ids=video_ids)
        if timed.moment:
            found = at_moment(found, timed.moment, graph=self.graph, video_ids=video_ids)
        clock.lap("search")
        return found

    def _asked(self, space: str | None) -> Mapping[str, VectorIndex]:
        """The indexes to ask, all of them or that of one space."""
        indexes = self.indexes()
        if space is None:
            return indexes
        if space not in indexes:
            raise AskError(
                f"no vectors of a space {space!r} can be asked here",
                hint=f"In use: {', '.join(indexes)}.",
            )
        return {space: indexes[space]}

    def _probes(self, text: str, indexes: Mapping[str, VectorIndex]) -> list[Probe]:
        """A text in every space; each embedder is asked once, and only where it is needed."""
        vectors = {}
        if self.embedder.space in indexes:
            vectors[self.embedder.space] = self.embedder.embed([text])[0]
        others = [space for space in indexes if space != self.embedder.space]
        if others and self.media_embedder:
            vectors |= dict.fromkeys(others, self.media_embedder.embed_texts([text])[0])
        return [Probe(space, indexes[space], vector) for space, vector in vectors.items()]

    def _read(
        self, found: Roads, top_k: int, clock: _Clock
    ) -> tuple[tuple[Evidence, ...], Subgraph]:
        ranked = [(r.segment_id, r.score, r.via) for r in fuse(found.hits)[:top_k]]
        read = read_evidence(self.graph, ranked) if ranked else ((), Subgraph())
        clock.lap("evidence")
        return read


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

"""What most people build: 30 s chunks of the transcript, found by BM25 or by a sentence model.

They are given what our library holds, sentences and lines on the screen with their times and
the video's title, and the same answerer, so that only retrieval and the chunk's time differ.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import TYPE_CHECKING

import bm25s
import numpy as np
import Stemmer
from bm25s.stopwords import STOPWORDS_EN

from kg_videorag.ask.cite import cite
from kg_videorag.graph.read import list_videos
from kg_videorag.graph.told import told_segments
from kg_videorag.model import Answer, Evidence, Span, Subgraph
from kg_videorag.words import is_russian, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Protocol

    from kg_videorag.graph.client import GraphClient
    from kg_videorag.model import Sentence, StoredVideo
    from kg_videorag.ports import Embedder, Generator

    class Ranker(Protocol):
        """Orders chunks by a question."""

        def rank(self, question: str, count: int) -> Sequence[int]:
            """The numbers of the best chunks, best first."""


CHUNK_MS = 30_000
_ENGLISH, _RUSSIAN = Stemmer.Stemmer("english"), Stemmer.Stemmer("russian")
_STOPWORDS = frozenset(STOPWORDS_EN)


@dataclass(frozen=True, slots=True)
class Chunk:
    """30 s of a video: what is said and shown in it, under the video's title."""

    title: str
    evidence: Evidence

    @property
    def text(self) -> str:
        return f"{self.title}. {self.evidence.text}"


def chunks_of(graph: GraphClient, *, step_ms: int = CHUNK_MS) -> list[Chunk]:
    """The chunks of all videos.

    Args:
        graph: The library.
        step_ms: From the start of one to that of the next; below CHUNK_MS they overlap.
    """
    return [
        chunk
        for stored in sorted(list_videos(graph), key=lambda v: v.video.id)
        for chunk in _chunks(stored, _told(graph, stored.video.id), step_ms)
    ]


def _told(graph: GraphClient, video_id: str) -> list[Sentence]:
    """What is said and shown; a line that stands in two segments is one again."""
    told: dict[tuple[str, str, int], Sentence] = {}
    for segment in told_segments(graph, video_id):
        for one in (*segment.sentences, *segment.screen):
            before = told.pop((one.modality, one.text, one.span.start_ms), None)
            if before is not None:
                one = replace(one, span=Span(before.span.start_ms, one.span.end_ms))  # noqa: PLW2901
            told[one.modality, one.text, one.span.end_ms] = one
    return list(told.values())


def _chunks(stored: StoredVideo, told: Sequence[Sentence], step_ms: int) -> Iterator[Chunk]:
    video = stored.video
    for start_ms in range(0, video.duration_ms, step_ms):
        window = Span(start_ms, start_ms + CHUNK_MS)
        inside = [one for one in told if _is_in(one, window)]
        if not inside:
            continue
        spans = [one.span.clamp(window) for one in inside]
        span = Span(min(s.start_ms for s in spans), max(s.end_ms for s in spans))
        yield Chunk(
            video.title,
            Evidence(
                segment_id=f"{video.id}/{start_ms}",
                video_id=video.id,
                video=PurePath(video.path).name,
                span=span,
                score=0.0,
                via=("chunk",),
                sentences=tuple(inside),
            ),
        )
        if start_ms + CHUNK_MS >= video.duration_ms:
            break


def _is_in(one: Sentence, window: Span) -> bool:
    """Whether at least half of a sentence or line, or half of the window, is in the window."""
    shared_ms = one.span.clamp(window).duration_ms
    return shared_ms * 2 >= min(one.span.duration_ms, window.duration_ms) and shared_ms > 0


class Bm25:
    """Okapi's BM25 over stems, English and Russian, as bm25s ranks them.

    Source: Lù, "BM25S: Orders of magnitude faster lexical search via eager sparse scoring", 2024.
    """

    def __init__(self, chunks: Sequence[Chunk]) -> None:
        self._index = bm25s.BM25()
        self._index.index([_stems(chunk.text) for chunk in chunks], show_progress=False)
        self._count = len(chunks)

    def rank(self, question: str, count: int) -> Sequence[int]:
        """The best chunks; none where no word of the question is in any."""
        found, scores = self._index.retrieve(
            [_stems(question)], k=min(count, self._count), show_progress=False
        )
        return [int(n) for n, s in zip(found[0], scores[0], strict=True) if s > 0]


class Vectors:
    """The nearest chunks by the cosine of a sentence model's vectors, exactly."""

    def __init__(self, chunks: Sequence[Chunk], embedder: Embedder) -> None:
        self._embedder = embedder
        self._vectors = np.asarray(embedder.embed([chunk.text for chunk in chunks]))

    def rank(self, question: str, count: int) -> Sequence[int]:
        """The best chunks."""
        scores = self._vectors @ self._embedder.embed([question])[0]
        return [int(n) for n in np.argsort(-scores)[:count]]


@dataclass(frozen=True, slots=True)
class ChunkAsk:
    """Chunks that are found, and our answerer over them; it cites the whole chunk.

    Args:
        chunks: All.
        ranker: Orders them.
        generator: Evidence to an answer.
        top_k: How many chunks it is given.
    """

    chunks: Sequence[Chunk]
    ranker: Ranker
    generator: Generator
    top_k: int

    def ask(self, question: str) -> Answer:
        """Answer a question."""
        begin = time.perf_counter()
        ranked = self.ranker.rank(question, self.top_k)
        evidence = tuple(self.chunks[n].evidence for n in ranked)
        draft = self.generator.generate(question, evidence) if evidence else ""
        cited = cite(draft, evidence)
        spans = {item.segment_id: item.span for item in evidence}
        citations = tuple(replace(c, span=spans[c.segment_id]) for c in cited.citations)
        total_ms = (time.perf_counter() - begin) * 1000
        return Answer(
            question=question,
            text=cited.text,
            answered=bool(citations),
            generator=self.generator.name,
            generator_model=self.generator.model,
            citations=citations,
            evidence=evidence,
            graph=Subgraph(),
            timings_ms={"total": total_ms},
        )


def _stems(text: str) -> list[str]:
    kept = (word for word in words(text) if word not in _STOPWORDS)
    return [(_RUSSIAN if is_russian(word) else _ENGLISH).stemWord(word) for word in kept]

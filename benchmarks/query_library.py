"""Makes the library of benchmarks/query.py: a graph of any size in the real schema.

Everything is drawn from one seed: videos of a hundred segments, entities of whom a few are spoken
of everywhere and most hardly at all (Zipf), words likewise, vectors in clusters. It is written by
the statements of ingest, many videos a transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from kg_videorag import identity
from kg_videorag.graph.mirror import ensure_mirrors, space_label
from kg_videorag.graph.queries import Query, load
from kg_videorag.graph.rows import segment_properties
from kg_videorag.model import EntityType, Modality, Segment, Sentence, Span, VectorSpace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from kg_videorag.graph.client import GraphClient, Row, Transaction

SEGMENTS_PER_VIDEO = 100
SEGMENT_MS = 20_000
SENTENCES = 3
NAMES_PER_SEGMENT = 5
RELATIONS_PER_SEGMENT = 1.5
VARIANTS = 1 / 30  # of entities
WORDS = 20_000
WORDS_PER_SENTENCE = 12
CLUSTERS = 500
SPREAD = 0.9  # of a cluster's vectors: cosines of some .55 within, of 0 between
SIMILAR = 5
PREDICATES = ("know", "build", "visit", "describe", "lead", "join", "leave", "study")
_VIDEOS_PER_WRITE = 20
_SIMILAR = """
UNWIND $rows AS row
MATCH (s:Segment {id: row.segment_id})
UNWIND row.nearest AS near
MATCH (t:Segment {id: near.segment_id})
CREATE (s)-[:SIMILAR_TO {space: 'text', score: near.score}]->(t)
"""
_SETTLE = (
    "MATCH (s:SimilarDue) CALL (s) { REMOVE s:SimilarDue } IN TRANSACTIONS OF 10000 ROWS",
    "MATCH (e:ResolveDue) CALL (e) { REMOVE e:ResolveDue } IN TRANSACTIONS OF 10000 ROWS",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and its vector: near that of a segment which says its names and words."""

    text: str
    vector: NDArray[np.float32]
    target_id: str


class MadeLibrary:
    """What is drawn; `write` puts it into a graph.

    Args:
        segments: How many; a multiple of SEGMENTS_PER_VIDEO.
        entities: How many.
        space: Of the vectors.
    """

    def __init__(self, segments: int, entities: int, space: VectorSpace) -> None:
        self.segments, self.entities, self.space = segments, entities, space
        rng = np.random.default_rng(31)
        self._words = _spelt(rng, WORDS, parts=3)
        self.names = [f"{a.title()} {b.title()}" for a, b in _pairs(rng, entities)]
        types = [EntityType.PERSON, EntityType.PLACE, EntityType.PRODUCT, EntityType.CONCEPT]
        self.types = [types[i] for i in rng.integers(len(types), size=entities).tolist()]
        self.entity_ids = [
            identity.entity_id(t, n) for t, n in zip(self.types, self.names, strict=True)
        ]
        self.named = _zipf(rng, entities, (segments, NAMES_PER_SEGMENT))
        size = (segments, SENTENCES * WORDS_PER_SENTENCE)
        self.said = _zipf(rng, WORDS, size).astype(np.int32)
        self._rng = rng
        self._draw_vectors()
        videos = range(segments // SEGMENTS_PER_VIDEO)
        self.video_ids = [identity.embedding_id(f"video {n}", "", "", 0, "") * 2 for n in videos]
        self.segment_ids = [
            identity.segment_id(self._video(n), _span(n), "made") for n in range(segments)
        ]
        self.labels = [
            identity.embedding_label(identity.embedding_id(id_, "text", space.model, 0, ""))
            for id_ in self.segment_ids
        ]

    def _draw_vectors(self) -> None:
        """A video's segments lie in few clusters."""
        rng, dimension = self._rng, self.space.dimension
        centres = _unit(rng.standard_normal((CLUSTERS, dimension), dtype=np.float32))
        of_video = rng.integers(CLUSTERS, size=(self.segments // SEGMENTS_PER_VIDEO, 3))
        chosen = rng.integers(3, size=self.segments)
        cluster = of_video[np.arange(self.segments) // SEGMENTS_PER_VIDEO, chosen]
        noise = _unit(rng.standard_normal((self.segments, dimension), dtype=np.float32))
        self.vectors = _unit(centres[cluster] + SPREAD * noise)

    def _video(self, segment: int) -> str:
        return self.video_ids[segment // SEGMENTS_PER_VIDEO]

    def sentences(self, segment: int) -> list[str]:
        """What is said in a segment: its names, among words."""
        words = [self._words[w] for w in self.said[segment].tolist()]
        names = [self.names[e] for e in self.named[segment].tolist()]
        per_name = -(-len(names) // SENTENCES)
        spoken = []
        for n in range(SENTENCES):
            told = words[n * WORDS_PER_SENTENCE : (n + 1) * WORDS_PER_SENTENCE]
            for place, name in enumerate(names[n * per_name : (n + 1) * per_name]):
                told.insert(3 + 5 * place, name)
            spoken.append(" ".join(told).capitalize() + ".")
        return spoken

    def questions(self, count: int) -> list[Asked]:
        """Each names two entities of a segment and three of its rarer words."""
        rng = np.random.default_rng(32)
        noise = _unit(rng.standard_normal((count, self.space.dimension)).astype(np.float32))
        asked = []
        for n, target in enumerate(rng.integers(self.segments, size=count).tolist()):
            first, second = rng.choice(self.named[target], 2, replace=False).tolist()
            rare = sorted(set(self.said[target].tolist()))[-8:]
            words = [self._words[w] for w in rng.choice(rare, 3, replace=False).tolist()]
            text = (
                f"What did {self.names[first]} say of {self.names[second]}"
                f" and the {words[0]} {words[1]} with {words[2]}?"
            )
            vector = _unit(self.vectors[[target]] + 0.6 * noise[[n]])[0]
            asked.append(Asked(text, vector, self.segment_ids[target]))
        return asked

    # To the graph

    def write(self, client: GraphClient, on_share: Callable[[float], None]) -> None:
        """Write everything but SIMILAR_TO."""
        ensure_mirrors(client, [self.space])
        client.write(self._write_entities)
        videos = len(self.video_ids)
        for start in range(0, videos, _VIDEOS_PER_WRITE):
            chosen = range(start, min(start + _VIDEOS_PER_WRITE, videos))
            client.write(lambda tx, chosen=chosen: self._write_videos(tx, chosen))  # type: ignore[misc]
            on_share(chosen.stop / videos)

    def write_similar(
        self, client: GraphClient, nearest: Iterator[list[tuple[int, float]]]
    ) -> None:
        """Join each segment with its nearest.

        Args:
            client: The graph.
            nearest: For each segment, (label, cosine) of those nearest to it.
        """
        by_label = dict(zip(self.labels, self.segment_ids, strict=True))
        rows = [
            {
                "segment_id": id_,
                "nearest": [
                    {"segment_id": by_label[label], "score": cosine}
                    for label, cosine in near
                    if by_label[label] != id_
                ][:SIMILAR],
            }
            for id_, near in zip(self.segment_ids, nearest, strict=True)
        ]
        for start in range(0, len(rows), 10_000):
            batch = rows[start : start + 10_000]
            client.write(lambda tx, batch=batch: tx.run_batches(_query(_SIMILAR), batch))  # type: ignore[misc]
        for part in _SETTLE:
            settle(client, part)

    def _write_entities(self, tx: Transaction) -> None:
        space = self.space
        tx.run(
            load("ingest/begin_space"),
            space=space.name,
            model=space.model,
            dimension=space.dimension,
        )
        rows = [
            {"id": id_, "name": name, "type": str(kind)}
            for id_, name, kind in zip(self.entity_ids, self.names, self.types, strict=True)
        ]
        tx.run_batches(load("ingest/entities"), rows)
        variants = int(VARIANTS * self.entities)
        same = [
            {
                "variant": self.entity_ids[-1 - n],
                "canonical": self.entity_ids[n],
                "reason": "spelling",
                "score": 0.9,
                "chosen": None,
            }
            for n in range(variants)
        ]
        tx.run_batches(load("ingest/same_as"), same)

    def _write_videos(self, tx: Transaction, videos: range) -> None:
        numbers = [range(v * SEGMENTS_PER_VIDEO, (v + 1) * SEGMENTS_PER_VIDEO) for v in videos]
        for v, segments in zip(videos, numbers, strict=True):
            self._write_segments(tx, v, segments)
        every = range(numbers[0].start, numbers[-1].stop)
        follows = [
            {"later_id": self.segment_ids[n], "earlier_id": self.segment_ids[n - 1]}
            for n in every
            if n % SEGMENTS_PER_VIDEO
        ]
        tx.run_batches(load("ingest/follows"), follows)
        tx.run_batches(load("ingest/mentions"), [row for n in every for row in self._mentions(n)])
        tx.run_batches(load("ingest/relations"), [row for n in every for row in self._relations(n)])
        seq = tx.run(load("ingest/next_seq"), space=self.space.name)[0]["seq"]
        tx.run_batches(load("ingest/embeddings"), [self._embedding(n) for n in every], seq=seq)

    def _write_segments(self, tx: Transaction, video: int, segments: range) -> None:
        name = f"talk {video}"
        properties = {
            "title": name,
            "path": f"/library/{name}.mp4",
            "duration_ms": SEGMENT_MS * SEGMENTS_PER_VIDEO,
            "language": "en",
            "status": "done",
        }
        video_id = self.video_ids[video]
        tx.run(load("ingest/video"), video_id=video_id, properties=properties)
        rows = [{"id": self.segment_ids[n], "properties": self._segment(n)} for n in segments]
        tx.run_batches(load("ingest/segments"), rows, video_id=video_id)

    def _segment(self, n: int) -> dict[str, Any]:
        span, pace = _span(n), SEGMENT_MS // SENTENCES
        sentences = tuple(
            Sentence(text, Span(span.start_ms + place * pace, span.start_ms + (place + 1) * pace))
            for place, text in enumerate(self.sentences(n))
        )
        index = n % SEGMENTS_PER_VIDEO
        return segment_properties(
            Segment(self.segment_ids[n], self._video(n), index, span, sentences)
        )

    def _occurrence(self, n: int) -> Row:
        start_ms = _span(n).start_ms
        return {
            "video_id": self._video(n),
            "modality": str(Modality.SPEECH),
            "start_ms": start_ms,
            "end_ms": start_ms + 1_000,
            "confidence": 0.9,
        }

    def _mentions(self, n: int) -> Iterator[Row]:
        segment_id = self.segment_ids[n]
        for e in dict.fromkeys(self.named[n].tolist()):
            entity_id = self.entity_ids[e]
            yield {
                "id": identity.mention_id(segment_id, entity_id, Modality.SPEECH, _span(n)),
                "segment_id": segment_id,
                "entity_id": entity_id,
                "properties": {**self._occurrence(n), "surface": self.names[e]},
            }

    def _relations(self, n: int) -> Iterator[Row]:
        named = list(dict.fromkeys(self.named[n].tolist()))
        count = min(len(named) - 1, 1 + n % 2)  # one and a half a segment
        for place in range(count):
            subject, object_ = (self.entity_ids[e] for e in named[place : place + 2])
            predicate = PREDICATES[(n + place) % len(PREDICATES)]
            segment_id, start_ms = self.segment_ids[n], _span(n).start_ms
            yield {
                "id": identity.relation_id(
                    subject, predicate, object_, segment_id, start_ms, Modality.SPEECH
                ),
                "subject_id": subject,
                "object_id": object_,
                "properties": {
                    **self._occurrence(n),
                    "predicate": predicate,
                    "segment_id": segment_id,
                    "surface": predicate,
                },
            }

    def _embedding(self, n: int) -> Row:
        id_ = identity.embedding_id(self.segment_ids[n], "text", self.space.model, 0, "")
        return {
            "id": id_,
            "label": self.labels[n],
            "vector": self.vectors[n].tolist(),
            "segment_id": self.segment_ids[n],
            "space_label": space_label(self.space.name),
            "properties": {
                "space": self.space.name,
                "model": self.space.model,
                "at_ms": _span(n).start_ms,
                "video_id": self._video(n),
                "whole": True,
            },
        }


def settle(client: GraphClient, statement: str) -> None:
    """Run a statement in transactions of its own."""
    with client._session("WRITE") as session:  # noqa: SLF001 - which the client has no use for
        session.run(statement).consume()  # type: ignore[arg-type]


def _span(segment: int) -> Span:
    index = segment % SEGMENTS_PER_VIDEO
    return Span(index * SEGMENT_MS, (index + 1) * SEGMENT_MS)


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def _zipf(rng: np.random.Generator, count: int, size: tuple[int, int]) -> NDArray[np.int64]:
    """Numbers below `count`; the n-th is drawn 1/n as often as the first."""
    bounds = np.cumsum(1 / np.arange(1, count + 1))
    drawn = np.searchsorted(bounds, rng.random(size) * bounds[-1])
    return np.minimum(drawn, count - 1)


def _spelt(rng: np.random.Generator, count: int, *, parts: int) -> list[str]:
    """Words that can be spoken, each once."""
    syllables = [c + v for c in "bdfgklmnprstvz" for v in ("a", "e", "i", "o", "u", "an", "er")]
    found: dict[str, None] = {}
    while len(found) < count:
        found["".join(rng.choice(syllables, parts).tolist())] = None
    return list(found)


def _pairs(rng: np.random.Generator, count: int) -> list[tuple[str, str]]:
    """First and last names; about ten bear a first one, hardly two a last one."""
    firsts = _spelt(rng, max(8, count // 10), parts=2)
    lasts = _spelt(rng, max(8, count), parts=4)
    found: dict[tuple[str, str], None] = {}
    while len(found) < count:
        first, last = rng.integers(len(firsts)), rng.integers(len(lasts))
        found[firsts[first], lasts[last]] = None
    return list(found)


def _query(statement: str) -> Query:
    return Query("made", "", (), "", "", statement)  # type: ignore[arg-type]

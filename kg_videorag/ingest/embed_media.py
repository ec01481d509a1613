"""Vectors of what is seen and heard, made while a file's pictures and sound stream by.

Seen: a picture at every change of the scene, and one now and then while nothing changes.
Heard: stretches of some ten seconds that are not silent. Memory is bounded by one batch.
"""

from __future__ import annotations

from bisect import bisect_right
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import numpy as np

from kg_videorag.identity import embedding_id, embedding_label
from kg_videorag.ingest.scenes import Scenes
from kg_videorag.model import SAMPLE_RATE_HZ, Embedding, TimedVector

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from kg_videorag.model import AudioBlock, Picture, Segment
    from kg_videorag.ports import MediaEmbedder

_WINDOW = 10 * SAMPLE_RATE_HZ  # samples; as ImageBind's sounds were in training: AudioSet's 10 s
_SHORTEST = SAMPLE_RATE_HZ // 2  # samples; a click is no sound
_SILENT = 1e-3  # root mean square, -60 dB: below what a quiet room with a microphone gives
_PENDING_BYTES = 64 << 20  # two pictures of 8K; of 720p a batch is smaller


class MediaVectors:
    """Takes pictures and sound as they come, and gives their vectors in the end.

    Args:
        embedder: Makes the vectors.
        batch: How many pictures or stretches of sound are handed to it at once.
    """

    def __init__(self, embedder: MediaEmbedder, *, batch: int = 8) -> None:
        self._seen = Gathered("vision", embedder.embed_pictures, batch)
        self._heard = Gathered("audio", embedder.embed_sounds, batch)
        self._scenes = Scenes()

    def see(self, picture: Picture) -> None:
        """Look at the next picture; it is kept if it shows something else, or time has passed.

        Raises:
            EngineError: If the embedder fails.
        """
        if self._scenes.is_news(picture):
            self._seen.add(picture.at_ms, picture.whole())

    def hear(self, block: AudioBlock) -> None:
        """Listen to the next block of sound.

        Raises:
            EngineError: If the embedder fails.
        """
        windows = np.array_split(block.samples, max(1, round(len(block.samples) / _WINDOW)))
        start = 0
        for window in windows:
            middle_ms = round((start + len(window) / 2) * 1000 / SAMPLE_RATE_HZ)
            start += len(window)
            if len(window) >= _SHORTEST and _rms(window) > _SILENT:
                self._heard.add(block.start_ms + middle_ms, window)

    def finish(self) -> tuple[TimedVector, ...]:
        """All vectors, those of pictures first, in order of time.

        Raises:
            EngineError: If the embedder fails.
        """
        return (*self._seen.all(), *self._heard.all())


def media_embeddings(
    segments: Sequence[Segment], vectors: Sequence[TimedVector], model: str
) -> tuple[Embedding, ...]:
    """Give each vector to the segment that holds its moment; what is one vector is kept once.

    Args:
        segments: Of one video, in order of time.
        vectors: Of its pictures and sounds.
        model: Who made them.
    """
    if not segments:
        return ()
    starts = [segment.span.start_ms for segment in segments]
    found: dict[str, Embedding] = {}
    for timed in vectors:
        segment = segments[max(0, bisect_right(starts, timed.at_ms) - 1)]
        content = sha256(timed.vector.tobytes()).hexdigest()
        identity = embedding_id(segment.id, timed.space, model, timed.at_ms, content)
        found[identity] = Embedding(
            id=identity,
            label=embedding_label(identity),
            segment_id=segment.id,
            space=timed.space,
            model=model,
            at_ms=timed.at_ms,
            vector=timed.vector,
        )
    return tuple(found.values())


class Gathered:
    """Things of one kind, embedded batch by batch.

    Args:
        space: Of their vectors.
        embed: Things to vectors.
        batch: How many are embedded at once.
    """

    def __init__(
        self, space: str, embed: Callable[[list[NDArray[Any]]], NDArray[np.float32]], batch: int
    ) -> None:
        self._space = space
        self._embed = embed
        self._batch = batch
        self._pending: list[tuple[int, NDArray[Any]]] = []
        self._vectors: list[TimedVector] = []

    def add(self, at_ms: int, thing: NDArray[Any]) -> None:
        self._pending.append((at_ms, thing))
        size_bytes = sum(thing.nbytes for _, thing in self._pending)
        if len(self._pending) >= self._batch or size_bytes >= _PENDING_BYTES:
            self._flush()

    def all(self) -> tuple[TimedVector, ...]:
        self._flush()
        return tuple(self._vectors)

    def _flush(self) -> None:
        pending, self._pending = self._pending, []
        if pending:
            rows = self._embed([thing for _, thing in pending])
            self._vectors += [
                TimedVector(self._space, at_ms, row)
                for (at_ms, _), row in zip(pending, rows, strict=True)
            ]


def _rms(samples: NDArray[np.float32]) -> float:
    return float(np.sqrt(np.square(samples, dtype=np.float64).mean()))

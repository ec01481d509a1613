"""Engines that remember, for one file, what they made of each piece of it.

The long pass over a file may be killed at nine tenths of an hour's speech: what was heard of each
block, read in each picture and so on is kept as soon as it is known, under the piece's content.
A second run decodes again, which takes minutes, and recognises only what the first did not reach.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import numpy as np

from kg_videorag.ingest.kept.codecs import (
    LABELS,
    TEXT,
    TEXT_LINES,
    TIMED_LABELS,
    TRANSCRIPT,
    VECTOR,
)
from kg_videorag.ports import (
    Captioner,
    Detector,
    MediaEmbedder,
    SoundTagger,
    TextReader,
    Transcriber,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from kg_videorag.ingest.course import Course
    from kg_videorag.ingest.engines import IngestEngines
    from kg_videorag.ingest.kept import Codec
    from kg_videorag.model import (
        AudioBlock,
        EngineState,
        Label,
        TextLine,
        TimedLabel,
        Transcript,
    )
    from kg_videorag.ports import Engine

T = TypeVar("T")
E = TypeVar("E", bound="Engine")


def remembering(engines: IngestEngines, course: Course) -> IngestEngines:
    """The same engines, remembering what they make of one file."""
    reader, media = engines.text_reader, engines.media_embedder
    captioner = engines.captioner
    detector, tagger = engines.detector, engines.sound_tagger
    return replace(
        engines,
        transcriber=_Transcriber(engines.transcriber, course, "speech"),
        text_reader=reader and _TextReader(reader, course, "screen"),
        media_embedder=media and _MediaEmbedder(media, course, "vectors"),
        captioner=captioner and _Captioner(captioner, course, "caption"),
        detector=detector and _Detector(detector, course, "labels"),
        sound_tagger=tagger and _SoundTagger(tagger, course, "labels"),
    )


class _Remembering(Generic[E]):
    """An engine, and where what it makes is kept."""

    def __init__(self, engine: E, course: Course, stage: str) -> None:
        self._engine = engine
        self._course = course
        self._stage = stage

    @property
    def name(self) -> str:
        return self._engine.name

    @property
    def version(self) -> str:
        return self._engine.version

    def check(self) -> EngineState:
        return self._engine.check()

    def _remembered(self, part: str, codec: Codec[T], make: Callable[[], T]) -> T:
        known = self._course.part_known(self._stage, part, codec)
        if known is not None:
            return known
        made = make()
        self._course.keep_part(self._stage, part, made, codec)
        return made


class _Transcriber(_Remembering[Transcriber]):
    def transcribe(self, block: AudioBlock) -> Transcript:
        if getattr(self._engine, "carries_over", False):
            return self._engine.transcribe(block)
        part = _digest("heard", block.start_ms, block.samples)
        return self._remembered(part, TRANSCRIPT, lambda: self._engine.transcribe(block))


class _TextReader(_Remembering[TextReader]):
    def read(self, picture: NDArray[np.uint8]) -> Sequence[TextLine]:
        part = _digest("read", picture)
        return self._remembered(part, TEXT_LINES, lambda: tuple(self._engine.read(picture)))


class _Captioner(_Remembering[Captioner]):
    @property
    def model(self) -> str:
        return self._engine.model

    def caption(
        self, pictures: Sequence[NDArray[np.uint8]], context: str, language: str = ""
    ) -> str:
        part = _digest("captioned", *pictures, context, language)
        return self._remembered(
            part, TEXT, lambda: self._engine.caption(pictures, context, language)
        )


class _Detector(_Remembering[Detector]):
    def detect(self, picture: NDArray[np.uint8]) -> Sequence[Label]:
        part = _digest("seen", picture)
        return self._remembered(part, LABELS, lambda: tuple(self._engine.detect(picture)))


class _SoundTagger(_Remembering[SoundTagger]):
    def tag(self, block: AudioBlock) -> Sequence[TimedLabel]:
        part = _digest("tagged", block.start_ms, block.samples)
        return self._remembered(part, TIMED_LABELS, lambda: tuple(self._engine.tag(block)))


class _MediaEmbedder(_Remembering[MediaEmbedder]):
    @property
    def model(self) -> str:
        return self._engine.model

    @property
    def languages(self) -> frozenset[str]:
        return self._engine.languages

    @property
    def dimension(self) -> int:
        return self._engine.dimension

    def embed_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self._engine.embed_texts(texts)

    def embed_pictures(self, pictures: Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
        return self._rows("picture", pictures, self._engine.embed_pictures)

    def embed_sounds(self, sounds: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
        return self._rows("sound", sounds, self._engine.embed_sounds)

    def _rows(
        self,
        kind: str,
        things: Sequence[NDArray[Any]],
        embed: Callable[[Sequence[NDArray[Any]]], NDArray[np.float32]],
    ) -> NDArray[np.float32]:
        """The vectors of some things; those that nobody remembers are made at once."""
        parts = [_digest(kind, thing) for thing in things]
        rows = {part: self._course.part_known(self._stage, part, VECTOR) for part in parts}
        fresh = {
            part: thing for part, thing in zip(parts, things, strict=True) if rows[part] is None
        }
        if fresh:
            made = embed(list(fresh.values()))
            for part, row in zip(fresh, made, strict=True):
                rows[part] = row
                self._course.keep_part(self._stage, part, row, VECTOR)
        found = [row for part in parts if (row := rows[part]) is not None]
        return np.stack(found) if found else embed([])


def _digest(kind: str, *content: object) -> str:
    """A name for a piece of a file: a hash of all that an engine is given of it."""
    digest = hashlib.sha256(kind.encode())
    for thing in content:
        if isinstance(thing, np.ndarray):
            digest.update(f"{thing.dtype}{thing.shape}".encode())
            digest.update(np.ascontiguousarray(thing).data)
        else:
            digest.update(repr(thing).encode())
    return digest.hexdigest()[:32]

"""Who does the work of an ingest."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg_videorag.ingest.subtitles import Subtitles
    from kg_videorag.ports import (
        Captioner,
        Detector,
        Embedder,
        Engine,
        Extractor,
        MediaEmbedder,
        Segmenter,
        SoundTagger,
        TextReader,
        Transcriber,
    )


@dataclass(frozen=True, slots=True)
class IngestEngines:
    """Who does the work; who is None is left out. The fields are named as the engines' kinds.

    Args:
        transcriber: Speech to words.
        segmenter: Time to segments.
        extractor: Sentences to entities and relations.
        embedder: Sentences to vectors.
        text_reader: Pictures to lines; None: screens are not read.
        media_embedder: Pictures and sounds to vectors.
        captioner: Pictures of a segment to a sentence or two.
        detector: Pictures to the things in them.
        sound_tagger: Sound to the kinds of sounds in it.
    """

    transcriber: Transcriber
    segmenter: Segmenter
    extractor: Extractor
    embedder: Embedder
    text_reader: TextReader | None = None
    media_embedder: MediaEmbedder | None = None
    captioner: Captioner | None = None
    detector: Detector | None = None
    sound_tagger: SoundTagger | None = None

    def names(self, written: Subtitles) -> tuple[str, ...]:
        """Who makes what is written of a video with these subtitles; stored with it."""
        workers = self._workers()
        if written.found:
            del workers["transcriber"]
        names = (f"{engine.name}/{engine.version}" for engine in workers.values())
        return (written.source, *names) if written.found else tuple(names)

    def identities(self, written: Subtitles) -> dict[str, str]:
        """By kind, who makes a stage's result: name, version, and model where there is one.

        Raises:
            EngineUnavailable: If the weights that tell which model it is are missing.
        """
        told = {kind: identity(engine) for kind, engine in self._workers().items()}
        return {**told, "transcriber": written.source} if written.found else told

    def _workers(self) -> dict[str, Engine]:
        named = {field.name: getattr(self, field.name) for field in fields(self)}
        return {kind: engine for kind, engine in named.items() if engine is not None}


def identity(engine: Engine) -> str:
    """An engine's name and version, and its model where it has one of its own."""
    model = getattr(engine, "model", "")
    return "/".join(part for part in (engine.name, engine.version, model) if part)

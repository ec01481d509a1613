"""One pass over a file: what is said, what the screen shows, and how it looks and sounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg_videorag.errors import MediaTruncatedError
from kg_videorag.ingest.embed_media import MediaVectors
from kg_videorag.ingest.observe import Heard, listen
from kg_videorag.ingest.watch import Seen, Watcher
from kg_videorag.model import Picture

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg_videorag.ingest.media import MediaReader
    from kg_videorag.ingest.stages import Stages
    from kg_videorag.ingest.subtitles import Subtitles
    from kg_videorag.model import AudioBlock, MediaInfo, TimedVector
    from kg_videorag.ports import MediaEmbedder, TextReader, Transcriber


@dataclass(frozen=True, slots=True)
class Perceived:
    """What a file was found to hold.

    Args:
        heard: What is said in it.
        seen: What its pictures show.
        vectors: Of its pictures and sounds; none where nobody makes them.
    """

    heard: Heard
    seen: Seen
    vectors: tuple[TimedVector, ...]


@dataclass(frozen=True, slots=True)
class Senses:
    """Hears and sees a file in one pass; who is None is left out.

    Whoever listens pulls the sound; the pictures that come by meanwhile are watched.

    Args:
        reader: Decodes the file.
        transcriber: Speech to words; not asked where there are subtitles.
        text_reader: Pictures to lines.
        media_embedder: Pictures and sounds to vectors.
        media_batch: How many of them it is given at once.
    """

    reader: MediaReader
    transcriber: Transcriber
    text_reader: TextReader | None
    media_embedder: MediaEmbedder | None
    media_batch: int

    def perceive(self, info: MediaInfo, written: Subtitles, clock: Stages) -> Perceived:
        """Go through a file once, in memory that its length does not change.

        Args:
            info: What the file is.
            written: Its subtitles: trusted before what would be heard.
            clock: Told how far it is.

        Raises:
            MediaError: If the file cannot be decoded.
            EngineError: If an engine fails.
        """
        watcher = Watcher(self.text_reader)
        embedder = self.media_embedder
        media = MediaVectors(embedder, batch=self.media_batch) if embedder else None
        with clock.stage("speech"):
            parts = self.reader.decoded(info.path)
            blocks = _attend(parts, info, watcher, media, clock)
            heard = self._hear(info, written, blocks, clock)
        with clock.stage("screen"):
            seen = watcher.finish(None if heard.truncated else info.duration_ms)
        with clock.ahead("embed"):
            vectors = media.finish() if media else ()
        return Perceived(heard, seen, vectors)

    def _hear(
        self, info: MediaInfo, written: Subtitles, blocks: Iterable[AudioBlock], clock: Stages
    ) -> Heard:
        if written.found:
            fault = _pass_over(blocks)
            return Heard(written.sentences, written.language, fault, truncated=bool(fault))
        if not info.has_audio:
            lacks = f"{info.path.name} has no sound: nothing was heard"
            fault = _pass_over(blocks)
            return Heard((), None, (lacks, *fault), truncated=bool(fault))
        duration_ms = max(info.duration_ms, 1)
        return listen(
            blocks,
            self.transcriber,
            on_heard_ms=lambda at_ms: clock.share(at_ms / duration_ms),
        )


def _attend(
    parts: Iterable[AudioBlock | Picture],
    info: MediaInfo,
    watcher: Watcher,
    media: MediaVectors | None,
    clock: Stages,
) -> Iterator[AudioBlock]:
    """The file's sound, block by block; every picture and block comes by here once."""
    duration_ms = max(info.duration_ms, 1)
    for part in parts:
        if isinstance(part, Picture):
            with clock.ahead("screen", part.at_ms / duration_ms):
                watcher.see(part)
        if media is not None:
            with clock.ahead("embed"):
                if isinstance(part, Picture):
                    media.see(part)
                else:
                    media.hear(part)
        if not isinstance(part, Picture):
            yield part


def _pass_over(blocks: Iterable[AudioBlock]) -> tuple[str, ...]:
    """Go through sound that nobody listens to; what is wrong with the file, if anything."""
    try:
        for _ in blocks:
            pass
    except MediaTruncatedError as error:
        return (error.message,)
    return ()

"""One pass over a file: what is said, what the screen shows, and how it looks and sounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kg_videorag.ingest.embed_media import MediaVectors
from kg_videorag.ingest.observe import Heard, listen
from kg_videorag.ingest.passage import Passage
from kg_videorag.ingest.senses import ScreenSense
from kg_videorag.ingest.stages import SENSED
from kg_videorag.ingest.watch import Seen

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kg_videorag.ingest.course import Course
    from kg_videorag.ingest.engines import IngestEngines
    from kg_videorag.ingest.senses import Sense
    from kg_videorag.ingest.subtitles import Subtitles
    from kg_videorag.model import MediaInfo, TimedVector


@dataclass(frozen=True, slots=True)
class Perceived:
    """What a file was found to hold.

    Args:
        heard: What is said in it.
        seen: What its pictures show.
        vectors: Of its pictures and sounds; none where nobody makes them.
        fault: What of the file could not be read; "" where all could.
    """

    heard: Heard
    seen: Seen
    vectors: tuple[TimedVector, ...] = ()
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Perceiver:
    """Hears and sees a file in one pass, or in none where all that it would find is kept.

    Args:
        info: What the file is.
        written: Its subtitles: trusted before what would be heard.
        engines: Who does the work.
        media_batch: How many pictures or sounds are embedded at once.
    """

    info: MediaInfo
    written: Subtitles
    engines: IngestEngines
    media_batch: int

    def perceive(self, course: Course) -> Perceived:
        """Go through the file once, in memory that its length does not change.

        Raises:
            MediaError: If the file cannot be decoded.
            EngineError: If an engine fails.
        """
        found: dict[str, Any] = {
            stage: course.known(stage) for stage in ("decode", "speech", *SENSED)
        }
        passage = Passage(self.info, course.clock, fault=found["decode"])
        senses = {
            stage: make() for stage, make in self._senses(passage).items() if found[stage] is None
        }
        missing = [stage for stage in ("speech", *senses) if found[stage] is None]
        for stage in ("speech", *(stage for stage in SENSED if stage in course.keys)):
            with course.clock.stage(stage):
                if missing and stage == missing[0]:  # the time of decoding is told as its
                    self._go_through(passage, senses, found, course)
                if stage in senses:
                    found[stage] = senses[stage].finish()
                    if _is_whole(found[stage]):
                        course.keep(stage, found[stage])
        return Perceived(
            heard=found["speech"],
            seen=found["screen"],
            vectors=found["vectors"] or (),
            fault=passage.fault or "",
        )

    def _senses(self, passage: Passage) -> Mapping[str, Callable[[], Sense]]:
        """How to make the sense of each stage that is not left out."""
        engines, length_ms = self.engines, self.info.duration_ms
        senses: dict[str, Callable[[], Sense]] = {
            "screen": lambda: ScreenSense(
                engines.text_reader, end_ms=lambda: None if passage.fault else length_ms
            )
        }
        if (embedder := engines.media_embedder) is not None:
            senses["vectors"] = lambda: MediaVectors(embedder, batch=self.media_batch)
        # A captioner's frames and the labels of a detector and a sound tagger come in here.
        return senses

    def _go_through(
        self, passage: Passage, senses: Mapping[str, Sense], found: dict[str, Any], course: Course
    ) -> None:
        """Whoever listens pulls the sound; the pictures that come by meanwhile are seen."""
        blocks = passage.blocks(senses)
        if found["speech"] is None and self.info.has_audio and not self.written.found:
            duration_ms = max(self.info.duration_ms, 1)
            found["speech"] = listen(
                blocks,
                self.engines.transcriber,
                on_heard_ms=lambda at_ms: course.clock.share(at_ms / duration_ms),
            )
            course.keep("speech", found["speech"])
        elif senses or passage.fault is None:
            for _ in blocks:
                pass
        if found["speech"] is None:
            found["speech"] = self._unheard()
            course.keep("speech", found["speech"])
        course.keep("decode", passage.fault or "")

    def _unheard(self) -> Heard:
        """What is known to be said where nobody needs to listen."""
        if self.written.found:
            return Heard(self.written.sentences, self.written.language, ())
        return Heard((), None, (f"{self.info.path.name} has no sound: nothing was heard",))


def _is_whole(value: object) -> bool:
    """Pictures that could not be read are tried again next time."""
    return not (isinstance(value, Seen) and value.warnings)

"""One pass over a file: what is said, what the screen shows, and how it looks and sounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kg_videorag.ingest.embed_media import MediaVectors
from kg_videorag.ingest.frames import FrameKeeper
from kg_videorag.ingest.label import LabelSense
from kg_videorag.ingest.observe import Heard, listen
from kg_videorag.ingest.passage import Passage
from kg_videorag.ingest.senses import ScreenSense
from kg_videorag.ingest.stages import SENSED
from kg_videorag.ingest.watch import Seen

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kg_videorag.ingest.course import Course
    from kg_videorag.ingest.engines import IngestEngines
    from kg_videorag.ingest.media import MediaReader
    from kg_videorag.ingest.senses import Sense
    from kg_videorag.ingest.subject import Subject
    from kg_videorag.model import Frame, TimedLabel, TimedVector


@dataclass(frozen=True, slots=True)
class Perceived:
    """What a file was found to hold.

    Args:
        heard: What is said in it.
        seen: What its pictures show.
        vectors: Of its pictures and sounds; none where nobody makes them.
        frames: Pictures of it that were kept; none where nobody looks at them later.
        labels: Of things seen and sounds heard; none where nobody names them.
        fault: What of the file could not be read; "" where all could.
    """

    heard: Heard
    seen: Seen
    vectors: tuple[TimedVector, ...] = ()
    frames: tuple[Frame, ...] = ()
    labels: tuple[TimedLabel, ...] = ()
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Perceiver:
    """Hears and sees a file in one pass, or in none where all that it would find is kept.

    Args:
        media: Decodes it.
        subject: The file; its subtitles are trusted before what would be heard.
        engines: Who does the work.
        media_batch: How many pictures or sounds are embedded at once.
    """

    media: MediaReader
    subject: Subject
    engines: IngestEngines
    media_batch: int

    def perceive(self, course: Course) -> Perceived:
        """Go through the file once, in memory that its length does not change.

        Raises:
            MediaError: If the file cannot be decoded.
            EngineError: If an engine fails.
        """
        was_whole = bool(course.known("decode"))
        found: dict[str, Any] = {
            stage: course.known(stage) if was_whole else None for stage in ("speech", *SENSED)
        }
        passage = Passage(self.media, self.subject.info, course.clock, was_whole=was_whole)
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
                    course.keep(stage, found[stage], whole=_is_whole(found[stage], passage))
        return Perceived(
            heard=found["speech"],
            seen=found["screen"],
            vectors=found["vectors"] or (),
            frames=found["frames"] or (),
            labels=found["labels"] or (),
            fault=passage.fault,
        )

    def _senses(self, passage: Passage) -> Mapping[str, Callable[[], Sense]]:
        """How to make the sense of each stage that is not left out."""
        engines, length_ms = self.engines, self.subject.info.duration_ms
        senses: dict[str, Callable[[], Sense]] = {
            "screen": lambda: ScreenSense(
                engines.text_reader, end_ms=lambda: None if passage.fault else length_ms
            )
        }
        if (embedder := engines.media_embedder) is not None:
            senses["vectors"] = lambda: MediaVectors(embedder, batch=self.media_batch)
        if engines.captioner is not None:
            senses["frames"] = FrameKeeper
        if engines.detector is not None or engines.sound_tagger is not None:
            senses["labels"] = lambda: LabelSense(engines.detector, engines.sound_tagger)
        return senses

    def _go_through(
        self, passage: Passage, senses: Mapping[str, Sense], found: dict[str, Any], course: Course
    ) -> None:
        """Whoever listens pulls the sound; the pictures that come by meanwhile are seen."""
        info, written = self.subject.info, self.subject.written
        blocks = passage.blocks(senses)
        heard: Heard | None = found["speech"]
        if heard is None and info.has_audio and not written.found:
            duration_ms = max(info.duration_ms, 1)
            heard = listen(
                blocks,
                self.engines.transcriber,
                on_heard_ms=lambda at_ms: course.clock.share(at_ms / duration_ms),
            )
        elif senses or not passage.was_whole:
            for _ in blocks:
                pass
        if not passage.was_whole:
            course.keep("decode", True, whole=not passage.fault)  # noqa: FBT003 - the result
        if found["speech"] is None:
            found["speech"] = heard or self._unheard()
            course.keep("speech", found["speech"], whole=not passage.fault)

    def _unheard(self) -> Heard:
        """What is known to be said where nobody needs to listen."""
        written = self.subject.written
        if written.found:
            return Heard(written.sentences, written.language, ())
        return Heard((), None, (f"{self.subject.info.path.name} has no sound: nothing was heard",))


def _is_whole(value: object, passage: Passage) -> bool:
    """Whether nothing is missing that may be found next time.

    That is so of pictures that could not be read, and of a file whose decoding ended early: it may
    be the file, or a limit that it met.
    """
    return not passage.fault and not (isinstance(value, Seen) and value.warnings)

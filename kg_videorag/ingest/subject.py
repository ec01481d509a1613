"""The file that is ingested, as it is known before anybody listens or looks."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING

from kg_videorag.errors import MediaError
from kg_videorag.identity import video_id
from kg_videorag.ingest.corrections import corrections_digest
from kg_videorag.ingest.sidecars import Sidecars, find_sidecars
from kg_videorag.ingest.stages import FLOW_VERSION, StageKey, stage_keys
from kg_videorag.ingest.subtitles import Subtitles, find_subtitles

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kg_videorag.ingest.engines import IngestEngines
    from kg_videorag.ingest.media import MediaReader
    from kg_videorag.model import Correction, MediaInfo, StoredVideo


_TOLD = ("path", "title", "sound_note")


@dataclass(frozen=True, slots=True)
class Subject:
    """What is read of a file.

    Args:
        identity: The sha256 of its content.
        info: What its container says of itself.
        written: Its subtitles.
        sidecars: What other sensors recorded of it.
        size_bytes: Of the file.
    """

    identity: str
    info: MediaInfo
    written: Subtitles
    sidecars: Sidecars = field(default_factory=Sidecars)
    size_bytes: int | None = None

    @property
    def facts(self) -> str:
        """All of it that may change a stage's result; where it lies and its title do not."""
        names = (f.name for f in fields(self.info) if f.name not in _TOLD)
        return repr((self.identity, [(name, getattr(self.info, name)) for name in names]))

    def makers(self, engines: IngestEngines) -> tuple[str, ...]:
        """Who makes what is written of it, and of what beside it; stored with it."""
        track = self.info.sound_track
        heard = (f"sound/{track}",) if track else ()
        return (*engines.names(self.written), *heard, *self.sidecars.sources)

    def is_current(self, stored: StoredVideo, engines: IngestEngines) -> bool:
        """Whether the graph holds what these engines would make of it."""
        return (stored.ingest_version, stored.engines) == (FLOW_VERSION, self.makers(engines))

    def keys(
        self, engines: IngestEngines, corrections: Sequence[Correction], *, captioner_frames: int
    ) -> dict[str, StageKey]:
        """The keys of its stages' results.

        Args:
            engines: Who works in them.
            corrections: What was corrected by hand in it.
            captioner_frames: How many pictures of a segment a captioner is shown.
        """
        settings = {
            "sidecars": " ".join(self.sidecars.sources),
            "segment": corrections_digest(corrections),
            "caption": str(captioner_frames),
        }
        keys = stage_keys(self.facts, engines.identities(self.written), settings)
        if not self.sidecars.found:
            keys.pop("sidecars", None)
        return keys


@dataclass(frozen=True, slots=True)
class SubjectReader:
    """Reads files so far.

    Args:
        media: Reads their headers, and the subtitles inside them.
        subtitles: Whether subtitles are taken, where there are any, instead of the transcriber.
        language: What is spoken, as two letters; "" where nobody said.
        sidecars: Whether files of depth, heat and motion are looked for.
    """

    media: MediaReader
    subtitles: bool = True
    language: str = ""
    sidecars: bool = False

    def read(self, given: str | Path, on_share: Callable[[float], None]) -> Subject:
        """Read a file's header, its checksum and its subtitles.

        Args:
            given: The file.
            on_share: Told the share that is read, 0..1.

        Raises:
            MediaError: If it cannot be read.
        """
        path = Path(given)
        if not _is_utf8(path):  # no graph and no JSON could name it
            raise MediaError(
                f"{path.name.encode('utf-8', 'replace').decode()}: the path is not UTF-8",
                hint="Rename the file or its folder.",
            )
        info = self.media.probe(path, language=self.language)
        identity, size_bytes = _content(path, on_share)
        sidecars = find_sidecars(path) if self.sidecars else Sidecars()
        return Subject(identity, info, self._written(info), sidecars, size_bytes)

    def _written(self, info: MediaInfo) -> Subtitles:
        if not self.subtitles:
            return Subtitles()
        return find_subtitles(
            self.media, info.path, duration_ms=info.duration_ms, language=self.language
        )


def _content(path: Path, on_share: Callable[[float], None]) -> tuple[str, int]:
    """A file's checksum and size."""
    try:
        return video_id(path, on_share), path.stat().st_size
    except OSError as error:
        raise MediaError(
            f"{path.name} cannot be read: {error.strerror}", hint="Check the disk and permissions."
        ) from error


def _is_utf8(path: Path) -> bool:
    try:
        str(path.absolute()).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True

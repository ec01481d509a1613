"""A file that streams by, and all who take it in meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg_videorag.errors import MediaTruncatedError
from kg_videorag.model import Picture

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kg_videorag.ingest.clock import StageClock
    from kg_videorag.ingest.media import MediaReader
    from kg_videorag.ingest.senses import Sense
    from kg_videorag.model import AudioBlock, MediaInfo


class Passage:
    """One way through a file.

    Args:
        media: Decodes it.
        info: What the file is.
        clock: Told what each sense takes, and how far it is.
        was_whole: Whether a former passage read all of it.

    Attributes:
        fault: What of the file could not be read, once it was gone through; "" where all could.
    """

    def __init__(
        self, media: MediaReader, info: MediaInfo, clock: StageClock, *, was_whole: bool = False
    ) -> None:
        self.was_whole = was_whole
        self.fault = ""
        self._media = media
        self._info = info
        self._clock = clock

    def blocks(self, senses: Mapping[str, Sense]) -> Iterator[AudioBlock]:
        """The file's sound, block by block; every picture and block comes by the senses once.

        Pictures are decoded where a sense needs them, and where nobody knows whether they can be.

        Args:
            senses: By the name of their stage.

        Raises:
            MediaError: If the file cannot be decoded.
            EngineError: If a sense's engine fails.
        """
        duration_ms = max(self._info.duration_ms, 1)
        pictures = bool(senses) or not self.was_whole
        try:
            track = self._info.sound_track
            for part in self._media.decoded(self._info.path, pictures=pictures, track=track):
                for stage, sense in senses.items():
                    if isinstance(part, Picture):
                        with self._clock.ahead(stage, part.at_ms / duration_ms):
                            sense.see(part)
                    else:
                        with self._clock.ahead(stage):
                            sense.hear(part)
                if not isinstance(part, Picture):
                    yield part
        except MediaTruncatedError as error:
            self.fault = error.message

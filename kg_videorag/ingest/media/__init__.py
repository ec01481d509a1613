"""Media files: what a container says of itself, its sound and its pictures on the video's clock.

The only place that uses FFmpeg's libraries (PyAV); its errors leave here as `MediaError`.
`MediaReader` does the work of these functions in processes of their own, as all must that read
files of others; the functions themselves are what runs there. That process imports this package
too and has no use for the reader, so that the reader is imported on first use.
"""

from typing import TYPE_CHECKING, Any

from kg_videorag.ingest.media.captions import Caption, caption_streams, read_captions
from kg_videorag.ingest.media.decode import audio_blocks, decoded
from kg_videorag.ingest.media.probe import probe

if TYPE_CHECKING:
    from kg_videorag.ingest.media.reader import MediaReader

__all__ = [
    "Caption",
    "MediaReader",
    "audio_blocks",
    "caption_streams",
    "decoded",
    "probe",
    "read_captions",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a module's attribute
    if name != "MediaReader":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from kg_videorag.ingest.media.reader import MediaReader

    return MediaReader

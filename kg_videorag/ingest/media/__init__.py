"""Media files: what a container says of itself, and its sound on the video's clock.

The only place that uses FFmpeg's libraries (PyAV); its errors leave here as `MediaError`.
"""

from kg_videorag.ingest.media.audio import audio_blocks
from kg_videorag.ingest.media.captions import (
    Caption,
    CaptionStream,
    caption_streams,
    read_captions,
)
from kg_videorag.ingest.media.probe import probe

__all__ = ["Caption", "CaptionStream", "audio_blocks", "caption_streams", "probe", "read_captions"]

"""Media files: what a container says of itself, and its sound on the video's clock.

The only place that uses FFmpeg's libraries (PyAV); its errors leave here as `MediaError`.
"""

from kg_videorag.ingest.media.audio import audio_blocks
from kg_videorag.ingest.media.probe import probe

__all__ = ["audio_blocks", "probe"]

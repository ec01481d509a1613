"""Media files: what a container says of itself, its sound and its pictures on the video's clock.

The only place that uses FFmpeg's libraries (PyAV); its errors leave here as `MediaError`.
"""

from kg_videorag.ingest.media.decode import audio_blocks, decoded
from kg_videorag.ingest.media.probe import probe

__all__ = ["audio_blocks", "decoded", "probe"]

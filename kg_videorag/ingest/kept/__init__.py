"""Results of stages, kept between runs: one SQLite file a video (docs/adr/0017-stages.md).

What is kept is data alone, JSON and numbers: reading a file never runs what is in it.
"""

from kg_videorag.ingest.kept.codecs import CODECS, Codec
from kg_videorag.ingest.kept.folder import KeptFolder, KeptSize
from kg_videorag.ingest.kept.speeds import Speeds
from kg_videorag.ingest.kept.store import Former, StageStore

__all__ = ["CODECS", "Codec", "Former", "KeptFolder", "KeptSize", "Speeds", "StageStore"]

"""What other sensors recorded beside a video: depth, heat, motion; see docs/sidecars.md."""

from kg_videorag.ingest.sidecars.embed import sidecar_vectors
from kg_videorag.ingest.sidecars.find import Sidecar, Sidecars, find_sidecars

__all__ = ["Sidecar", "Sidecars", "find_sidecars", "sidecar_vectors"]

"""MediaEmbedder: ImageBind's towers for pictures, sounds and words; see docs/adr/0011."""

from kg_videorag.engines.imagebind.embedder import ImageBindEmbedder

__all__ = ["ImageBindEmbedder"]

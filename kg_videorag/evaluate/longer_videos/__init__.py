"""Two systems' answers compared by a judge; see docs/adr/0034-longer-videos.md.

Source: the questions, the five dimensions, pairwise win rates and five-point scores are those of
LongerVideos (Ren et al., VideoRAG: Retrieval-Augmented Generation with Extreme Long-Context
Videos, 2025, arXiv:2502.01549); the prompts, both orders and the control of length are ours.
"""

from kg_videorag.evaluate.longer_videos.comparison import Comparison, Options

__all__ = ["Comparison", "Options"]

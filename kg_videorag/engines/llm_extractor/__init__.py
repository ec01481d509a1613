"""Entities and relations by a language model; see docs/adr/0022-extractors-and-corrections.md."""

from kg_videorag.engines.llm_extractor.extractor import LlmExtractor

__all__ = ["LlmExtractor"]

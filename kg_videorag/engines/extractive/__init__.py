"""Answers without a language model: whole sentences of the evidence, or a refusal."""

from kg_videorag.engines.extractive.generator import ExtractiveGenerator

__all__ = ["ExtractiveGenerator"]

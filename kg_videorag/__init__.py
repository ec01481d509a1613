"""Video in, a Neo4j knowledge graph out, questions answered with citations to the second.

Public names are imported on first use, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg_videorag.api import VideoRAG
    from kg_videorag.config import Settings
    from kg_videorag.errors import (
        AskError,
        ConfigError,
        EngineError,
        EngineUnavailable,
        GraphError,
        GraphUnavailable,
        KgVideoRagError,
        MediaError,
        VectorIndexError,
    )
    from kg_videorag.model import Answer, Citation, Evidence, IngestReport

__version__ = "0.1.0"
__all__ = [
    "Answer",
    "AskError",
    "Citation",
    "ConfigError",
    "EngineError",
    "EngineUnavailable",
    "Evidence",
    "GraphError",
    "GraphUnavailable",
    "IngestReport",
    "KgVideoRagError",
    "MediaError",
    "Settings",
    "VectorIndexError",
    "VideoRAG",
]
_HOMES = {
    "VideoRAG": "api",
    "Settings": "config",
    "Answer": "model",
    "Citation": "model",
    "Evidence": "model",
    "IngestReport": "model",
}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES.get(name, 'errors')}"), name)

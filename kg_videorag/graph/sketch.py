"""What the graph holds, told in as few words as a language model needs to ask it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg_videorag.graph.queries import load
from kg_videorag.model import EntityType

if TYPE_CHECKING:
    from kg_videorag.graph.client import GraphClient

_SAMPLE = 100
_FEW = 8
# Bookkeeping and vectors, which nobody asks about.
_BOOKKEEPING = (
    "Library", "Migration", "Counter", "RemovedEmbedding", "RemovedEntity", "Correction",
    "SimilarDue", "ResolveDue", "Embedding", "TextEmbedding", "VisionEmbedding", "AudioEmbedding",
    "DepthEmbedding", "ThermalEmbedding", "ImuEmbedding",
)  # fmt: skip
# What serves re-telling and citations of words, not questions; a prompt has no room for it.
_SERVING = frozenset(
    "engines ingest_version warnings size_bytes sentence_words word_start_ms word_end_ms"
    " sentences_heard screen_lines_read screen_line_heading_read vector".split()
)


@dataclass(frozen=True, slots=True)
class NodeKind:
    """A label with its properties: (name, type as Cypher writes it)."""

    label: str
    properties: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class EdgeKind:
    """A type of relationship, what it joins, and its properties."""

    start: str
    type: str
    end: str
    properties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sketch:
    """Labels, relationships, and a few values of each kind; the values are untrusted text."""

    nodes: tuple[NodeKind, ...]
    edges: tuple[EdgeKind, ...]
    videos: tuple[str, ...]
    entities: tuple[str, ...]
    predicates: tuple[str, ...]


def sketch(client: GraphClient) -> Sketch:
    """Look at a sample of what is there."""
    hidden = [*_BOOKKEEPING, *EntityType]
    nodes: dict[str, list[tuple[str, str]]] = {}
    for row in client.read(load("graph/sketch_nodes"), hidden=hidden, sample=_SAMPLE):
        if row["property"] not in _SERVING:
            plain = row["type"].replace(" NOT NULL", "").replace("<NOTHING>", "")
            nodes.setdefault(row["label"], []).append((row["property"], plain))
    edges = client.read(load("graph/sketch_edges"), hidden=hidden, sample=_SAMPLE)
    (examples,) = client.read(load("graph/sketch_examples"), few=_FEW)
    return Sketch(
        tuple(NodeKind(label, tuple(properties)) for label, properties in nodes.items()),
        tuple(
            EdgeKind(e["start"], e["type"], e["end"], tuple(sorted(e["properties"]))) for e in edges
        ),
        tuple(examples["videos"]),
        tuple(examples["entities"]),
        tuple(examples["predicates"]),
    )

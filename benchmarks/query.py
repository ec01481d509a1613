"""How long a warm search takes on a graph of 100,000 segments, beside neo4j-graphrag's.

    .venv/bin/python benchmarks/query.py [--segments N] [--home FOLDER]

The library is made by query_library.py, in a managed Neo4j of its own. Measured is all that
`search` does except the embedding of the question, which is told beside it: vectors, full text,
entities, expansion, fusion, evidence. The peer is HybridCypherRetriever on the same vector index
and the same full-text index, whose retrieval query brings what our evidence holds: segment, video,
neighbours in time, entities, their relations. Both are asked the same questions with the same
vectors, in turn.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import warnings
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import neo4j
import numpy as np
from query_library import SEGMENTS_PER_VIDEO, MadeLibrary
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from kg_videorag.compose import Composition
from kg_videorag.config import load_settings
from kg_videorag.graph.queries import load
from kg_videorag.model import VectorSpace

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray
    from query_library import Asked

    from kg_videorag.graph.client import GraphClient
    from kg_videorag.ports import Embedder

QUESTIONS, WARM_UP = 200, 60
ENTITIES_PER_SEGMENT = 0.3
TOP_K = 8  # what `ask` gives to a generator
_HITS = """
OPTIONAL MATCH (hit:Segment)-[:HAS_EMBEDDING]->(node)
WITH coalesce(hit, node) AS s, max(score) AS score
MATCH (v:Video)-[:HAS_SEGMENT]->(s)
"""
_FACTS = """
RETURN s.id AS segment_id, v.path AS path, s.start_ms AS start_ms, s.end_ms AS end_ms,
       s.sentences AS sentences, score,
       COLLECT { MATCH (s)-[:FOLLOWS]-(beside:Segment) RETURN beside.sentences } AS beside,
       COLLECT { MATCH (s)-[:MENTIONS]->(e:Entity)
                 RETURN DISTINCT {id: e.id, name: e.name, type: e.type} LIMIT 50 } AS entities
"""
_RELATED = """,
       COLLECT { MATCH (s)-[:MENTIONS]->(:Entity)-[r:RELATES_TO]-(o:Entity)
                 RETURN {predicate: r.predicate, name: o.name, segment_id: r.segment_id}
                 LIMIT 25 } AS relations,
       COLLECT { MATCH (s)-[:MENTIONS]->(:Entity)-[:RELATES_TO]-(:Entity)<-[:MENTIONS]-(t:Segment)
                 RETURN DISTINCT t.id LIMIT 25 } AS related
"""
_BEST_FIRST = "ORDER BY score DESC"
# What comes with a hit: its own facts alone, or what is related to them as well, as ours.
PEERS = {
    "neo4j-graphrag HybridCypher": _HITS + _FACTS + _RELATED + _BEST_FIRST,
    "the same, its hits alone": _HITS + _FACTS + _BEST_FIRST,
}


class PreparedEmbedder:
    """The library's embedder, with vectors that were made beforehand."""

    def __init__(self, embedder: Embedder, asked: Sequence[Asked]) -> None:
        self._embedder = embedder
        self._vectors = {item.text: item.vector for item in asked}

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the embedder has
        return getattr(self._embedder, name)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """A prepared vector each."""
        return np.stack([self._vectors[text] for text in texts])


def timed_reads(graph: GraphClient) -> dict[str, list[float]]:
    """Have every read of a client note how long it took, by its statement."""
    taken: dict[str, list[float]] = defaultdict(list)
    read = graph.read

    def timed(query: Any, **params: object) -> Any:  # noqa: ANN401 - as read
        began = time.perf_counter()
        try:
            return read(query, **params)
        finally:
            taken[query.name].append((time.perf_counter() - began) * 1000)

    graph.read = timed  # type: ignore[method-assign]
    return taken


def measured(ask: Callable[[Asked], object], asked: Asked) -> float:
    """Milliseconds of one question."""
    began = time.perf_counter()
    ask(asked)
    return (time.perf_counter() - began) * 1000


def peer_of(graph: GraphClient, expansion: str) -> Callable[[Asked], object]:
    """neo4j-graphrag, on a driver of its own."""
    from neo4j_graphrag.retrievers import HybridCypherRetriever

    address = graph.address
    driver = neo4j.GraphDatabase.driver(
        address.uri, auth=(address.user, address.password), notifications_min_severity="OFF"
    )
    retriever = HybridCypherRetriever(driver, "text_vector", "segment_fulltext", expansion)

    def ask(asked: Asked) -> object:
        words = asked.text.replace("?", "")
        return retriever.search(
            query_text=words, query_vector=asked.vector.tolist(), top_k=TOP_K
        ).items

    return ask


def make(parts: Composition, library: MadeLibrary, console: Console) -> None:
    """Write the library, unless an earlier run has, and bring the index to it."""
    _ = parts.library_id
    summary = parts.graph.read(load("graph/vector_count"), space=None)[0]["vectors"]
    if summary == library.segments:
        parts.asked_indexes()
        return
    began = time.perf_counter()
    with Progress(console=console) as progress:
        task = progress.add_task("written", total=1.0)
        library.write(parts.graph, lambda share: progress.update(task, completed=share))
    console.print(f"written in {time.perf_counter() - began:.0f} s")
    began = time.perf_counter()
    index = parts.asked_indexes()["text"]
    console.print(f"indexed in {time.perf_counter() - began:.0f} s")
    began = time.perf_counter()
    library.write_similar(parts.graph, (list(index.search(v, 6)) for v in library.vectors))
    console.print(f"joined in {time.perf_counter() - began:.0f} s")


def shown(name: str, taken: Sequence[float]) -> tuple[str, ...]:
    """A row: name, median, 95th and 99th percentile."""
    return (name, *(f"{np.percentile(taken, q):.1f}" for q in (50, 95, 99)))


def report(
    console: Console,
    times: Mapping[str, Sequence[float]],
    statements: Mapping[str, Sequence[float]],
) -> None:
    """Print where the time goes."""
    ours = times["ours"]
    table = Table("", "p50 ms", "p95 ms", "p99 ms", title=f"{len(ours)} questions, warm")
    table.add_row(*shown("kg_videorag search", ours))
    for peer in PEERS:
        table.add_row(*shown(peer, times[peer]))
        ratio = np.median(times[peer]) / np.median(ours)
        table.add_row("  over ours, of medians", f"{ratio:.2f}", "", "")
    table.add_section()
    for name, taken in sorted(statements.items(), key=lambda item: -sum(item[1])):
        calls = len(taken) / len(ours)
        table.add_row(*shown(f"{name} ({calls:g} a question)", taken))
    per_question = sum(map(sum, statements.values())) / len(ours)
    table.add_row("all statements, mean", f"{per_question:.1f}", "", "")
    table.add_row("the rest, mean", f"{np.mean(ours) - per_question:.1f}", "", "", end_section=True)
    for name in times.keys() - {"ours", *PEERS}:
        table.add_row(*shown(name, times[name]))
    console.print(table)


def measure(parts: Composition, library: MadeLibrary, console: Console) -> None:
    """Ask both, in turn."""
    asked = library.questions(WARM_UP + QUESTIONS)
    embedder = parts.embedder
    parts.__dict__["embedder"] = PreparedEmbedder(embedder, asked)
    taken = timed_reads(parts.graph)
    pipeline = parts.ask
    index = parts.asked_indexes()["text"]
    contenders: dict[str, Callable[[Asked], object]] = {
        "ours": lambda item: pipeline.search(item.text, top_k=TOP_K),
        **{name: peer_of(parts.graph, expansion) for name, expansion in PEERS.items()},
        "vector index alone": lambda item: index.search(item.vector, 100),
        "embedding the question": lambda item: embedder.embed([item.text]),
        "an empty read": lambda _: parts.graph.read(load("graph/space"), space="text"),
    }
    for item in asked[:WARM_UP]:
        for ask in contenders.values():
            ask(item)
    taken.clear()
    times: dict[str, list[float]] = {name: [] for name in contenders}
    statements: dict[str, list[float]] = {}
    for name, ask in contenders.items():
        for item in asked[WARM_UP:]:
            times[name].append(measured(ask, item))
        if name == "ours":
            statements = {query: list(spent) for query, spent in taken.items()}
    found = [
        item.target_id in {e.segment_id for e in pipeline.search(item.text, top_k=TOP_K)}
        for item in asked[WARM_UP:]
    ]
    report(console, times, statements)
    console.print(f"the segment asked for is among the {TOP_K}: {np.mean(found):.0%}")


def main() -> None:
    """Make the library and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--segments", type=int, default=100_000)
    parser.add_argument("--home", type=Path, help="kept for another run; else thrown away")
    wanted = parser.parse_args()
    segments = wanted.segments - wanted.segments % SEGMENTS_PER_VIDEO
    warnings.simplefilter("ignore", DeprecationWarning)  # the peer's own affairs
    console = Console(file=sys.stdout)
    with tempfile.TemporaryDirectory() as folder:
        parts = Composition(load_settings(home=wanted.home or Path(folder) / "home"))
        try:
            embedder = parts.embedder
            space = VectorSpace(embedder.space, embedder.model, embedder.dimension)
            library = MadeLibrary(segments, int(segments * ENTITIES_PER_SEGMENT), space)
            make(parts, library, console)
            measure(parts, library, console)
        finally:
            parts.close()
            parts.server.stop()


if __name__ == "__main__":
    main()

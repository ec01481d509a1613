"""Whether the sentence that answers is among the evidence, alone and in a crowd.

    .venv/bin/python benchmarks/retrieval.py

The texts and questions of extractive.toml go into a real library as segments with entities,
relations and vectors. Then talks join them that say the same names and answer nothing, which
is what a library of one field looks like. The peers are the roads that others stop at: vectors
alone, vectors and full text fused, and our four roads with the k = 60 of the literature and
an equal voice for each.
"""

from __future__ import annotations

import random
import re
import tempfile
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from kg_videorag import identity
from kg_videorag.ask.fuse import WEIGHTS, K, fuse
from kg_videorag.ask.search import Probe, search
from kg_videorag.compose import Composition
from kg_videorag.config import load_settings
from kg_videorag.graph.write import write_video
from kg_videorag.ingest.embed import embed_segments
from kg_videorag.ingest.extract import extract_graph
from kg_videorag.ingest.segment import cut_segments
from kg_videorag.model import Sentence, Span, Video, VideoGraph, VideoStatus

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg_videorag.model import Hit, Segment

DATA = tomllib.loads((Path(__file__).parent / "extractive.toml").read_text(encoding="utf-8"))
QUESTIONS = [item for item in DATA["questions"] if item["answer"]]
WORD_MS, PAUSE_MS = 350, 300
TOP_K = 8  # evidence that `ask` gives to a generator
CROWDS = (0, 4, 8)  # talks that answer nothing
TALK_SENTENCES = 200
GOSSIP = (
    "People often ask about {} and {}.",
    "The poster in the corridor shows {} next to {}.",
    "Somebody wrote {} on the board, and under it {}.",
    "We will come back to {} and {} another time.",
    "My brother likes stories of {} more than those of {}.",
)
METHODS: Mapping[str, tuple[float, Mapping[str, float]]] = {
    "vectors": (60, {"fulltext": 0, "entity": 0, "graph": 0}),
    "vectors, full text": (60, {"entity": 0, "graph": 0}),
    "four roads, k = 60": (60, {}),
    "as shipped": (K, WEIGHTS),
}


class Library:
    """Texts as videos, in a managed Neo4j of its own."""

    def __init__(self, home: Path) -> None:
        self.parts = Composition(load_settings(home=home))
        _ = self.parts.library_id
        self.extractor = self.parts.engine("extractor")

    def add(self, name: str, sentences: Sequence[str]) -> VideoGraph:
        """Write a text, spoken at an even pace."""
        video_id = identity.embedding_id(name, "", "", 0, "") * 2
        spoken, end_ms = [], 0
        for text in sentences:
            start_ms, end_ms = end_ms, end_ms + WORD_MS * len(text.split())
            spoken.append(Sentence(text, Span(start_ms, end_ms)))
            end_ms += PAUSE_MS
        video = Video(video_id, name, f"/{name}", end_ms, None, None, "en")
        segments = cut_segments(video, tuple(spoken), self.parts.engine("segmenter"))
        found = extract_graph(segments, self.extractor)
        graph = VideoGraph(
            video, segments, found.entities, found.mentions, found.relations,
            embed_segments(segments, self.parts.embedder), "1", (), VideoStatus.DONE, (),
        )  # fmt: skip
        write_video(self.parts.graph, graph)
        return graph

    def roads(self) -> list[Mapping[str, Sequence[Hit]]]:
        """What each road brings, question by question."""
        index = self.parts.asked_indexes()["text"]
        texts = [item["question"] for item in QUESTIONS]
        return [
            search(
                text, [Probe("text", index, vector)], graph=self.parts.graph, video_ids=None
            ).hits
            for text, vector in zip(texts, self.parts.embedder.embed(texts), strict=True)
        ]


def found(
    roads: Sequence[Mapping[str, Sequence[Hit]]], segments: Sequence[Segment], method: str
) -> int:
    """How many answering sentences are in the first TOP_K segments."""
    k, weights = METHODS[method]
    count = 0
    for item, by_road in zip(QUESTIONS, roads, strict=True):
        chosen = {r.segment_id for r in fuse(by_road, k=k, weights=weights)[:TOP_K]}
        for words in item["answer"]:
            holders = {s.id for s in segments if any(words in x.text for x in s.sentences)}
            count += bool(holders & chosen)
    return count


def gossip(names: Sequence[str], rng: random.Random) -> list[str]:
    """A talk that drops names."""
    return [rng.choice(GOSSIP).format(*rng.sample(names, 2)) for _ in range(TALK_SENTENCES)]


def main() -> None:
    """Print the table."""
    rng = random.Random(1)  # noqa: S311 - the same talks every time
    columns: dict[str, dict[str, int]] = {}
    with tempfile.TemporaryDirectory() as folder:
        library = Library(Path(folder) / "home")
        try:
            texts = [
                library.add(name, re.split(r"(?<=[.!?]) ", text))
                for name, text in DATA["texts"].items()
            ]
            segments = [segment for text in texts for segment in text.segments]
            names = sorted({entity.name for text in texts for entity in text.entities})
            for before, crowd in pairwise((0, *CROWDS)):
                for talk in range(before, crowd):
                    library.add(f"talk {talk}", gossip(names, rng))
                roads = library.roads()
                columns[f"{crowd} talks"] = {m: found(roads, segments, m) for m in METHODS}
        finally:
            library.parts.close()
            library.parts.server.stop()
    wanted = sum(len(item["answer"]) for item in QUESTIONS)
    table = Table("method", *columns, title=f"{wanted} answering sentences, found in {TOP_K}")
    for method in METHODS:
        table.add_row(method, *(str(counts[method]) for counts in columns.values()))
    Console().print(table)


if __name__ == "__main__":
    main()

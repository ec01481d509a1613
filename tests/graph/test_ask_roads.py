"""What each road adds can be measured: a pipeline may be held to some of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kg_videorag.ask.pipeline import AskPipeline
from kg_videorag.ask.probe import Prober
from kg_videorag.config import load_settings
from kg_videorag.engines.extractive import ExtractiveGenerator
from kg_videorag.engines.minilm import MiniLMEmbedder
from kg_videorag.graph.changes import GraphEmbeddings
from kg_videorag.graph.write import write_video
from kg_videorag.ports import GeneratorOptions
from kg_videorag.vectors.hnsw_index import HnswIndex
from kg_videorag.vectors.synchronise import open_index


@pytest.fixture
def pipeline(graph, video_graph, tmp_path):
    video = video_graph(
        "apollo",
        [
            ("Neil Armstrong was born in Ohio.", ["Neil Armstrong", "Ohio"]),
            ("Then he was silent for a while.", ["Neil Armstrong"]),
            ("The Eagle landed on the moon.", []),
        ],
    )
    write_video(graph, video)
    index = HnswIndex(
        folder=tmp_path, space="text", model="m", dimension=384, library_id="test", graph=graph
    )
    open_index(index, GraphEmbeddings(graph, "text"), tmp_path)
    cache_dir = load_settings().cache_dir
    embedder = MiniLMEmbedder(cache_dir=cache_dir)
    return AskPipeline(
        graph=graph,
        prober=Prober(lambda: {"text": index}, embedder, None),
        generator=ExtractiveGenerator(embedder, options=GeneratorOptions(cache_dir)),
        top_k=8,
        evidence_tokens=2000,
    )


def roads_of(answer):
    return {road for item in answer.evidence for road in item.via}


def test_only_the_roads_that_are_taken_find_evidence(pipeline) -> None:
    question = "Where was Neil Armstrong born?"
    assert {"text", "fulltext", "entity"} <= roads_of(pipeline.ask(question))
    without_graph = replace(pipeline, roads=("text", "fulltext")).ask(question)
    assert roads_of(without_graph) == {"text", "fulltext"}
    assert "Ohio" in without_graph.text
    assert roads_of(replace(pipeline, roads=("text",)).ask(question)) == {"text"}
    at_a_time = replace(pipeline, roads=("text",)).ask("What is said at 00:21?")
    assert roads_of(at_a_time) == {"time"}

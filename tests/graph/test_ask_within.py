"""Questions that are narrowed, answered over a graph made by hand; nothing is a fake."""

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
from kg_videorag.ingest.embed import embed_segments
from kg_videorag.model import Modality, Scope, Sentence, Span
from kg_videorag.ports import GeneratorOptions
from kg_videorag.vectors.hnsw_index import HnswIndex
from kg_videorag.vectors.synchronise import open_index

NOTHING = "Nothing in the library answers this."
TALK = [
    ("Ann", "The rocket was built in Ohio."),
    ("Bob", "The rocket was built in Texas."),
    ("Ann", "The harbour opened in 1961."),
    ("Bob", "The harbour closed in 1975."),
]
RUSSIAN_TALK = [("Ольга", "Корабль построил Королёв."), ("Пётр", "Корабль построил Глушко.")]


@pytest.fixture
def asking(graph, video_graph, tmp_path):
    """Who answers over a talk, with a line on the screen in its first 10 s, and a Russian one."""
    cache_dir = load_settings().cache_dir
    embedder = MiniLMEmbedder(cache_dir=cache_dir)
    videos = []
    for name, lines in (("talk", TALK), ("речь", RUSSIAN_TALK)):
        made = video_graph(name, [(text, []) for _, text in lines])
        segments = [
            replace(s, sentences=(replace(s.sentences[0], speaker=who),))
            for s, (who, _) in zip(made.segments, lines, strict=True)
        ]
        if name == "talk":
            shown = Sentence("Built in Utah", Span(0, 9_000), modality=Modality.SCREEN)
            segments[0] = replace(segments[0], screen=(shown,))
        made = replace(
            made, segments=tuple(segments), embeddings=embed_segments(segments, embedder)
        )
        write_video(graph, made)
        videos.append(made.video.id)
    index = HnswIndex(
        tmp_path, space="text", model=embedder.model, dimension=384, library_id="t", graph=graph
    )
    open_index(index, GraphEmbeddings(graph, "text"), tmp_path)
    pipeline = AskPipeline(
        graph=graph,
        prober=Prober(lambda: {"text": index}, embedder, None),
        generator=ExtractiveGenerator(embedder, options=GeneratorOptions(cache_dir)),
        top_k=8,
        evidence_tokens=2000,
    )
    return pipeline, *videos


def within(**given):
    if "modality" in given:
        given["modalities"] = frozenset({Modality(given.pop("modality"))})
    return Scope(**given)


@pytest.mark.parametrize(
    ("question", "scope", "said"),
    [
        ("Where was the rocket built?", within(speaker="Ann"), ["Ohio"]),
        ("Where was the rocket built?", within(speaker="Bob"), ["Texas"]),
        ("Where was the rocket built?", within(window=Span(10_000, 20_000)), ["Texas"]),
        ("Where was it built?", within(modality="screen"), ["Utah"]),
        ("When did the harbour open?", within(window=Span(20_000, 2**53)), ["1961"]),
        ("Where was the rocket built?", within(speaker="Пётр"), []),
        ("Where was the rocket built?", within(modality="caption"), []),
        ("Where was the rocket built?", within(window=Span(20_000, 40_000)), []),
        ("Кто построил корабль?", within(speaker="Ольга"), ["Королёв"]),
        ("Кто построил корабль?", within(window=Span(10_000, 20_000)), ["Глушко"]),
        ("Кто построил корабль?", within(speaker="Ann"), []),
    ],
)
def test_only_what_is_within_answers(asking, question, scope, said) -> None:
    answer = asking[0].ask(question, scope=scope)
    assert answer.answered == bool(said)
    assert [s for s in said if s in answer.text] == said
    for item in answer.evidence:
        assert item.sentences
        assert all(scope.holds(sentence) for sentence in item.sentences)


def test_a_moment_of_the_question_is_looked_for_within(asking) -> None:
    pipeline, talk, _ = asking
    question = "What is said between 0:05 and 0:25?"
    both = pipeline.ask(question, scope=Scope((talk,), Span(12_000, 60_000)))
    assert [c.quote for c in both.citations] == [TALK[1][1], TALK[2][1]]
    apart = pipeline.ask(question, scope=Scope((talk,), Span(30_000, 60_000)))
    assert (apart.answered, apart.text, apart.evidence) == (False, NOTHING, ())
    one = pipeline.ask(question, scope=Scope((talk,), speaker="Bob"))
    assert [c.quote for c in one.citations] == [TALK[1][1]]


@pytest.mark.parametrize("question", ["What is said?", "О чём говорят?"])
def test_a_question_that_asks_for_nothing_is_answered_by_the_stretch(asking, question) -> None:
    pipeline, talk, _ = asking
    answer = pipeline.ask(question, scope=Scope((talk,), Span(21_000, 36_000)))
    assert [c.quote for c in answer.citations] == [TALK[2][1], TALK[3][1]]
    assert {item.via for item in answer.evidence} == {("time",)}


def test_a_speaker_is_asked_for_all_that_is_said(asking) -> None:
    answer = asking[0].ask("What is said?", scope=Scope(speaker="Bob"))
    assert [c.quote for c in answer.citations] == [TALK[1][1], TALK[3][1]]


def test_a_minute_of_one_video_is_asked_as_before(asking) -> None:
    pipeline, talk, _ = asking
    answer = pipeline.ask("What is said about the harbour in minute 5?", scope=Scope((talk,)))
    assert answer.text == "There is nothing “in minute 5”: talk.mp4 ends at 00:00:40."

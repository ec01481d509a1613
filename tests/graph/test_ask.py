"""Questions by time and in Russian, answered over a graph made by hand; nothing is a fake."""

from __future__ import annotations

import pytest

from kg_videorag.ask.pipeline import AskPipeline
from kg_videorag.ask.probe import Prober
from kg_videorag.config import load_settings
from kg_videorag.engines.extractive import ExtractiveGenerator
from kg_videorag.engines.minilm import MiniLMEmbedder
from kg_videorag.errors import AskError
from kg_videorag.graph.changes import GraphEmbeddings
from kg_videorag.graph.write import write_video
from kg_videorag.model import EVERYWHERE, Scope
from kg_videorag.ports import GeneratorOptions
from kg_videorag.vectors.hnsw_index import HnswIndex
from kg_videorag.vectors.synchronise import open_index

NOTHING = "В библиотеке нет ответа на этот вопрос."


@pytest.fixture
def asking(graph, video_graph, tmp_path):
    """Two videos of ten-second segments, in Russian 60 s and in English 30 s, and who answers."""
    russian = video_graph(
        "космос",
        [
            ("Юрий Гагарин родился в деревне Клушино.", ["Юрий Гагарин", "Клушино"]),
            ("Он полетел в космос 12 апреля 1961 года.", []),
            ("Корабль построил Сергей Королёв.", ["Сергей Королёв"]),
            ("На Луну люди прилетели через восемь лет.", []),
            ("В 9:07 корабль поднялся.", []),
            ("Терешкова жила в Москве.", ["Терешкова", "Москва"]),
        ],
    )
    english = video_graph(
        "apollo",
        [
            ("Neil Armstrong was born in Ohio.", ["Neil Armstrong", "Ohio"]),
            ("The rocket rose slowly.", []),
            ("The Eagle landed on the moon.", []),
        ],
    )
    write_video(graph, russian)
    write_video(graph, english)
    source = GraphEmbeddings(graph, "text")
    index = HnswIndex(
        folder=tmp_path, space="text", model="m", dimension=384, library_id="test", graph=graph
    )
    open_index(index, source, tmp_path)
    cache_dir = load_settings().cache_dir
    embedder = MiniLMEmbedder(cache_dir=cache_dir)
    pipeline = AskPipeline(
        graph=graph,
        prober=Prober(lambda: {"text": index}, embedder, None),
        generator=ExtractiveGenerator(embedder, options=GeneratorOptions(cache_dir)),
        top_k=8,
        evidence_tokens=2000,
    )
    return pipeline, russian.video.id, english.video.id


def test_russian_questions_are_answered_by_words_names_and_time(asking) -> None:
    pipeline, russian, english = asking
    for question, part in [
        ("Где родился Гагарин?", "Клушино"),
        ("Когда Гагарин полетел в космос?", "1961"),
        ("Кем был построен корабль?", "Королёв"),
        ("Что построил Королев?", "Корабль"),
        ("В каком городе жила Терешкова?", "Москве"),
        ("Что происходит на 00:22?", "Королёв"),
        ("О чём говорят в первые 10 секунд?", "Клушино"),
        ("Кто построил корабль на 25-й секунде?", "Королёв"),
    ]:
        answer = pipeline.ask(question, scope=Scope((russian,)))
        assert answer.answered, question
        assert part in answer.text, question
        assert all("text" not in item.via for item in answer.evidence), question
    assert pipeline.ask("Где родился Гагарин?").answered
    assert not pipeline.ask("Где родился Гагарин?", scope=Scope((english,))).answered


@pytest.mark.parametrize(
    "question", ["Где родился Титов?", "Сколько стоил корабль?", "Кто родился в Париже?"]
)
def test_a_refusal_is_in_the_language_of_the_question(asking, question) -> None:
    pipeline, _, _ = asking
    answer = pipeline.ask(question)
    assert (answer.answered, answer.text) == (False, NOTHING)


@pytest.mark.parametrize(
    ("question", "only", "refusal"),
    [
        ("What happens at 02:30?", 2, "There is nothing “at 02:30”: apollo.mp4 ends at 00:00:30."),
        ("What is said about Ohio in minute 5?", 2,
         "There is nothing “in minute 5”: apollo.mp4 ends at 00:00:30."),
        ("Что происходит на 02:30?", 1, "Ничего нет «на 02:30»: космос.mp4 кончается на 00:01:00."),
        ("What happens at 02:30?", None,
         "There is nothing “at 02:30”: the longest video, космос.mp4, ends at 00:01:00."),
    ],
)  # fmt: skip
def test_a_time_after_the_end_is_told_with_the_end(asking, question, only, refusal) -> None:
    pipeline, *videos = asking
    scope = EVERYWHERE if only is None else Scope((videos[only - 1],))
    answer = pipeline.ask(question, scope=scope)
    assert (answer.answered, answer.text, answer.evidence) == (False, refusal, ())


def test_a_time_after_the_end_may_be_one_that_is_told_of(asking) -> None:
    pipeline, _, _ = asking
    answer = pipeline.ask("Что поднялось в 9:07?")
    assert answer.citations[0].quote == "В 9:07 корабль поднялся."
    assert [hit.text for hit in pipeline.search("в 9:07")] == ["В 9:07 корабль поднялся."]
    assert pipeline.search("at 59:00") == ()


def test_time_narrows_what_words_find(asking) -> None:
    pipeline, _, english = asking
    answer = pipeline.ask("Where was Neil Armstrong born, at 0:05?", scope=Scope((english,)))
    assert answer.text == "Neil Armstrong was born in Ohio. [1]"
    assert "time" in answer.evidence[0].via
    later = pipeline.ask("Where was Neil Armstrong born, at 0:25?", scope=Scope((english,)))
    assert later.text == "Nothing in the library answers this."
    assert all("time" in item.via for item in later.evidence)


def test_where_nothing_is_said_then_what_is_near_is_quoted(asking) -> None:
    pipeline, _, english = asking
    for question in ("What happens at 0:08?", "What happens from 0:03 to 0:13?"):
        answer = pipeline.ask(question, scope=Scope((english,)))
        assert [c.quote for c in answer.citations] == [
            "Neil Armstrong was born in Ohio.",
            "The rocket rose slowly.",
        ]
    assert answer.evidence[0].span.start_ms == 0  # a stretch goes by time
    at_moment = pipeline.ask("What happens at 0:08?", scope=Scope((english,)))
    assert at_moment.evidence[0].span.start_ms == 10_000  # a moment by what is nearest


def test_a_mood_that_the_embedder_does_not_read_is_refused(asking) -> None:
    pipeline, _, _ = asking
    with pytest.raises(AskError, match="language of 'тревожно'") as caught:
        pipeline.search("rocket", emotional_context="тревожно")
    assert "KGV_EMBEDDER" in caught.value.hint


def test_an_answer_explains_each_of_its_evidence(asking) -> None:
    pipeline, _, _ = asking
    for question in ("Where was Neil Armstrong born?", "What happens at 00:05?"):
        answer = pipeline.ask(question)
        assert [r.segment_id for r in answer.explanation] == [
            item.segment_id for item in answer.evidence
        ]
        for reason, item in zip(answer.explanation, answer.evidence, strict=True):
            assert {gain.road for gain in reason.roads} == set(item.via)
    assert "born" in pipeline.ask("Where was Neil Armstrong born?").explanation[0].covers

"""Before, after, films and mentions, asked of a graph made by hand; nothing is a fake."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kg_videorag import identity
from kg_videorag.ask.narrow import narrow_to_films
from kg_videorag.ask.pipeline import AskPipeline
from kg_videorag.ask.probe import Prober
from kg_videorag.config import load_settings
from kg_videorag.engines.extractive import ExtractiveGenerator
from kg_videorag.engines.minilm import MiniLMEmbedder
from kg_videorag.graph.around import read_surroundings
from kg_videorag.graph.changes import GraphEmbeddings
from kg_videorag.graph.count import count_mentions, count_sentences
from kg_videorag.graph.film_names import films_named
from kg_videorag.graph.write import write_video
from kg_videorag.model import EntityType, Modality, Scope, Sentence, Span
from kg_videorag.ports import GeneratorOptions
from kg_videorag.vectors.hnsw_index import HnswIndex
from kg_videorag.vectors.synchronise import open_index

ROCKET = [
    ["The crew had breakfast.", "They put on their suits.", "A bus took them to the tower."],
    ["The rocket was launched at noon.", "The first stage fell away.", "Then the second one lit."],
    ["The ship reached orbit.", "The crew looked at the Earth.", "A light came on."],
    ["Nobody knew why.", "The ship landed on the Moon.", "The crew rested for hours."],
    ["They planted a flag.", "They gathered stones.", "They flew home."],
]
HARBOUR = [
    ["The harbour was quiet.", "A ferry was launched in spring.", "Its horn frightened the gulls."],
    ["The town bought ice.", "The ship landed on the pier.", "Children sang for hours."],
]
RUSSIAN = [
    ["Космонавты позавтракали.", "Автобус привёз их к башне.", "Ракета взлетела утром."],
    ["Первая ступень отделилась.", "Корабль вышел на орбиту.", "Он приземлился в степи."],
    ["Его встретили крестьяне.", "Они дали ему молока.", "За ним прилетел вертолёт."],
]


def talk(video_graph, name, parts, named=()):
    """A video of 10 s segments, each of sentences that last 2.5 s and begin every 3 s."""
    graph = video_graph(name, [(" ".join(said), list(named)) for said in parts])
    segments = tuple(
        replace(
            segment,
            sentences=tuple(
                Sentence(text, Span(start_ms, start_ms + 2_500))
                for n, text in enumerate(said)
                for start_ms in [segment.span.start_ms + 3_000 * n]
            ),
        )
        for segment, said in zip(graph.segments, parts, strict=True)
    )
    return replace(graph, segments=segments)


@pytest.fixture
def asking(graph, video_graph, tmp_path):
    """Three videos, and who answers."""
    videos = [
        talk(video_graph, "rocket day", ROCKET),
        talk(video_graph, "the old harbour", HARBOUR),
        talk(video_graph, "первый полёт", RUSSIAN),
    ]
    for video in videos:
        write_video(graph, video)
    index = HnswIndex(
        folder=tmp_path, space="text", model="m", dimension=384, library_id="test", graph=graph
    )
    open_index(index, GraphEmbeddings(graph, "text"), tmp_path)
    cache_dir = load_settings().cache_dir
    embedder = MiniLMEmbedder(cache_dir=cache_dir)
    pipeline = AskPipeline(
        graph=graph,
        prober=Prober(lambda: {"text": index}, embedder, None),
        generator=ExtractiveGenerator(embedder, options=GeneratorOptions(cache_dir)),
        top_k=8,
        evidence_tokens=2000,
    )
    return pipeline, *(video.video.id for video in videos)


def told(answer):
    return [citation.quote for citation in answer.citations]


@pytest.mark.parametrize(
    ("question", "quotes"),
    [
        # to the sentence, over the end of a segment, the nearest first
        (
            "What is said right after the bus took them to the tower?",
            [*ROCKET[1]],
        ),
        (
            "What happens right after the rocket is launched?",
            [*ROCKET[1][1:], ROCKET[2][0]],
        ),
        ("What is said just before the ship reached orbit?", ROCKET[1]),
        ("What is said right before they put on their suits?", ROCKET[0][:1]),
        ("What follows the ship that landed on the Moon?", [ROCKET[3][2], *ROCKET[4][:2]]),
        (
            "What happens between the orbit and the landing on the Moon?",
            [*ROCKET[2][1:], ROCKET[3][0]],
        ),
        ("Что происходит сразу после того, как ракета взлетела?", RUSSIAN[1]),
        ("Что говорят прямо перед вертолётом?", [RUSSIAN[1][2], *RUSSIAN[2][:2]]),
        ("Что сказано между автобусом и орбитой?", [RUSSIAN[0][2], RUSSIAN[1][0]]),
    ],
)
def test_what_lies_beside_a_sentence_is_told_to_the_sentence(asking, question, quotes) -> None:
    answer = asking[0].ask(question)
    assert told(answer) == quotes
    assert all(item.via == ("time",) for item in answer.evidence)
    scores = [item.score for item in answer.evidence]
    assert scores == sorted(scores, reverse=True)


def test_the_nearest_evidence_comes_first_and_is_without_the_anchor(asking) -> None:
    pipeline, *_ = asking
    found = pipeline.search("What happens right after the rocket is launched?")
    assert [item.span.start_ms for item in found] == [10_000, 20_000]
    assert found[0].text == " ".join(ROCKET[1][1:])
    before = pipeline.search("What is said just before the crew looked at the Earth?")
    assert [item.span.start_ms for item in before] == [20_000, 10_000]
    assert before[0].text == ROCKET[2][0]
    after = pipeline.search("What happens after the rocket is launched?")
    assert [item.span.start_ms for item in after] == [10_000, 20_000, 30_000, 40_000]


def test_what_several_videos_say_is_told_of_each(asking) -> None:
    pipeline, rocket, harbour, _ = asking
    answer = pipeline.ask("What is said right after the ship landed?")
    assert {item.video_id for item in answer.evidence} == {rocket, harbour}
    assert set(told(answer)) == {"The crew rested for hours.", "Children sang for hours."}
    one = pipeline.ask("What is said right after the ship landed?", scope=Scope((harbour,)))
    assert told(one) == ["Children sang for hours."]
    film = pipeline.ask("What is said right after the ship landed in the film about the harbour?")
    assert told(film) == ["Children sang for hours."]


def test_nothing_follows_the_last_words(asking) -> None:
    pipeline, *_ = asking
    answer = pipeline.ask("What is said right after they flew home?")
    assert (answer.answered, answer.evidence) == (False, ())


def test_an_anchor_that_nothing_says_is_a_part_of_the_fact(asking) -> None:
    pipeline, *_ = asking
    answer = pipeline.ask("What happens after the dinosaurs died?")
    assert not answer.answered
    assert all("time" not in item.via for item in answer.evidence)


def test_something_may_be_asked_of_the_neighbour(asking) -> None:
    pipeline, *_ = asking
    question = "What is said about the stage right after the rocket was launched?"
    assert told(pipeline.ask(question)) == ["The first stage fell away."]


def test_a_slide_that_stands_on_begins_only_once(graph, video_graph, asking) -> None:
    pipeline, *_ = asking
    video = talk(video_graph, "slides", [["Ann opened a zoo.", "It rained."], ["Bob sang.", "Hm."]])
    first, second = video.segments
    line = Sentence("Zoo of Ann", Span(0, 10_000), modality=Modality.SCREEN)
    rest = replace(line, span=Span(10_000, 12_000))
    new = Sentence("Songs of Bob", Span(12_000, 20_000), modality=Modality.SCREEN)
    segments = (replace(first, screen=(line,)), replace(second, screen=(rest, new)))
    write_video(graph, replace(video, segments=segments))
    answer = pipeline.ask("What is shown right after Ann opened a zoo?")
    assert told(answer) == ["Songs of Bob"]
    assert answer.citations[0].modality is Modality.SCREEN


def test_surroundings_are_of_one_side_and_bounded(graph, video_graph) -> None:
    video = talk(video_graph, "rocket day", ROCKET)
    write_video(graph, video)
    ids = [segment.id for segment in video.segments]
    later = read_surroundings(graph, [ids[1]], later=True, reach=2)[ids[1]]
    assert [n.segment_id for n in later.beside] == ids[2:4]
    assert [s.text for s in later.sentences] == ROCKET[1]
    earlier = read_surroundings(graph, [ids[2]], later=False, reach=9)[ids[2]]
    assert [n.segment_id for n in earlier.beside] == [ids[1], ids[0]]
    assert read_surroundings(graph, [], later=True, reach=9) == {}


@pytest.mark.parametrize(
    ("names", "films"),
    [
        (["rocket day.mp4"], ["rocket day"]),
        (["Rocket Day"], ["rocket day"]),
        (["harbour"], ["the old harbour"]),
        (["harbuor"], ["the old harbour"]),  # two letters changed places
        (["полёте"], ["первый полёт"]),
        (["harbour", "rocket"], ["rocket day", "the old harbour"]),
        (["radium"], None),
        (["harbour", "radium"], None),
        (["the"], None),
    ],
)
def test_films_are_found_by_title_or_file_name(graph, video_graph, names, films) -> None:
    ids = {}
    for name in ("rocket day", "the old harbour", "первый полёт"):
        video = video_graph(name, [("Nothing.", [])])
        ids[name] = video.video.id
        write_video(graph, video)
    scope = narrow_to_films(graph, names)
    assert (sorted(scope.video_ids) if scope else None) == (
        sorted(ids[name] for name in films) if films else None
    )
    only = Scope((ids["rocket day"],))
    assert films_named(graph, ["harbour"], scope=only, limit=9) == ()


def test_a_film_narrows_a_question_and_else_is_words(asking) -> None:
    pipeline, rocket, harbour, _ = asking
    for question in (
        "What was launched in the film about the harbour?",
        'What was launched in "the old harbour.mp4"?',
        "In the video about the old harbour, what was launched?",
    ):
        answer = pipeline.ask(question)
        assert {item.video_id for item in answer.evidence} == {harbour}, question
        assert told(answer) == ["A ferry was launched in spring."], question
    found = pipeline.search("flag in the film about stones")
    assert found[0].video_id == rocket
    assert "They gathered stones." in found[0].text
    whole = pipeline.search("What is said in the film about the harbour?")
    assert {item.video_id for item in whole} == {harbour}
    assert whole


@pytest.fixture
def people(asking, video_graph):
    """The same, and two videos that mention people."""
    pipeline, *_ = asking
    one = video_graph(
        "one",
        [
            ("Ann Lee met Bob.", ["Ann Lee", "Bob"]),
            ("It rained.", []),
            ("Ann Lee sang.", ["Ann Lee"]),
        ],
    )
    two = video_graph("two", [("A dog barked.", []), ("Ann Lee left with a dog.", ["Ann Lee"])])
    write_video(pipeline.graph, one)
    write_video(pipeline.graph, two)
    return pipeline, one.video.id, two.video.id


@pytest.mark.parametrize(
    ("question", "text", "starts_ms"),
    [
        (
            "How often is Ann Lee mentioned?",
            "“Ann Lee” is mentioned 3 times, in 2 videos. [1][2][3]",
            [500, 20_500, 10_500],
        ),
        (
            "How many videos mention Lee?",
            "“Ann Lee” is mentioned in 2 videos: one.mp4 (twice) [1], two.mp4 (once) [2].",
            [500, 10_500],
        ),
        (
            "When is Ann Lee first mentioned?",
            "“Ann Lee” is first mentioned at 00:00:00 in one.mp4 [1]; at 00:00:10 in two.mp4 [2].",
            [500, 10_500],
        ),
        (
            "When is Ann Lee last mentioned in one.mp4?",
            "“Ann Lee” is last mentioned at 00:00:20 in one.mp4 [1].",
            [20_500],
        ),
        # what the graph has no name for is counted by the sentences that say it
        (
            "How often is the dog mentioned?",
            "“dog” is mentioned twice, in two.mp4. [1][2]",
            [500, 10_500],
        ),
        (
            "Сколько раз упоминается корабль?",
            "«корабль» упоминается 1 раз в первый полёт.mp4. [1]",
            [13_000],
        ),
        (
            "Когда впервые упоминается молоко?",
            "«молоко» впервые упоминается на 00:00:23 в первый полёт.mp4 [1].",
            [23_000],
        ),
        ("How often is Napoleon mentioned?", "Nothing in the library mentions “Napoleon”.", []),
        ("Сколько раз упоминается Титов?", "В библиотеке «Титов» не упоминается.", []),
    ],
)  # fmt: skip
def test_the_library_tells_what_it_mentions(people, question, text, starts_ms) -> None:
    answer = people[0].ask(question)
    assert answer.text == text
    assert [c.span.start_ms for c in answer.citations] == starts_ms
    assert answer.answered is bool(starts_ms)
    assert answer.generator == "graph"
    cited = {citation.segment_id for citation in answer.citations}
    assert cited == {item.segment_id for item in answer.evidence}


def test_mentions_are_counted_within_a_scope(people) -> None:
    pipeline, one, two = people
    ids = [identity.entity_id(EntityType.PERSON, "Ann Lee")]
    told_of = [Modality.SPEECH]

    def times(**scope):
        return count_mentions(pipeline.graph, ids, told_of, scope=Scope(**scope)).times

    assert times() == 3
    assert times(video_ids=(two,)) == 1
    assert times(window=Span(0, 10_000)) == 1
    assert times(modalities=frozenset({Modality.SCREEN})) == 0
    assert times(speaker="Ann") == 0

    def said(**scope):
        return count_sentences(pipeline.graph, "dog", told_of, scope=Scope(**scope)).times

    assert said() == 2
    assert said(video_ids=(one,)) == 0
    assert said(window=Span(0, 5_000)) == 1
    assert said(speaker="Ann") == 0


def test_of_a_slide_the_line_that_says_it_is_counted_and_cited(asking, video_graph) -> None:
    pipeline, *_ = asking
    video = talk(video_graph, "slides", [["It rained."]])
    first = video.segments[0]
    over = Sentence("The zoo", Span(0, 9_000), modality=Modality.SCREEN)
    lines = [
        Sentence(text, Span(0, 9_000), modality=Modality.SCREEN, heading="The zoo")
        for text in ("Two lions", "A zebra")
    ]
    write_video(pipeline.graph, replace(video, segments=(replace(first, screen=(over, *lines)),)))
    answer = pipeline.ask("How often is the zebra mentioned?")
    assert answer.text == "“zebra” is mentioned once, in slides.mp4. [1]"
    assert told(answer) == ["A zebra"]
    assert pipeline.ask("How often is the zoo mentioned?").text.startswith(
        "“zoo” is mentioned once"
    )


def test_a_question_about_the_world_is_answered_as_ever(people) -> None:
    answer = people[0].ask("Who met Bob?")
    assert answer.generator == "extractive"
    assert told(answer) == ["Ann Lee met Bob."]

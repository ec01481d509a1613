"""What asking reads from the graph: golden rows on a graph made by hand."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from kg_videorag import identity
from kg_videorag.ask.analyse import named_entities
from kg_videorag.graph.evidence import read_evidence, read_pool
from kg_videorag.graph.labels import labels_within, segments_of_labels
from kg_videorag.graph.match_words import match_words
from kg_videorag.graph.moments import VideoLength, segments_at, video_lengths
from kg_videorag.graph.neighbourhood import NEIGHBOUR_CAP, expand
from kg_videorag.graph.read import video_segments
from kg_videorag.graph.write import note_source, write_video
from kg_videorag.model import EntityType, Modality, Scope, Sentence, Span, Subgraph


def person(name: str) -> str:
    return identity.entity_id(EntityType.PERSON, name)


@pytest.fixture
def library(graph, video_graph):
    one = video_graph(
        "one",
        [
            ("Ann met Bob.", ["Ann", "Bob"]),
            ("Nothing happened.", []),
            ("Bob launched the rocket.", ["Bob"]),
        ],
    )
    two = video_graph("two", [("Bob taught Cy.", ["Bob", "Cy"]), ("Cy sang.", ["Cy"])])
    write_video(graph, one)
    write_video(graph, two)
    return graph, one, two


def ids(video, *places: int) -> list[str]:
    return [video.segments[place].id for place in places]


def test_words_find_segments_by_stem_and_entities_by_name(library) -> None:
    graph, one, _ = library
    found = match_words(graph, "Who launches rockets with bobb?", limit=5)
    assert [hit.segment_id for hit in found.segments][:1] == ids(one, 2)
    assert {entity.name for entity in found.entities} == set()  # three letters must be right
    assert {e.name for e in match_words(graph, "bob", limit=5).entities} == {"Bob"}


@pytest.fixture
def russian(graph, video_graph):
    video = video_graph(
        "космос",
        [
            ("Юрий Гагарин родился в деревне Клушино.", ["Юрий Гагарин", "Клушино"]),
            ("Первый полёт длился 108 минут.", []),
            ("Корабль построил Сергей Королёв.", ["Сергей Королёв"]),
            ("Валентина Терешкова полетела в Москву.", ["Валентина Терешкова", "Москва"]),
            ("Neil Armstrong прибыл позже.", ["Neil Armstrong"]),
        ],
    )
    write_video(graph, video)
    return graph, video


@pytest.mark.parametrize(
    ("question", "segment", "named"),
    [
        ("Где родился Гагарин?", 0, {"Юрий Гагарин"}),
        ("Какова длительность первых полетов?", 1, set()),
        ("Что известно о постройке корабля Королевым?", 2, {"Сергей Королёв"}),
        ("О КОРОЛЁВЕ", None, {"Сергей Королёв"}),
        ("Что было с Терешковой в Москве?", 3, {"Валентина Терешкова", "Москва"}),
        ("Когда прибыл Armstrong?", 4, {"Neil Armstrong"}),
        ("What is said about Гагарин?", 0, {"Юрий Гагарин"}),
    ],
)
def test_russian_words_are_found_in_whatever_case(russian, question, segment, named) -> None:
    graph, video = russian
    found = match_words(graph, question, limit=5, scope=Scope((video.video.id,)))
    assert {entity.name for entity in named_entities(question, found.entities)} == named
    if segment is not None:
        assert found.segments[0].segment_id == ids(video, segment)[0]


def test_words_of_two_languages_are_asked_for_at_once(russian, video_graph) -> None:
    graph, video = russian
    english = video_graph("space", [("The rocket rose.", []), ("Armstrong launched rockets.", [])])
    write_video(graph, english)
    found = match_words(graph, "Когда полетел rocket Armstrong?", limit=3)
    first = [hit.segment_id for hit in found.segments]
    assert first[0] == ids(english, 1)[0]
    assert ids(video, 3)[0] in first
    assert len(first) == len(set(first)) == 3


@pytest.mark.parametrize(
    "hostile",
    [
        "speech:ann OR *:*",
        'a" OR "b',
        "((((",
        "ann~ AND (bob",
        "\\",
        "-ann +bob !",
        "[a TO z]",
        "*",
    ],
)
def test_query_syntax_in_a_question_is_only_words(library, hostile) -> None:
    graph, _, _ = library
    match_words(graph, hostile, limit=5)


def test_a_filter_is_applied_to_words_and_vectors(library) -> None:
    graph, _, two = library
    within = [two.video.id]
    found = match_words(graph, "Bob", limit=5, scope=Scope(within))
    assert [hit.segment_id for hit in found.segments] == ids(two, 0)
    labels = labels_within(graph, ["text", "vision"], scope=Scope(within))
    assert labels == {"text": {e.label for e in two.embeddings}, "vision": frozenset()}


def test_labels_become_segments_once_at_their_best_moment(library) -> None:
    graph, one, _ = library
    first, second = one.embeddings[0], one.embeddings[1]
    near = [(first.label, 0.9), (12345, 0.8), (second.label, 0.7), (first.label, 0.6)]
    hits = segments_of_labels(graph, {"text": near, "vision": near[:1], "audio": []})
    assert [len(hits[space]) for space in ("vision", "audio")] == [1, 0]
    assert [(hit.segment_id, hit.score, hit.at_ms) for hit in hits["text"]] == [
        (first.segment_id, 0.9, first.at_ms),
        (second.segment_id, 0.7, second.at_ms),
    ]


def told(around) -> set[tuple[str, str, str]]:
    """Names of the ends of relations, with the segment."""
    names = {id_: entity.name for id_, entity in around.entities.items()}
    return {(names[r.subject_id], names[r.object_id], r.segment_id) for r in around.relations}


def test_the_neighbourhood_of_an_entity(library) -> None:
    graph, one, two = library
    around = expand(graph, entity_ids=[person("Bob")], segment_ids=ids(one, 2))
    bob = around.mentioned[person("Bob")]
    assert set(bob.segment_ids) == {*ids(one, 0, 2), *ids(two, 0)}
    assert not bob.cut
    assert {entity.name for entity in around.entities.values()} == {"Ann", "Bob", "Cy"}
    assert told(around) == {("Ann", "Bob", ids(one, 0)[0]), ("Bob", "Cy", ids(two, 0)[0])}
    first = next(r for r in around.relations if r.segment_id == ids(one, 0)[0])
    assert (first.predicate, first.span) == ("know", Span(500, 4_000))
    assert around.held == {ids(one, 2)[0]: [person("Bob")]}
    assert around.follows == {ids(one, 2)[0]: ids(one, 1)}
    assert around.similar == {ids(one, 2)[0]: []}


def test_the_neighbourhood_stays_in_the_chosen_videos(library) -> None:
    graph, one, two = library
    around = expand(graph, entity_ids=[person("Bob")], segment_ids=[], scope=Scope((two.video.id,)))
    assert list(around.mentioned[person("Bob")].segment_ids) == ids(two, 0)
    assert told(around) == {("Bob", "Cy", ids(two, 0)[0])}
    assert not {r.segment_id for r in around.relations} & set(ids(one, 0, 1, 2))


def test_relations_are_followed_twice_and_from_the_hits_too(graph, video_graph) -> None:
    row = video_graph("row", [(f"{a} met {b}.", [a, b]) for a, b in pairwise("ABCDEF")])
    write_video(graph, row)
    from_a = expand(graph, entity_ids=[person("A")], segment_ids=[])
    assert {(a, b) for a, b, _ in told(from_a)} == {("A", "B"), ("B", "C")}
    from_hit = expand(graph, entity_ids=[], segment_ids=ids(row, 0))
    assert {(a, b) for a, b, _ in told(from_hit)} == {("A", "B"), ("B", "C"), ("C", "D")}
    assert from_hit.mentioned == {}


def test_what_is_like_a_hit_is_its_neighbour(library, statement) -> None:
    graph, one, two = library
    hit, near = ids(one, 0)[0], ids(two, 1)[0]
    join = (
        "MATCH (a:Segment {id: $hit}), (b:Segment {id: $near})"
        " MERGE (a)-[:SIMILAR_TO {score: 0.5}]->(b)"
    )
    graph.write(lambda tx: tx.run(statement(join), hit=hit, near=near))
    assert expand(graph, entity_ids=[], segment_ids=[hit]).similar == {hit: [(near, 0.5)]}
    scope = Scope((one.video.id,))
    assert expand(graph, entity_ids=[], segment_ids=[hit], scope=scope).similar == {hit: []}


def test_a_hub_is_cut_evenly_and_says_so(graph, video_graph) -> None:
    hub = video_graph("hub", [(f"Bob did thing {i}.", ["Bob"]) for i in range(100)])
    write_video(graph, hub)
    hit = hub.segments[57].id
    around = expand(graph, entity_ids=[person("Bob")], segment_ids=[hit])
    bob = around.mentioned[person("Bob")]
    taken = bob.segment_ids
    assert len(taken) == NEIGHBOUR_CAP
    places = sorted(next(s.index for s in hub.segments if s.id == t) for t in taken)
    assert places[0] < 10  # from the beginning
    assert places[-1] > 89  # to the end
    assert around.held == {hit: [person("Bob")]}  # a hit is its neighbour all the same
    assert bob.cut


def test_of_a_hubs_relations_those_that_are_asked_for_come_first(graph, video_graph) -> None:
    many = [(f"Bob met P{i}.", ["Bob", f"P{i}"]) for i in range(40)]
    hub = video_graph("hub", many)
    asked = replace(hub.relations[23], predicate="be found at")
    write_video(graph, replace(hub, relations=(*hub.relations[:23], asked, *hub.relations[24:])))
    around = expand(graph, entity_ids=[person("Bob")], segment_ids=[], stems=["found"])
    assert 5 < len(around.relations) < 40
    assert [r.predicate for r in around.relations].count("be found at") == 1


def test_a_pool_tells_what_each_segment_mentions_and_when(library) -> None:
    graph, one, _ = library
    pool = read_pool(graph, [(id_, 0.5, ("text",)) for id_ in ids(one, 0, 1)])
    assert sorted(pool.mentions[ids(one, 0)[0]], key=lambda m: m[1]) == [
        (person("Ann"), 500),
        (person("Bob"), 600),
    ]
    assert pool.mentions[ids(one, 1)[0]] == []
    assert pool.of(pool.evidence[1:]) == Subgraph()
    assert {e.name for e in pool.of(pool.evidence).entities} == {"Ann", "Bob"}


def test_evidence_keeps_its_order_and_tells_what_the_graph_knows(library) -> None:
    graph, one, two = library
    first, second = ids(two, 0)[0], ids(one, 0)[0]
    ranked = [(first, 0.5, ("text",)), ("gone", 0.4, ()), (second, 0.3, ("graph",))]
    evidence, known = read_evidence(graph, ranked)
    assert [(e.segment_id, e.video, e.score, e.via) for e in evidence] == [
        (first, "two.mp4", 0.5, ("text",)),
        (second, "one.mp4", 0.3, ("graph",)),
    ]
    assert evidence[0].text == "Bob taught Cy."
    assert evidence[0].sentences[0].span.start_ms == 500
    assert evidence[0].before == ()
    assert (evidence[0].path, evidence[0].source_url) == ("/v/two.mp4", "")
    note_source(graph, two.video.id, "https://example.org/talk", "")
    (told,), _ = read_evidence(graph, [(first, 0.5, ("text",))])
    assert told.source_url == "https://example.org/talk"
    (later,), _ = read_evidence(graph, [(ids(one, 1)[0], 0.5, ("text",))])
    assert later.before == ("Ann met Bob.",)
    assert {entity.name for entity in known.entities} == {"Ann", "Bob", "Cy"}
    assert {(r.subject_id, r.object_id) for r in known.relations} == {
        (person("Bob"), person("Cy")),
        (person("Ann"), person("Bob")),
    }


def test_segments_in_a_stretch_of_a_video(library) -> None:
    graph, one, two = library
    assert video_lengths(graph, segment_ids=None) == {
        one.video.id: VideoLength("one.mp4", 30_000),
        two.video.id: VideoLength("two.mp4", 20_000),
    }
    order = [video_lengths(graph, segment_ids=None, from_ms=ms) for ms in (0, 9**9)]
    assert [list(lengths) for lengths in order] == [[one.video.id, two.video.id]] * 2
    assert set(video_lengths(graph, segment_ids=ids(two, 1))) == {two.video.id}
    assert set(video_lengths(graph, scope=Scope((one.video.id,)), segment_ids=None)) == {
        one.video.id
    }
    window = Span(8_000, 20_000)  # two seconds of the first segment, all of the second
    there = segments_at(graph, {one.video.id: window})
    assert list(there) == ids(one, 1, 0)
    assert [(hit.score, found) for hit, found in there.values()] == [
        (10_000, window),
        (2_000, window),
    ]


def test_evidence_holds_what_is_said_and_then_what_is_shown(graph, video_graph, statement) -> None:
    made = video_graph("shown", [("Ann met Bob.", ["Ann", "Bob"]), ("Bob left.", ["Bob"])])
    title = Sentence("Ann", Span(1_000, 9_000), modality=Modality.SCREEN)
    born = Sentence("Born in Rome", Span(2_000, 9_000), modality=Modality.SCREEN, heading="Ann")
    first, second = made.segments
    said = replace(first.sentences[0], speaker="SPEAKER_00")
    first = replace(first, sentences=(said,), screen=(title, born))
    write_video(graph, replace(made, segments=(first, second)))
    (seen, plain), _ = read_evidence(graph, [(s.id, 1.0, ("text",)) for s in (first, second)])
    assert seen.sentences == (said, title, born)
    assert plain.sentences == second.sentences
    rows = graph.read(statement("MATCH (s:Segment) RETURN s AS s ORDER BY s.index"))
    assert rows[0]["s"]["screen_text"] == "Ann\nBorn in Rome"
    assert rows[0]["s"]["sentence_speaker"] == ["SPEAKER_00"]
    assert "sentence_speaker" not in rows[1]["s"]
    found = match_words(graph, "Rome", limit=5)
    assert [hit.segment_id for hit in found.segments] == [first.id]
    views = video_segments(graph, made.video.id)
    assert [view.screen_text for view in views] == ["Ann\nBorn in Rome", ""]


def test_evidence_holds_what_a_captioner_wrote_last(graph, video_graph, statement) -> None:
    made = video_graph("seen", [("Ann met Bob.", ["Ann", "Bob"]), ("Bob left.", ["Bob"])])
    dog = Sentence("A dog runs.", Span(1_000, 9_000), modality=Modality.CAPTION)
    snow = Sentence("Snow is falling.", Span(1_000, 9_000), modality=Modality.CAPTION)
    shown = Sentence("Ann", Span(1_000, 9_000), modality=Modality.SCREEN)
    first, second = made.segments
    first = replace(first, screen=(shown,), captions=(dog, snow))
    write_video(graph, replace(made, segments=(first, second)))
    (seen, plain), _ = read_evidence(graph, [(s.id, 1.0, ("text",)) for s in (first, second)])
    assert seen.sentences == (*first.sentences, shown, dog, snow)
    assert plain.sentences == second.sentences
    rows = graph.read(statement("MATCH (s:Segment) RETURN s AS s ORDER BY s.index"))
    assert rows[0]["s"]["caption"] == "A dog runs. Snow is falling."
    assert rows[0]["s"]["caption_lines"] == ["A dog runs.", "Snow is falling."]
    assert rows[0]["s"]["caption_line_start_ms"] == [1_000, 1_000]
    assert rows[0]["s"]["caption_line_end_ms"] == [9_000, 9_000]
    found = match_words(graph, "Which dogs run?", limit=5)
    assert [hit.segment_id for hit in found.segments] == [first.id]
    views = video_segments(graph, made.video.id)
    assert [view.caption for view in views] == ["A dog runs. Snow is falling.", ""]


def test_a_russian_caption_is_found_by_another_form_of_its_words(graph, video_graph) -> None:
    made = video_graph("russian", [("", []), ("Тишина.", [])])
    seen = Sentence("Собаки бегут по снегу.", Span(0, 9_000), modality=Modality.CAPTION)
    first, second = made.segments
    write_video(graph, replace(made, segments=(replace(first, captions=(seen,)), second)))
    found = match_words(graph, "Где бежит собака?", limit=5)
    assert [hit.segment_id for hit in found.segments] == [first.id]

"""Chapters, summaries and timelines over graphs made by hand, on real Neo4j and real vectors."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import numpy as np
import pytest

from kg_videorag.ask.overview.overviews import Overviews
from kg_videorag.config import load_settings
from kg_videorag.engines.minilm import MiniLMEmbedder
from kg_videorag.errors import AskError
from kg_videorag.graph.course import read_course, read_vectors
from kg_videorag.graph.write import write_video
from kg_videorag.identity import embedding_id, embedding_label, entity_id
from kg_videorag.ingest.embed import embed_segments
from kg_videorag.model import EntityType, Modality, Sentence, Span
from kg_videorag.overview_documents import (
    chapters_document,
    summary_document,
    timeline_document,
)

SCHEMAS = Path(__file__).parents[2] / "docs" / "json"
TALK = [
    ("Honeybees collect nectar from flowers near the hive.", ["Ann Bee"]),
    ("A worker bee dances on the comb to tell the others where flowers are.", ["Ann Bee"]),
    ("The queen bee lays all the eggs of the hive.", ["Ann Bee"]),
    ("Without bees our fruit trees would bear nothing.", []),
    ("The suspension bridge hangs from two steel cables.", ["John Roebling"]),
    ("Engineers anchored the cables of the bridge in concrete towers.", ["John Roebling"]),
    ("John Roebling designed the bridge, and his son built its towers.", ["John Roebling"]),
    ("Wind makes a long bridge swing, so its deck is stiff.", []),
]
SCREEN = [("The hive", 0, 40_000), ("The bridge", 40_000, 80_000)]


@pytest.fixture(scope="module")
def embedder():
    return MiniLMEmbedder(cache_dir=load_settings().cache_dir)


def embedded(made, embedder):
    """The same with vectors of a real embedder."""
    return replace(made, embeddings=embed_segments(made.segments, embedder))


def shown(made):
    """The same with a heading and a line under it in each half."""
    segments = []
    for segment in made.segments:
        screen = []
        for title, start_ms, end_ms in SCREEN:
            span = Span(start_ms, end_ms)
            if span.overlaps(segment.span):
                at = span.clamp(segment.span)
                screen.append(Sentence(title, at, modality=Modality.SCREEN))
                line = Sentence(f"{title} in spring", at, modality=Modality.SCREEN, heading=title)
                screen.append(line)
        segments.append(replace(segment, screen=tuple(screen)))
    return replace(made, segments=tuple(segments))


@pytest.fixture
def overviews(graph, embedder):
    return Overviews(graph, embedder.languages, None, 2_000)


def fits(schema, document):
    text = (SCHEMAS / f"{schema}.json").read_text(encoding="utf-8")
    jsonschema.validate(json.loads(json.dumps(document)), json.loads(text))


def test_every_line_finds_its_vector(graph, video_graph, embedder) -> None:
    made = embedded(shown(video_graph("talk", TALK)), embedder)
    write_video(graph, made)
    course = read_course(graph, made.video.id)
    assert len(course.lines) == 8 + 16
    assert course.lines[0].entity_ids == (entity_id(EntityType.PERSON, "Ann Bee"),)
    vectors = read_vectors(graph, made.video.id, course.lines)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
    wanted = embedder.embed([line.sentence.under_heading for line in course.lines])
    assert float((vectors * wanted).sum(axis=1).min()) > 0.99


def test_a_sentence_said_twice_has_one_vector_each(graph, video_graph, embedder) -> None:
    made = embedded(video_graph("twice", [("Yes.", []), ("Yes.", [])]), embedder)
    write_video(graph, made)
    course = read_course(graph, made.video.id)
    vectors = read_vectors(graph, made.video.id, course.lines)
    assert vectors.any(axis=1).all()


def test_chapters_begin_where_the_topic_turns(graph, video_graph, embedder, overviews) -> None:
    made = embedded(video_graph("talk", TALK), embedder)
    write_video(graph, made)
    found = overviews.chapters(made.video)
    assert [c.span.start_ms for c in found.chapters][:2] == [0, 40_500]  # where it is said
    assert found.chapters[-1].span.end_ms == 80_000
    assert [(c.title, c.titled_by) for c in found.chapters][:2] == [
        ("Ann Bee", "entities"), ("John Roebling", "entities"),
    ]  # fmt: skip
    fits("videos_chapters", chapters_document(found))


def test_a_slide_that_changes_is_the_border_and_its_heading_the_title(
    graph, video_graph, embedder, overviews
) -> None:
    made = embedded(shown(video_graph("talk", TALK)), embedder)
    write_video(graph, made)
    found = overviews.chapters(made.video)
    assert (40_000, "The bridge", "heading") in [
        (c.span.start_ms, c.title, c.titled_by) for c in found.chapters
    ]
    assert found.chapters[0].title == "The hive"


def test_a_summary_is_spread_and_cited(graph, video_graph, embedder, overviews) -> None:
    made = embedded(video_graph("talk", TALK), embedder)
    write_video(graph, made)
    found = overviews.summary(made.video)
    assert found.summariser == "extractive"
    assert {c.quote for c in found.citations} <= {text for text, _ in TALK}
    assert [c.span.start_ms for c in found.citations] == sorted(
        c.span.start_ms for c in found.citations
    )
    halves = {c.span.start_ms >= 40_000 for c in found.citations}
    assert halves == {True, False}
    for citation in found.citations:
        assert f"{citation.quote} [{citation.number}]" in found.text
    assert [(top.entity.name, top.mentions) for top in found.entities] == [
        ("Ann Bee", 3), ("John Roebling", 3),
    ]  # fmt: skip
    fits("videos_summary", summary_document(found))


def test_russian_is_compared_by_its_words(graph, video_graph, embedder, overviews) -> None:
    texts = [
        ("Пчёлы собирают нектар с цветов.", []), ("Пчёлы живут в улье и строят соты.", []),
        ("В улье одна матка, и пчёлы кормят её.", []), ("Мост висит на стальных тросах.", []),
        ("Тросы моста закреплены в бетоне.", []), ("Башни моста держат тросы.", []),
    ]  # fmt: skip
    made = embedded(video_graph("пчёлы", texts), embedder)
    write_video(graph, made)
    found = overviews.summary(made.video, language="en")
    assert found.language == "ru"  # nobody translates
    assert found.warnings
    assert overviews.chapters(made.video).chapters[1].span.start_ms == 30_500


def test_a_video_without_a_word_has_one_chapter_and_no_summary(
    graph, video_graph, overviews
) -> None:
    made = video_graph("silent", [("x", []), ("x", [])])
    silent = replace(
        made,
        segments=tuple(replace(s, sentences=()) for s in made.segments),
        mentions=(), relations=(), entities=(), embeddings=(),
    )  # fmt: skip
    write_video(graph, silent)
    found = overviews.chapters(silent.video)
    assert [(c.title, c.span, c.titled_by) for c in found.chapters] == [
        ("Part 1", Span(0, 20_000), "place")
    ]
    summary = overviews.summary(silent.video)
    assert (summary.text, summary.citations, summary.entities) == ("", (), ())
    fits("videos_summary", summary_document(summary))


def test_another_language_is_refused(video_graph, overviews) -> None:
    with pytest.raises(AskError, match="in 'fr'"):
        overviews.summary(video_graph("x", [("x", [])]).video, language="fr")


@pytest.fixture
def told(graph, video_graph):
    one = video_graph("one", [
        ("Ann met Bob.", ["Ann", "Bob"]), ("Bob left with Ann.", ["Bob", "Ann"]), ("Rain.", []),
        ("Snow.", []), ("Then Bob came back.", ["Bob"]),
    ])  # fmt: skip
    two = video_graph("two", [("Robert met Cy.", ["Robert", "Cy"])])
    for made in (one, two):
        write_video(graph, made)
    return one, two


def test_a_timeline_is_in_order_of_video_then_time(told, overviews) -> None:
    found = overviews.timeline(entity_id(EntityType.PERSON, "Bob"), None, 100)
    assert (found.entity.name, found.mentions, found.videos, found.cut) == ("Bob", 3, 1, False)
    assert [(s.video, s.span, s.mentions) for s in found.stretches] == [
        ("one.mp4", Span(600, 10_600), 2),  # they lie together
        ("one.mp4", Span(40_500, 40_600), 1),
    ]
    first = found.stretches[0]
    assert [(s.span.start_ms, s.text) for s in first.said] == [
        (500, "Ann met Bob."), (10_500, "Bob left with Ann."),
    ]  # fmt: skip
    assert [(r.subject, r.predicate, r.object) for r in first.relations] == [
        ("Ann", "know", "Bob"), ("Bob", "know", "Ann"),
    ]  # fmt: skip
    fits("graph_timeline", timeline_document(found))


def test_a_timeline_reads_through_same_as(told, overviews, graph, statement) -> None:
    graph.write(
        lambda tx: tx.run(
            statement(
                "MATCH (v:Entity {name: 'Robert'}), (c:Entity {name: 'Bob'})"
                " MERGE (v)-[:SAME_AS {reason: 'by hand', score: 1.0}]->(c)"
            )
        )
    )
    of_bob, of_robert = (
        overviews.timeline(entity_id(EntityType.PERSON, name), None, 100)
        for name in ("Bob", "Robert")
    )
    assert of_bob == of_robert
    assert [v.name for v in of_bob.variants] == ["Robert"]
    assert (of_bob.mentions, of_bob.videos) == (4, 2)
    last = of_bob.stretches[-1]
    assert (last.title, last.surfaces) == ("two", ("Robert",))
    assert [r.subject for r in last.relations] == ["Bob"]


def test_a_timeline_of_some_videos(told, overviews) -> None:
    _, two = told
    found = overviews.timeline(entity_id(EntityType.PERSON, "Bob"), [two.video.id], 100)
    assert (found.mentions, found.stretches) == (0, ())
    fits("graph_timeline", timeline_document(found))


@pytest.mark.parametrize("limit", [0, -1, 1_001])
def test_a_limit_out_of_bounds_is_refused(overviews, limit) -> None:
    with pytest.raises(AskError, match="limit"):
        overviews.timeline("x", None, limit)


def test_a_long_timeline_says_that_it_was_cut(told, overviews) -> None:
    found = overviews.timeline(entity_id(EntityType.PERSON, "Bob"), None, 1)
    assert (len(found.stretches), found.mentions, found.cut) == (1, 3, True)


@pytest.mark.timeout(300)
def test_fifty_thousand_mentions_and_ten_hours_stay_small(
    graph, statement, video_graph, overviews
) -> None:
    made = video_graph("long", [("Ann spoke of the bridge and of the bees.", ["Ann"])])
    write_video(graph, made)
    graph.write(
        lambda tx: tx.run(
            statement(
                "MATCH (v:Video)-[:HAS_SEGMENT]->(s:Segment)-[m:MENTIONS]->(e:Entity)"
                " SET v.duration_ms = 36000000"
                " WITH v, s, e UNWIND range(1, 2400) AS i"
                " CREATE (v)-[:HAS_SEGMENT]->(t:Segment {id: s.id + i}) SET t += s {.*,"
                " id: s.id + i, index: i, start_ms: i * 15000, end_ms: (i + 1) * 15000,"
                " sentences: [s.speech + i, s.speech + 'x', 'Nobody', 'Third ' + i],"
                " sentence_start_ms: [i*15000, i*15000+4000, i*15000+8000, i*15000+12000],"
                " sentence_end_ms: [i*15000+4000, i*15000+8000, i*15000+12000, i*15000+15000]}"
                " WITH t, e UNWIND range(0, 20) AS n"
                " CREATE (t)-[m:MENTIONS {id: t.id + 'm' + n, video_id: t.video_id,"
                " modality: 'speech', start_ms: t.start_ms + n * 500, surface: 'Ann',"
                " end_ms: t.start_ms + n * 500 + 100, confidence: 0.9}]->(e)"
            )
        )
    )
    found = overviews.timeline(entity_id(EntityType.PERSON, "Ann"), None, 100)
    assert found.mentions == 2_400 * 21 + 1
    assert len(found.stretches) == 100
    assert found.cut
    video = replace(made.video, duration_ms=36_000_000)
    chapters = overviews.chapters(video).chapters
    assert 19 <= len(chapters) <= 48
    assert len(overviews.summary(video).citations) <= 20


def test_ids_of_vectors_are_those_of_ingest(video_graph, embedder) -> None:
    """`read_vectors` computes the ids that `embed_segments` gives."""
    made = embedded(video_graph("talk", TALK[:1]), embedder)
    (vector,) = made.embeddings
    from hashlib import sha256

    content = sha256(TALK[0][0].encode()).hexdigest()
    segment = made.segments[0]
    wanted = embedding_id(segment.id, embedder.space, embedder.model, 500, content)
    assert (vector.id, vector.label) == (wanted, embedding_label(wanted))

"""Corrections by hand on real Neo4j: as if it had been said so, and back again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kg_videorag.compose import Composition
from kg_videorag.config import load_settings
from kg_videorag.errors import CorrectionError
from kg_videorag.graph.corrections import all_corrections, corrections_of
from kg_videorag.graph.read import preview_deletion
from kg_videorag.graph.told import told_segments
from kg_videorag.graph.write import delete_video, write_video
from kg_videorag.identity import embedding_id, embedding_label, entity_id, mention_id
from kg_videorag.ingest.corrections import correct
from kg_videorag.ingest.corrector import Corrector
from kg_videorag.ingest.embed import embed_segments
from kg_videorag.ingest.extract import extract_graph
from kg_videorag.ingest.segment import SentenceSegmenter, cut_segments
from kg_videorag.model import (
    CorrectionKind,
    Embedding,
    Entity,
    EntityType,
    Mention,
    Modality,
    Sentence,
    Span,
    Video,
    VideoGraph,
    VideoStatus,
    Word,
)

CONTENTS = """
MATCH (n) WHERE NOT n:Library AND NOT n:Migration AND NOT n:Counter AND NOT n:RemovedEmbedding
  AND NOT n:Correction AND NOT n:RemovedEntity
WITH collect([labels(n), properties(n)]) AS nodes
RETURN nodes, COLLECT {
  MATCH (from)-[r]->(to) WHERE NOT to:Correction RETURN [type(r), properties(r), from.id, to.id]
} AS edges
"""
SAID = (
    "The first American in orbit was Jon Glen.",
    "Jon Glen was born in Ohio in 1921.",
    "Margaret Hamilton worked at the MIT Instrumentation Laboratory.",
    "Jon Glen flew for NASA.",
)


@pytest.fixture(scope="module")
def parts():
    return Composition(load_settings())


@pytest.fixture(scope="module")
def build(parts):
    """A whole video of spoken sentences, as an ingest makes it."""
    extractor, embedder = parts.engine("extractor"), parts.embedder

    def build(said=SAID, corrections=(), name="v", words=True):
        identity = (name * 64)[:64]
        video = Video(identity, name, f"/v/{name}.mp4", 30_000, None, None, "en")
        sentences = [_spoken(text, n * 7_000 + 1, words=words) for n, text in enumerate(said)]
        shown = [
            Sentence("Born in Ohio", Span(0, 9_000), modality=Modality.SCREEN, heading="Jon Glen")
        ]
        told = correct(sentences, shown, corrections)
        segments = cut_segments(video, told.sentences, SentenceSegmenter(), (), told.lines)
        caption = Sentence("An orbit is drawn.", Span(0, 5_000), modality=Modality.CAPTION)
        segments = (replace(segments[0], captions=(caption,)), *segments[1:])
        extracted = extract_graph(segments, extractor)
        dog, seen, vector = _seen(segments[0])
        return VideoGraph(
            video, segments, (*extracted.entities, dog), (*extracted.mentions, seen),
            extracted.relations, (*embed_segments(segments, embedder), vector),
            "1", ("test/1",), VideoStatus.DONE, (),
        )  # fmt: skip

    return build


def _spoken(text, start_ms, *, words):
    said = text.split()
    spans = [Span(start_ms + 300 * n, start_ms + 300 * n + 300) for n in range(len(said))]
    timed = tuple(Word(word, span, 0.8) for word, span in zip(said, spans, strict=True))
    return Sentence(text, Span(start_ms, spans[-1].end_ms), timed if words else ())


def _seen(segment):
    """A dog that a detector saw, and the vector of a picture: nobody corrects these."""
    dog = Entity(entity_id(EntityType.CONCEPT, "dog"), "dog", EntityType.CONCEPT)
    span = Span(1_000, 2_000)
    key = mention_id(segment.id, dog.id, Modality.VISION, span)
    mention = Mention(key, segment.id, dog.id, Modality.VISION, span, "dog", 0.9)
    picture = embedding_id(segment.id, "vision", "tiny", 1_500, "")
    unit = np.eye(1, 8, dtype=np.float32)[0]
    label = embedding_label(picture)
    return dog, mention, Embedding(picture, label, segment.id, "vision", "tiny", 1_500, unit)


@pytest.fixture
def corrector(graph, parts):
    refreshed = []
    made = Corrector(graph, parts.engine("extractor"), parts.embedder, lambda: refreshed.append(1))
    return made, refreshed


def contents(graph, statement):
    """All nodes and edges but for corrections and `seq`, which tells when and not what."""
    row = graph.read(statement(CONTENTS))[0]
    return [
        sorted(
            repr([sorted(p.items()) if isinstance(p, dict) else p for p in _without_seq(item)])
            for item in row[kind]
        )
        for kind in ("nodes", "edges")
    ]


def _without_seq(item):
    return [{k: v for k, v in p.items() if k != "seq"} if isinstance(p, dict) else p for p in item]


def names(graph, statement):
    rows = graph.read(statement("MATCH (e:Entity) RETURN e.name AS name"))
    return {row["name"] for row in rows}


def test_what_is_stored_is_read_back_with_the_times_of_its_words(graph, build) -> None:
    video = build()
    write_video(graph, video)
    stored = told_segments(graph, video.video.id)
    assert [s.text for segment in stored for s in segment.sentences] == list(SAID)
    for old, new in zip(video.segments, stored, strict=True):
        assert (old.id, old.span) == (new.id, new.span)
        assert (old.screen, old.captions) == (new.screen, new.captions)
        for was, now in zip(old.sentences, new.sentences, strict=True):
            assert [(w.text, w.span) for w in was.words] == [(w.text, w.span) for w in now.words]


@pytest.mark.parametrize("words", [True, False], ids=["with words", "without"])
def test_a_corrected_video_is_as_if_it_had_been_ingested_so(
    graph, statement, build, corrector, words
) -> None:
    made, refreshed = corrector
    former = build(words=words)
    write_video(graph, former)
    before = contents(graph, statement)
    report = made.name("Jon Glen", "John Glenn", video_id=former.video.id, dry_run=False)
    assert [line.after for line in report.lines] == [
        "The first American in orbit was John Glenn.",
        "John Glenn was born in Ohio in 1921.",
        "John Glenn: Born in Ohio",
        "John Glenn flew for NASA.",
    ]
    assert refreshed == [1]
    corrected = contents(graph, statement)
    assert corrected != before
    assert {"John Glenn", "dog"} <= names(graph, statement)
    assert "Jon Glen" not in names(graph, statement)

    # Ingesting the file again, by whatever engine, comes to the same.
    again = build(words=words, corrections=corrections_of(graph, former.video.id))
    write_video(graph, again)
    assert contents(graph, statement) == corrected

    report = made.undo(report.correction.id[:8], dry_run=False)
    assert contents(graph, statement) == before
    assert all_corrections(graph) == ()


def test_a_line_is_corrected_by_its_time_or_its_text(graph, statement, build, corrector) -> None:
    made, _ = corrector
    video = build()
    write_video(graph, video)
    before = contents(graph, statement)
    right = "Scott Carpenter flew for NASA."
    report = made.line(video.video.id, right, at_ms=21_500, dry_run=False)
    (line,) = report.lines
    assert (line.before, line.after) == (SAID[3], right)
    assert line.span.start_ms == 21_001
    assert "Scott Carpenter" in names(graph, statement)
    assert "Jon Glen" in names(graph, statement)  # elsewhere he is said still

    # Corrected once more: by what it says now; there is still one correction of the line.
    better = "Wally Schirra flew for NASA."
    made.line(video.video.id, better, was=right, dry_run=False)
    (kept,) = all_corrections(graph)
    assert (kept.kind, kept.original, kept.replacement) == (CorrectionKind.LINE, SAID[3], better)
    assert "Scott Carpenter" not in names(graph, statement)

    made.undo(kept.id, dry_run=False)
    assert contents(graph, statement) == before


def test_a_dry_run_changes_nothing(graph, statement, build, corrector) -> None:
    made, refreshed = corrector
    video = build()
    write_video(graph, video)
    before = contents(graph, statement)
    report = made.name("Jon Glen", "John Glenn", dry_run=True)
    assert len(report.lines) == 4
    assert contents(graph, statement) == before
    assert all_corrections(graph) == ()
    assert refreshed == []


def test_a_name_in_all_videos_counts_in_those_that_come_later(
    graph, statement, build, corrector
) -> None:
    made, _ = corrector
    one, other = build(name="a"), build(name="b", said=SAID[2:3])
    write_video(graph, one)
    write_video(graph, other)
    report = made.name("Jon Glen", "John Glenn", dry_run=False)
    assert {line.video_id for line in report.lines} == {one.video.id, other.video.id}  # a heading
    (kept,) = corrections_of(graph, "c" * 64)
    later = build(name="c", corrections=[kept])
    write_video(graph, later)
    assert "Jon Glen" not in names(graph, statement)
    made.undo(kept.id, dry_run=False)
    assert "John Glenn" not in names(graph, statement)
    said = [s.text for segment in told_segments(graph, later.video.id) for s in segment.sentences]
    assert said == list(SAID)


def test_deleting_a_video_deletes_its_corrections_and_no_others(graph, build, corrector) -> None:
    made, _ = corrector
    one, other = build(name="a"), build(name="b")
    write_video(graph, one)
    write_video(graph, other)
    made.name("Ohio", "Iowa", video_id=one.video.id, dry_run=False)
    made.name("Ohio", "Utah", video_id=other.video.id, dry_run=False)
    made.name("NASA", "NACA", dry_run=False)
    assert preview_deletion(graph, one.video.id).corrections == 1
    delete_video(graph, one.video.id)
    assert [c.replacement for c in all_corrections(graph)] == ["Utah", "NACA"]


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda m, v: m.name("Nobody", "X", video_id=v, dry_run=False), "nobody says 'Nobody'"),
        (lambda m, _: m.name("Nobody", "X", dry_run=False), "nobody says 'Nobody'"),
        (lambda m, v: m.name("Jon Glen", " ", video_id=v, dry_run=False), "empty"),
        (lambda m, v: m.line(v, "X", at_ms=4_500, dry_run=False), "no lines are said at 00:00:04"),
        (lambda m, v: m.line(v, "X", was="Never said.", dry_run=False), "as 'Never said.'"),
        (lambda m, v: m.line(v, SAID[0], at_ms=500, dry_run=False), "says .* already"),
        (lambda m, v: m.line(v, "X", dry_run=False), "which line is it"),
        (lambda m, _: m.undo("ffff", dry_run=False), "no corrections have an id"),
        (lambda m, _: m.undo("", dry_run=False), "no corrections have an id"),
    ],
)
def test_what_cannot_be_corrected_is_told_and_nothing_is_kept(
    graph, statement, build, corrector, call, told
) -> None:
    video = build()
    write_video(graph, video)
    before = contents(graph, statement)
    with pytest.raises(CorrectionError, match=told):
        call(corrector[0], video.video.id)
    assert contents(graph, statement) == before
    assert all_corrections(graph) == ()


def test_an_extractor_that_fails_leaves_everything_as_it_was(
    graph, statement, build, corrector, parts
) -> None:
    class Broken:
        name = "broken"

        def extract(self, _texts):
            raise RuntimeError("no power")

    video = build()
    write_video(graph, video)
    before = contents(graph, statement)
    broken = replace(corrector[0], extractor=Broken())
    with pytest.raises(RuntimeError):
        broken.name("Jon Glen", "John Glenn", dry_run=False)
    assert contents(graph, statement) == before
    assert all_corrections(graph) == ()

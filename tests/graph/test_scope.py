"""What a question is narrowed to, on real Neo4j: as if all were searched and then filtered."""

from __future__ import annotations

from functools import cache
from itertools import product

import numpy as np
import pytest

from kg_videorag import identity
from kg_videorag.ask.probe import Probe
from kg_videorag.ask.within import nearest_within
from kg_videorag.graph.changes import GraphEmbeddings
from kg_videorag.graph.evidence import read_evidence
from kg_videorag.graph.labels import labels_within
from kg_videorag.graph.match_words import match_words
from kg_videorag.graph.moments import segments_at
from kg_videorag.graph.neighbourhood import expand
from kg_videorag.graph.scope import segments_within
from kg_videorag.graph.vector_index import Neo4jIndex
from kg_videorag.graph.write import write_video
from kg_videorag.ingest.embed import embed_segments
from kg_videorag.ingest.embed_media import media_embeddings
from kg_videorag.model import (
    Entity,
    EntityType,
    Mention,
    Modality,
    Relation,
    Scope,
    Segment,
    Sentence,
    Span,
    TimedVector,
    Video,
    VideoGraph,
    VideoStatus,
)
from kg_videorag.vectors.hnsw_index import HnswIndex
from kg_videorag.vectors.json_index import JsonIndex
from kg_videorag.vectors.synchronise import open_index
from kg_videorag.words import content_stems

VIDEOS, SEGMENTS = 8, 6
WORDS = ("tiger", "rocket", "harbour", "violin", "ракета", "тигр", "гавань")
SPEAKERS = ("Ann", "Bob", "Ольга")
TEXT = (Modality.SPEECH, Modality.SCREEN, Modality.CAPTION)


class Drawn:
    """An Embedder whose vectors are drawn by the text."""

    space, model, dimension = "text", "drawn/1", 384

    def embed(self, texts):
        return np.stack([unit(text) for text in texts])


@cache
def unit(text):
    seed = int(identity.embedding_id(text, "", "", 0, "")[:8], 16)
    vector = np.random.default_rng(seed).standard_normal(384).astype(np.float32)
    return vector / np.linalg.norm(vector)


def entity(name):
    return Entity(identity.entity_id(EntityType.PERSON, name), name, EntityType.PERSON)


def segment(video_id, number, index):
    """10 s: two sentences of two speakers, a line on the screen and a caption, all of words."""
    rng = np.random.default_rng([number, index])
    tail = f"{number} {index}"  # no text is another's, so no vector is
    word = lambda: str(rng.choice(WORDS))  # noqa: E731
    start = index * 10_000
    span = Span(start, start + 10_000)
    one, other = map(str, rng.choice(SPEAKERS, 2))
    times = (Span(start, start + 4_000), Span(start + 4_500, start + 9_000))
    return Segment(
        identity.segment_id(video_id, span, "test"), video_id, index, span,
        sentences=(
            Sentence(f"One {word()} here {tail}.", times[0], speaker=one),
            Sentence(f"A {word()} there {tail}.", times[1], speaker=other),
        ),
        # It begins when the first sentence does: a moment alone does not tell them apart.
        screen=(Sentence(f"{word()} {tail}", times[0], modality=Modality.SCREEN),),
        captions=(
            Sentence(f"Some {word()} {tail}.", Span(start + 2_000, start + 8_000),
                     modality=Modality.CAPTION),
        ),
    )  # fmt: skip


def perceived(segment):
    """Everything that is said, shown and sensed in a segment, as lines."""
    middle = segment.span.start_ms + 5_000
    return (
        *segment.sentences, *segment.screen, *segment.captions,
        Sentence("Seen: dog.", Span(middle, middle + 2_000), modality=Modality.VISION),
        Sentence("Heard: dog.", Span(middle - 3_000, middle), modality=Modality.SOUND),
    )  # fmt: skip


def film(number):
    """A video whose lines each mention the words that they say, and where dogs are sensed."""
    video_id = identity.embedding_id(f"film {number}", "", "", 0, "") * 2
    segments = tuple(segment(video_id, number, index) for index in range(SEGMENTS))
    mentions, relations = [], []
    for here in segments:
        for line in perceived(here):
            words = [w for w in (*WORDS, "dog") if w in line.text]
            named = [entity(w).id for w in words]
            mentions += [
                Mention(identity.mention_id(here.id, e, line.modality, line.span), here.id, e,
                        line.modality, line.span, "", 0.9)
                for e in named
            ]  # fmt: skip
            relations += [
                Relation(identity.relation_id(e, "be", entity("dog").id, here.id,
                                              line.span.start_ms, line.modality),
                         e, "be", entity("dog").id, here.id, line.modality, line.span, "", 0.9)
                for e in named if e != entity("dog").id
            ]  # fmt: skip
    moments = [s.span.start_ms + 5_000 for s in segments]
    sensed = [TimedVector(space, at, unit(f"{space} {number} {at}")[:16])
              for space, at in product(("vision", "audio"), moments)]  # fmt: skip
    return VideoGraph(
        Video(video_id, f"film {number}", f"/v/film {number}.mp4", SEGMENTS * 10_000, None, None,
              "en"),
        segments, tuple(map(entity, (*WORDS, "dog"))), tuple(mentions), tuple(relations),
        (*embed_segments(segments, Drawn()), *media_embeddings(segments, sensed, "drawn/1")),
        "1", ("test/1",), VideoStatus.DONE, (),
    )  # fmt: skip


FILMS = tuple(map(film, range(VIDEOS)))
IDS = tuple(made.video.id for made in FILMS)
ALL = tuple(s for made in FILMS for s in made.segments)
SPEECH, CAPTION, SCREEN, VISION, SOUND = (frozenset({m}) for m in Modality)
SCOPES = {
    "a video": Scope(IDS[4:5]),
    "most videos": Scope(IDS[1:]),
    "no video": Scope(()),
    "an instant": Scope(window=Span(24_200, 24_300)),
    "a stretch": Scope(window=Span(14_250, 31_000)),
    "all the time": Scope(window=Span(0, 2**53)),
    "after the end": Scope(window=Span(900_000, 2**53)),
    "a speaker": Scope(speaker="Ann"),
    "a Russian speaker": Scope(speaker="Ольга"),
    "speech": Scope(modalities=SPEECH),
    "screen": Scope(modalities=SCREEN),
    "captions": Scope(modalities=CAPTION),
    "vision": Scope(modalities=VISION),
    "sound": Scope(modalities=SOUND),
    "two modalities": Scope(modalities=SCREEN | SOUND),
    "all of it": Scope(IDS[2:5], Span(4_200, 15_000), "Bob", SPEECH),
    "screen for a while": Scope(IDS[:6], Span(6_000, 10_100), modalities=SCREEN),
}


@pytest.fixture(scope="module")
def library(client, empty, statement):
    empty(client)
    for space in ("vision", "audio"):
        client.run_schema(statement(f"DROP INDEX {space}_vector IF EXISTS"))
    for made in FILMS:
        write_video(client, made)
    yield client
    for space in ("vision", "audio"):
        client.run_schema(statement(f"DROP INDEX {space}_vector IF EXISTS"))


@pytest.fixture(scope="module")
def opened(library, tmp_path_factory):
    """An index of each kind, up to the graph."""

    @cache
    def opened(store):
        folder = tmp_path_factory.mktemp("index")
        index = store(
            folder, space="text", model="drawn/1", dimension=384, library_id="test", graph=library
        )
        open_index(index, GraphEmbeddings(library, "text"), folder)
        return index

    return opened


@pytest.fixture(params=SCOPES)
def scope(request):
    return SCOPES[request.param]


def in_videos(scope, video_id):
    return scope.video_ids is None or video_id in scope.video_ids


def held(scope, segment):
    """What of a segment is within a scope."""
    if not in_videos(scope, segment.video_id):
        return []
    return [line for line in perceived(segment) if scope.holds(line)]


def is_within(scope, embedding):
    """Whether a vector is of something within a scope; told by its text, not by what is stored."""
    here = next(s for s in ALL if s.id == embedding.segment_id)
    if not in_videos(scope, here.video_id):
        return False
    if embedding.space != "text":
        modality = Modality.VISION if embedding.space == "vision" else Modality.SOUND
        span = Span(embedding.at_ms, embedding.at_ms + 1)
        return scope.holds(Sentence("", span, modality=modality))
    for line in (*here.sentences, *here.screen, *here.captions):
        if unit(line.text)[0] == embedding.vector[0]:
            return scope.holds(line)
    window = scope.window or Span(0, 2**53)  # of all that is said in the segment
    inside = window.start_ms <= here.span.start_ms and here.sentences[-1].span.end_ms <= (
        window.end_ms
    )
    return inside and all(scope.holds(line) for line in here.sentences)


def expected_labels(scope, space):
    made = [e for graph in FILMS for e in graph.embeddings if e.space == space]
    return {e.label for e in made if is_within(scope, e)}


def test_the_labels_of_every_space_are_those_of_what_is_within(library, scope) -> None:
    spaces = ("text", "vision", "audio")
    found = labels_within(library, spaces, scope=scope)
    assert found == {space: expected_labels(scope, space) for space in spaces}
    some = [s.id for s in ALL[::3] if in_videos(scope, s.video_id)]
    of_some = labels_within(library, spaces, scope=scope, segment_ids=some)
    labels = {e.label for graph in FILMS for e in graph.embeddings if e.segment_id in some}
    assert of_some == {space: found[space] & labels for space in spaces}


@pytest.mark.parametrize("store", [HnswIndex, JsonIndex, Neo4jIndex])
def test_vectors_within_are_found_as_by_a_scan(library, scope, opened, store) -> None:
    index = opened(store)
    query = unit("a question")
    made = [e for graph in FILMS for e in graph.embeddings if e.space == "text"]
    every = sorted(((float(e.vector @ query), e) for e in made), key=lambda pair: -pair[0])
    expected = [(e.label, pytest.approx(cosine, abs=1e-4)) for cosine, e in every
                if is_within(scope, e)][:10]  # fmt: skip
    within = labels_within(library, ["text"], scope=scope)["text"]
    assert list(index.search(query, 10, within)) == expected
    drawn = nearest_within([Probe("text", index, query)], 10, graph=library, scope=scope)
    assert drawn == {"text": expected}
    few = nearest_within([Probe("text", index, query)], 1, graph=library, scope=scope)
    assert few == {"text": expected[:1]}  # drawn three times, then told


@pytest.mark.parametrize("question", ["Where is the tiger?", "Где ракета?", "rockets и тигры"])
def test_words_within_are_found_as_among_all(library, scope, question) -> None:
    asked = content_stems(question)
    fields = {"speech": SPEECH, "screen_text": SCREEN, "caption": CAPTION}
    expected = {
        s.id for s in ALL
        if any(line.modality in TEXT for line in held(scope, s))
        and any(asked & content_stems(getattr(s, field))
                for field, modality in fields.items() if modality <= scope.perceived)
    }  # fmt: skip
    every = match_words(library, question, limit=10_000, scope=scope).segments
    assert {hit.segment_id for hit in every} == expected
    few = match_words(library, question, limit=3, scope=scope).segments
    assert len(few) == min(3, len(expected))
    if scope.modalities is None and scope.speaker is None and "и" not in question.split():
        whole = match_words(library, question, limit=10_000).segments
        best = [hit.score for hit in whole if hit.segment_id in expected][:3]
        assert [hit.score for hit in few] == pytest.approx(best)


def test_names_are_those_that_are_mentioned_within(library, scope) -> None:
    words = [*WORDS, "dog"]
    named = {w for s in ALL for line in held(scope, s) for w in words if w in line.text}
    found = match_words(library, " ".join(words), limit=5, scope=scope).entities
    assert {e.name for e in found} == named


def test_the_graph_is_followed_within(library, scope) -> None:
    tiger, dog = entity("tiger").id, entity("dog").id
    around = expand(library, entity_ids=[tiger], segment_ids=[], scope=scope)
    said = {s.id for s in ALL if any("tiger" in line.text for line in held(scope, s))}
    mentioned = around.mentioned[tiger]
    assert set(mentioned.segment_ids) <= said
    assert len(mentioned.segment_ids) == len(said) or mentioned.cut
    assert around.relations or not said
    for relation in around.relations:
        (where,) = (s for s in ALL if s.id == relation.segment_id)
        told = [line for line in held(scope, where) if line.span == relation.span]
        assert told, relation
    assert (dog in around.entities) == bool(said)


def test_vectors_of_before_count_for_all_that_their_space_may_be(library, statement) -> None:
    """What was embedded before it was kept of what; and then it is again as it was."""
    names = ("modalities", "end_ms", "lines", "speaker")
    forget = statement(f"MATCH (e:Embedding) REMOVE {', '.join(f'e.{name}' for name in names)}")
    library.write(lambda tx: tx.run(forget))
    spaces = ("text", "vision", "audio")
    every = {e.label: e for made in FILMS for e in made.embeddings}
    for scope in SCOPES.values():
        found = labels_within(library, spaces, scope=scope)
        assert found["vision"] == expected_labels(scope, "vision")
        assert found["audio"] == expected_labels(scope, "audio")
        lines = {label for label in expected_labels(scope, "text") if not every[label].whole}
        if scope.window is None and scope.cuts_lines:
            assert lines <= found["text"]
    for made in FILMS:
        write_video(library, made)
    scope = SCOPES["screen"]
    assert labels_within(library, ["text"], scope=scope)["text"] == expected_labels(scope, "text")


def test_what_holds_nothing_within_is_told_apart(library, scope) -> None:
    there = [s.id for s in ALL if in_videos(scope, s.video_id)]
    sensed = {
        e.segment_id for graph in FILMS for e in graph.embeddings
        if e.space != "text" and is_within(scope, e)
    }  # fmt: skip
    expected = {s.id for s in ALL if held(scope, s)} | sensed if scope.cuts_lines else set(there)
    assert segments_within(library, there, scope) == expected


def test_a_moment_is_looked_for_within(library, scope) -> None:
    window = Span(12_000, 13_000)
    found = segments_at(library, {IDS[4]: window}, scope=scope)
    second = FILMS[4].segments[1]
    who = Scope(window=window, speaker=scope.speaker, modalities=scope.modalities)
    assert list(found) == ([second.id] if held(who, second) else [])


def test_what_the_graph_knows_of_evidence_is_narrowed(library, scope) -> None:
    here = FILMS[4].segments[2]
    _, known = read_evidence(library, [(here.id, 1.0, ("text",))], scope=scope)
    lines = [line for line in perceived(here) if scope.holds(line)]
    words = [*WORDS, "dog"]
    assert {e.name for e in known.entities} == {w for w in words if any(w in n.text for n in lines)}
    told = {(r.subject_id, r.span) for r in known.relations}
    assert told == {(entity(w).id, n.span) for n in lines for w in WORDS if w in n.text}

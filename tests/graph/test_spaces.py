"""Several spaces of vectors on real Neo4j: begun, mirrored, asked, deleted, and left aside."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from kg_videorag.compose import Composition
from kg_videorag.config import load_settings
from kg_videorag.engines.minilm import MiniLMEmbedder
from kg_videorag.errors import AskError, GraphError
from kg_videorag.graph.changes import GraphEmbeddings, begun_spaces
from kg_videorag.graph.client import GraphClient
from kg_videorag.graph.mirror import SPACE_LABELS
from kg_videorag.graph.write import delete_video, write_video
from kg_videorag.ingest.embed import embed_segments
from kg_videorag.ingest.embed_media import media_embeddings
from kg_videorag.model import (
    MEDIA_SPACES,
    SIDECAR_SPACES,
    EngineState,
    Modality,
    Scope,
    Span,
    TimedVector,
    VectorSpace,
)

WORDS = ("tiger", "peaceful", "aggressive", "roar", "rain", "tree")
DIMENSION = len(WORDS)


@dataclass
class Worded:
    """A MediaEmbedder in whose spaces every word is an axis."""

    name: str = "worded"
    version: str = "1"
    languages: frozenset[str] = frozenset()
    model: str = "worded/1"
    dimension: int = DIMENSION
    asked: list[str] = field(default_factory=list)

    def check(self):
        return EngineState(ready=True, model="none", weights="none", checksum="none needed")

    def embed_pictures(self, pictures):
        raise NotImplementedError

    def embed_sounds(self, sounds):
        raise NotImplementedError

    def embed_texts(self, texts):
        self.asked += texts
        return np.stack([of(**dict.fromkeys(text.split(), 1.0)) for text in texts])


def of(**weights):
    """A unit vector that says so much of each word, and a little of all."""
    vector = np.asarray([0.01 + weights.get(word, 0.0) for word in WORDS], dtype=np.float32)
    return vector / np.linalg.norm(vector)


# By segment of 10 s: what is said, seen and heard in it.
SCENES = [
    ("The tiger sleeps peacefully in the shade.", of(tiger=1, peaceful=0.3), of(rain=1)),
    ("The tiger attacks its prey with fury.", of(tiger=1, aggressive=0.4), of(roar=1)),
    ("Rain falls on the leaves.", of(tree=1, rain=0.5), of(rain=1, peaceful=0.5)),
]


@pytest.fixture
def drop_mirrors(client, statement):
    """Takes away what the tests' small vectors left, which the schema does not have."""

    def drop_mirrors():
        for space in (*MEDIA_SPACES, *SIDECAR_SPACES):
            client.run_schema(statement(f"DROP INDEX {space}_vector IF EXISTS"))

    drop_mirrors()
    yield drop_mirrors
    drop_mirrors()


@pytest.fixture
def scenes(video_graph):
    """A video of the scenes, its text embedded by MiniLM."""
    made = video_graph("scenes", [(said, []) for said, _, _ in SCENES])
    embedder = MiniLMEmbedder(cache_dir=load_settings().cache_dir)
    moments = [segment.span.start_ms + 5_000 for segment in made.segments]
    seen = [TimedVector("vision", at, s) for at, (_, s, _) in zip(moments, SCENES, strict=True)]
    heard = [TimedVector("audio", at, h) for at, (_, _, h) in zip(moments, SCENES, strict=True)]
    media = media_embeddings(made.segments, [*seen, *heard], "worded/1")
    return replace(made, embeddings=(*embed_segments(made.segments, embedder), *media))


@pytest.fixture
def library(graph, scenes, drop_mirrors):
    write_video(graph, scenes)
    return graph


@pytest.fixture
def measured(graph, scenes, drop_mirrors):
    """A library whose video has sidecars too: of each kind one vector, in the second scene."""
    beside = [TimedVector(space, 15_000, of(roar=1)) for space in SIDECAR_SPACES]
    more = media_embeddings(scenes.segments, beside, "worded/1")
    measured = replace(scenes, embeddings=(*scenes.embeddings, *more))
    write_video(graph, measured)
    return measured


@pytest.fixture
def opened(client, tmp_path):
    """Opens the library over an index folder of its own, with what embeds pictures, or without."""
    address = client.address
    settings = load_settings(home=tmp_path, neo4j_uri=address.uri, neo4j_password=address.password)
    parts = []

    def opened(media=None):
        parts.append(Composition(settings))
        vars(parts[-1])["media_embedder"] = media
        return parts[-1]

    yield opened
    for part in parts:
        part.close()


def mirrors(graph, statement):
    rows = graph.read(
        statement("SHOW VECTOR INDEXES YIELD name, state, options, labelsOrTypes RETURN *")
    )
    return {row["name"]: row for row in rows}


# Written and mirrored


@pytest.mark.parametrize("space", SPACE_LABELS)
def test_a_space_that_is_begun_is_mirrored(space, graph, measured, statement) -> None:
    index = mirrors(graph, statement)[f"{space}_vector"]
    config = index["options"]["indexConfig"]
    assert index["state"] == "ONLINE"
    assert index["labelsOrTypes"] == [SPACE_LABELS[space]]
    assert config["vector.dimensions"] == (384 if space == "text" else DIMENSION)
    assert config["vector.similarity_function"].lower() == "cosine"
    assert config.get("vector.quantization.enabled", False) is False


def test_the_mirror_finds_what_the_index_finds(library, opened, statement) -> None:
    query = of(tiger=1, peaceful=1)
    mirrored = library.read(
        statement(
            "CALL db.index.vector.queryNodes('vision_vector', 3, $vector) YIELD node, score"
            " RETURN node.label AS label, 2 * score - 1 AS cosine ORDER BY score DESC"
        ),
        vector=query.tolist(),
    )
    found = opened(Worded()).asked_indexes()["vision"].search(query, 3)
    assert [row["label"] for row in mirrored] == [label for label, _ in found]
    assert [row["cosine"] for row in mirrored] == pytest.approx([c for _, c in found], abs=1e-5)


def test_the_library_knows_its_spaces(library) -> None:
    assert begun_spaces(library) == (
        VectorSpace("audio", "worded/1", DIMENSION),
        VectorSpace("text", MiniLMEmbedder.model, 384),
        VectorSpace("vision", "worded/1", DIMENSION),
    )


def test_a_mirror_of_another_length_is_made_anew(library, graph, empty, scenes, statement) -> None:
    """A command began the space with another checkpoint and was killed before it wrote."""
    empty(graph)
    longer = tuple(
        replace(e, vector=np.resize(e.vector, 2 * DIMENSION)) if e.space == "vision" else e
        for e in scenes.embeddings
    )
    write_video(graph, replace(scenes, embeddings=longer))
    dimensions = {
        name: row["options"]["indexConfig"]["vector.dimensions"]
        for name, row in mirrors(graph, statement).items()
        if not name.endswith("_by_label")  # made by searches of the vector index neo4j
    }
    assert dimensions == {
        "text_vector": 384,
        "vision_vector": 2 * DIMENSION,
        "audio_vector": DIMENSION,
    }


def test_vectors_of_another_checkpoint_are_refused(library, scenes, statement) -> None:
    before = mirrors(library, statement)
    other = tuple(
        e if e.space == "text" else replace(e, model="worded/2", vector=np.resize(e.vector, 9))
        for e in scenes.embeddings
    )
    with pytest.raises(GraphError, match=r"vision vectors .* made by worded/1") as caught:
        write_video(library, replace(scenes, embeddings=other))
    assert "KGV_IMAGEBIND_CHECKPOINT" in caught.value.hint
    assert mirrors(library, statement) == before


def test_a_space_that_does_not_exist_is_refused(graph, scenes) -> None:
    smells = tuple(replace(e, space="smell") for e in scenes.embeddings)
    with pytest.raises(GraphError, match="no space of vectors named 'smell'") as caught:
        write_video(graph, replace(scenes, embeddings=smells))
    assert "text, vision, audio" in caught.value.hint


def test_deleting_a_video_takes_the_vectors_of_every_space(graph, measured, statement) -> None:
    delete_video(graph, measured.video.id)
    assert graph.read(statement("MATCH (e:Embedding) RETURN e")) == []
    for space in SPACE_LABELS:
        source = GraphEmbeddings(graph, space)
        assert source.latest_seq() == 2
        gone = {e.label for e in measured.embeddings if e.space == space}
        assert set(source.removed_since(1)) == gone


# Asked


def test_a_question_is_asked_in_every_space(library, opened, scenes) -> None:
    media = Worded()
    found = opened(media).ask.search("aggressive tiger")
    assert media.asked == ["aggressive tiger"]  # once, for both
    assert found[0].segment_id == scenes.segments[1].id
    assert set(found[0].via) >= {"text", "vision", "audio", "fulltext"}


def test_what_is_new_is_asked_for_in_one_round_trip(
    library, opened, scenes, video_graph, monkeypatch
) -> None:
    parts = opened(Worded())
    parts.asked_indexes()
    asked = []
    table = GraphClient.table
    monkeypatch.setattr(
        GraphClient,
        "table",
        lambda *args, **options: asked.append(args[1].name) or table(*args, **options),
    )
    assert list(parts.asked_indexes()) == ["text", "audio", "vision"]
    assert asked == ["graph/spaces"]
    other = replace(video_graph("other", [("Bob.", [])]), embeddings=())
    embedded = embed_segments(other.segments, parts.embedder)
    write_video(library, replace(other, embeddings=embedded))  # as another process would
    assert {e.label for e in embedded} <= parts.asked_indexes()["text"].labels


@pytest.mark.parametrize(
    ("modality", "roads", "found"),
    [("vision", {"vision"}, 3), ("sound", {"audio"}, 3), ("speech", {"text", "fulltext"}, 3)],
)
def test_a_modality_is_found_by_its_own_roads(modality, roads, found, library, opened) -> None:
    scope = Scope(modalities=frozenset({Modality(modality)}))
    hits = opened(Worded()).ask.search("tiger", scope=scope)
    assert len(hits) == found
    assert {road for hit in hits for road in hit.via} - {"graph"} == roads
    assert all(bool(hit.text) == (modality == "speech") for hit in hits)
    coloured = opened(Worded()).ask.search("tiger", emotional_context="roar", scope=scope)
    assert {road for hit in coloured for road in hit.via} - {"graph"} == roads


def test_a_picture_is_found_when_it_is_shown(library, opened, scenes) -> None:
    ask = opened(Worded()).ask
    (found,) = ask.search("tiger", space="vision", scope=Scope(window=Span(15_000, 15_001)))
    assert found.segment_id == scenes.segments[1].id
    assert ask.search("tiger", space="vision", scope=Scope(window=Span(15_001, 25_000))) == ()


@pytest.mark.parametrize(
    ("space", "query", "order"),
    [
        ("vision", "aggressive", [1, 0, 2]),
        ("vision", "tree", [2, 0, 1]),
        ("audio", "roar", [1, 2, 0]),
        ("audio", "rain", [0, 2, 1]),
    ],
)
def test_one_space_alone_can_be_asked(space, query, order, library, opened, scenes) -> None:
    found = opened(Worded()).ask.search(query, space=space)
    assert [e.via for e in found] == [(space,)] * 3
    assert found[0].segment_id == scenes.segments[order[0]].id
    assert {e.segment_id for e in found} == {segment.id for segment in scenes.segments}


def test_the_text_space_alone_needs_nothing_else(library, opened, scenes) -> None:
    media = Worded()
    found = opened(media).ask.search("a big cat at rest", space="text")
    assert found[0].segment_id == scenes.segments[0].id
    assert {e.via for e in found} == {("text",)}
    assert media.asked == []


def test_a_search_in_one_space_stays_in_the_chosen_videos(
    library, opened, scenes, video_graph
) -> None:
    write_video(library, replace(video_graph("other", [("Bob.", [])]), embeddings=()))
    ask = opened(Worded()).ask
    inside = ask.search("tiger", space="vision", scope=Scope((scenes.video.id,)))
    assert len(inside) == 3
    other = video_graph("other", [("Bob.", [])]).video.id
    assert ask.search("tiger", space="vision", scope=Scope((other,))) == ()


@pytest.mark.parametrize("space", ["smell", "Vision", ""])
def test_a_space_that_is_not_in_use_is_told_with_those_that_are(space, library, opened) -> None:
    with pytest.raises(AskError, match="no vectors of a space") as caught:
        opened(Worded()).ask.search("tiger", space=space)
    assert caught.value.hint == "In use: text, audio, vision."


@pytest.mark.parametrize("space", SIDECAR_SPACES)
def test_what_lies_beside_a_video_is_asked_by_its_name_alone(space, opened, measured) -> None:
    """And is told as seen: the roads that evidence can come by are few and fixed."""
    ask = opened(Worded()).ask
    (found,) = ask.search("roar", space=space)
    assert found.segment_id == measured.segments[1].id
    assert found.via == ("vision",)
    assert all(e.via != ("vision",) for e in ask.search("roar"))
    (coloured,) = ask.search("roar", space=space, emotional_context="peaceful")
    assert coloured.via == ("vision",)


def test_spaces_beside_are_verified_and_named_with_the_others(opened, measured) -> None:
    parts = opened(Worded())
    parts.follow_write()
    assert parts.indexes.verify(parts.spaces()).faults == ()
    with pytest.raises(AskError) as caught:
        parts.ask.search("tiger", space="smell")
    assert caught.value.hint == "In use: text, audio, depth, imu, thermal, vision."


# Left aside


def test_a_library_is_asked_without_what_made_its_pictures_vectors(library, opened) -> None:
    ask = opened().ask
    found = ask.search("tiger")
    assert found
    assert not {"vision", "audio"} & {road for e in found for road in e.via}
    with pytest.raises(AskError, match="'vision'") as caught:
        ask.search("tiger", space="vision")
    assert caught.value.hint == "In use: text."


def test_indexes_stay_whole_while_nobody_asks_them(library, opened, scenes) -> None:
    opened(Worded()).follow_write()
    without = opened()
    delete_video(library, scenes.video.id)
    without.follow_write()
    found = without.indexes.verify(without.spaces())
    assert (found.faults, found.vectors) == ((), 0)
    assert list(found.spaces) == ["text", "audio", "vision"]
    back = opened(Worded())
    assert back.ask.search("tiger", space="vision") == ()
    write_video(library, scenes)
    assert len(back.ask.search("tiger", space="vision")) == 3


def test_every_space_is_verified_and_built_anew(library, opened) -> None:
    parts = opened(Worded())
    parts.follow_write()
    assert parts.indexes.verify(parts.spaces()).faults == ()
    for file in parts.index_folder.glob("vision-*.index"):
        file.write_bytes(b"damaged")
    (fault,) = parts.indexes.verify(parts.spaces()).faults
    assert fault.startswith("vision: vision-")
    parts.indexes.rebuild(parts.spaces())
    found = parts.indexes.verify(parts.spaces())
    assert (found.faults, found.vectors) == ((), 9)


def test_another_checkpoint_is_refused_before_anything_is_asked(library, opened) -> None:
    with pytest.raises(GraphError, match=r"audio|vision") as caught:
        _ = opened(Worded(model="worded/2")).ask
    assert "KGV_IMAGEBIND_CHECKPOINT" in caught.value.hint


def test_an_engine_is_not_asked_where_the_library_has_no_such_vectors(
    graph, opened, scenes
) -> None:
    text = tuple(e for e in scenes.embeddings if e.space == "text")
    write_video(graph, replace(scenes, embeddings=text))
    media = Worded()
    parts = opened(media)
    assert parts.ask.search("tiger")
    assert media.asked == []
    assert [space.name for space in parts.spaces()] == ["text"]


# A mood


@pytest.mark.parametrize("space", ["text", "vision", None])
def test_a_mood_changes_the_order(space, library, opened, scenes) -> None:
    ask = opened(Worded()).ask
    calm, aggressive = (segment.id for segment in scenes.segments[:2])

    def tigers(mood=None):
        found = ask.search("tiger", emotional_context=mood, space=space)
        assert "emotion" not in str([e.via for e in found])
        return [e.segment_id for e in found if e.segment_id in {calm, aggressive}]

    assert tigers("aggressive") == [aggressive, calm]
    assert tigers("peaceful") == [calm, aggressive]
    assert len(tigers()) == 2

"""Small graphs for the graph tests, made by hand."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from kg_videorag import identity
from kg_videorag.model import (
    Embedding,
    Entity,
    EntityType,
    Mention,
    Modality,
    Relation,
    Segment,
    Sentence,
    Span,
    Video,
    VideoGraph,
    VideoStatus,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg_videorag.graph.client import GraphClient

VERSIONS = ("2026.08.1", "5.26.31")  # the newest, and the long-term one

Texts = list[tuple[str, list[str]]]


@pytest.fixture(scope="session", params=VERSIONS)
def client(request: pytest.FixtureRequest, neo4j_of: Callable[[str], GraphClient]) -> GraphClient:
    """What the graph tests ask, they ask both."""
    return neo4j_of(request.param)


@pytest.fixture(scope="session", name="video_graph")
def _video_graph() -> Callable[[str, Texts], VideoGraph]:
    return video_graph


def video_graph(name: str, texts: list[tuple[str, list[str]]]) -> VideoGraph:
    """A video of 10 s segments; each text with the names of the entities that it mentions."""
    video_id = identity.embedding_id(name, "", "", 0, "") * 2
    segments, mentions, relations, embeddings = [], [], [], []
    entities: dict[str, Entity] = {}
    for index, (text, named) in enumerate(texts):
        span = Span(index * 10_000, (index + 1) * 10_000)
        segment_id = identity.segment_id(video_id, span, "test")
        sentence = Sentence(text, Span(span.start_ms + 500, span.start_ms + 4_000))
        segments.append(Segment(segment_id, video_id, index, span, (sentence,)))
        ids = []
        for place, entity_name in enumerate(named):
            entity_id = identity.entity_id(EntityType.PERSON, entity_name)
            ids.append(entity_id)
            entities[entity_id] = Entity(entity_id, entity_name, EntityType.PERSON)
            said = Span(span.start_ms + 500 + 100 * place, span.start_ms + 600 + 100 * place)
            identifier = identity.mention_id(segment_id, entity_id, Modality.SPEECH, said)
            mentions.append(
                Mention(identifier, segment_id, entity_id, Modality.SPEECH, said, entity_name, 0.9)
            )
        for subject, object_ in pairwise(ids):
            identifier = identity.relation_id(
                subject, "know", object_, segment_id, span.start_ms, Modality.SPEECH
            )
            relations.append(
                Relation(
                    identifier, subject, "know", object_, segment_id, Modality.SPEECH,
                    sentence.span, text, 0.8,
                )
            )  # fmt: skip
        embedding_id = identity.embedding_id(segment_id, "text", "m", span.start_ms, text)
        rng = np.random.default_rng(int(embedding_id[:8], 16))
        vector = rng.normal(size=384).astype(np.float32)
        embeddings.append(
            Embedding(
                embedding_id, identity.embedding_label(embedding_id), segment_id, "text", "m",
                span.start_ms, vector / np.linalg.norm(vector),
            )
        )  # fmt: skip
    video = Video(video_id, name, f"/v/{name}.mp4", len(texts) * 10_000, None, None, "en")
    return VideoGraph(
        video, tuple(segments), tuple(entities.values()), tuple(mentions), tuple(relations),
        tuple(embeddings), "1", ("test/1",), VideoStatus.DONE, (),
    )  # fmt: skip

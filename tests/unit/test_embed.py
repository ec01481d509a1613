"""One vector a sentence, so that a hit knows its second, and one a segment of several."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from kg_videorag.identity import embedding_label
from kg_videorag.ingest.embed import embed_segments
from kg_videorag.model import EngineState, Modality, Segment, Sentence, Span


@dataclass
class Counting:
    """An Embedder whose n-th vector says n."""

    name: str = "counting"
    version: str = "1"
    space: str = "text"
    model: str = "counting/1"
    dimension: int = 2
    asked: list[list[str]] = field(default_factory=list)

    def check(self):
        return EngineState(ready=True, model="none", weights="none", checksum="none needed")

    def embed(self, texts):
        self.asked.append(list(texts))
        return np.asarray([[n, 1] for n in range(len(texts))], dtype=np.float32).reshape(-1, 2)


def segment(name, start_ms, *texts):
    sentences = tuple(
        Sentence(text, Span(start_ms + 100 + n * 1_000, start_ms + 1_000 + n * 1_000))
        for n, text in enumerate(texts)
    )
    return Segment(name, "v", 0, Span(start_ms, start_ms + 20_000), sentences)


@pytest.mark.parametrize(
    ("texts", "embedded"),
    [
        ([], []),
        (["One."], [(100, "One.")]),
        (["One.", "Two."], [(0, "One. Two."), (100, "One."), (1_100, "Two.")]),
    ],
)
def test_a_segment_is_embedded_whole_and_by_sentence(texts, embedded):
    embedder = Counting()
    found = embed_segments([segment("s", 0, *texts)], embedder)
    (asked,) = embedder.asked
    assert [(e.at_ms, text) for e, text in zip(found, asked, strict=True)] == embedded
    assert [e.whole for e in found] == [True, False, False][: len(found)]


def test_every_vector_is_that_of_its_text():
    segments = [segment("s1", 0, "One.", "Two."), segment("s2", 20_000, "Three.")]
    embedder = Counting()
    found = embed_segments(segments, embedder)
    assert embedder.asked == [["One. Two.", "One.", "Two.", "Three."]]  # one call for all
    assert [e.vector[0] for e in found] == [0, 1, 2, 3]
    assert [e.segment_id for e in found] == ["s1", "s1", "s1", "s2"]
    assert [e.at_ms for e in found] == [0, 100, 1_100, 20_100]


def test_embeddings_say_who_made_them():
    (found,) = embed_segments([segment("s", 0, "One.")], Counting())
    assert (found.space, found.model) == ("text", "counting/1")
    assert found.label == embedding_label(found.id)


def test_ids_are_unique_and_stable():
    segments = [segment(f"s{n}", n * 20_000, "Yes.", "Yes.", "No.") for n in range(20)]
    first, second = (embed_segments(segments, Counting()) for _ in range(2))
    assert len({e.id for e in first}) == len(first) == 20 * 4
    assert [e.id for e in first] == [e.id for e in second]


def test_another_model_makes_other_ids():
    segments = [segment("s", 0, "One.")]
    ids = {embed_segments(segments, Counting(model=model))[0].id for model in ("a", "b")}
    assert len(ids) == 2


def test_what_is_one_text_at_one_moment_is_embedded_once():
    twice = Sentence("Yes.", Span(500, 500))
    (segment,) = [Segment("s", "v", 0, Span(0, 20_000), (twice, twice))]
    embedder = Counting()
    embed_segments([segment], embedder)
    assert embedder.asked == [["Yes. Yes.", "Yes."]]


def test_nothing_said_is_nothing_embedded():
    assert embed_segments([], Counting()) == ()


def test_a_line_on_the_screen_is_embedded_under_its_heading():
    lines = (
        Sentence("Marie Curie", Span(2_000, 9_000), modality=Modality.SCREEN),
        Sentence("Born in Warsaw", Span(3_000, 9_000), modality=Modality.SCREEN,
                 heading="Marie Curie"),
    )  # fmt: skip
    shown = replace(segment("s", 0, "One."), screen=lines)
    embedder = Counting()
    found = embed_segments([shown], embedder)
    assert embedder.asked == [["One.", "Marie Curie", "Marie Curie: Born in Warsaw"]]
    assert [(e.at_ms, e.space) for e in found] == [(100, "text"), (2_000, "text"), (3_000, "text")]


def test_a_caption_is_embedded_by_sentence_at_the_moment_it_is_seen():
    captions = tuple(
        Sentence(text, Span(2_000, 9_000), modality=Modality.CAPTION)
        for text in ("A dog.", "Snow.")
    )
    embedder = Counting()
    found = embed_segments([replace(segment("s", 0, "One."), captions=captions)], embedder)
    assert embedder.asked == [["One.", "A dog.", "Snow."]]
    assert [(e.at_ms, e.whole) for e in found] == [(100, True), (2_000, False), (2_000, False)]

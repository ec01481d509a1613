"""What every Embedder keeps to."""

from __future__ import annotations

import numpy as np
import pytest

from kg_videorag.config import load_settings
from kg_videorag.engines.minilm import MINILM, MiniLMEmbedder
from kg_videorag.engines.sentence_transformers import SentenceTransformersEmbedder
from kg_videorag.errors import EngineUnavailable
from kg_videorag.ports import Embedder
from kg_videorag.words import reads

TEXTS = [
    "Neil Armstrong walked on the Moon.",
    "The tiger sleeps in the grass.",
    "",
    "🚀",
    "Кто открыл радий?",
    "word " * 3_000,
    "a",
    "Margaret Hamilton led the software team.",
]


@pytest.fixture(scope="module", params=[MiniLMEmbedder, SentenceTransformersEmbedder])
def embedder(request):
    # The packaged model by both libraries: sentence-transformers takes it as a folder.
    model = "" if request.param is MiniLMEmbedder else str(MINILM.locate())
    return request.param(cache_dir=load_settings().cache_dir, model=model, device="cpu")


@pytest.fixture(scope="module")
def vectors(embedder):
    return embedder.embed(TEXTS)


def test_it_is_an_embedder(embedder):
    assert isinstance(embedder, Embedder)
    assert embedder.name
    assert embedder.version
    assert embedder.model
    assert embedder.space == "text"
    assert all(len(code) == 2 for code in embedder.languages)
    assert reads(embedder.languages, "Who discovered radium?")


def test_it_is_ready(embedder):
    state = embedder.check()
    assert (state.ready, state.hint) == (True, "")
    assert state.checksum in ("verified", "present")


def test_a_text_is_a_row_of_float32(vectors, embedder):
    assert vectors.shape == (len(TEXTS), embedder.dimension)
    assert vectors.dtype == np.float32


def test_rows_have_length_1(vectors):
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_no_texts_are_no_rows(embedder):
    nothing = embedder.embed([])
    assert (nothing.shape, nothing.dtype) == ((0, embedder.dimension), np.float32)


@pytest.mark.parametrize(
    "text",
    ["", " ", "\n", "\0", "\u200b", "🚀" * 500, "x" * 20_000, "[MASK] [SEP] [CLS]"],
    ids=["empty", "space", "newline", "null", "zero width", "emoji", "one long word", "tokens"],
)
def test_no_text_is_too_strange(text, embedder):
    (vector,) = embedder.embed([text])
    assert np.isfinite(vector).all()
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


def test_the_same_text_has_the_same_vector(embedder, vectors):
    np.testing.assert_array_equal(embedder.embed(TEXTS), vectors)


@pytest.mark.parametrize("place", range(len(TEXTS)))
def test_a_text_is_embedded_alike_alone_and_among_others(place, embedder, vectors):
    (alone,) = embedder.embed([TEXTS[place]])
    assert float(alone @ vectors[place]) > 1 - 1e-2


def test_rows_stand_in_order_of_texts_over_many_batches(embedder):
    numbered = [f"Chapter {n} is about {'cats' if n % 2 else 'rockets'}." for n in range(150)]
    rows = embedder.embed(numbered)
    backwards = embedder.embed(numbered[::-1])[::-1]
    assert (np.einsum("ij,ij->i", rows, backwards) > 1 - 1e-2).all()


@pytest.mark.parametrize(
    ("text", "related", "unrelated"),
    [
        ("Who was the first man on the Moon?", TEXTS[0], TEXTS[1]),
        ("a big cat at rest", TEXTS[1], TEXTS[0]),
        ("Who was in charge of the programmers?", TEXTS[7], TEXTS[1]),
        ("He bought a car.", "He purchased an automobile.", "He boiled some rice."),
    ],
)
def test_what_means_alike_is_near(text, related, unrelated, embedder):
    vector, near, far = embedder.embed([text, related, unrelated])
    assert vector @ near > vector @ far + 0.1


def test_a_damaged_model_in_the_cache_is_told(tmp_path):
    (tmp_path / f"minilm-ct2-int8-{MINILM.sha256[:12]}").mkdir()
    with pytest.raises(EngineUnavailable, match="does not load") as caught:
        MiniLMEmbedder(cache_dir=tmp_path).embed(["x"])
    assert caught.value.hint


def test_a_cache_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("a file where a folder should be", encoding="utf-8")
    with pytest.raises(EngineUnavailable, match="cannot be written") as caught:
        MiniLMEmbedder(cache_dir=tmp_path / "file" / "cache").embed(["x"])
    assert caught.value.hint

"""Pictures at every change and every five seconds, sound by ten seconds, nothing of silence."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import pytest

from kg_videorag.identity import embedding_label
from kg_videorag.ingest.embed_media import MediaVectors, media_embeddings
from kg_videorag.model import (
    SAMPLE_RATE_HZ,
    AudioBlock,
    EngineState,
    Picture,
    Segment,
    Span,
    TimedVector,
)


@dataclass
class Telling:
    """A MediaEmbedder whose vectors say what they are of: a picture's colour, a sound's length."""

    name: str = "telling"
    version: str = "1"
    languages: frozenset[str] = frozenset()
    model: str = "telling/1"
    dimension: int = 2
    batches: list[int] = field(default_factory=list)

    def check(self):
        return EngineState(ready=True, model="none", weights="none", checksum="none needed")

    def embed_pictures(self, pictures):
        return self._rows([float(picture[0, 0, 0]) for picture in pictures])

    def embed_sounds(self, sounds):
        return self._rows([float(len(sound)) for sound in sounds])

    def _rows(self, values):
        self.batches.append(len(values))
        return np.asarray([[value, 1] for value in values], dtype=np.float32)


class Film:
    """Pictures of which only the latest can be had whole."""

    def __init__(self, scenes, *, every_ms=200, height_px=90):
        """Scenes as (grey, how many pictures); every picture has a dark and a lighter half."""
        greys = [grey for grey, count in scenes for _ in range(count)]
        self.shapes = (height_px, 160, 3)
        self.greys, self.every_ms = greys, every_ms

    def __iter__(self):
        for number, grey in enumerate(self.greys):
            self.latest = number
            small = np.full(self.shapes, grey, dtype=np.uint8)
            small[:, :80] += 20
            yield Picture(number * self.every_ms, small, lambda n=number: self._whole(n))

    def _whole(self, number):
        assert number == self.latest, "the picture is gone"
        return np.full((180, 320, 3), self.greys[number], dtype=np.uint8)


def seen(film, **options):
    embedder = Telling()
    media = MediaVectors(embedder, **options)
    for picture in film:
        media.see(picture)
    found = media.finish()
    assert {vector.space for vector in found} <= {"vision"}
    return [(vector.at_ms, int(vector.vector[0])) for vector in found], embedder


@pytest.mark.parametrize(
    ("scenes", "kept"),
    [
        ([], []),
        ([(50, 1)], [(0, 50)]),
        ([(50, 24)], [(0, 50)]),  # 4.8 s of one scene
        ([(50, 52)], [(0, 50), (5_000, 50), (10_000, 50)]),
        ([(50, 10), (100, 10)], [(0, 50), (2_000, 100)]),
        ([(50, 10), (55, 14)], [(0, 50)]),  # what compression makes of one scene
        ([(50, 2), (100, 2), (150, 8)], [(0, 50), (2_000, 150)]),  # flicker
        ([(50, 1), (100, 35)], [(0, 50), (2_000, 100), (7_000, 100)]),
    ],
)
def test_pictures_are_kept_at_changes_and_now_and_then(scenes, kept):
    assert seen(Film(scenes))[0] == kept


def test_a_picture_of_one_colour_shows_nothing():
    black = Picture(0, np.zeros((90, 160, 3), dtype=np.uint8), lambda: pytest.fail("not needed"))
    media = MediaVectors(Telling())
    media.see(black)
    assert media.finish() == ()


def test_pictures_of_another_size_are_another_scene():
    media = MediaVectors(Telling())
    for at_ms, height_px in ((0, 90), (2_000, 120)):
        (picture,) = Film([(50, 1)], height_px=height_px)
        media.see(Picture(at_ms, picture.small, picture.whole))
    assert [vector.at_ms for vector in media.finish()] == [0, 2_000]


@pytest.mark.parametrize(("batch", "batches"), [(8, [8, 8, 5]), (1, [1] * 21), (100, [21])])
def test_pictures_are_embedded_while_they_stream_by(batch, batches):
    kept, embedder = seen(Film([(50, 21)], every_ms=5_000), batch=batch)
    assert len(kept) == 21
    assert embedder.batches == batches


def test_large_pictures_do_not_wait_for_a_batch():
    embedder = Telling()
    media = MediaVectors(embedder, batch=8)
    film = Film([(50, 4)], every_ms=5_000)
    for picture in film:
        media.see(
            Picture(picture.at_ms, picture.small, lambda: np.ones((4_000, 8_000, 3), np.uint8))
        )
    media.finish()
    assert embedder.batches == [1, 1, 1, 1]  # 96 MB each


def heard(*blocks):
    embedder = Telling()
    media = MediaVectors(embedder)
    for block in blocks:
        media.hear(block)
    return [(v.space, v.at_ms, int(v.vector[0]) / SAMPLE_RATE_HZ) for v in media.finish()]


def noise(start_ms, *parts):
    """Parts as (loudness, seconds)."""
    rng = np.random.default_rng(0)
    samples = [loud * rng.standard_normal(round(s * SAMPLE_RATE_HZ)) for loud, s in parts]
    return AudioBlock(start_ms, np.concatenate(samples).astype(np.float32))


@pytest.mark.parametrize(
    ("blocks", "kept"),
    [
        ([noise(0, (0.1, 10))], [(5_000, 10)]),
        ([noise(0, (0.1, 30))], [(5_000, 10), (15_000, 10), (25_000, 10)]),
        ([noise(0, (0.1, 14))], [(7_000, 14)]),
        ([noise(0, (0.1, 16))], [(4_000, 8), (12_000, 8)]),
        ([noise(0, (0.1, 3))], [(1_500, 3)]),
        ([noise(0, (0.1, 0.3))], []),  # a click
        ([noise(0, (0.1, 10), (0, 10), (0.1, 10))], [(5_000, 10), (25_000, 10)]),
        ([noise(0, (1e-4, 20))], []),
        ([noise(2_500, (0.1, 10)), noise(60_000, (0.1, 10))], [(7_500, 10), (65_000, 10)]),
        ([AudioBlock(0, np.zeros(0, np.float32))], []),
    ],
)
def test_sound_is_kept_by_ten_seconds_and_silence_is_not(blocks, kept):
    assert heard(*blocks) == [("audio", at_ms, seconds) for at_ms, seconds in kept]


def segments(*bounds_ms):
    return [
        Segment(f"s{n}", "v", n, Span(a, b), ()) for n, (a, b) in enumerate(pairwise(bounds_ms))
    ]


def timed(*moments_ms, space="vision"):
    return [TimedVector(space, at, np.asarray([at, 1], dtype=np.float32)) for at in moments_ms]


def test_a_vector_belongs_to_the_segment_that_holds_its_moment():
    moments = (0, 9_999, 10_000, 24_999, 31_000)
    found = media_embeddings(segments(0, 10_000, 25_000, 30_000), timed(*moments), "m")
    assert [(e.at_ms, e.segment_id) for e in found] == list(
        zip(moments, ["s0", "s0", "s1", "s1", "s2"], strict=True)
    )


def test_embeddings_say_who_made_them():
    (found,) = media_embeddings(segments(0, 10_000), timed(5, space="audio"), "telling/1")
    assert (found.space, found.model) == ("audio", "telling/1")
    assert found.label == embedding_label(found.id)
    np.testing.assert_array_equal(found.vector, [5, 1])


def test_ids_are_unique_and_stable_and_of_one_model():
    given = [*timed(1, 2, 3), *timed(1, 2, 3, space="audio"), *timed(2)]
    first, second = (media_embeddings(segments(0, 10_000), given, "m") for _ in range(2))
    assert len({e.id for e in first}) == len(first) == 6  # what is one vector is kept once
    assert [e.id for e in first] == [e.id for e in second]
    other = media_embeddings(segments(0, 10_000), given, "m/2")
    assert not {e.id for e in first} & {e.id for e in other}


def test_a_video_without_segments_has_no_vectors():
    assert media_embeddings([], timed(1), "m") == ()

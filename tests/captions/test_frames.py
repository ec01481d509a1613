"""A picture at every change and now and then, once where nothing changes, within a bound."""

from __future__ import annotations

import numpy as np
import pytest

from kg_videorag.errors import MediaError
from kg_videorag.ingest.frames import FrameKeeper
from kg_videorag.jpeg import from_jpeg, to_jpeg
from kg_videorag.model import Frame, Picture


def picture(at_ms, *, grey=50, size=(1280, 720), line=False, seed=None):
    """A dark and a lighter half; perhaps a line of text, or all of it noise."""
    width, height = size

    def drawn(width, height):
        pixels = np.full((height, width, 3), grey, dtype=np.uint8)
        pixels[:, : width // 2] += 20
        if line:
            pixels[height // 4 : height // 3, width // 8 : width // 2] = 255
        if seed is not None:
            noise = np.random.default_rng(seed)
            pixels = noise.integers(0, 255, (height, width, 3), dtype=np.uint8)
        return pixels

    small_width = min(160, width)
    return Picture(
        at_ms,
        drawn(small_width, max(round(height * small_width / width), 1)),
        lambda: drawn(width, height),
    )


def kept(pictures, **options):
    keeper = FrameKeeper(**options)
    for one in pictures:
        keeper.see(one)
    return keeper.finish()


def test_they_are_kept_at_changes_and_now_and_then():
    scenes = [50] * 60 + [100] * 30 + [150] * 30
    frames = kept(picture(n * 200, grey=grey) for n, grey in enumerate(scenes))
    assert [frame.at_ms for frame in frames] == [0, 5_000, 10_000, 12_000, 17_000, 18_000 + 1_000]
    greys = [round(from_jpeg(frame.jpeg)[0, -1].mean()) for frame in frames]
    assert greys == pytest.approx([50, 50, 50, 100, 100, 150], abs=3)


def test_a_slide_that_stands_is_one_file_at_many_times():
    frames = kept(picture(n * 1_000) for n in range(3_600))
    assert len(frames) == 720
    assert len({id(frame.jpeg) for frame in frames}) == 1


def test_a_line_that_appears_makes_another_file():
    frames = kept([picture(0), picture(5_000), picture(10_000, line=True)])
    assert frames[0].jpeg is frames[1].jpeg
    assert frames[2].jpeg != frames[1].jpeg


@pytest.mark.parametrize(
    ("size", "kept_size"),
    [
        ((1280, 720), (768, 432)),
        ((720, 1280), (432, 768)),
        ((320, 180), (320, 180)),
        ((7_680, 4_320), (768, 432)),
        ((2_000, 10), (768, 4)),
    ],
)
def test_they_are_small_files_of_their_own_shape(size, kept_size):
    (frame,) = kept([picture(0, size=size)])
    height, width, _ = from_jpeg(frame.jpeg).shape
    assert (width, height) == kept_size


def test_a_picture_of_one_colour_is_not_converted():
    plain = Picture(0, np.zeros((90, 160, 3), np.uint8), lambda: pytest.fail("not needed"))
    assert kept([plain]) == ()


def test_hours_of_film_keep_to_the_bound_and_are_thinned_evenly():
    limit = 400_000
    film = (picture(n * 2_000, size=(320, 180), seed=n) for n in range(200))
    frames = kept(film, limit_bytes=limit)
    assert 0 < sum(len(frame.jpeg) for frame in frames) <= limit
    gaps = np.diff([frame.at_ms for frame in frames])
    assert frames[0].at_ms == 0
    assert gaps.max() <= 2 * gaps.min()
    assert frames[-1].at_ms >= 400_000 - gaps.max()


def test_a_file_that_is_no_picture_is_told():
    whole = to_jpeg(np.zeros((90, 160, 3), np.uint8))
    for damaged in (b"", b"GIF89a", whole[: len(whole) // 2]):
        with pytest.raises(MediaError, match="a kept picture cannot be read"):
            from_jpeg(Frame(0, damaged).jpeg)

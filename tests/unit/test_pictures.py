"""Real films, made here with PyAV: which pictures leave the decoder, and when they were shown."""

from __future__ import annotations

import random
import tracemalloc
from fractions import Fraction

import av
import numpy as np
import pytest

from kg_videorag.errors import MediaError, MediaTruncatedError
from kg_videorag.ingest.media import audio_blocks, decoded
from kg_videorag.model import SAMPLE_RATE_HZ, SMALL_WIDTH_PX, AudioBlock, Picture

STEP_MS = 100
TICKS = 1_000  # of the films' time bases, in a second
CHANGES_MS = (1_000, 2_340, 4_010)  # when another shade comes


def shade(at_ms):
    return 40 + 60 * sum(at_ms >= change_ms for change_ms in CHANGES_MS)


def film(
    path, *, codec="mpeg4", rate=25, length_ms=6_000, start_ms=0, size=(320, 180), times=None,
    sound_from_ms=None, options=None, container_options=None,
):  # fmt: skip
    """A film that changes its shade at CHANGES_MS after the picture's start; sound may join in."""
    times = times or range(0, length_ms, 1000 // rate)
    with av.open(str(path), "w", options=container_options or {}) as file:
        stream = file.add_stream(codec, rate=rate, options=options or {})
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.time_base = stream.codec_context.time_base = Fraction(1, TICKS)
        sound = (
            file.add_stream("aac", rate=16_000, layout="mono")
            if sound_from_ms is not None
            else None
        )
        frames = []
        for at_ms in times:
            pixels = np.full((size[1], size[0], 3), shade(at_ms), np.uint8)
            pixels[:, : size[0] // 4] = (at_ms // 40 * 13) % 255  # something that always moves
            frame = av.VideoFrame.from_ndarray(pixels, "rgb24")
            frame.pts, frame.time_base = start_ms + at_ms, Fraction(1, TICKS)
            frames.append((start_ms + at_ms, stream, frame))
        if sound is not None:
            for at_ms in range(sound_from_ms, start_ms + length_ms, 64):
                tone = np.full((1, 1024), 0.1, np.float32)
                frame = av.AudioFrame.from_ndarray(tone, "fltp", "mono")
                frame.sample_rate, frame.time_base = 16_000, Fraction(1, 16_000)
                frame.pts = at_ms * 16
                frames.append((at_ms, sound, frame))
        for _, track, frame in sorted(frames, key=lambda item: item[0]):
            file.mux(track.encode(frame))
        for track in file.streams:
            file.mux(track.encode(None))
    return path


def pictures(path, **options):
    return [part for part in decoded(path, **options) if isinstance(part, Picture)]


def changes_ms(seen):
    """When the right half of the picture takes another shade."""
    shades = [float(picture.small[:, -40:].mean()) for picture in seen]
    pairs = zip(shades, shades[1:], seen[1:], strict=False)
    return [picture.at_ms for before, after, picture in pairs if abs(after - before) > 30]


def until_error(path):
    seen = []
    try:
        seen.extend(decoded(path))
    except MediaError as error:
        return seen, error
    return seen, None


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("plain.mp4", {}),
        ("plain.mkv", {}),
        ("b_frames.mp4", {"codec": "libx264", "options": {"bf": "3", "g": "50"}}),
        ("b_frames.mkv", {"codec": "libx264", "options": {"bf": "3", "g": "50"}}),
        ("late.mkv", {"start_ms": 700, "sound_from_ms": 0}),
        ("late.mp4", {"start_ms": 700, "sound_from_ms": 0}),
        ("early.mkv", {"sound_from_ms": 900}),
        ("variable.mkv", {"times": [*range(0, 2_000, 20), *range(2_000, 6_000, 70)]}),
        ("fast.mp4", {"rate": 50}),
        ("slow.mp4", {"rate": 10}),
        ("stream.ts", {"codec": "libx264"}),
        ("web.webm", {"codec": "libvpx", "options": {"deadline": "realtime", "cpu-used": "8"}}),
    ],
)
def test_a_change_is_found_within_one_step(tmp_path, name, options):
    path = film(tmp_path / name, **options)
    begin_ms = options.get("start_ms", 0)
    frames_ms = options.get("times", range(0, 6_000, 1000 // options.get("rate", 25)))
    found_ms = changes_ms(pictures(path))
    assert len(found_ms) == len(CHANGES_MS)
    for found, change_ms in zip(found_ms, CHANGES_MS, strict=True):
        shown_ms = begin_ms + next(at_ms for at_ms in frames_ms if at_ms >= change_ms)
        assert shown_ms - 3 <= found <= shown_ms + STEP_MS


def test_pictures_come_in_order_ten_a_second_and_small(tmp_path):
    seen = pictures(film(tmp_path / "a.mp4", rate=50))
    at_ms = [picture.at_ms for picture in seen]
    assert at_ms[0] == 0
    assert at_ms == sorted(set(at_ms))
    assert len(seen) == pytest.approx(60, abs=2)
    assert {picture.small.shape for picture in seen} == {(90, SMALL_WIDTH_PX, 3)}
    assert seen[0].small.dtype == np.uint8


def test_a_frame_that_stands_for_seconds_is_one_picture(tmp_path):
    seen = pictures(film(tmp_path / "a.mkv", times=[0, 1_000, 4_010], length_ms=6_000))
    assert [picture.at_ms for picture in seen] == [0, 1_000, 4_010]


def test_the_whole_picture_has_its_own_size_and_colours(tmp_path):
    path = film(tmp_path / "a.mp4", size=(640, 360))
    first = next(part for part in decoded(path) if isinstance(part, Picture))
    whole = first.whole()
    assert (whole.shape, whole.dtype) == ((360, 640, 3), np.uint8)
    assert whole[:, 320:].mean() == pytest.approx(shade(0), abs=6)


@pytest.mark.parametrize(
    ("size", "small"), [((64, 32), (64, 32)), ((180, 640), (90, 320)), ((1280, 16), (160, 2))]
)
def test_small_pictures_keep_their_shape_and_are_never_enlarged(tmp_path, size, small):
    (first, *_) = pictures(film(tmp_path / "a.mkv", size=size, length_ms=400))
    assert first.small.shape == (small[1], small[0], 3)


def test_sound_and_pictures_come_in_one_pass_on_one_clock(tmp_path):
    path = film(tmp_path / "a.mp4", sound_from_ms=0)
    parts = list(decoded(path, block_s=2.0))
    blocks = [part for part in parts if isinstance(part, AudioBlock)]
    alone = list(audio_blocks(path, block_s=2.0))
    assert [block.start_ms for block in blocks] == [block.start_ms for block in alone]
    assert all(np.array_equal(a.samples, b.samples) for a, b in zip(blocks, alone, strict=True))
    assert changes_ms([part for part in parts if isinstance(part, Picture)]) == pytest.approx(
        CHANGES_MS, abs=STEP_MS + 40
    )
    after = parts[parts.index(blocks[0]) :]
    assert any(isinstance(part, Picture) for part in after), "not all pictures come first"


def test_either_can_be_left_out(tmp_path):
    path = film(tmp_path / "a.mp4", sound_from_ms=0)
    assert {type(part) for part in decoded(path, pictures=False)} == {AudioBlock}
    assert {type(part) for part in decoded(path, sound=False)} == {Picture}
    assert list(decoded(path, sound=False, pictures=False)) == []


def test_memory_does_not_grow_with_the_film(tmp_path):
    path = film(tmp_path / "a.mp4", rate=10, length_ms=30_000, size=(640, 360))
    tracemalloc.start()
    count = sum(1 for _ in decoded(path))
    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 300
    assert peak_bytes < 4_000_000  # all small pictures together would be 13 MB


def test_damaged_pictures_are_skipped_and_told_and_the_sound_goes_on(tmp_path):
    path = film(
        tmp_path / "hurt.mp4", codec="libx264", sound_from_ms=0, length_ms=8_000,
        options={"g": "25", "bf": "0"}, size=(640, 360),
    )  # fmt: skip
    sound = list(audio_blocks(path))
    with av.open(str(path)) as file:
        places = [(p.pos, p.size) for p in file.demux(video=0) if p.pos is not None and p.size]
    whole = bytearray(path.read_bytes())
    for place, size in places[50:125]:
        whole[place : place + size] = b"\xff" * size
    path.write_bytes(whole)
    parts, error = until_error(path)
    assert isinstance(error, MediaTruncatedError)
    assert "s of its pictures are damaged and were skipped" in error.message
    blocks = [part for part in parts if isinstance(part, AudioBlock)]
    assert sum(b.samples.size for b in blocks) == sum(b.samples.size for b in sound)
    seen_ms = [part.at_ms for part in parts if isinstance(part, Picture)]
    assert seen_ms[-1] > 7_000
    assert not any(2_200 < at_ms < 4_700 for at_ms in seen_ms)


def test_a_cut_silent_film_says_where_its_pictures_end(tmp_path):
    path = film(
        tmp_path / "cut.mp4", length_ms=8_000, size=(640, 360),
        container_options={"movflags": "faststart"},
    )  # fmt: skip
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    parts, error = until_error(path)
    assert parts
    assert isinstance(error, MediaTruncatedError)
    assert error.message.startswith("cut.mp4: the pictures end at 00:00:0")
    assert error.message.endswith("although the file says 00:00:08")


def test_a_film_lying_on_its_side_is_set_upright(tmp_path):
    path = tmp_path / "phone.mp4"
    with av.open(str(path), "w") as file:
        stream = file.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 320, 160, "yuv420p"
        pixels = np.zeros((160, 320, 3), np.uint8)
        pixels[:, :80] = 255  # left, as it is stored
        for index in range(10):
            frame = av.VideoFrame.from_ndarray(pixels, "rgb24")
            frame.pts, frame.time_base = index, Fraction(1, 10)
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    turned = path.read_bytes()
    plain = b"".join(
        n.to_bytes(4, "big", signed=True) for n in (65536, 0, 0, 0, 65536, 0, 0, 0, 1 << 30)
    )
    quarter = b"".join(
        n.to_bytes(4, "big", signed=True) for n in (0, 65536, 0, -65536, 0, 0, 0, 0, 1 << 30)
    )
    track = turned.index(b"tkhd")
    path.write_bytes(turned[:track] + turned[track:].replace(plain, quarter, 1))
    (first, *_) = pictures(path)
    assert first.small.shape == (320, 160, 3)
    assert first.whole().shape == (320, 160, 3)
    assert first.small[:60].mean() > 200, "the stored left is shown on top"
    assert first.small[-60:].mean() < 50


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.webm"])
def test_flipped_bytes_never_raise_anything_else(tmp_path, capfd, name):
    codec = "libvpx" if name.endswith("webm") else "libx264"
    sound = None if name.endswith("webm") else 0
    path = film(tmp_path / name, codec=codec, length_ms=1_000, sound_from_ms=sound)
    whole = path.read_bytes()
    chance = random.Random(name)
    for _ in range(25):
        hurt = bytearray(whole)
        for _ in range(4):
            hurt[chance.randrange(len(hurt))] ^= 1 << chance.randrange(8)
        path.write_bytes(hurt)
        for part in until_error(path)[0]:
            if isinstance(part, Picture):
                part.whole()
    assert capfd.readouterr().err == ""


def test_sound_alone_has_no_pictures(tmp_path):
    path = tmp_path / "a.wav"
    with av.open(str(path), "w") as file:
        stream = file.add_stream("pcm_s16le", rate=SAMPLE_RATE_HZ, layout="mono")
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 16_000), np.int16), "s16", "mono")
        frame.sample_rate, frame.pts = SAMPLE_RATE_HZ, 0
        file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    assert pictures(path) == []

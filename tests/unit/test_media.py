"""Real files, made here with PyAV: what they state, and where on the clock their sound lies."""

from __future__ import annotations

import contextlib
import random
import struct
import tracemalloc
import zlib
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from kg_videorag.errors import MediaError, MediaTruncatedError
from kg_videorag.ingest.media import audio_blocks, probe
from kg_videorag.model import SAMPLE_RATE_HZ

FORMATS = {
    "a.mp4": {"sound": "aac", "picture": "mpeg4"},
    "a.mkv": {"sound": "aac", "picture": "mpeg4"},
    "a.webm": {"sound": "libopus", "picture": "libvpx", "rate": 48_000},
    "a.mov": {"sound": "pcm_s16le", "picture": "mpeg4"},
    "a.mp3": {"sound": "mp3"},
    "a.wav": {"sound": "pcm_s16le"},
    "a.m4a": {"sound": "aac"},
    "a.flac": {"sound": "flac"},
}
BURST_S = 0.05
NEAR_S = 0.02


def signal(times_s, bursts_s=(), noise=0.0, quiet_s=()):
    """Noise with 50 ms bursts of 1 kHz, and stretches of nearly nothing."""
    sound = np.random.default_rng(1).normal(0, noise, times_s.size) if noise else 0 * times_s
    for start_s, end_s in quiet_s:
        sound[(times_s >= start_s) & (times_s < end_s)] *= 0.01
    for burst_s in bursts_s:
        inside = (times_s >= burst_s) & (times_s < burst_s + BURST_S)
        sound[inside] = 0.5 * np.cos(2 * np.pi * 1000 * times_s[inside])
    return sound.astype(np.float32)


def sound_frames(
    stream, *, rate, layout, length_s, start_s, frame_s=0.04, times=lambda at_s: at_s, **content
):
    """Frames of sound; `times` moves, or by None leaves out, a frame's presentation time."""
    convert = av.AudioResampler(stream.codec_context.format, layout, rate)
    step = round(rate * frame_s)
    channels = av.AudioLayout(layout).nb_channels
    for first in range(0, round(length_s * rate), step):
        at_s = start_s + first / rate
        if times(at_s) is None:
            continue
        samples = signal(at_s + np.arange(step) / rate, **content)
        frame = av.AudioFrame.from_ndarray(np.tile(samples, (channels, 1)), "fltp", layout)
        frame.sample_rate = rate
        frame.time_base = Fraction(1, rate)
        frame.pts = round(times(at_s) * rate)
        yield from ((times(at_s), stream, part) for part in convert.resample(frame))


def picture_frames(stream, length_s, start_s, pixels, rate=10):
    for index in range(round(length_s * rate)):
        plane = np.full((48, 32), index * 7 % 255, np.uint8)  # 32 x 32 in 4:2:0
        frame = av.VideoFrame.from_ndarray(plane, pixels)
        frame.time_base = Fraction(1, rate)
        frame.pts = index + round(start_s * rate)
        yield start_s + index / rate, stream, frame


def make(
    path, *, sound=None, picture=None, rate=44_100, layout="mono", length_s=3.0, start_s=0.0,
    late_s=0.0, container=None, options=None, title=None, **content,
):  # fmt: skip
    """Write a file; its sound begins `late_s` after its picture."""
    content.setdefault("bursts_s", (start_s + 1.0, start_s + 2.0))
    with av.open(str(path), "w", format=container, options=options or {}) as file:
        if title:
            file.metadata["title"] = title
        frames = []
        if picture:
            pixels = "yuvj420p" if picture == "mjpeg" else "yuv420p"
            stream = file.add_stream(picture, rate=10)
            stream.width, stream.height, stream.pix_fmt = 32, 32, pixels
            frames += picture_frames(stream, length_s, start_s, pixels)
        if sound:
            stream = file.add_stream(sound, rate=rate, layout=layout)
            content |= {"rate": rate, "layout": layout, "length_s": length_s}
            frames += sound_frames(stream, start_s=start_s + late_s, **content)
        streams = list(file.streams)
        for _, stream, frame in sorted(frames, key=lambda item: item[0]):
            file.mux(stream.encode(frame))
        for stream in streams:
            file.mux(stream.encode(None))
    return path


def bursts_s(blocks):
    """Where bursts begin in decoded blocks, in seconds on the clock."""
    found = []
    for block in blocks:
        for place in np.flatnonzero(np.abs(block.samples) > 0.2):
            at_s = block.start_ms / 1000 + place / SAMPLE_RATE_HZ
            if not found or at_s > found[-1][1] + 0.1:
                found.append([at_s, at_s])
            found[-1][1] = at_s
    return [first for first, _ in found]


def until_error(path, **options):
    """The blocks that come, and the error that ends them."""
    blocks = []
    try:
        blocks.extend(audio_blocks(path, **options))
    except MediaError as error:
        return blocks, error
    return blocks, None


def end_ms(block):
    return block.start_ms + block.samples.size * 1000 / SAMPLE_RATE_HZ


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_tells_its_length_and_gives_its_sound(tmp_path, name):
    path = make(tmp_path / name, **FORMATS[name])
    info = probe(path)
    (block,) = audio_blocks(path)
    moves = "picture" in FORMATS[name]
    assert info.path == path
    assert info.title == "a"
    assert info.duration_ms == pytest.approx(3000, abs=50)
    assert (info.width_px, info.height_px) == ((32, 32) if moves else (None, None))
    assert info.has_audio
    assert block.start_ms == 0
    assert block.samples.dtype == np.float32
    assert bursts_s([block]) == pytest.approx([1, 2], abs=NEAR_S)


def test_sound_that_begins_after_the_picture(tmp_path):
    path = make(tmp_path / "late.mkv", sound="pcm_s16le", picture="mpeg4", late_s=0.5)
    blocks = list(audio_blocks(path))
    assert blocks[0].start_ms == pytest.approx(500, abs=2)
    assert bursts_s(blocks) == pytest.approx([1, 2], abs=NEAR_S)
    assert probe(path).duration_ms == pytest.approx(3500, abs=50)


@pytest.mark.parametrize("name", ["late.mp4", "late.mov", "late.ts"])
def test_sound_coded_with_priming_keeps_its_place(tmp_path, name):
    path = make(tmp_path / name, sound="aac", picture="mpeg4", late_s=0.5)
    assert bursts_s(audio_blocks(path)) == pytest.approx([1, 2], abs=NEAR_S)


@pytest.mark.parametrize("name", ["ten.mkv", "ten.mov"])
def test_zero_is_the_earliest_presentation_time(tmp_path, name):
    path = make(tmp_path / name, sound="pcm_s16le", picture="mpeg4", start_s=10.0)
    blocks = list(audio_blocks(path))
    assert probe(path).duration_ms == pytest.approx(3000, abs=50)
    assert blocks[0].start_ms == 0
    assert bursts_s(blocks) == pytest.approx([1, 2], abs=NEAR_S)


@pytest.mark.parametrize(
    ("rate", "layout"),
    [(48_000, "stereo"), (48_000, "5.1"), (8_000, "mono"), (16_000, "mono"), (96_000, "mono")],
)
def test_any_rate_and_layout_is_mixed_at_its_own_loudness(tmp_path, rate, layout):
    path = make(tmp_path / "a.wav", sound="pcm_s16le", rate=rate, layout=layout)
    (block,) = audio_blocks(path)
    assert block.samples.size == pytest.approx(3 * SAMPLE_RATE_HZ, abs=2)
    assert np.abs(block.samples).max() == pytest.approx(0.5, abs=0.06)
    assert bursts_s([block]) == pytest.approx([1, 2], abs=NEAR_S)


def test_a_video_without_sound_gives_no_blocks(tmp_path):
    path = make(tmp_path / "mute.mp4", picture="mpeg4")
    assert not probe(path).has_audio
    assert list(audio_blocks(path)) == []


def png(width, height):
    def chunk(kind, data):
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes((width // 8 + 1) * min(height, 1000)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side_px", [64, 12_000, 40_000])
def test_a_cover_is_no_video_and_is_never_decoded(tmp_path, side_px):
    path = make(tmp_path / "song.mp3", sound="mp3")
    content = b"\0image/png\0\x03\0" + png(side_px, side_px)
    frame = b"APIC" + struct.pack(">I", len(content)) + b"\0\0" + content
    size = bytes(len(frame) >> shift & 0x7F for shift in (21, 14, 7, 0))
    path.write_bytes(b"ID3\x03\0\0" + size + frame + path.read_bytes())
    info = probe(path)
    assert (info.width_px, info.height_px, info.has_audio) == (None, None, True)
    assert bursts_s(audio_blocks(path)) == pytest.approx([1, 2], abs=NEAR_S)


@pytest.mark.parametrize(
    ("title", "expected"),
    [("Радий 📻", "Радий 📻"), ("a\x07b\nc", "a b c"), ("x" * 300, "x" * 200), ("\x01", "a.b")],
)
def test_the_title_is_the_containers_made_fit_to_show(tmp_path, title, expected):
    assert probe(make(tmp_path / "a.b.mkv", sound="flac", title=title)).title == expected


def test_a_title_in_another_encoding_does_not_stop_the_file(tmp_path):
    path = make(tmp_path / "a.wav", sound="pcm_s16le")
    tag = b"INFOINAM" + struct.pack("<I", 6) + b"Caf\xe9 1"
    whole = path.read_bytes() + b"LIST" + struct.pack("<I", len(tag)) + tag
    path.write_bytes(whole[:4] + struct.pack("<I", len(whole) - 8) + whole[8:])
    assert probe(path).title == "Caf 1"


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("live.webm", {"sound": "libopus", "rate": 48_000, "options": {"live": "1"}}),
        ("raw.aac", {"sound": "aac", "container": "adts"}),
        ("bare.mp3", {"sound": "mp3", "options": {"write_xing": "0"}}),
    ],
)
def test_a_length_that_is_not_stated_is_found(tmp_path, name, options):
    path = make(tmp_path / name, **options)
    assert probe(path).duration_ms == pytest.approx(3000, abs=100)
    assert until_error(path)[1] is None


def test_twenty_minutes_in_blocks_neither_drift_nor_pile_up(tmp_path):
    places_s = [*range(7, 1200, 37), 59.98, 119.5, 600.0, 1199.5]
    path = make(
        tmp_path / "long.flac", sound="flac", rate=11_025, length_s=1200, frame_s=1.0,
        bursts_s=places_s,
    )  # fmt: skip
    tracemalloc.start()
    found_s, ends_ms, starts_ms = [], [], []
    for block in audio_blocks(path, block_s=60):
        found_s += bursts_s([block])
        starts_ms.append(block.start_ms)
        ends_ms.append(end_ms(block))
        assert block.samples.size <= 60 * SAMPLE_RATE_HZ
    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found_s == pytest.approx(sorted(places_s), abs=NEAR_S)
    assert len(starts_ms) >= 20
    assert starts_ms[1:] == pytest.approx(ends_ms[:-1], abs=1)
    assert ends_ms[-1] == pytest.approx(1_200_000, abs=2)
    assert peak_bytes < 16_000_000  # a block is 4 MB as float32; the whole would be 77 MB


def test_a_block_is_cut_in_a_pause(tmp_path):
    path = make(
        tmp_path / "talk.wav", sound="pcm_s16le", rate=16_000, length_s=50, noise=0.1, bursts_s=(),
        quiet_s=[(5.0, 6.0), (27.0, 27.3)],
    )  # fmt: skip
    first, second = audio_blocks(path, block_s=30)
    assert 27_000 < end_ms(first) < 27_300
    assert second.start_ms == end_ms(first)


def test_a_short_gap_is_silence_and_a_long_one_begins_a_block(tmp_path):
    def times(at_s):
        return None if 1.2 <= at_s < 2.8 else at_s if at_s < 4 else at_s + 30

    path = make(
        tmp_path / "gaps.mkv", sound="pcm_s16le", length_s=6, bursts_s=(1, 3, 5), times=times,
    )  # fmt: skip
    first, second = audio_blocks(path)
    assert (first.start_ms, second.start_ms) == (0, 34_000)
    assert end_ms(first) == pytest.approx(4000, abs=2)
    assert bursts_s([first, second]) == pytest.approx([1, 3, 35], abs=NEAR_S)


def test_times_that_jitter_or_repeat_sound_keep_the_clock(tmp_path):
    def times(at_s):
        jitter_s = 0.01 * (round(at_s * 25) % 3)
        return at_s + jitter_s if at_s < 2 else 2 + (at_s - 2) / 2

    path = make(
        tmp_path / "odd.mkv", sound="pcm_s16le", length_s=6, bursts_s=(1,), times=times,
    )  # fmt: skip
    (block,) = audio_blocks(path)
    assert bursts_s([block]) == pytest.approx([1], abs=NEAR_S)
    assert end_ms(block) == pytest.approx(4000, abs=100)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("cut.mp4", {"sound": "aac", "picture": "mpeg4", "options": {"movflags": "faststart"}}),
        ("cut.mkv", {"sound": "aac", "picture": "mpeg4"}),
        ("cut.mp3", {"sound": "mp3"}),
        ("cut.wav", {"sound": "pcm_s16le"}),
        ("cut.flac", {"sound": "flac"}),
    ],
)
def test_a_cut_file_gives_what_it_has_and_then_says_so(tmp_path, name, options):
    path = make(tmp_path / name, length_s=12, noise=0.01, bursts_s=(1, 2, 11), **options)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    blocks, error = until_error(path)
    assert isinstance(error, MediaTruncatedError)
    assert error.message.startswith(f"{name}: the sound ends at 00:00:0")
    assert error.message.endswith("although the file says 00:00:12")
    assert error.hint
    assert error.decoded_ms == pytest.approx(end_ms(blocks[-1]), abs=1)
    assert 3000 < error.decoded_ms < 9000
    assert bursts_s(blocks) == pytest.approx([1, 2], abs=NEAR_S)


def test_ffmpeg_stays_silent_where_another_library_turns_its_log_on(tmp_path, caplog):
    path = make(tmp_path / "cut.flac", length_s=12, noise=0.01, sound="flac")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    before = av.logging.get_level()
    av.logging.set_level(av.logging.ERROR)  # as torchvision does
    try:
        until_error(path)
    finally:
        av.logging.set_level(before)
    assert [r for r in caplog.records if r.name.startswith("libav")] == []


def test_sound_that_rightly_ends_before_the_picture_is_not_called_cut(tmp_path):
    def times(at_s):
        return at_s if at_s < 2 else None

    for name in ("short.mkv", "short.mp4"):
        path = make(tmp_path / name, sound="aac", picture="mpeg4", length_s=9, times=times)
        blocks, error = until_error(path)
        assert error is None
        assert end_ms(blocks[-1]) == pytest.approx(2000, abs=50)


def test_sound_after_a_damaged_part_keeps_its_place(tmp_path):
    path = make(
        tmp_path / "hurt.flac", sound="flac", length_s=20, noise=0.01, bursts_s=(2, 18),
    )  # fmt: skip
    whole = bytearray(path.read_bytes())
    middle = slice(len(whole) * 4 // 10, len(whole) * 6 // 10)
    whole[middle] = bytes(len(whole[middle]))
    path.write_bytes(whole)
    heard_s = bursts_s(until_error(path)[0])  # a torn frame may click in between
    assert (heard_s[0], heard_s[-1]) == pytest.approx((2, 18), abs=NEAR_S)


def test_damaged_packets_are_skipped_and_told(tmp_path):
    path = make(tmp_path / "hurt.mp4", sound="aac", length_s=20, noise=0.01, bursts_s=(2, 18))
    whole = bytearray(path.read_bytes())
    middle = slice(len(whole) * 4 // 10, len(whole) * 6 // 10)
    whole[middle] = b"\xff" * len(whole[middle])
    path.write_bytes(whole)
    blocks, error = until_error(path)
    assert isinstance(error, MediaTruncatedError)
    assert "s of its sound are damaged and were skipped" in error.message
    assert bursts_s(blocks) == pytest.approx([2, 18], abs=NEAR_S)


def refused(tmp_path):
    """Files that are no media, by what is wrong with them."""
    sound = make(tmp_path / "sound.wav", sound="pcm_s16le")
    whole = make(tmp_path / "whole.m4a", sound="aac").read_bytes()
    key = "00112233445566778899aabbccddeeff"
    locked = make(
        tmp_path / "locked.mp4", sound="aac",
        options={"encryption_scheme": "cenc-aes-ctr", "encryption_key": key, "encryption_kid": key},
    )  # fmt: skip
    contents = {
        "is empty": b"",
        "is not video or sound": b"A shopping list.\n" * 200,
        "is not video or sound, or": png(64, 64),
        "or it is incomplete": whole[: len(whole) // 2],
        "it is not video": f"#EXTM3U\n#EXTINF:3,\n{sound}\n#EXT-X-ENDLIST\n".encode(),
        "not video or sound": f"ffconcat version 1.0\nfile {sound.name}\n".encode(),
        "or damaged": b"RIFF\x24\0\0\0WAVEfmt ",
    }
    for number, (what, content) in enumerate(contents.items()):
        path = tmp_path / f"bad {number}.mp4"
        path.write_bytes(content)
        yield what, path
    yield "is a folder", tmp_path
    yield "no such file", tmp_path / "missing.mp4"
    yield "encrypted or copy-protected", locked


def test_what_is_no_media_is_refused_in_one_line(tmp_path):
    for what, path in refused(tmp_path):
        for attempt in (probe, lambda path: list(audio_blocks(path))):
            with pytest.raises(MediaError) as caught:
                attempt(path)
            assert what in caught.value.message
            assert caught.value.message.startswith(f"{path.name}: ")
            assert str(tmp_path) not in caught.value.message
            assert "\n" not in caught.value.message
            assert caught.value.hint


def test_a_picture_in_a_films_container_is_refused(tmp_path):
    path = make(tmp_path / "photo.mov", picture="mjpeg", length_s=0.1)
    with pytest.raises(MediaError, match="still picture"):
        probe(path)


@pytest.mark.parametrize(
    "name",
    ["two words.wav", "лекция.wav", "📻.wav", "v1.2.final.wav", "-i.wav", "concat:x.wav",
     "http:x.wav", "%03d.wav", "[a]*?.wav", "no ending", "a\nb.wav", "b\udcff.wav"],
)  # fmt: skip
def test_a_name_is_only_a_name(tmp_path, monkeypatch, name):
    make(tmp_path / "plain.wav", sound="pcm_s16le").rename(tmp_path / name)
    monkeypatch.chdir(tmp_path)
    for path in (Path(name), tmp_path / name):
        assert probe(path).duration_ms == 3000
        assert probe(path).title.isprintable()
        assert len(list(audio_blocks(path))) == 1


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.mp3", "a.flac", "a.wav", "a.m4a"])
def test_flipped_bytes_never_raise_anything_else(tmp_path, capfd, name):
    whole = make(tmp_path / name, **FORMATS[name]).read_bytes()
    chance = random.Random(name)
    for _ in range(30):
        hurt = bytearray(whole)
        # Headers stand at the ends; half of the flips go there.
        spans = [len(hurt), min(600, len(hurt))]
        for span in spans:
            place = chance.randrange(-span // 2, span // 2)
            hurt[place] ^= 1 << chance.randrange(8)
        path = tmp_path / f"hurt-{name}"
        path.write_bytes(hurt)
        until_error(path)
        with contextlib.suppress(MediaError):
            assert probe(path).duration_ms > 0
    assert capfd.readouterr().err == ""


def test_a_block_shorter_than_a_second_is_refused(tmp_path):
    with pytest.raises(ValueError, match="block_s"):
        audio_blocks(tmp_path / "any.wav", block_s=0.5)

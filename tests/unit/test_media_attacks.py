"""Hostile and broken files, made here: each ends as an error or a stated partial result."""

from __future__ import annotations

import random
import struct
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import av
import numpy as np
import psutil
import pytest

from kg_videorag.errors import MediaError, MediaTruncatedError
from kg_videorag.ingest.media import MediaReader
from kg_videorag.ingest.media.allowed import DECODERS
from kg_videorag.ingest.media.worker.worker import Worker
from kg_videorag.model import AudioBlock, DecodeLimits, Picture

READER = MediaReader()
DONE, PARTIAL, FAILED = "done", "partial", "failed"
MOST_BYTES = 3 << 30
SEED = 18


@pytest.fixture(autouse=True)
def _none_survives_and_none_is_large(monkeypatch):
    """Asks each decoder for its own peak before it goes; those that crash are held by the limit."""
    peaks, leave = [], Worker.leave

    def noting(worker, **how):
        peaks.append(worker.peak_bytes)
        leave(worker, **how)

    monkeypatch.setattr(Worker, "leave", noting)
    yield
    assert max(peaks, default=0) < MOST_BYTES
    assert not [c for c in psutil.Process().children() if c.status() == psutil.STATUS_ZOMBIE]
    assert not [c for c in psutil.Process().children() if "media.worker" in str(c.cmdline())]


def outcome(path, media=READER):
    """What becomes of a file: a word, what is said, how many blocks and pictures came.

    Nothing but a MediaError may come out of it.
    """
    kinds, word, said = [], DONE, ""
    try:
        kinds.extend(type(part) for part in media.decoded(path))
    except MediaTruncatedError as error:
        word, said = PARTIAL, error.message
    except MediaError as error:
        word, said = FAILED, error.message
    assert said.startswith(f"{path.name}: ") is (word != DONE)
    return word, said, kinds.count(AudioBlock), kinds.count(Picture)


PIXELS = {"mjpeg": "yuvj420p", "png": "gray", "cinepak": "rgb24", "prores_ks": "yuv422p10le"}

RATES_HZ = {"libopus": 48_000, "real_144": 8_000}


def frames(count, size, rate=10, shade=None):
    for index in range(count):
        frame = av.VideoFrame(*size, "yuv420p")
        for plane in frame.planes:
            plane.update(bytes([index * 7 % 250 if shade is None else shade]) * plane.buffer_size)
        frame.pts, frame.time_base = index, Fraction(1, rate)
        yield frame


def make(path, picture=None, sound=None, *, size=(64, 48), count=30, rate=10, options=None):
    """A film of `count` pictures, and as much of a tone."""
    with av.open(str(path), "w") as file:
        if picture:
            film = file.add_stream(picture, rate=rate, options=options or {})
            film.width, film.height = size
            film.pix_fmt = PIXELS.get(picture, "yuv420p")
        if sound:
            hertz = RATES_HZ.get(sound, 44_100)
            voice = file.add_stream(sound, rate=hertz, layout="mono")
            voice.bit_rate = 64_000
            convert = av.AudioResampler(voice.codec_context.format, "mono", hertz)
            step = hertz // rate
            tone = np.sin(np.arange(step) * 0.05).astype(np.float32)[None] * 0.3
        pictures = frames(count, size, rate)
        for index in range(count):
            if picture:
                frame = next(pictures)
                file.mux(film.encode(frame.reformat(format=film.pix_fmt)))
            if sound:
                heard = av.AudioFrame.from_ndarray(tone, "fltp", "mono")
                heard.sample_rate, heard.pts = hertz, index * step
                heard.time_base = Fraction(1, hertz)
                file.mux([p for part in convert.resample(heard) for p in voice.encode(part)])
        for stream in file.streams:
            file.mux(stream.encode(None))
    return path


@pytest.fixture(scope="module")
def bombs(tmp_path_factory):
    """Pictures of 8192 x 8192 in less than 200 KB each, with a sound."""
    folder = tmp_path_factory.mktemp("bombs")
    small = {"preset": "ultrafast", "tune": "zerolatency"}
    h264 = small | {"x264-params": "cabac=1:ref=1"}
    hevc = small | {"x265-params": "log-level=none:frame-threads=1"}
    size = (8192, 8192)
    found = {
        "h264": make(folder / "h264.mp4", "libx264", "aac", size=size, count=2, options=h264),
        "hevc": make(folder / "hevc.mp4", "libx265", size=size, count=1, options=hevc),
        "png": make(folder / "png.mov", "png", size=size, count=1),
    }
    small_header = found["h264"].read_bytes().replace(struct.pack(">HH", *size), b"\0\x40\0\x30")
    found["lying"] = folder / "lying.mp4"
    found["lying"].write_bytes(
        small_header.replace(
            struct.pack(">II", *(px << 16 for px in size)), b"\0\x40\0\0\0\x30\0\0"
        )
    )
    assert max(path.stat().st_size for path in found.values()) <= 200_000
    return found


TOO_LARGE = "has 8192 x 8192 pixels, more than the 33,554,432 that are allowed"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("h264", (PARTIAL, f"h264.mp4: its picture {TOO_LARGE}", 1, 0)),
        ("hevc", (FAILED, f"hevc.mp4: its picture {TOO_LARGE}", 0, 0)),
        ("png", (FAILED, "png.mov: its picture is in png, which is not read", 0, 0)),
        ("lying", (PARTIAL, f"lying.mp4: its picture {TOO_LARGE}", 1, 0)),
    ],
)
def test_a_bomb_is_not_decoded(bombs, name, expected):
    assert outcome(bombs[name]) == expected


def test_a_bomb_without_sound_fails_when_it_is_probed(bombs):
    with pytest.raises(MediaError, match="more than the 33,554,432 that are allowed"):
        READER.probe(bombs["hevc"])


def test_who_allows_the_pixels_has_to_allow_the_memory(bombs):
    narrow = MediaReader(DecodeLimits(memory_bytes=256 << 20, pixels=2**27))
    said = "h264.mp4: its picture has 8192 x 8192 pixels, which take more memory than is allowed"
    assert outcome(bombs["h264"], narrow) == (PARTIAL, said, 1, 0)


def test_who_meets_the_limit_of_memory_is_told_so(tmp_path):
    path = make(tmp_path / "4k.mp4", "mpeg4", size=(3840, 2160), count=4)
    assert outcome(path) == (DONE, "", 0, 4)
    word, said, _, _ = outcome(path, MediaReader(DecodeLimits(memory_bytes=100 << 20)))
    assert word == FAILED
    assert said.endswith("to decode it takes more memory than is allowed")


def test_the_largest_picture_that_is_allowed_is_decoded(tmp_path):
    quick = {"preset": "ultrafast", "tune": "zerolatency"}
    path = make(tmp_path / "8k.mp4", "libx264", size=(7680, 4320), count=4, options=quick)
    assert outcome(path) == (DONE, "", 0, 4)


def test_pictures_that_grow_on_the_way_are_skipped(tmp_path):
    path = tmp_path / "grows.ts"
    with av.open(str(path), "w") as file:
        streams = [file.add_stream("libx264", rate=10, options={"g": "1"})]
        streams[0].width, streams[0].height, streams[0].pix_fmt = 64, 48, "yuv420p"
        small = [p for frame in frames(20, (64, 48)) for p in streams[0].encode(frame)]
        file.mux([*small, *streams[0].encode(None)])
        large = av.CodecContext.create("libx264", "w")
        large.width, large.height, large.pix_fmt = 2048, 2048, "yuv420p"
        large.time_base, large.options = Fraction(1, 10), {"preset": "ultrafast", "g": "1"}
        more = [p for frame in frames(20, (2048, 2048)) for p in large.encode(frame)]
        for packet in (*more, *large.encode(None)):
            packet.stream = streams[0]
            packet.pts, packet.dts = packet.pts + 20, packet.dts + 20
            file.mux(packet)
    assert outcome(path) == (DONE, "", 0, 40)
    word, said, _, pictures = outcome(path, MediaReader(DecodeLimits(pixels=2**21)))
    assert (word, pictures) == (PARTIAL, 20)
    assert "damaged and were skipped" in said


def test_a_cover_is_never_decoded(tmp_path):
    """A PNG of 30,000 x 30,000 in 110 KB before an mp3; a decoder would fill 2.7 GB with it."""
    side = 30_000
    squeeze = zlib.compressobj(9)
    row = bytes(1 + side // 8)
    pixels = b"".join(squeeze.compress(row) for _ in range(side)) + squeeze.flush()

    def chunk(kind, data):
        crc = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0))
    png = b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    picture = b"\0image/png\0\x03\0" + png
    frame = b"APIC" + struct.pack(">I", len(picture)) + b"\0\0" + picture
    size = len(frame)
    tag = b"ID3\x03\0\0" + bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0)) + frame
    path = make(tmp_path / "covered.mp3", sound="mp3")
    path.write_bytes(tag + path.read_bytes())
    with av.open(str(path)) as file:
        assert len(file.streams.video) == 1  # it is found, as a picture that is attached
    narrow = MediaReader(DecodeLimits(memory_bytes=128 << 20))
    assert outcome(path, narrow) == (DONE, "", 1, 0)
    assert narrow.probe(path).width_px is None


PLAYLISTS = {
    "m3u8.mp4": "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
    "mpd.mp4": '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static">'
    "<Period><BaseURL>file:///etc/passwd</BaseURL></Period></MPD>",
    "concat.mp4": "ffconcat version 1.0\nfile /etc/passwd\n",
    "sdp.mp4": "v=0\no=- 0 0 IN IP4 127.0.0.1\nm=video 9 RTP/AVP 96\na=rtpmap:96 H264/90000\n",
    "asx.mp4": '<asx version="3.0"><entry><ref href="http://127.0.0.1/"/></entry></asx>',
    "svg.mp4": '<svg xmlns="http://www.w3.org/2000/svg" width="8192" height="8192"></svg>',
    "text.mp4": "1\n00:00:00,500 --> 00:00:01,000\nThis is only text.\n",
}


@pytest.mark.parametrize("name", PLAYLISTS)
def test_a_playlist_that_is_named_a_film_is_refused(tmp_path, name):
    path = tmp_path / name
    path.write_text(PLAYLISTS[name])
    word, said, _, _ = outcome(path)
    assert (word, said) == (
        FAILED,
        f"{name}: it is not video or sound, or it is incomplete or damaged",
    )


def test_a_codec_off_the_list_is_named_and_how_to_convert_it(tmp_path):
    path = make(tmp_path / "old.avi", "cinepak", size=(64, 48), count=5)
    with pytest.raises(MediaError, match="its picture is in cinepak, which is not read") as caught:
        READER.probe(path)
    assert "ffmpeg -i" in caught.value.hint


def test_sound_off_the_list_leaves_the_pictures(tmp_path):
    path = make(tmp_path / "odd.mkv", "mpeg4", "real_144")
    word, said, blocks, pictures = outcome(path)
    assert (word, blocks, pictures) == (PARTIAL, 0, 30)
    assert said == "odd.mkv: its sound is in ra_144, which is not read"
    assert not READER.probe(path).has_audio


def test_most_decoders_of_the_list_are_in_this_build():
    there = {name for name in DECODERS if _is_decoder(name)}
    assert DECODERS - there <= {"libspeex", "libvpx", "libvpx-vp9", "libopencore_amrnb"}


def _is_decoder(name):
    try:
        return av.Codec(name, "r") is not None
    except av.codec.codec.UnknownCodecError:
        return False


def test_too_many_streams_are_refused(tmp_path):
    path = tmp_path / "many.mkv"
    with av.open(str(path), "w") as file:
        streams = [file.add_stream("pcm_s16le", rate=16_000, layout="mono") for _ in range(65)]
        for stream in streams:
            heard = av.AudioFrame.from_ndarray(np.ones((1, 16_000), np.int16), "s16", "mono")
            heard.sample_rate, heard.pts = 16_000, 0
            file.mux(stream.encode(heard))
    said = f"{path.name}: it holds more than the 64 streams that are allowed"
    assert outcome(path) == (FAILED, said, 0, 0)
    assert outcome(path, MediaReader(DecodeLimits(streams=65)))[0] == DONE


def test_what_comes_after_the_longest_length_is_left_out(tmp_path):
    path = make(tmp_path / "long.mkv", "mpeg4", "mp3", count=100)
    hour = MediaReader(DecodeLimits(duration_ms=3_600))
    word, said, blocks, pictures = outcome(path, hour)
    assert (word, blocks) == (PARTIAL, 1)
    assert 36 <= pictures < 50
    assert said == "long.mkv: it goes on after the 0.001 hours that are allowed"
    with pytest.raises(MediaError, match="it goes on after"):
        hour.probe(path)


def test_ten_thousands_of_pictures_in_one_second_are_cut_short(tmp_path):
    path = tmp_path / "dense.mkv"
    with av.open(str(path), "w") as file:
        film = file.add_stream("mpeg4", rate=1_000)
        film.width, film.height, film.pix_fmt = 16, 16, "yuv420p"
        for index, frame in enumerate(frames(13_000, (16, 16), rate=1_000)):
            for packet in film.encode(frame):
                packet.pts = packet.dts = index // 13
                file.mux(packet)
    word, said, _, pictures = outcome(path)
    assert (word, pictures <= 20) == (PARTIAL, True)
    assert "it holds more than 10," in said


@pytest.mark.parametrize(("name", "cuts"), [("cut.mp4", 40), ("cut.mkv", 10)])
def test_a_file_that_is_cut_anywhere_gives_what_came_before(tmp_path, name, cuts):
    fast = {"preset": "ultrafast"}
    whole = make(tmp_path / name, "libx264", "aac", count=80, options=fast).read_bytes()
    if name == "cut.mp4":  # with its table at the front, as for the web
        whole = _fast_start(tmp_path, tmp_path / name)

    def cut(number):
        path = tmp_path / f"{number} {name}"
        path.write_bytes(whole[: len(whole) * number // cuts])
        return outcome(path)

    ends = at_once(cut, range(cuts + 1))
    assert ends[0][0] == FAILED
    assert ends[-1][0] == DONE
    assert DONE not in [end[0] for end in ends[: cuts * 4 // 5]]  # a second less goes unnoticed
    shown = [end[3] for end in ends]
    assert shown == sorted(shown)
    middle = [end[0] for end in ends[cuts // 4 : cuts * 3 // 4]]
    assert set(middle) == {PARTIAL}


def _fast_start(folder, path):
    moved = folder / "front.mp4"
    with (
        av.open(str(path)) as file,
        av.open(str(moved), "w", options={"movflags": "faststart"}) as copy,
    ):
        streams = {s.index: copy.add_stream_from_template(s) for s in file.streams}
        for packet in file.demux():
            if packet.size:
                packet.stream = streams[packet.stream.index]
                copy.mux(packet)
    return moved.read_bytes()


def at_once(do, inputs):
    """Two at a time: most of a decoder's short life is spent on starting it."""
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(do, inputs))


KINDS = {
    "a.mp4": ("libx264", "aac"),
    "b.mkv": ("mpeg4", "mp3"),
    "c.webm": ("libvpx", "libopus"),
    "d.avi": ("mjpeg", "pcm_s16le"),
    "e.ts": ("mpeg2video", "mp2"),
    "f.wmv": ("wmv2", "wmav2"),
    "g.flv": ("flv", "mp3"),
    "h.mov": ("prores_ks", "pcm_s16le"),
    "i.flac": (None, "flac"),
    "j.ogg": (None, "libopus"),
}
FLIPS = 20  # of each kind


@pytest.mark.parametrize("name", KINDS)
def test_a_file_with_flipped_bytes_is_read_as_far_as_it_goes(tmp_path, name):
    picture, sound = KINDS[name]
    whole = make(tmp_path / name, picture, sound, rate=25 if name == "e.ts" else 10).read_bytes()
    chance = random.Random(f"{SEED} {name}")
    flipped = []
    for number in range(FLIPS):
        content = bytearray(whole)
        # Half of them in the header, where lengths and counts are.
        within = len(content) if number % 2 else min(len(content), 1_500)
        for _ in range(2 ** (number % 6)):
            content[chance.randrange(within)] ^= 1 << chance.randrange(8)
        path = tmp_path / f"{number} {name}"
        path.write_bytes(content)
        flipped.append(path)
    began_s = time.monotonic()
    ends = at_once(outcome, flipped)
    assert {end[0] for end in ends} <= {DONE, PARTIAL, FAILED}
    assert any(end[2] + end[3] for end in ends)  # most can be played still
    assert time.monotonic() - began_s < 60

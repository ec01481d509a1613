"""How a film's pictures are stored, and what is stored beside them: turned films, covers."""

from __future__ import annotations

from fractions import Fraction

import av
import numpy as np
import pytest

from kg_videorag.errors import MediaError
from kg_videorag.ingest.media import probe

GREYS = np.array([[40, 90], [150, 220]])  # of the four quarters, as stored
# The matrix (a, b, c, d) of ISO/IEC 14496-12, and where the quarters are shown.
TURNS = {
    "upright": ((1, 0, 0, 1), [[40, 90], [150, 220]]),
    "a quarter clockwise": ((0, 1, -1, 0), [[150, 40], [220, 90]]),
    "half": ((-1, 0, 0, -1), [[220, 150], [90, 40]]),
    "a quarter back": ((0, -1, 1, 0), [[90, 220], [40, 150]]),
    "mirrored": ((-1, 0, 0, 1), [[90, 40], [220, 150]]),
    "upside down in a mirror": ((1, 0, 0, -1), [[150, 220], [40, 90]]),
    "mirrored and a quarter back": ((0, 1, 1, 0), [[40, 150], [90, 220]]),
    "mirrored and a quarter on": ((0, -1, -1, 0), [[220, 90], [150, 40]]),
    "nearly a quarter clockwise": ((0.1, 0.99, -0.99, 0.1), [[150, 40], [220, 90]]),
}
WIDTH_PX, HEIGHT_PX = 320, 160


def matrix(a, b, c, d):
    """As an mp4 stores it, row by row."""
    fixed = [round(value * 65_536) for value in (a, b, 0, c, d, 0, 0, 0)]
    return b"".join(value.to_bytes(4, "big", signed=True) for value in (*fixed, 1 << 30))


def quarters(path):
    """A film of four quarters of grey."""
    pixels = np.repeat(np.kron(GREYS, np.ones((HEIGHT_PX // 2, WIDTH_PX // 2)))[:, :, None], 3, 2)
    with av.open(str(path), "w") as file:
        stream = file.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = WIDTH_PX, HEIGHT_PX, "yuv420p"
        for number in range(5):
            frame = av.VideoFrame.from_ndarray(pixels.astype(np.uint8), "rgb24")
            frame.pts, frame.time_base = number, Fraction(1, 10)
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return path


def greys(pixels):
    """The grey of each quarter of a picture."""
    height, width = pixels.shape[0] // 2, pixels.shape[1] // 2
    return [[pixels[y : y + height, x : x + width].mean() for x in (0, width)] for y in (0, height)]


@pytest.mark.parametrize("name", TURNS)
def test_a_turned_film_is_shown_as_players_show_it(media, tmp_path, name):
    numbers, shown = TURNS[name]
    path = quarters(tmp_path / "a.mp4")
    data = path.read_bytes()
    track = data.index(b"tkhd")
    turned = data[track:].replace(matrix(1, 0, 0, 1), matrix(*numbers), 1)
    path.write_bytes(data[:track] + turned)
    first = media.pictures(path)[0]
    lies = abs(numbers[0]) < abs(numbers[1])
    size = (WIDTH_PX, HEIGHT_PX) if lies else (HEIGHT_PX, WIDTH_PX)
    for pixels in (first.small, first.whole()):
        assert np.array(greys(pixels)) == pytest.approx(np.array(shown), abs=6)
    assert first.whole().shape == (*size, 3)
    assert (probe(path).height_px, probe(path).width_px) == size


COVERS = {
    "song.m4a": {"picture": ""},
    "song.mp3": {"picture": "", "sound": "mp3", "rate": 44_100},
    "song.flac": {"picture": "", "sound": "flac"},
    "film.mp4": {},
    "film.mkv": {},
}


# FFmpeg's muxers: its own for m4a takes no stream of pictures.
FFMPEG = {".m4a": "mp4", ".mp4": "mp4", ".mp3": "mp3", ".flac": "flac", ".mkv": "matroska"}


def with_cover(film, path, side_px):
    """Write a film, and a cover into it: a large picture without a time."""
    plain = film.write(path.with_stem("plain"))
    cover = av.CodecContext.create("mjpeg", "w")
    cover.width = cover.height = side_px
    cover.pix_fmt, cover.time_base = "yuvj420p", Fraction(1, 25)
    frame = av.VideoFrame.from_ndarray(np.full((side_px, side_px, 3), 200, np.uint8), "rgb24")
    (packet,) = [*cover.encode(frame.reformat(format="yuvj420p")), *cover.encode(None)]
    with av.open(str(plain)) as source, av.open(str(path), "w", format=FFMPEG[path.suffix]) as file:
        if path.suffix == ".mkv":
            file.add_attachment("cover.jpg", "image/jpeg", bytes(packet))
        copies = {s.index: file.add_stream_from_template(s) for s in source.streams}
        if path.suffix != ".mkv":
            picture = file.add_stream("mjpeg", rate=25)
            picture.width = picture.height = side_px
            picture.pix_fmt = "yuvj420p"
            picture.disposition = av.stream.Disposition.attached_pic
        packets = [p for p in source.demux() if p.size]
        if path.suffix != ".mkv":
            packet.stream, packet.pts, packet.dts = picture, 0, 0
            file.mux(packet)
        for part in packets:
            part.stream = copies[part.stream_index]
            file.mux(part)
    return path


@pytest.mark.parametrize("name", COVERS)
def test_a_cover_is_no_film_and_has_no_time(media, tmp_path, name):
    film = media.Film(**COVERS[name])
    path = with_cover(film, tmp_path / name, side_px=600)
    with av.open(str(path)) as file:
        assert any(s.disposition & av.stream.Disposition.attached_pic for s in file.streams.video)
    told, info = media.told(path), probe(path)
    shown_ms = {n: film.frames_ms[n] for n in told.frames_ms}
    assert told.frames_ms == pytest.approx(shown_ms, abs=1)
    assert told.chirps_ms == pytest.approx(film.chirps_ms, abs=1)
    assert (info.width_px, info.height_px) == ((64, 32) if film.picture else (None, None))
    assert info.duration_ms == pytest.approx(4000, abs=33)


def test_a_cover_alone_is_no_media(media, tmp_path):
    path = tmp_path / "cover.mp4"
    with av.open(str(path), "w") as file:
        stream = file.add_stream("mjpeg", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 32, "yuvj420p"
        stream.disposition = av.stream.Disposition.attached_pic
        frame = av.VideoFrame.from_ndarray(media.numbered(1), "rgb24").reformat(format="yuvj420p")
        frame.pts, frame.time_base = 0, Fraction(1, 25)
        file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    with pytest.raises(MediaError, match=r"neither sound nor moving pictures|still picture"):
        probe(path)

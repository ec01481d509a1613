"""Edit lists: what an mp4 says is shown, which is not always all that it holds."""

from __future__ import annotations

import struct

import pytest

from kg_videorag.ingest.media import probe

MOVIE_TICKS = 1000  # in a second, as FFmpeg writes it
FILM = {
    "picture": "libx264",
    "picture_options": {"bf": "2", "g": "10"},
    "sound": "pcm_s16le",
    "frames_ms": tuple(range(0, 10_000, 100)),
    "sound_ms": (0, 10_000),
    "chirps_ms": (500, 3500, 5500, 9500),
}
# A stretch is (how long it is shown, from where in the media); None is nothing, for so long.
WHOLE = [(10_000, 0)]
# For pictures, for sound, then what is shown when: {first number: ms}, chirps, the length.
EDITS = {
    "all": (WHOLE, WHOLE, [(0, 99, 0)], [500, 3500, 5500, 9500], 10_000),
    "the beginning is left out": (
        [(7_000, 3_000)], [(7_000, 3_000)], [(30, 99, 0)], [500, 2500, 6500], 7_000,
    ),
    "the end is left out": ([(5_000, 0)], [(5_000, 0)], [(0, 49, 0)], [500, 3500], 5_000),
    "the middle is left out": (
        [(3_000, 0), (4_000, 5_000)], [(3_000, 0), (4_000, 5_000)],
        [(0, 29, 0), (50, 89, 3_000)], [500, 3500], 7_000,
    ),
    "the second half first": (
        [(3_000, 5_000), (3_000, 0)], [(3_000, 5_000), (3_000, 0)],
        [(50, 79, 0), (0, 29, 3_000)], [500, 3500], 6_000,
    ),
    "nothing is shown at first": (
        [(2_000, None), *WHOLE], [(2_000, None), *WHOLE],
        [(0, 99, 0)], [500, 3500, 5500, 9500], 10_000,
    ),
    "the sound begins late": (
        WHOLE, [(1_500, None), (8_500, 0)], [(0, 99, 0)], [2000, 5000, 7000], 10_000,
    ),
    "the pictures begin late": (
        [(1_500, None), (8_500, 0)], WHOLE, [(0, 84, 1_500)], [500, 3500, 5500, 9500], None,
    ),
    "the sound's beginning is left out": (
        WHOLE, [(7_000, 3_000)], [(0, 99, 0)], [500, 2500, 6500], 10_000,
    ),
}  # fmt: skip


def boxes(data, start=0, end=None):
    """(kind, where it starts, where its content starts, where it ends) of each box."""
    end = len(data) if end is None else end
    while start < end:
        size, kind = struct.unpack_from(">I4s", data, start)
        yield kind, start, start + 8, start + size
        start += size


def box(kind, content):
    return struct.pack(">I4s", len(content) + 8, kind) + content


def inside(data, *kinds):
    """The content of a box within boxes."""
    for kind in kinds:
        data = next(data[c:e] for k, _, c, e in boxes(data) if k == kind)
    return data


def with_edits(path, edits):
    """Replace the edit lists; `edits` maps a track's kind, vide or soun, to its stretches."""
    data = path.read_bytes()
    *_, (kind, start, _, end) = boxes(data)
    assert kind == b"moov"
    assert end == len(data), "what comes before keeps its place"
    moov = inside(data, b"moov")
    parts = []
    for kind, first, content, last in boxes(moov):
        if kind != b"trak":
            parts.append(moov[first:last])
            continue
        track = moov[content:last]
        ticks = struct.unpack_from(">I", inside(track, b"mdia", b"mdhd"), 12)[0]
        handler = inside(track, b"mdia", b"hdlr")[8:12].decode()
        kept = [(k, track[s:e]) for k, s, _, e in boxes(track) if k != b"edts"]
        # The pictures' media begins with the delay of its B-frames.
        old = struct.unpack_from(">i", inside(track, b"edts", b"elst"), 12)[0]
        rows = b"".join(
            struct.pack(
                ">IiI",
                length_ms * MOVIE_TICKS // 1000,
                -1 if at_ms is None else at_ms * ticks // 1000 + old,
                0x10000,
            )
            for length_ms, at_ms in edits[handler]
        )
        edts = box(b"edts", box(b"elst", struct.pack(">II", 0, len(edits[handler])) + rows))
        joined = b"".join(part + (edts if k == b"tkhd" else b"") for k, part in kept)
        parts.append(box(b"trak", joined))
    path.write_bytes(data[:start] + box(b"moov", b"".join(parts)))
    return path


@pytest.mark.parametrize("name", EDITS)
def test_what_is_shown_counts_and_when(media, tmp_path, name):
    pictures, sound, shown, chirps_ms, length_ms = EDITS[name]
    path = media.Film(**FILM).write(tmp_path / "a.mov")
    path = with_edits(path, {"vide": pictures, "soun": sound})
    told = media.told(path)
    assert told.frames_ms == {
        number: at_ms + (number - first) * 100
        for first, last, at_ms in shown
        for number in range(first, last + 1)
    }
    assert told.chirps_ms == pytest.approx(chirps_ms, abs=1)
    if length_ms is not None:  # FFmpeg's is too long where pictures both come late and end soon
        assert probe(path).duration_ms == pytest.approx(length_ms, abs=100)

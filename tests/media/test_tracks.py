"""Films with several sound tracks: which is heard, and what is told of it."""

from __future__ import annotations

from fractions import Fraction

import av
import numpy as np
import pytest
from av.stream import Disposition

from kg_videorag.ingest.media import audio_blocks, caption_streams, probe

DEFAULT, COMMENT, DUB = Disposition.default, Disposition.comment, Disposition.dub
BLIND, DEAF = Disposition.visual_impaired, Disposition.hearing_impaired
NONE = Disposition(0)
RATE = 16_000


def film(media, path, *tracks, late_ms=0):
    """The nth of its tracks (language, disposition, title) chirps at n x 500 ms."""
    with av.open(str(path), "w") as file:
        picture = file.add_stream("mpeg4", rate=10)
        (picture.width, picture.height), picture.pix_fmt = media.SIZE_PX, "yuv420p"
        streams = []
        for language, disposition, *title in tracks:
            stream = file.add_stream("flac" if path.suffix == ".mkv" else "aac", rate=RATE)
            stream.layout = "mono"
            stream.disposition = disposition
            if language:
                stream.metadata["language"] = language
            if title:
                stream.metadata["title"] = title[0]
            streams.append(stream)
        frames = []
        for number in range(30):
            frame = av.VideoFrame.from_ndarray(media.numbered(number), "rgb24")
            frame.pts, frame.time_base = number, Fraction(1, 10)
            frames.append((number / 10, picture, frame))
        for which, stream in enumerate(streams, start=1):
            convert = av.AudioResampler(stream.codec_context.format, "mono", RATE)
            for at_ms in range(late_ms if which == 2 else 0, 3000, 50):
                times_s = at_ms / 1000 + np.arange(RATE // 20) / RATE
                samples = media.chirp(times_s - which / 2)[None]
                frame = av.AudioFrame.from_ndarray(samples, "fltp", "mono")
                frame.sample_rate, frame.time_base = RATE, Fraction(1, RATE)
                frame.pts = at_ms * RATE // 1000
                frames += [(at_ms / 1000, stream, part) for part in convert.resample(frame)]
        for _, stream, frame in sorted(frames, key=lambda item: item[0]):
            file.mux(stream.encode(frame))
        for stream in (picture, *streams):
            file.mux(stream.encode(None))
    return path


# Tracks, the language that is asked for, the track that is heard, and what is told.
CHOICES = {
    "one": ([("rus", DEFAULT)], "", 1, ""),
    "one, as asked": ([("rus", DEFAULT)], "ru", 1, ""),
    "one, not as asked": ([("rus", DEFAULT)], "en", 1, "its sound is tagged rus, not en"),
    "one without a tag": ([("", DEFAULT)], "en", 1, ""),
    "as asked": (
        [("eng", DEFAULT), ("fra", NONE), ("rus", NONE)], "ru",
        3, "3 sound tracks: heard the 3rd (rus)",
    ),
    "the default": (
        [("eng", NONE), ("rus", DEFAULT)], "",
        2, "2 sound tracks: heard the 2nd (rus)",
    ),
    "nobody speaks it": (
        [("eng", NONE), ("rus", DEFAULT)], "de",
        2, "2 sound tracks, none tagged de: heard the 2nd (rus)",
    ),
    "two in it": (
        [("eng", DEFAULT), ("rus", NONE), ("rus", DEFAULT)], "ru",
        3, "3 sound tracks: heard the 3rd (rus)",
    ),
    "commentary by default": (
        [("eng", DEFAULT | COMMENT), ("eng", NONE)], "en",
        2, "2 sound tracks: heard the 2nd (eng)",
    ),
    "commentary by its title": (
        [("eng", DEFAULT, "Director's Commentary"), ("eng", NONE)], "",
        2, "2 sound tracks: heard the 2nd (eng)",
    ),
    "only the commentary is in it": (
        [("eng", DEFAULT), ("rus", COMMENT)], "ru",
        1, "2 sound tracks, none but commentary tagged ru: heard the 1st (eng)",
    ),
    "described for the blind": (
        [("rus", BLIND | DEFAULT), ("rus", DEAF)], "ru",
        2, "2 sound tracks: heard the 2nd (rus)",
    ),
    "dubbed, nobody asked": (
        [("rus", DUB | DEFAULT), ("eng", NONE)], "",
        2, "2 sound tracks: heard the 2nd (eng)",
    ),
    "dubbed, as asked": (
        [("rus", DUB), ("eng", DEFAULT)], "ru",
        1, "2 sound tracks: heard the 1st (rus)",
    ),
    "without tags": (
        [("", DEFAULT), ("", NONE)], "ru",
        1, "2 sound tracks, none tagged ru: heard the 1st",
    ),
    "a language by another code": (
        [("eng", DEFAULT), ("ger", NONE)], "de",
        2, "2 sound tracks: heard the 2nd (ger)",
    ),
    "a language without two letters": (
        [("eng", DEFAULT), ("yue", NONE)], "yue",
        2, "2 sound tracks: heard the 2nd (yue)",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CHOICES)
def test_the_track_that_is_heard(media, tmp_path, name):
    tracks, language, number, note = CHOICES[name]
    path = film(media, tmp_path / "a.mkv", *tracks)
    info = probe(path, language=language)
    assert info.sound_note == note
    assert info.sound_track == (number if len(tracks) > 1 else 0)
    assert media.told(path, track=info.sound_track).chirps_ms == pytest.approx([number * 500])


def test_an_mp4_tells_its_languages_too(media, tmp_path):
    path = film(media, tmp_path / "a.mp4", ("eng", DEFAULT), ("rus", NONE), ("fra", NONE))
    for language, number in (("ru", 2), ("fr", 3), ("", 1)):
        info = probe(path, language=language)
        assert info.sound_track == number
        told = media.told(path, track=info.sound_track)
        assert told.chirps_ms == pytest.approx([number * 500], abs=1)
    assert caption_streams(path)[1] == "eng"


def test_the_clock_is_the_same_whichever_is_heard(media, tmp_path):
    path = film(media, tmp_path / "a.mkv", ("eng", DEFAULT), ("rus", NONE), late_ms=700)
    assert [block.start_ms for block in audio_blocks(path, track=2)] == [700]
    for number in (1, 2):
        told = media.told(path, track=number)
        assert told.chirps_ms == pytest.approx([number * 500] if number == 1 else [1000])
        assert told.frames_ms[10] == 1000

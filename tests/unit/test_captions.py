"""Subtitles inside files, muxed here with PyAV."""

from __future__ import annotations

from fractions import Fraction

import av
import numpy as np
import pytest

from kg_videorag.errors import MediaError
from kg_videorag.ingest.media import MediaReader, caption_streams, probe, read_captions
from kg_videorag.ingest.subtitles import find_subtitles
from kg_videorag.model import Span

ASS_HEADER = b"""[Script Info]
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold,\
 Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow,\
 Alignment, MarginL, MarginR, MarginV, Encoding
Style: Default,Arial,16,&Hffffff,&Hffffff,&H0,&H0,0,0,0,0,100,100,0,0,1,1,0,2,10,10,10,1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""
FRAMES_PER_S = 10
FORCED = av.stream.Disposition.forced


def packed(codec, text, number):
    """A packet's bytes, as each codec wants them."""
    if codec == "ass":
        return f"{number},0,Default,Anna,0,0,0,,{{\\an8}}{text}".encode()
    data = text.encode()
    return len(data).to_bytes(2, "big") + data if codec == "mov_text" else data


def film(path, *streams, seconds=5, first_ms=0):
    """A black film. A stream is (codec, language, cues, forced); a cue (start_ms, end_ms, text)."""
    with av.open(str(path), "w") as file:
        video = file.add_stream("mpeg4", rate=FRAMES_PER_S)
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        tracks = []
        for codec, language, _, forced in streams:
            track = file.add_stream(codec)
            track.codec_context.subtitle_header = ASS_HEADER
            track.time_base = Fraction(1, 1000)
            track.metadata["language"] = language
            if forced:
                track.disposition = FORCED
            tracks.append(track)
        black = av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), format="rgb24")
        for number in range(seconds * FRAMES_PER_S):
            black.pts = number + first_ms * FRAMES_PER_S // 1000
            file.mux(video.encode(black))
        file.mux(video.encode())
        for track, (codec, _, cues, _) in zip(tracks, streams, strict=True):
            for number, (start_ms, end_ms, text) in enumerate(cues):
                packet = av.Packet(packed(codec, text, number))
                packet.stream, packet.time_base = track, Fraction(1, 1000)
                packet.pts = packet.dts = start_ms + first_ms
                packet.duration = end_ms - start_ms
                file.mux(packet)
    return path


def found_in(path, **options):
    return find_subtitles(MediaReader(), path, duration_ms=probe(path).duration_ms, **options)


CUES = [(500, 1_500, "Привет, мир."), (2_000, 3_250, "Как дела?")]


@pytest.mark.parametrize(
    ("name", "codec"),
    [("a.mkv", "subrip"), ("a.mkv", "webvtt"), ("a.mkv", "ass"), ("a.mp4", "mov_text")],
)
def test_text_streams_are_read_at_their_times(tmp_path, name, codec):
    found = found_in(film(tmp_path / name, (codec, "rus", CUES, False)))
    assert [(s.text, s.span) for s in found.sentences] == [
        ("Привет, мир.", Span(500, 1_500)),
        ("Как дела?", Span(2_000, 3_250)),
    ]
    assert found.language == "ru"
    assert found.source.startswith("subtitles/inside-")
    assert {s.speaker for s in found.sentences} == {"Anna" if codec == "ass" else ""}


def test_times_count_from_the_videos_zero(tmp_path):
    path = film(tmp_path / "late.mkv", ("subrip", "rus", CUES, False), first_ms=10_000)
    assert found_in(path).sentences[0].span == Span(500, 1_500)


def test_a_forced_stream_is_no_transcript(tmp_path):
    path = film(tmp_path / "a.mkv", ("subrip", "eng", [(0, 900, "Sign.")], True))
    assert not found_in(path).found


def test_one_stream_is_chosen_by_language(tmp_path):
    streams = [
        ("subrip", "ger", [(0, 900, "Hallo.")], False),
        ("subrip", "eng", [(0, 900, "Hello.")], False),
        ("subrip", "rus", [(0, 900, "Привет.")], False),
    ]
    path = film(tmp_path / "a.mkv", *streams)
    found = found_in(path)
    assert [s.text for s in found.sentences] == ["Hello."]
    (warning,) = found.warnings
    one, two, three = (f"subtitle stream {n} of a.mkv" for n in (1, 2, 3))
    assert warning == f"{two} was used, not {one}, {three}"
    assert [s.text for s in found_in(path, language="ru").sentences] == ["Привет."]
    assert not found_in(path, language="fr").found


def test_a_file_beside_goes_before_a_stream_inside(tmp_path):
    path = film(tmp_path / "a.mkv", ("subrip", "rus", CUES, False))
    (tmp_path / "a.srt").write_text("1\n00:00:00,100 --> 00:00:00,900\nHello.\n", encoding="utf-8")
    assert [s.text for s in found_in(path).sentences] == ["Hello."]


def test_what_a_file_holds_is_told_without_reading_it(tmp_path):
    path = film(tmp_path / "a.mkv", ("ass", "rus", CUES, False), ("subrip", "und", CUES, True))
    streams, sound = caption_streams(path)
    assert [(s.index, s.codec, s.language, s.forced) for s in streams] == [
        (1, "ssa", "rus", False),
        (2, "srt", "", True),
    ]
    assert sound == ""


def test_a_packet_that_is_no_text_says_nothing(tmp_path):
    path = film(tmp_path / "a.mp4", ("mov_text", "rus", [(0, 900, "Привет.")], False))
    data = path.read_bytes()
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(data.replace("Привет.".encode(), b"\xff" * len("Привет.".encode())))
    read_captions(broken, 1)  # whatever it makes of it, it does not raise


def test_a_file_that_cannot_be_read_is_a_media_error(tmp_path):
    (tmp_path / "a.mkv").write_bytes(b"nothing")
    with pytest.raises(MediaError):
        read_captions(tmp_path / "a.mkv", 1)

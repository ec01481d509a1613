"""Every container and codec, every odd beginning: each frame and each chirp at its millisecond.

The clock begins with whatever is presented first (docs/adr/0002-clock.md). Encoders of sound add
some silence before the first sample; mp4, Matroska and Ogg tell how much, so that it is left out.
MPEG-TS, FLV and bare AAC do not, and players play it: there it is part of the sound, and the
clock begins with it where nothing is shown sooner.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from kg_videorag.ingest.media import probe

X264 = {"picture": "libx264", "picture_options": {"bf": "3", "g": "25"}}
FRAGMENTS = {"movflags": "frag_keyframe+delay_moov"}
DASH = {"movflags": "frag_keyframe+delay_moov+default_base_moof+global_sidx"}
OLD = {"picture_ticks": 25}
LARGE = {"b": "2000000", "minrate": "2000000", "maxrate": "2000000", "bufsize": "400000"}
AAC_MS, AC3_MS, MP2_MS = 1024 / 48, 256 / 48, 481 / 48  # of silence before the first sample
# What is in the file, and how much silence before the sound it does not tell of.
FORMATS = {
    "mpeg4.mp4": ({}, 0),
    "b_frames.mp4": (X264, 0),
    "fragments.mp4": (X264 | {"options": FRAGMENTS}, 0),
    "dash.mp4": (X264 | {"options": DASH}, 0),
    "hevc_10_bit.mp4": ({"picture": "libx265", "pixels": "yuv420p10le"}, 0),
    "av1_10_bit.mp4": ({"picture": "libsvtav1", "pixels": "yuv420p10le"}, 0),
    "pcm.mov": ({"sound": "pcm_s16le"}, 0),
    "prores_10_bit.mov": ({"picture": "prores", "pixels": "yuv422p10le", "sound": "pcm_s24le"}, 0),
    "b_frames.mkv": (X264, 0),
    "hi10p.mkv": (X264 | {"pixels": "yuv420p10le", "sound": "flac"}, 0),
    "ffv1_10_bit.mkv": ({"picture": "ffv1", "pixels": "yuv420p10le", "sound": "ac3"}, 0),
    "opus.webm": ({"picture": "libvpx-vp9", "sound": "libopus"}, 0),
    "vp8.webm": ({"picture": "libvpx", "sound": "libopus"}, 0),
    "b_frames.ts": (X264, AAC_MS),
    "interlaced.ts": (
        {"picture": "libx264", "picture_options": {"flags": "+ildct+ilme", "bf": "2"}}, AAC_MS,
    ),
    "ac3.ts": (X264 | {"sound": "ac3"}, AC3_MS),
    "mpeg2.ts": (OLD | {"picture": "mpeg2video", "sound": "mp2"}, MP2_MS),
    # Its packets of 2 kB hold many such small pictures, and tell the time of one of them alone.
    "mpeg2.mpg": (
        OLD | {"picture": "mpeg2video", "sound": "mp2", "picture_options": LARGE}, MP2_MS,
    ),
    "b_frames.flv": (X264 | {"rate": 44_100}, 1024 / 44.1),
}  # fmt: skip
BEGINNINGS = {
    "together": {},
    "the sound 1.5 s late": {"sound_ms": (1500, 4000)},
    "the pictures 1 s late": {"frames_ms": tuple(range(1000, 4000, 40))},
    "both at 10 s": {
        "frames_ms": tuple(range(10_000, 14_000, 40)),
        "sound_ms": (10_000, 14_000),
        "chirps_ms": (12_000, 13_000),
    },
}
SOUNDS = {
    "a.wav": ({"sound": "pcm_s16le"}, 0),
    "float.wav": ({"sound": "pcm_f32le"}, 0),
    "telephone.wav": ({"sound": "pcm_alaw", "rate": 8_000}, 0),
    "a.aiff": ({"sound": "pcm_s16be"}, 0),
    "a.flac": ({"sound": "flac"}, 0),
    "a.mp3": ({"sound": "mp3", "rate": 44_100}, 0),
    "a.m4a": ({"sound": "aac"}, 0),
    "alac.m4a": ({"sound": "alac"}, 0),
    "a.opus": ({"sound": "libopus"}, 0),
    "a.ogg": ({"sound": "libopus"}, 0),
    "a.mka": ({"sound": "flac"}, 0),
    "a.aac": ({"sound": "aac", "container": "adts"}, AAC_MS),
}
ROUNDED_MS = 1.1  # Matroska and edit lists keep milliseconds; of two roundings


def check(told, film, silence_ms=0.0):
    """Every frame that left the decoder, and every chirp, lies where it was put."""
    sound_ms = film.sound_ms[0] - silence_ms if film.sound else float("inf")
    pictures_ms = film.frames_ms[0] if film.picture else float("inf")
    zero_ms = min(sound_ms, pictures_ms)
    expected_ms = {n: film.frames_ms[n] - zero_ms for n in told.frames_ms}
    assert told.frames_ms == pytest.approx(expected_ms, abs=ROUNDED_MS)
    chirps_ms = [at_ms - zero_ms for at_ms in film.chirps_ms] if film.sound else []
    assert told.chirps_ms == pytest.approx(chirps_ms, abs=ROUNDED_MS)


@pytest.mark.parametrize("beginning", BEGINNINGS)
@pytest.mark.parametrize("name", FORMATS)
def test_every_film_keeps_its_clock(media, tmp_path, name, beginning):
    changes, silence_ms = FORMATS[name]
    film = media.Film(**changes).but(**BEGINNINGS[beginning])
    path = film.write(tmp_path / name)
    told = media.told(path)
    if beginning == "both at 10 s" and name.endswith(".mp4"):
        silence_ms = AAC_MS  # FFmpeg delays the whole sound, and then leaves nothing out
    check(told, film, silence_ms)
    assert 0 in told.frames_ms
    assert len(told.frames_ms) >= 29
    shown_ms = sorted(told.frames_ms.values())
    assert max(after - before for before, after in pairwise(shown_ms)) <= 140
    assert probe(path).duration_ms == pytest.approx(
        max(film.frames_ms[-1] + 40, film.sound_ms[1]) - min(film.frames_ms[0], film.sound_ms[0]),
        abs=81,
    )


@pytest.mark.parametrize("name", SOUNDS)
def test_sound_alone_keeps_its_clock(media, tmp_path, name):
    changes, silence_ms = SOUNDS[name]
    film = media.Film(picture="", **changes)
    path = film.write(tmp_path / name)
    told = media.told(path)
    check(told, film, silence_ms)
    assert told.starts_ms == (0,)
    assert probe(path).duration_ms == pytest.approx(4000, abs=33)


@pytest.mark.parametrize("rate", [8_000, 11_025, 22_050, 44_100, 96_000])
@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.flac"])
def test_no_rate_moves_the_sound(media, tmp_path, name, rate):
    codec = {"a.mp4": "aac", "a.mkv": "pcm_s16le", "a.flac": "flac"}[name]
    film = media.Film(picture="" if name == "a.flac" else "mpeg4", sound=codec, rate=rate)
    told = media.told(film.write(tmp_path / name))
    check(told, film)
    assert told.loudest == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("layout", ["mono", "stereo", "3.0", "quad", "5.1", "6 channels"])
@pytest.mark.parametrize("codec", ["pcm_s16le", "flac", "aac", "ac3", "libopus"])
def test_no_layout_moves_the_sound_or_changes_its_loudness(media, tmp_path, codec, layout):
    if layout == "6 channels" and codec != "pcm_s16le":
        layout = "5.0"  # only there may the places of channels be unknown
    film = media.Film(sound=codec, layout=layout)
    told = media.told(film.write(tmp_path / "a.mkv"))
    check(told, film)
    assert told.loudest == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize("codec", ["pcm_s16le", "flac", "aac", "libopus"])
def test_two_channels_of_opposite_phase_are_heard(media, tmp_path, codec):
    film = media.Film(sound=codec, layout="stereo", swapped_wires=True)
    told = media.told(film.write(tmp_path / "a.mkv"))
    check(told, film)
    assert told.loudest == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.mov", "a.ts"])
def test_a_rate_that_varies_is_no_rate(media, tmp_path, name):
    times_ms = (0, 40, 80, 500, 510, 1500, 1533, 1700, 2900, 2950, 3000, 3999)
    film = media.Film(**X264, frames_ms=times_ms)
    told = media.told(film.write(tmp_path / name))
    check(told, film, AAC_MS if name == "a.ts" else 0)
    assert {0, 3, 5, 7, 8, 11} <= told.frames_ms.keys()


@pytest.mark.parametrize("sound_ms", [None, (1_500, 9_000)])
@pytest.mark.parametrize("name", ["a.mp4", "fragments.mp4", "a.mov", "a.mkv"])
def test_slides_that_stand_for_minutes_keep_their_times(media, tmp_path, name, sound_ms):
    """Their header states the time of decoding, and FFmpeg sees the second slide too late."""
    film = media.Film(
        **X264,
        frames_ms=(0, 20_000, 45_000, 80_000, 120_000, 121_000, 200_000, 300_000),
        sound="aac" if sound_ms else "",
        sound_ms=sound_ms or (0, 0),
        options=FRAGMENTS if name.startswith("fragments") else {},
    )
    path = film.write(tmp_path / name)
    told = media.told(path)
    check(told, film)
    assert len(told.frames_ms) == 8
    assert probe(path).duration_ms == pytest.approx(300_040, abs=2)


def test_minutes_without_a_keyframe(media, tmp_path):
    film = media.Film(
        picture="libx264",
        picture_options={"g": "9999", "sc_threshold": "0", "bf": "3"},
        frames_ms=tuple(range(0, 256_000, 1000)),
        sound="flac",
        sound_ms=(0, 256_000),
        sound_frame_ms=100,
        chirps_ms=(2_000, 250_000),
    )
    told = media.told(film.write(tmp_path / "a.mkv"))
    check(told, film)
    assert len(told.frames_ms) == 256


@pytest.mark.parametrize("before_s", [1.0, 2.5])
@pytest.mark.parametrize("late_ms", [0, 1500])
def test_a_transport_streams_clock_may_run_over(media, tmp_path, before_s, late_ms):
    options = {
        "mpegts_copyts": "1",
        "output_ts_offset": str(2**33 / 90_000 - before_s),
        "avoid_negative_ts": "disabled",
    }
    film = media.Film(**X264, sound_ms=(late_ms, 4000), options=options)
    check(media.told(film.write(tmp_path / "a.ts")), film, AAC_MS)


def test_recordings_joined_end_to_end_stay_together(media, tmp_path):
    first = media.Film(**X264)
    second = first.but(sound_ms=(1500, 4000), chirps_ms=(2500,))
    path = tmp_path / "joined.ts"
    parts = [film.write(tmp_path / f"{film.sound_ms[0]}.ts") for film in (first, second)]
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    told = media.told(path)
    begun_ms = told.frames_ms[0]  # the second overwrites the first's numbers
    assert begun_ms == pytest.approx(4000 + AAC_MS, abs=ROUNDED_MS)
    assert told.chirps_ms == pytest.approx(
        [2000 + AAC_MS, 3000 + AAC_MS, begun_ms + 2500], abs=ROUNDED_MS
    )


@pytest.mark.parametrize("cut_bytes", [188 * 70, 188 * 70 + 100, 188 * 120])
def test_a_recording_that_begins_in_the_middle(media, tmp_path, cut_bytes):
    film = media.Film(**X264)
    path = film.write(tmp_path / "a.ts")
    path.write_bytes(path.read_bytes()[cut_bytes:])
    told = media.told(path)
    (gone_ms,) = {film.frames_ms[number] - at_ms for number, at_ms in told.frames_ms.items()}
    assert 0 < gone_ms < 2000
    heard_ms = [at_ms - gone_ms for at_ms in film.chirps_ms]
    assert told.chirps_ms == pytest.approx(heard_ms, abs=ROUNDED_MS)


def test_a_silent_film_and_sound_in_a_films_container(media, tmp_path):
    silent = media.Film(**X264, sound="")
    told = media.told(silent.write(tmp_path / "silent.mp4"))
    check(told, silent)
    assert told.starts_ms == ()
    assert not probe(tmp_path / "silent.mp4").has_audio
    heard = media.Film(picture="", sound_ms=(1500, 4000))
    told = media.told(heard.write(tmp_path / "sound.mp4"))
    assert told.frames_ms == {}
    assert told.chirps_ms == pytest.approx((500 + AAC_MS, 1500 + AAC_MS), abs=ROUNDED_MS)


def test_ten_bits_are_shown_as_eight(media, tmp_path):
    film = media.Film(picture="libx265", pixels="yuv420p10le", sound="")
    path = film.write(tmp_path / "a.mkv")
    whole = media.pictures(path)[-1].whole()
    assert whole.dtype == np.uint8
    assert {0, 1} >= {int(whole.min() // 20), int(whole.max() < 220)}

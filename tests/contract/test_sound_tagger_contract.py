"""What every SoundTagger keeps to, on real weights and on models made here."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest
import torch

from kg_videorag.engines.yamnet import YamnetTagger
from kg_videorag.engines.yamnet_patches import patches
from kg_videorag.errors import EngineUnavailable
from kg_videorag.ingest.media import audio_blocks
from kg_videorag.model import SAMPLE_RATE_HZ, AudioBlock, Modality, Span
from kg_videorag.ports import SoundTagger

PATCH_MS = 975


@pytest.fixture(scope="module", params=[lambda weights: YamnetTagger(weights=weights)])
def tagger(request, weights):
    return request.param(weights / "yamnet_spectra_in.onnx")


def tones(*hertz, seconds=1.0):
    at_s = np.arange(round(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    return np.sum([0.25 * np.sin(2 * np.pi * f * at_s) for f in hertz], axis=0).astype(np.float32)


def silence(seconds):
    return np.zeros(round(seconds * SAMPLE_RATE_HZ), np.float32)


def block(*parts, start_ms=0):
    return AudioBlock(start_ms, np.concatenate(parts))


def dial_tone(seconds):
    return tones(350, 440, seconds=seconds)


def spans(labels, name):
    return [label.span for label in labels if label.name == name]


def test_it_is_a_sound_tagger(tagger):
    assert isinstance(tagger, SoundTagger)
    assert tagger.name
    assert tagger.version


def test_it_is_ready(tagger):
    state = tagger.check()
    assert (state.ready, state.checksum, state.hint) == (True, "present", "")


def test_speech_is_heard_from_beginning_to_end(tagger, recordings):
    (speech,) = audio_blocks(recordings / "jfk.flac")
    (label,) = tagger.tag(speech)
    assert (label.name, label.modality, label.span) == ("speech", Modality.SOUND, Span(0, 11_000))
    assert label.confidence > 0.9


def test_music_under_speech_is_heard_too(tagger, recordings):
    labels = [label for b in audio_blocks(recordings / "nasa_webb.mp4") for label in tagger.tag(b)]
    assert {label.name for label in labels} == {"speech", "music"}


def test_a_sound_has_its_time_on_the_videos_clock(tagger):
    heard = tagger.tag(block(silence(4), dial_tone(3), silence(4), start_ms=60_000))
    (tone,) = spans(heard, "dial tone")
    assert tone.start_ms == pytest.approx(64_000, abs=PATCH_MS)
    assert tone.end_ms == pytest.approx(67_000, abs=PATCH_MS)
    assert [span.start_ms < 64_000 for span in spans(heard, "silence")] == [True, False]


def test_labels_are_in_order_of_time_inside_the_block(tagger):
    given = block(dial_tone(2), silence(3), tones(1_000, seconds=2.5), start_ms=7)
    labels = tagger.tag(given)
    assert len({label.name for label in labels}) > 2
    for label in labels:
        assert 7 <= label.span.start_ms < label.span.end_ms <= given.end_ms
        assert label.name == label.name.lower().strip() != ""
        assert 0 <= label.confidence <= 1
        assert label.modality is Modality.SOUND
    assert all(a.span.start_ms <= b.span.start_ms for a, b in pairwise(labels))


def test_a_sound_that_comes_again_is_two_labels(tagger):
    heard = tagger.tag(block(dial_tone(2), silence(4), dial_tone(2)))
    first, second = spans(heard, "dial tone")
    assert first.end_ms < second.start_ms


@pytest.mark.parametrize("seconds", [0.7, 0.975, 0.98, 1.4, 5.0])
def test_a_block_of_any_length_is_heard_to_its_end(seconds, tagger):
    (tone,) = spans(tagger.tag(block(dial_tone(seconds), start_ms=500)), "dial tone")
    assert tone == Span(500, 500 + round(seconds * 1000))


@pytest.mark.parametrize("samples", [0, 1, 399])
def test_next_to_nothing_is_no_failure(samples, tagger):
    assert spans(tagger.tag(AudioBlock(0, np.zeros(samples, np.float32))), "dial tone") == []


def test_noise_and_silence_are_nothing_else(tagger):
    noise = 0.2 * np.random.default_rng(0).standard_normal(3 * SAMPLE_RATE_HZ)
    labels = tagger.tag(block(silence(3), noise.astype(np.float32)))
    assert {label.name for label in labels} == {"silence", "static"}


def test_the_same_sound_is_heard_the_same_and_stays_as_it_was(tagger):
    given = block(dial_tone(2))
    before = given.samples.copy()
    assert tagger.tag(given) == tagger.tag(given)
    assert np.array_equal(given.samples, before)


# What the model is given


def test_a_patch_shows_a_tone_in_its_mel_bin():
    """Bins stand evenly in mels between 125 and 7500 Hz: 1000 Hz is 1000 mels."""
    (patch,) = patches(tones(1_000)[:15_600])
    assert patch.shape == (96, 64)
    lowest, highest = (1127 * np.log(1 + f / 700) for f in (125, 7_500))
    expected = (1_000 - lowest) / (highest - lowest) * 65 - 1
    assert abs(patch.argmax(axis=1) - expected).max() < 1


def test_the_bank_is_that_of_tensorflow():
    """transformers has a port of it, compared with TensorFlow's by its makers."""
    from transformers.audio_utils import mel_filter_bank

    from kg_videorag.engines.yamnet_patches import _bank

    theirs = mel_filter_bank(
        257, 64, 125.0, 7_500.0, 16_000, mel_scale="kaldi", triangularize_in_mel_space=True
    )
    np.testing.assert_allclose(_bank(), theirs, atol=1e-6)


def test_silence_is_the_offset_alone():
    assert np.allclose(patches(np.zeros(15_600, np.float32)), np.log(1e-3))


def test_patches_of_a_stretch_are_those_of_its_pieces():
    sound = 0.1 * np.random.default_rng(0).standard_normal(40_000).astype(np.float32)
    together = patches(sound)
    assert together.shape == (4, 96, 64)
    for number, patch in enumerate(together):
        (alone,) = patches(sound[number * 7_680 :][:15_600])
        np.testing.assert_allclose(patch, alone, atol=1e-5)


def test_a_block_of_minutes_is_heard_in_one_go_as_in_pieces(tagger):
    """It is taken a minute at a time."""
    heard = tagger.tag(block(silence(118), dial_tone(4), silence(62)))
    (tone,) = spans(heard, "dial tone")
    assert tone.start_ms == pytest.approx(118_000, abs=PATCH_MS)
    assert tone.end_ms == pytest.approx(122_000, abs=PATCH_MS)


# Models of other forms, made here


class Loudness(torch.nn.Module):
    """Takes sound; its second output scores "loud" by the mean of it, as YAMNet has several."""

    def forward(self, sound):
        mean = sound.abs().mean().reshape(1, 1)
        return torch.zeros(1, 8) + 0 * mean, torch.cat([mean, torch.zeros(1, 2)], dim=1)


def class_map(folder, *names):
    rows = "".join(f'{n},/m/{n},"{name}"\n' for n, name in enumerate(names))
    path = folder / "yamnet_class_map.csv"
    path.write_text(f"index,mid,display_name\n{rows}", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("takes", "free"),
    [((15_600,), None), ((15_600,), [0]), ((1, 15_600), None), ((1, 15_600), [0, 1])],
)
def test_a_model_that_takes_sound_is_given_sound(takes, free, made_model, tmp_path):
    class_map(tmp_path, "Loud", "Dull", "Flat")
    loud = YamnetTagger(weights=made_model("sound.onnx", takes, Loudness(), free))
    (label,) = loud.tag(block(silence(2), np.full(32_000, 0.9, np.float32)))
    assert label.name == "loud"
    assert label.span.start_ms == pytest.approx(2_000, abs=PATCH_MS)
    assert label.span.end_ms == 4_000


@pytest.mark.parametrize("takes", [(96, 64), (1, 96, 64), (1, 96, 64, 1), (1, 1, 96, 64)])
def test_patches_are_given_in_the_shape_that_the_model_takes(takes, made_model, tmp_path):
    class_map(tmp_path, "Hum", "Buzz")
    scores = np.array([[0.2, 0.8]], np.float32)
    tagger = YamnetTagger(weights=made_model("patches.onnx", takes, scores))
    (label,) = tagger.tag(block(silence(1)))
    assert (label.name, label.confidence) == ("buzz", pytest.approx(0.8))


def test_a_kind_has_one_name_that_tells_it_apart(made_model, tmp_path):
    names = (
        "Gunshot, gunfire",
        "Vehicle horn, car horn, honking",
        "Inside, small room",
        "Inside, public space",
        "Roaring cats (lions, tigers)",
        "Dog",
    )
    labels = class_map(tmp_path, *names)
    model = made_model("all.onnx", (96, 64), np.ones((1, 6), np.float32))
    heard = YamnetTagger(weights=model, labels=labels).tag(block(silence(1)))
    assert {label.name for label in heard} == {
        "gunshot",
        "car horn",
        "inside, small room",
        "inside, public space",
        "roaring cats (lions, tigers)",
        "dog",
    }


@pytest.mark.parametrize(
    ("takes", "gives", "told"),
    [
        ((1, 3, 64, 64), np.ones((1, 3)), "no YAMNet: it takes"),
        ((1, 96, 63), np.ones((1, 3)), "no YAMNet: it takes"),
        ((1, 96, 64), np.ones((1, 4)), "no YAMNet: it makes"),
    ],
)
def test_another_model_is_told(takes, gives, told, made_model, tmp_path):
    class_map(tmp_path, "a", "b", "c")
    model = made_model("other.onnx", takes, gives.astype(np.float32))
    with pytest.raises(EngineUnavailable, match=told) as caught:
        YamnetTagger(weights=model).tag(block(silence(1)))
    assert "KGV_YAMNET_MODEL" in caught.value.hint


# Which files


@pytest.mark.parametrize("place", [None, "gone.onnx", "."])
def test_weights_that_are_not_there_are_told(place, tmp_path):
    missing = YamnetTagger(weights=tmp_path / place if place else None)
    state = missing.check()
    assert (state.ready, state.checksum, missing.version) == (False, "missing", "missing")
    assert "KGV_YAMNET_MODEL" in state.hint
    with pytest.raises(EngineUnavailable, match=r"is not a file|are named"):
        missing.tag(block(silence(1)))


@pytest.mark.parametrize(
    "content", [None, b"\xff\xfe", b"a,b\n1,2\n", b"index,mid,display_name\n0\n"]
)
def test_a_class_map_that_is_none_is_told(content, made_model, tmp_path):
    if content is not None:
        (tmp_path / "yamnet_class_map.csv").write_bytes(content)
    tagger = YamnetTagger(weights=made_model("m.onnx", (96, 64), np.ones((1, 3), np.float32)))
    state = tagger.check()
    assert (state.ready, state.checksum) == (False, "missing")
    assert "KGV_YAMNET_LABELS" in state.hint
    with pytest.raises(EngineUnavailable, match="yamnet_class_map"):
        tagger.tag(block(silence(1)))


def test_a_class_map_of_ones_own_is_another_version(tagger, weights, tmp_path):
    other = YamnetTagger(
        weights=weights / "yamnet_spectra_in.onnx", labels=class_map(tmp_path, "a")
    )
    assert other.version != tagger.version
    assert tagger.version == "yamnet_spectra_in.onnx/f1a0e02833fd/cdf24d19/0.55"


def test_a_graphics_card_that_onnxruntime_cannot_use_is_no_fault(weights):
    wanted = YamnetTagger(weights=weights / "yamnet_spectra_in.onnx", device="cuda")
    assert spans(wanted.tag(block(dial_tone(2))), "dial tone") == [Span(0, 2_000)]


def test_nothing_is_loaded_before_it_is_needed(weights):
    """And a model that loads writes to no stream: a command's output is not its own."""
    code = (
        "import sys, numpy as np\nfrom pathlib import Path\n"
        "from kg_videorag.engines.yamnet import YamnetTagger\n"
        "from kg_videorag.model import AudioBlock\n"
        f"t = YamnetTagger(weights=Path({str(weights / 'yamnet_spectra_in.onnx')!r}))\n"
        "assert t.check().ready and t.version\n"
        "assert not {'onnxruntime', 'cv2', 'torch'} & set(sys.modules)\n"
        "t.tag(AudioBlock(0, np.zeros(16_000, np.float32)))\n"
        "assert 'torch' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")

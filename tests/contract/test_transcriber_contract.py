"""What every Transcriber keeps to, on real speech; words where real weights can be had."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from kg_videorag.config import load_settings
from kg_videorag.engines.faster_whisper import FasterWhisperTranscriber
from kg_videorag.engines.whisper_hf import WhisperHfTranscriber
from kg_videorag.engines.whisperx import WhisperXTranscriber
from kg_videorag.errors import ConfigError
from kg_videorag.ingest.media import audio_blocks
from kg_videorag.model import SAMPLE_RATE_HZ, AudioBlock, Span
from kg_videorag.ports import Transcriber, TranscriberOptions

SAMPLE = Path(__file__).parents[2] / "samples" / "apollo_people.mp4"
TRUTH = SAMPLE.with_name("truth.json")
LENGTH_MS = 13_000
ENGINES = {
    "faster-whisper": FasterWhisperTranscriber,
    "whisperx": WhisperXTranscriber,
    "whisper-hf": WhisperHfTranscriber,
}
# whisper-hf runs on a tiny model with random weights: what it hears is no word.
CASES = [
    ("faster-whisper", "tiny.en"),
    ("faster-whisper", "base"),
    ("whisperx", "tiny.en"),
    ("whisper-hf", "made"),
]
real = pytest.mark.parametrize("case", CASES[:-1], ids="/".join, indirect=True)


@pytest.fixture(scope="module", params=CASES, ids="/".join)
def case(request):
    return request.param


@pytest.fixture(scope="module")
def transcriber(case, tiny_whisper):
    engine, model = case
    named = str(tiny_whisper) if model == "made" else model
    return ENGINES[engine](options=TranscriberOptions(load_settings().cache_dir, model=named))


@pytest.fixture(scope="module")
def speech():
    """The first seconds of a committed sample."""
    block = next(iter(audio_blocks(SAMPLE)))
    return AudioBlock(block.start_ms, block.samples[: LENGTH_MS * SAMPLE_RATE_HZ // 1_000])


@pytest.fixture(scope="module")
def heard(transcriber, speech):
    return transcriber.transcribe(speech)


def text(transcript):
    return " ".join(word.text for word in transcript.words)


def test_it_is_a_transcriber(transcriber, case):
    assert isinstance(transcriber, Transcriber)
    assert transcriber.name == case[0]
    assert transcriber.version
    assert isinstance(transcriber.hub_models, tuple)


def test_it_is_ready(transcriber, case):
    state = transcriber.check()
    checksum = "none needed" if case[1] == "made" else "verified"
    assert (state.ready, state.checksum, state.hint) == (True, checksum, "")


def test_its_weights_are_where_it_says(transcriber, heard):
    assert Path(transcriber.check().weights).is_dir()


@real
def test_it_hears_what_was_said(heard):
    assert heard.language == "en"
    assert re.search("(five|5) people of the Apollo [Pp]rogram", text(heard))
    # With AMX, tiny.en in int8 hears a C; with AVX2 a K.
    assert re.search("[CK]atherine Johnson was born in", text(heard))


def test_a_word_is_bare_text_with_a_probability(heard):
    assert heard.words
    for word in heard.words:
        assert word.text == word.text.strip() != ""
        assert 0 <= word.confidence <= 1


@real
def test_clear_speech_is_heard_with_confidence(heard):
    assert sum(word.confidence for word in heard.words) / len(heard.words) > 0.7
    assert all(" " not in word.text for word in heard.words)


def test_words_stand_in_order_and_do_not_overlap(heard):
    for first, second in pairwise(heard.words):
        assert first.span.end_ms <= second.span.start_ms


def test_words_are_inside_their_block(heard, speech):
    assert heard.words[0].span.start_ms >= speech.start_ms
    assert heard.words[-1].span.end_ms <= speech.end_ms


@real
def test_words_are_heard_when_they_are_said(heard):
    """Against the times at which the sample's narration was laid down."""
    (video,) = [v for v in json.loads(TRUTH.read_bytes())["videos"] if v["file"] == SAMPLE.name]
    spoken = [s for slide in video["slides"] for s in slide["sentences"] if s["end_ms"] < LENGTH_MS]
    ends = [n for n, word in enumerate(heard.words) if word.text.endswith(".")]
    starts = [0, *(n + 1 for n in ends[:-1])]
    assert len(spoken) == len(ends) == 3
    for sentence, first, last in zip(spoken, starts, ends, strict=True):
        assert abs(heard.words[first].span.start_ms - sentence["start_ms"]) < 500
        assert abs(heard.words[last].span.end_ms - sentence["end_ms"]) < 500


def test_the_same_sound_later_is_the_same_words_later(transcriber, speech, heard):
    """Deterministic, and on the video's clock rather than the block's."""
    late = transcriber.transcribe(AudioBlock(speech.start_ms + 100_000, speech.samples))
    moved = [
        (word.text, Span(word.span.start_ms + 100_000, word.span.end_ms + 100_000))
        for word in heard.words
    ]
    assert [(word.text, word.span) for word in late.words] == moved


@pytest.mark.parametrize("samples", [0, 1, 160, 16_000, 40 * 16_000])
def test_silence_has_no_words(samples, transcriber):
    silence = AudioBlock(5_000, np.zeros(samples, dtype=np.float32))
    assert transcriber.transcribe(silence).words == ()


def test_noise_has_no_words(transcriber):
    noise = np.random.default_rng(0).standard_normal(10 * SAMPLE_RATE_HZ) * 0.05
    assert transcriber.transcribe(AudioBlock(0, noise.astype(np.float32))).words == ()


def test_nothing_is_printed(transcriber, speech, capfd):
    """Standard output belongs to `--json`."""
    transcriber.transcribe(speech)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("engine", ENGINES)
def test_a_model_that_does_not_exist_is_told_before_any_work(engine):
    with pytest.raises(ConfigError, match="no speech model 'gigantic'") as caught:
        ENGINES[engine](options=TranscriberOptions(load_settings().cache_dir, model="gigantic"))
    assert "large-v3-turbo" in caught.value.hint


@pytest.mark.parametrize("engine", ENGINES)
def test_a_model_of_the_hub_that_is_not_here_says_how_to_bring_it(engine, empty_hub):
    options = TranscriberOptions(load_settings().cache_dir, model="large-v3-turbo")
    transcriber = ENGINES[engine](options=options)
    state = transcriber.check()
    assert not state.ready
    assert state.checksum == "missing"
    assert f"kg-videorag models fetch {transcriber.hub_models[0].name}" in state.hint


@pytest.mark.parametrize("engine", ENGINES)
def test_a_folder_without_a_model_says_what_is_missing(engine, tmp_path):
    options = TranscriberOptions(load_settings().cache_dir, model=str(tmp_path))
    state = ENGINES[engine](options=options).check()
    assert (state.ready, state.checksum) == (False, "missing")
    assert state.hint


@pytest.mark.parametrize("engine", ["faster-whisper", "whisperx"])
def test_an_english_model_refuses_another_language(engine):
    options = TranscriberOptions(load_settings().cache_dir, model="tiny.en", language="ru")
    with pytest.raises(ConfigError, match="hears English only") as caught:
        ENGINES[engine](options=options)
    assert "KGV_ASR_MODEL=base" in caught.value.hint


@pytest.mark.parametrize("engine", ["faster-whisper", "whisperx"])
def test_the_version_tells_model_numbers_and_language(engine):
    def version(**options):
        given = TranscriberOptions(load_settings().cache_dir, device="cpu", **options)
        return ENGINES[engine](options=given).version

    versions = [
        version(),
        version(model="base"),
        version(model="base", language="ru"),
        version(model="base", dtype="float32"),
    ]
    assert len(set(versions)) == len(versions)
    assert "/tiny.en-int8" in versions[0]

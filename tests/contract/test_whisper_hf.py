"""transformers' Whisper on a tiny model: times, languages, faults."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from kg_videorag.config import load_settings
from kg_videorag.engines.whisper_hf import WhisperHfTranscriber, _speech
from kg_videorag.errors import ConfigError, EngineUnavailable
from kg_videorag.ingest.media import audio_blocks
from kg_videorag.model import SAMPLE_RATE_HZ, AudioBlock
from kg_videorag.ports import TranscriberOptions

SAMPLE = Path(__file__).parents[2] / "samples" / "apollo_people.mp4"


def engine(folder, **options):
    given = TranscriberOptions(load_settings().cache_dir, model=str(folder), **options)
    return WhisperHfTranscriber(options=given)


@pytest.fixture(scope="module")
def speech():
    block = next(iter(audio_blocks(SAMPLE)))
    return AudioBlock(20_000, block.samples[: 6 * SAMPLE_RATE_HZ])


def test_a_model_without_heads_says_so_and_shares_the_phrases_time(
    tiny_whisper, tiny_whisper_without_heads, speech
):
    assert not engine(tiny_whisper).version.endswith("phrase-times")
    without = engine(tiny_whisper_without_heads)
    assert without.version.endswith("/phrase-times")
    words = without.transcribe(speech).words
    assert words
    assert speech.start_ms <= words[0].span.start_ms
    assert words[-1].span.end_ms <= speech.end_ms
    times = [at_ms for word in words for at_ms in (word.span.start_ms, word.span.end_ms)]
    assert times == sorted(times)


def test_long_speech_is_heard_in_pieces_that_whisper_can_hear():
    samples = next(iter(audio_blocks(SAMPLE))).samples
    pieces = list(_speech(np.concatenate([samples, samples])))
    assert len(pieces) >= 2 * len(samples) / SAMPLE_RATE_HZ / 30
    assert all(0 < last - first <= 30 * SAMPLE_RATE_HZ for first, last in pieces)
    assert all(last <= first for (_, last), (first, _) in pairwise(pieces))
    heard = sum(last - first for first, last in pieces)
    assert heard > 0.8 * 2 * len(samples)  # it is narrated without long pauses


def test_the_language_is_taken_as_told(tiny_whisper, speech):
    told = engine(tiny_whisper, language="ru")
    assert told.transcribe(speech).language == "ru"
    assert told.version.endswith("/ru")


def test_the_language_is_detected_among_those_the_model_knows(tiny_whisper, speech):
    assert engine(tiny_whisper).transcribe(speech).language in {"en", "ru", "de"}


def test_a_language_that_the_model_does_not_know_is_told(tiny_whisper):
    with pytest.raises(ConfigError, match="'fr'"):
        engine(tiny_whisper, language="fr").transcribe(AudioBlock(0, np.zeros(16_000, np.float32)))


def test_int8_is_refused_before_any_work(tiny_whisper):
    with pytest.raises(ConfigError, match="int8"):
        engine(tiny_whisper, dtype="int8")


@pytest.mark.parametrize("dtype", ["bfloat16", "float32"])
def test_it_calculates_in_the_numbers_asked_for(tiny_whisper, speech, dtype):
    asked = engine(tiny_whisper, dtype=dtype)
    assert asked.transcribe(speech).words
    assert str(asked._model.dtype) == f"torch.{dtype}"
    assert asked.version.endswith(f"-{dtype}")


def test_a_damaged_model_is_told_in_one_line(tiny_whisper, tmp_path):
    for file in tiny_whisper.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "model.safetensors").write_bytes(b"nothing")
    with pytest.raises(EngineUnavailable, match="does not load") as caught:
        engine(tmp_path).transcribe(AudioBlock(0, np.zeros(16_000, np.float32)))
    assert "\n" not in caught.value.message

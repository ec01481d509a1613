"""WhisperX with models beside Whisper: tiny ones made here, found where the hub's lie."""

from __future__ import annotations

import json
import shutil
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from kg_videorag.config import load_settings
from kg_videorag.engines.alignment import ALIGNMENT_MODELS
from kg_videorag.engines.diarization import DIARIZATION_MODEL, Diarizer
from kg_videorag.engines.whisperx import WhisperXTranscriber
from kg_videorag.ingest.media import audio_blocks
from kg_videorag.model import SAMPLE_RATE_HZ, AudioBlock
from kg_videorag.ports import TranscriberOptions

SAMPLE = Path(__file__).parents[2] / "samples" / "apollo_people.mp4"
LETTERS = "<pad> <s> </s> <unk> | ' a b c d e f g h i j k l m n o p q r s t u v w x y z".split()
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def put_in_hub(hub, repo, folder):
    """Lay a model into the hub's cache, as a download would."""
    model = hub / f"models--{repo.replace('/', '--')}"
    (model / "refs").mkdir(parents=True)
    (model / "refs" / "main").write_text(COMMIT)
    shutil.copytree(folder, model / "snapshots" / COMMIT)


@pytest.fixture(scope="module")
def tiny_aligner(tmp_path_factory):
    """A wav2vec2 for English letters with random weights."""
    import torch
    import transformers as t

    folder = tmp_path_factory.mktemp("aligner")
    (folder / "vocab.json").write_text(json.dumps({c: n for n, c in enumerate(LETTERS)}))
    torch.manual_seed(0)
    config = t.Wav2Vec2Config(
        vocab_size=len(LETTERS), hidden_size=32, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=32, conv_dim=(16,) * 7, num_conv_pos_embeddings=16,
        num_conv_pos_embedding_groups=2,
    )  # fmt: skip
    t.Wav2Vec2ForCTC(config).save_pretrained(folder)
    letters = t.Wav2Vec2CTCTokenizer(str(folder / "vocab.json"))
    t.Wav2Vec2Processor(t.Wav2Vec2FeatureExtractor(), letters).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def tiny_diarizer(tmp_path_factory):
    """pyannote's pipeline: a real model of turns, which WhisperX carries, and random voices."""
    import torch
    import whisperx.asr  # noqa: F401 - pyannote's import is quiet behind it
    from pyannote.audio.core.task import Problem, Resolution, Specifications
    from pyannote.audio.models.embedding import XVectorSincNet

    folder = tmp_path_factory.mktemp("diarizer")
    for name in ("segmentation", "embedding", "plda"):
        (folder / name).mkdir()
    assets = Path(find_spec("whisperx").submodule_search_locations[0], "assets")
    shutil.copy(assets / "pytorch_model.bin", folder / "segmentation")
    torch.manual_seed(0)
    voices = XVectorSincNet(dimension=16)
    voices.specifications = Specifications(
        Problem.REPRESENTATION, Resolution.CHUNK, duration=5.0, classes=["a"]
    )
    checkpoint = {
        "state_dict": voices.state_dict(),
        "hyper_parameters": dict(voices.hparams),
        "pytorch-lightning_version": "2.0.0",
    }
    voices.on_save_checkpoint(checkpoint)
    torch.save(checkpoint, folder / "embedding" / "pytorch_model.bin")
    one = np.eye(16)
    np.savez(folder / "plda" / "xvec_transform.npz", mean1=one[0], mean2=one[0], lda=one)
    np.savez(folder / "plda" / "plda.npz", mu=one[0], tr=one, psi=np.linspace(2, 1, 16))
    (folder / "config.yaml").write_text("""\
pipeline:
  name: pyannote.audio.pipelines.SpeakerDiarization
  params:
    segmentation: $model/segmentation
    embedding: $model/embedding
    plda: $model/plda
    clustering: AgglomerativeClustering
params:
  clustering: {method: centroid, min_cluster_size: 1, threshold: 0.7}
  segmentation: {threshold: 0.5, min_duration_off: 0.0}
""")
    return folder


@pytest.fixture(scope="module")
def speech():
    block = next(iter(audio_blocks(SAMPLE)))
    return AudioBlock(block.start_ms, block.samples[: 13 * SAMPLE_RATE_HZ])


def engine(**options):
    return WhisperXTranscriber(options=TranscriberOptions(load_settings().cache_dir, **options))


def test_words_are_aligned_where_the_language_has_its_model(
    tiny_aligner, empty_hub, tmp_path, speech, capfd
):
    """The words are Whisper's; their times are the aligner's, and random as it is."""
    before = engine()
    assert before.version.endswith("/attention-times")
    words = [word.text for word in before.transcribe(speech).words]
    put_in_hub(empty_hub, ALIGNMENT_MODELS["en"].repo, tiny_aligner)
    options = TranscriberOptions(tmp_path / "cache")  # NLTK's splitter is made there
    after = WhisperXTranscriber(options=options)
    assert after.version.endswith("/aligned-en")
    heard = after.transcribe(speech)
    assert [word.text for word in heard.words] == words
    assert heard.words[0].span.start_ms >= speech.start_ms
    assert heard.words[-1].span.end_ms <= speech.end_ms
    for first, second in pairwise(heard.words):
        assert first.span.end_ms <= second.span.start_ms
    assert capfd.readouterr() == ("", "")


def test_every_word_has_a_speaker_where_speakers_are_told_apart(
    tiny_diarizer, empty_hub, speech, capfd
):
    put_in_hub(empty_hub, DIARIZATION_MODEL.repo, tiny_diarizer)
    told = engine(hub_token="a token")
    assert told.version.endswith("/speakers")
    heard = told.transcribe(speech)
    assert heard.words
    assert all(word.speaker.startswith("SPEAKER_") for word in heard.words)
    assert capfd.readouterr() == ("", "")
    assert not any(word.speaker for word in engine().transcribe(speech).words)


def test_without_the_model_a_token_tells_no_speakers(empty_hub):
    assert not engine(hub_token="a token").version.endswith("/speakers")


def test_what_the_hub_would_give_is_listed():
    names = [model.name for model in engine(model="large-v3-turbo", hub_token="t").hub_models]
    assert names == [
        "mobiuslabsgmbh/faster-whisper-large-v3-turbo",
        "facebook/wav2vec2-base-960h",
        "pyannote/speaker-diarization-community-1",
    ]
    russian = engine(model="base", language="ru").hub_models
    assert [model.name for model in russian] == ["jonatasgrosman/wav2vec2-large-xlsr-53-russian"]


def test_a_voice_keeps_its_name_from_block_to_block(tmp_path):
    diarizer = Diarizer(tmp_path, "cpu")
    first = diarizer._names({"A": [1.0, 0.0, 0.0], "B": [0.0, 1.0, 0.0]})
    assert first == {"A": "SPEAKER_00", "B": "SPEAKER_01"}
    later = diarizer._names({"A": [0.1, 0.9, 0.0], "B": [0.0, 0.1, 1.0], "C": [float("nan")] * 3})
    assert later == {"A": "SPEAKER_01", "B": "SPEAKER_02"}

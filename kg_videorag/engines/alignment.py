"""WhisperX's forced alignment: when each word of a known text was said.

It is used where a language's alignment model is on this machine; nothing is downloaded here.
"""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg_videorag.engines.hub import HubModel
from kg_videorag.engines.whisper_words import HeardWord
from kg_videorag.errors import EngineUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

_NEEDS = ("config.json", "preprocessor_config.json", "vocab.json")
_ALLOW = (*_NEEDS, "tokenizer_config.json", "special_tokens_map.json", "pytorch_model.bin")
_LARGE_BYTES = 1_260_000_000  # of a wav2vec2 with 300 M parameters


def _large(language: str) -> HubModel:
    repo = f"jonatasgrosman/wav2vec2-large-xlsr-53-{language}"
    return HubModel(repo, _LARGE_BYTES, "Apache-2.0", (*_NEEDS, "pytorch_model.bin"), allow=_ALLOW)


# Those that WhisperX takes, but from the hub for English too, so that all are fetched one way.
# Source: whisperx.alignment.DEFAULT_ALIGN_MODELS_HF, and for English the hub's copy of its
# WAV2VEC2_ASR_BASE_960H. Languages written without spaces are left out: they have no words.
ALIGNMENT_MODELS = {
    "en": HubModel(
        "facebook/wav2vec2-base-960h",
        378_000_000,
        "Apache-2.0",
        (*_NEEDS, "model.safetensors"),
        allow=(*_ALLOW[:-1], "model.safetensors"),
    ),
    "ar": _large("arabic"),
    "el": _large("greek"),
    "fa": _large("persian"),
    "fi": _large("finnish"),
    "hu": _large("hungarian"),
    "nl": _large("dutch"),
    "pl": _large("polish"),
    "pt": _large("portuguese"),
    "ru": _large("russian"),
}
# One file each, where torchaudio keeps what WhisperX itself has downloaded before.
# Source: torchaudio.pipelines, the path of each bundle.
_TORCHAUDIO = {
    "en": "wav2vec2_fairseq_base_ls960_asr_ls960.pth",
    "de": "wav2vec2_voxpopuli_base_10k_asr_de.pt",
    "es": "wav2vec2_voxpopuli_base_10k_asr_es.pt",
    "fr": "wav2vec2_voxpopuli_base_10k_asr_fr.pt",
    "it": "wav2vec2_voxpopuli_base_10k_asr_it.pt",
}


def alignable(languages: Sequence[str] = ()) -> list[str]:
    """The languages whose alignment model is on this machine.

    Args:
        languages: Which to look for; all where it is empty.
    """
    known = languages or sorted({*ALIGNMENT_MODELS, *_TORCHAUDIO})
    return [language for language in known if _model_name(language) is not None]


def _model_name(language: str) -> str | None:
    """What `whisperx.load_align_model` is to load: a folder, or "" for its own choice."""
    if language in ALIGNMENT_MODELS:
        try:
            return str(ALIGNMENT_MODELS[language].locate())
        except EngineUnavailable:
            pass
    file = _TORCHAUDIO.get(language)
    return "" if file and (_torch_checkpoints() / file).is_file() else None


def _torch_checkpoints() -> Path:
    """Source: torch.hub.get_dir, read without importing torch."""
    cache = os.environ.get("XDG_CACHE_HOME", "~/.cache")
    home = os.environ.get("TORCH_HOME", f"{cache}/torch")
    return Path(home, "hub", "checkpoints").expanduser()


class Aligner:
    """The alignment model of one language, loaded on first use.

    Args:
        language: One of `alignable()`.
        device: torch's name of it.
        cache_dir: Where the sentence splitter that WhisperX wants is kept.
    """

    def __init__(self, language: str, device: str, cache_dir: Path) -> None:
        self._language = language
        self._device = device
        self._cache_dir = cache_dir

    def align(
        self, segments: Sequence[dict[str, Any]], samples: NDArray[np.float32]
    ) -> Iterator[HeardWord]:
        """Words with their times.

        Args:
            segments: WhisperX's: start and end in seconds, and text.
            samples: float32, shape (n,), mono, 16 kHz, what the segments were heard in.
        """
        import whisperx

        model, metadata = self._model
        _untrained_splitter(self._cache_dir / "nltk")
        found = whisperx.align(segments, model, metadata, samples, self._device)
        for segment in found["segments"]:
            yield from _spread(segment)

    @cached_property
    def _model(self) -> tuple[Any, dict[str, Any]]:
        import whisperx

        name = _model_name(self._language)
        model, metadata = whisperx.load_align_model(
            self._language, self._device, model_name=name or None, model_cache_only=True
        )
        return model, metadata


def _spread(segment: dict[str, Any]) -> Iterator[HeardWord]:
    """A segment's words; those that could not be aligned share the time between neighbours.

    A segment that could not be aligned at all has its text, but no words.
    """
    words = segment["words"] or [{"word": text} for text in segment["text"].split()]
    at_s = float(segment["start"])
    for number, word in enumerate(words):
        later = (w["start"] for w in words[number + 1 :] if "start" in w)
        bound_s = float(next(later, segment["end"]))
        left = next((n for n, w in enumerate(words[number:]) if "start" in w), len(words) - number)
        start_s = float(word.get("start", at_s))
        end_s = float(word.get("end", start_s + (bound_s - start_s) / max(left, 1)))
        yield HeardWord(f" {word['word']}", start_s, end_s, float(word.get("score", 0.0)))
        at_s = end_s


def _untrained_splitter(folder: Path) -> None:
    """Give NLTK a sentence splitter without training, so that WhisperX downloads none.

    WhisperX groups words by NLTK's sentences, and asks the network for NLTK's data where it
    is absent. The words are the same however they are grouped, and sentences are cut later, in
    `ingest/observe.py`.
    """
    import nltk  # type: ignore[import-untyped]
    from whisperx.utils import PUNKT_LANGUAGES

    for language in {"english", *PUNKT_LANGUAGES.values()}:
        data = folder / "tokenizers" / "punkt_tab" / language
        data.mkdir(parents=True, exist_ok=True)
        for name in (
            "collocations.tab",
            "sent_starters.txt",
            "abbrev_types.txt",
            "ortho_context.tab",
        ):
            (data / name).touch()
    if str(folder) not in nltk.data.path:
        nltk.data.path.append(str(folder))  # after the user's own, if there are any

"""Who speaks when, by pyannote's community pipeline as WhisperX runs it."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from kg_videorag.engines.hub import HubModel

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from kg_videorag.engines.whisper_words import HeardWord

DIARIZATION_MODEL = HubModel(
    repo="pyannote/speaker-diarization-community-1",
    size_bytes=33_000_000,
    licence="CC-BY-4.0",
    needs=(
        "config.yaml",
        "segmentation/pytorch_model.bin",
        "embedding/pytorch_model.bin",
        "plda/plda.npz",
        "plda/xvec_transform.npz",
    ),
    gated=True,
)
# Voices closer than this, as a cosine, are one speaker's. Source: the threshold 0.7046 on the
# cosine distance between centroids of the same embedding, in the configuration of
# pyannote/speaker-diarization-3.1; not measured here, where the model cannot be had.
_SAME_VOICE = 1 - 0.7046


class Diarizer:
    """Names the speakers of a video, block by block, so that one voice keeps its name.

    Args:
        folder: Where the pipeline lies.
        device: torch's name of it.
    """

    def __init__(self, folder: Path, device: str) -> None:
        self._folder = folder
        self._device = device
        self._voices: list[NDArray[np.float32]] = []
        self._latest_ms = -1

    def assign(
        self, words: Sequence[HeardWord], samples: NDArray[np.float32], start_ms: int
    ) -> list[HeardWord]:
        """The same words, each with its speaker: "SPEAKER_00" and so on.

        Args:
            words: Of one block, in order.
            samples: The block's sound: float32, shape (n,), mono, 16 kHz.
            start_ms: Of the block. A video's blocks come in order: one that starts no later
                than the one before begins another video, whose speakers are others.
        """
        import whisperx

        if start_ms <= self._latest_ms:
            self._voices.clear()
        self._latest_ms = start_ms
        turns, voices = self._pipeline(samples, return_embeddings=True)
        names = self._names(voices or {})
        turns["speaker"] = [names.get(label, "") for label in turns["speaker"]]
        timed = [{"word": w.text, "start": w.start_s, "end": w.end_s} for w in words]
        whole = {"start": 0.0, "end": len(samples) / 16_000, "words": timed}
        whisperx.assign_word_speakers(turns, {"segments": [whole]}, fill_nearest=True)
        return list(_named(words, timed))

    def _names(self, voices: Mapping[str, Sequence[float]]) -> dict[str, str]:
        """A block's labels to the video's names; no two labels get the same one."""
        names: dict[str, str] = {}
        taken: set[int] = set()
        known = len(self._voices)
        for label, vector in voices.items():
            voice = np.asarray(vector, dtype=np.float32)
            length = float(np.linalg.norm(voice))
            if not np.isfinite(length) or length == 0:  # too short to have a voice
                continue
            voice /= length
            nearness = {n: float(voice @ self._voices[n]) for n in range(known) if n not in taken}
            nearest = max(nearness, key=lambda n: nearness[n], default=-1)
            if nearest < 0 or nearness[nearest] < _SAME_VOICE:
                nearest = len(self._voices)
                self._voices.append(voice)
            taken.add(nearest)
            names[label] = f"SPEAKER_{nearest:02d}"
        return names

    @cached_property
    def _pipeline(self) -> Any:  # noqa: ANN401 - WhisperX's class, loaded on first use
        from whisperx.diarize import DiarizationPipeline

        return DiarizationPipeline(model_name=str(self._folder), device=self._device)


def _named(words: Sequence[HeardWord], timed: Iterable[dict[str, Any]]) -> Iterator[HeardWord]:
    for word, found in zip(words, timed, strict=True):
        yield replace(word, speaker=found.get("speaker", ""))

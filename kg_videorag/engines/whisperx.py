"""Transcriber: WhisperX, which is Whisper on CTranslate2 in batches, with exact word times.

    sound -> pyannote's voice activity -> Whisper, 30 s at a time -> times of words -> speakers

Times of words come from an alignment model where the language's is on this machine, else from
Whisper's own attention, on the same weights; `version` says which. Speakers are told apart
where a hub token is set and the diarization model is here.
"""

from __future__ import annotations

import io
import logging
import warnings
from contextlib import contextmanager, redirect_stdout
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from kg_videorag.engines import devices
from kg_videorag.engines.alignment import ALIGNMENT_MODELS, Aligner, alignable
from kg_videorag.engines.diarization import DIARIZATION_MODEL, Diarizer
from kg_videorag.engines.whisper_models import (
    choose_weights,
    device_and_numbers,
    require_language,
)
from kg_videorag.engines.whisper_words import HeardWord, words_on_clock
from kg_videorag.errors import EngineError, EngineUnavailable
from kg_videorag.model import SAMPLE_RATE_HZ, EngineState, Transcript

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from kg_videorag.engines.hub import HubModel
    from kg_videorag.model import AudioBlock
    from kg_videorag.ports import TranscriberOptions

_DEFAULT = "tiny.en"
_ENGLISH = "en"
_THREADS = 4  # WhisperX's default, where none are asked for
_BATCH = {"cpu": 1, "cuda": 16}  # a CPU is busy with one
_INSTALL = "Run `make setup`, or `pip install 'kg-videorag[whisperx]'`."
_TALKATIVE = ("whisperx", "lightning.pytorch", "lightning.fabric", "pyannote")
# Punctuation that belongs to the word after and before it. Source: faster_whisper's defaults.
_BEFORE, _AFTER = "\"'“¿([{-", "\"'.。,,!!??::”)]}、"


class WhisperXTranscriber:
    """Implements `ports.Transcriber`; by default on the packaged English tiny model.

    Args:
        options: All of them. With a hub token, speakers are told apart.

    Raises:
        ConfigError: If the options name no model, or one that cannot hear their language.
    """

    name = "whisperx"

    def __init__(self, *, options: TranscriberOptions) -> None:
        self._options = options
        self._weights = choose_weights(options, _DEFAULT)
        self._aligners: dict[str, Aligner] = {}

    @property
    def version(self) -> str:
        try:
            _, numbers = device_and_numbers(self._options)
            made = f"{version('whisperx')}/{self._weights.identity}-{numbers}"
        except (PackageNotFoundError, ImportError):
            return "missing"
        languages = alignable([self._language] if self._language else [])
        parts = (
            made,
            "" if self._weights.english_only else self._options.language,
            f"aligned-{'+'.join(languages)}" if languages else "attention-times",
            "speakers" if self._tells_speakers else "",
        )
        return "/".join(part for part in parts if part)

    @property
    def carries_over(self) -> bool:
        """A voice keeps its name from block to block: see `ports.Transcriber`."""
        return self._tells_speakers

    @property
    def hub_models(self) -> tuple[HubModel, ...]:
        """What it would take from the hub: Whisper, alignment, and speakers with a token.

        The voice activity model comes in WhisperX's own wheel.
        """
        aligning = ALIGNMENT_MODELS.get(self._language or _ENGLISH)
        return (
            *self._weights.hub_models,
            *((aligning,) if aligning else ()),
            *((DIARIZATION_MODEL,) if self._options.hub_token else ()),
        )

    def check(self) -> EngineState:
        state = self._weights.state()
        if find_spec("whisperx") is None:
            return EngineState(
                ready=False,
                model=state.model,
                weights=state.weights,
                checksum=state.checksum,
                hint=_INSTALL,
            )
        return state

    def transcribe(self, block: AudioBlock) -> Transcript:
        if not len(block.samples):
            return Transcript(self._language or _ENGLISH, ())
        with _quiet():
            pipeline = self._pipeline
            try:
                language = self._language or _detected(pipeline.model, block.samples)
                found = pipeline.transcribe(
                    block.samples, batch_size=_BATCH[self._device], language=language
                )
                heard = list(self._timed(found["segments"], language, block.samples))
                if heard and self._diarizer:
                    heard = self._diarizer.assign(heard, block.samples, block.start_ms)
            except (RuntimeError, ValueError, OSError, LookupError) as error:
                raise EngineError(f"{self.name} failed: {error}") from error
        return Transcript(language, words_on_clock(heard, block))

    @property
    def _language(self) -> str:
        """What it is told to hear; "" where it is to detect it."""
        return _ENGLISH if self._weights.english_only else self._options.language

    @property
    def _device(self) -> str:
        return device_and_numbers(self._options)[0]

    @property
    def _tells_speakers(self) -> bool:
        return bool(self._options.hub_token) and DIARIZATION_MODEL.state().ready

    @cached_property
    def _diarizer(self) -> Diarizer | None:
        if not self._tells_speakers:
            return None
        return Diarizer(DIARIZATION_MODEL.locate(), self._device)

    def _timed(
        self, segments: Sequence[dict[str, Any]], language: str, samples: NDArray[np.float32]
    ) -> Iterator[HeardWord]:
        if not segments:
            return
        if language not in self._aligners and alignable([language]):
            self._aligners[language] = Aligner(language, self._device, self._options.cache_dir)
        if language in self._aligners:
            yield from self._aligners[language].align(segments, samples)
        else:
            yield from _by_attention(self._pipeline.model, segments, language, samples)

    @cached_property
    def _pipeline(self) -> Any:  # noqa: ANN401 - WhisperX's class, loaded on first use
        folder = self._weights.folder()
        try:
            import whisperx.asr
            from pyannote.audio.telemetry import set_telemetry_metrics
        except (ImportError, OSError, RuntimeError) as error:
            raise EngineUnavailable(
                f"whisperx cannot be imported: {error}", hint=_INSTALL
            ) from error
        set_telemetry_metrics(False)  # pyannote tells its makers of each model and file
        for name in _TALKATIVE:  # their import set other levels
            logging.getLogger(name).setLevel(logging.ERROR)
        device, numbers = device_and_numbers(self._options)
        devices.choose(device)  # torch runs beside CTranslate2: the cap on memory is its own
        try:
            pipeline = whisperx.asr.load_model(
                str(folder),
                device,
                compute_type=numbers,
                language=self._language or None,
                vad_method="pyannote",  # its weights come in the wheel; silero's are downloaded
                threads=self._options.threads or _THREADS,
                local_files_only=True,
            )
        except (RuntimeError, ValueError, OSError) as error:
            raise EngineUnavailable(
                f"the speech model {self._weights.label} does not load on {device}"
                f" in {numbers}: {error}",
                hint="Unset KGV_DEVICE and KGV_DTYPE, or choose another KGV_ASR_MODEL.",
            ) from error
        known = pipeline.model.supported_languages
        require_language(self._weights.label, self._options.language, known)
        return pipeline


def _detected(model: Any, samples: NDArray[np.float32]) -> str:  # noqa: ANN401 - a foreign class
    """The language of what is said; WhisperX would listen to 30 s that may be silent."""
    if not model.model.is_multilingual:
        return _ENGLISH
    language, *_ = model.detect_language(samples, vad_filter=True)
    return str(language)


def _by_attention(
    model: Any,  # noqa: ANN401 - a foreign class
    segments: Sequence[dict[str, Any]],
    language: str,
    samples: NDArray[np.float32],
) -> Iterator[HeardWord]:
    """Times of words from Whisper's cross-attention, as faster-whisper reads them."""
    from faster_whisper.audio import pad_or_trim
    from faster_whisper.tokenizer import Tokenizer
    from faster_whisper.transcribe import merge_punctuations

    tokenizer = Tokenizer(
        model.hf_tokenizer, model.model.is_multilingual, task="transcribe", language=language
    )
    for segment in segments:
        first = int(segment["start"] * SAMPLE_RATE_HZ)
        piece = samples[first : int(segment["end"] * SAMPLE_RATE_HZ)]
        features = model.feature_extractor(piece)
        frames = min(features.shape[-1] - 1, model.feature_extractor.nb_max_frames)
        encoded = model.encode(pad_or_trim(features[..., :frames]))
        tokens = tokenizer.encode(segment["text"])
        (words,) = model.find_alignment(tokenizer, [tokens], encoded, frames) or ([],)
        merge_punctuations(words, _BEFORE, _AFTER)
        for word in words:
            start_s, end_s = segment["start"] + word["start"], segment["start"] + word["end"]
            yield HeardWord(word["word"], start_s, end_s, float(word["probability"]))


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep from users what WhisperX and its libraries print, log and warn of.

    It logs to stdout, which belongs to `--json`, unless its logger has a handler; pyannote
    warns of libraries that it is not asked to use.
    """
    logger = logging.getLogger("whisperx")
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
        logger.propagate = False
    with warnings.catch_warnings(), redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        yield

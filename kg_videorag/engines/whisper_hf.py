"""Transcriber: Whisper by transformers, on torch.

    sound -> speech (silero, as faster-whisper carries it) -> 30 s at a time -> tokens -> words

Times of words come from the attention heads that a model names in its generation_config.json;
of a model that names none, words share the time of their phrase, by their length, and
`version` says "phrase-times".
"""

from __future__ import annotations

import json
import warnings
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg_videorag.engines import devices
from kg_videorag.engines.folder_print import folder_print
from kg_videorag.engines.hub import HubModel
from kg_videorag.engines.whisper_models import FolderModel, require_language
from kg_videorag.engines.whisper_words import HeardWord, words_on_clock
from kg_videorag.errors import ConfigError, EngineError, EngineUnavailable
from kg_videorag.model import SAMPLE_RATE_HZ, Transcript

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from kg_videorag.model import AudioBlock, EngineState
    from kg_videorag.ports import TranscriberOptions

_DEFAULT = "large-v3-turbo"
_ENGLISH = "en"
# Published by openai: size of the files in use, in bytes (about).
_SIZES = {
    "tiny": 156_000_000, "tiny.en": 156_000_000, "base": 295_000_000, "base.en": 295_000_000,
    "small": 972_000_000, "small.en": 972_000_000, "medium": 3_060_000_000,
    "medium.en": 3_060_000_000, "large-v3": 3_090_000_000, "large-v3-turbo": 1_620_000_000,
}  # fmt: skip
_NEEDS = ("config.json", "preprocessor_config.json", "tokenizer.json")
_WEIGHTS = "model.safetensors"
_GENERATION = "generation_config.json"
_ALLOW = ("*.json", "merges.txt", "normalizer.json", _WEIGHTS)
_PIECE_S = 30  # what Whisper hears at once
_PAUSE_MS = 500  # a silence that parts speech; shorter ones are inside sentences


class WhisperHfTranscriber:
    """Implements `ports.Transcriber`; by default with openai/whisper-large-v3-turbo of the hub.

    A multilingual model detects the language of each block, unless it is told.

    Args:
        options: All but threads and token. The model may be a folder that holds what
            `save_pretrained` of a WhisperForConditionalGeneration and its processor write.

    Raises:
        ConfigError: If the options name no model, or numbers that torch's Whisper lacks.
    """

    name = "whisper-hf"

    def __init__(self, *, options: TranscriberOptions) -> None:
        if options.dtype == "int8":
            raise ConfigError(
                f"{self.name} does not calculate in int8",
                hint="Unset KGV_DTYPE, or set KGV_ASR_ENGINE=faster-whisper.",
            )
        self._options = options
        self._label, self._source = _source(options.model or _DEFAULT)

    @property
    def version(self) -> str:
        label = self._label
        if isinstance(self._source, FolderModel):
            label = f"{label}@{folder_print(self._source.folder)}"
        try:
            made = f"{version('transformers')}/{label}-{self._options.dtype}"
        except PackageNotFoundError:
            return "missing"
        times = "" if self._names_heads else "phrase-times"
        return "/".join(part for part in (made, self._options.language, times) if part)

    @property
    def hub_models(self) -> tuple[HubModel, ...]:
        """What it would take from the hub."""
        return (self._source,) if isinstance(self._source, HubModel) else ()

    def check(self) -> EngineState:
        return self._source.state()

    def transcribe(self, block: AudioBlock) -> Transcript:
        language = self._options.language
        heard: list[HeardWord] = []
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # transformers warns of its own defaults
            model = self._model  # loaded first: what is wrong with it is told of any block
            try:
                for first, last in _speech(block.samples):
                    features = self._features(block.samples[first:last])
                    language = language or self._detected(features)
                    at_s = first / SAMPLE_RATE_HZ
                    heard += self._words(model, features, language, at_s)
            except (RuntimeError, ValueError, IndexError) as error:
                raise EngineError(f"{self.name} failed: {error}") from error
        return Transcript(language or _ENGLISH, words_on_clock(heard, block))

    def _features(self, samples: NDArray[np.float32]) -> dict[str, Any]:
        given = self._processor(
            samples,
            sampling_rate=SAMPLE_RATE_HZ,
            return_tensors="pt",
            return_attention_mask=True,
        )
        return {
            "input_features": given.input_features.to(self._model.device, self._model.dtype),
            "attention_mask": given.attention_mask.to(self._model.device),
        }

    def _detected(self, features: dict[str, Any]) -> str:
        if not self._is_multilingual:
            return _ENGLISH
        (token,) = self._model.detect_language(features["input_features"])
        return str(self._processor.tokenizer.convert_ids_to_tokens(int(token))).strip("<|>")

    def _words(
        self,
        model: Any,  # noqa: ANN401 - a foreign class
        features: dict[str, Any],
        language: str,
        at_s: float,
    ) -> Iterator[HeardWord]:
        told = {"language": language, "task": "transcribe"} if self._is_multilingual else {}
        output = model.generate(
            **features,
            **told,
            return_timestamps=True,
            return_token_timestamps=self._names_heads,
            return_segments=True,
            return_dict_in_generate=True,
            output_scores=True,
        )
        for phrase in output["segments"][0]:
            yield from self._phrase_words(phrase, language, at_s)

    def _phrase_words(
        self, phrase: dict[str, Any], language: str, at_s: float
    ) -> Iterator[HeardWord]:
        """One phrase's words. A token's time is its end; it begins where the last one ended."""
        from faster_whisper.tokenizer import Tokenizer

        splitter = Tokenizer(
            self._processor.tokenizer.backend_tokenizer,
            self._is_multilingual,
            task="transcribe",
            language=language,
        )
        start_s, end_s = at_s + float(phrase["start"]), at_s + float(phrase["end"])
        tokens = [int(token) for token in phrase["tokens"]]
        chances = _chances(phrase, tokens)
        said = [n for n, token in enumerate(tokens) if token < splitter.eot]
        ends_s = _token_ends_s(phrase, said, splitter.tokenizer, (start_s, end_s), at_s)
        place, since_s = 0, start_s
        for text, ids in zip(
            *splitter.split_to_word_tokens([tokens[n] for n in said]), strict=True
        ):
            places = said[place : place + len(ids)]
            until_s = ends_s[place + len(ids) - 1]
            mean = sum(chances[n] for n in places) / len(places)
            yield HeardWord(text, since_s, until_s, mean)
            place, since_s = place + len(ids), until_s

    @cached_property
    def _names_heads(self) -> bool:
        """Whether the model says which of its attention heads follow the sound."""
        try:
            named = json.loads((self._source.locate() / _GENERATION).read_bytes())
        except (EngineUnavailable, OSError, ValueError):
            return True  # what openai publishes does; a folder without it is told of elsewhere
        return bool(named.get("alignment_heads"))

    @property
    def _is_multilingual(self) -> bool:
        return bool(getattr(self._model.generation_config, "is_multilingual", True))

    @cached_property
    def _processor(self) -> Any:  # noqa: ANN401 - transformers' class
        from transformers import WhisperProcessor

        return WhisperProcessor.from_pretrained(self._source.locate(), local_files_only=True)

    @cached_property
    def _model(self) -> Any:  # noqa: ANN401 - transformers' class, loaded on first use
        folder = self._source.locate()
        device, dtype = devices.choose(self._options.device, self._options.dtype)
        try:
            import torch
            import transformers
            from safetensors import SafetensorError
        except (ImportError, OSError) as error:
            raise EngineUnavailable(
                f"transformers cannot be imported: {error}", hint="Run `make setup`."
            ) from error
        transformers.logging.set_verbosity_error()
        try:
            model = transformers.WhisperForConditionalGeneration.from_pretrained(
                folder, local_files_only=True, dtype=getattr(torch, dtype)
            )
            _ = self._processor
            model = model.to(device).eval()
        except (OSError, ValueError, RuntimeError, TypeError, SafetensorError) as error:
            said = str(error).strip().partition("\n")[0]
            raise EngineUnavailable(
                f"the speech model {self._label} does not load on {device}: {said}",
                hint="Run `kg-videorag models verify`, or choose another KGV_ASR_MODEL.",
            ) from error
        known = getattr(model.generation_config, "lang_to_id", None) or {"<|en|>": 0}
        require_language(self._label, self._options.language, [name.strip("<|>") for name in known])
        return model


def _source(name: str) -> tuple[str, HubModel | FolderModel]:
    if name in _SIZES:
        files = (*_NEEDS, _WEIGHTS, _GENERATION)
        return name, HubModel(f"openai/whisper-{name}", _SIZES[name], "MIT", files, allow=_ALLOW)
    folder = Path(name).expanduser()
    if folder.is_dir():
        hint = "Save a Whisper of transformers and its processor there with `save_pretrained`."
        return folder.resolve().name, FolderModel(folder.absolute(), _NEEDS, hint)
    if name.count("/") == 1 and not name.startswith(("/", ".", "~")):
        return name, HubModel(name, 0, "its own", _NEEDS, allow=(*_ALLOW, "model-*.safetensors"))
    raise ConfigError(
        f"KGV_ASR_MODEL: there is no speech model {name!r}",
        hint=f"Known: {', '.join(_SIZES)}; or a folder, or owner/name of the hub.",
    )


def _speech(samples: NDArray[np.float32]) -> Iterator[tuple[int, int]]:
    """Stretches in which somebody speaks, in samples, as few and as long as Whisper can hear."""
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    if not len(samples):
        return
    told = VadOptions(max_speech_duration_s=_PIECE_S, min_silence_duration_ms=_PAUSE_MS)
    begin = end = 0
    for stretch in get_speech_timestamps(samples, told):
        if end and stretch["end"] - begin > _PIECE_S * SAMPLE_RATE_HZ:
            yield begin, end
            end = 0
        begin = begin if end else stretch["start"]
        end = stretch["end"]
    if end:
        yield begin, end


def _chances(phrase: dict[str, Any], tokens: Sequence[int]) -> list[float]:
    """The probability of each token as it was chosen."""
    result = phrase["result"]
    scores = result["scores"]
    first = phrase["idxs"][0] - (len(result["sequences"]) - len(scores))
    return [
        float(scores[first + n].float().softmax(-1)[token]) if first + n < len(scores) else 0.0
        for n, token in enumerate(tokens)
    ]


def _token_ends_s(
    phrase: dict[str, Any],
    said: Sequence[int],
    tokenizer: Any,  # noqa: ANN401 - a foreign class
    span_s: tuple[float, float],
    at_s: float,
) -> list[float]:
    """When each spoken token ends: by attention, else by its share of the phrase's letters."""
    start_s, end_s = span_s
    if "token_timestamps" in phrase:
        ends_s = (at_s + float(phrase["token_timestamps"][n]) for n in said)
        return [min(max(time_s, start_s), end_s) for time_s in ends_s]
    ids = [int(phrase["tokens"][n]) for n in said]
    lengths = [len(tokenizer.decode(ids[: n + 1])) for n in range(len(ids))]
    whole = max(lengths[-1], 1) if lengths else 1
    return [start_s + (end_s - start_s) * length / whole for length in lengths]

"""SoundTagger: YAMNet on onnxruntime, which names 521 kinds of sounds; see docs/adr/0021."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from kg_videorag.engines.onnx_file import OnnxFile
from kg_videorag.engines.packaged import sha256
from kg_videorag.engines.yamnet_patches import (
    MEL_BINS,
    PATCH_FRAMES,
    PATCH_SAMPLES,
    STEP_SAMPLES,
    patches,
)
from kg_videorag.errors import EngineUnavailable
from kg_videorag.model import SAMPLE_RATE_HZ, EngineState, Modality, Span, TimedLabel, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from kg_videorag.model import AudioBlock

# Measured on eleven made sounds and seven real ones: right names score .58 and more (music .82,
# a dial tone .89, a horn .89), wrong ones .5 at most, but for "alarm" of steady tones.
_SURE = 0.55
_AT_ONCE = 125  # patches, a minute: 0.6 MB of samples, 3 MB of their spectra
_MAP_NAME = "yamnet_class_map.csv"
_MAP_COLUMN = "display_name"
# Where another of a kind's names is the one that people say; else it is the first.
_SAID = {
    "vehicle horn, car horn, honking": "car horn",
    "fixed-wing aircraft, airplane": "airplane",
    "walk, footsteps": "footsteps",
    "heart sounds, heartbeat": "heartbeat",
}
_COMMA = re.compile(r",(?![^(]*\))")  # but not those in "roaring cats (lions, tigers)"
_MAP_HINT = "Set KGV_YAMNET_LABELS to YAMNet's yamnet_class_map.csv, or lay it beside the model."


class YamnetTagger:
    """Implements `ports.SoundTagger`.

    Args:
        weights: YAMNet as ONNX: one that takes sound, or one that takes patches of 96 x 64.
        labels: Its class map; None for yamnet_class_map.csv beside the weights.
        device: "cuda" for an NVIDIA card where this onnxruntime can use one; else the CPU.
    """

    name = "yamnet"
    hub_models: tuple[()] = ()  # so that `ingest` asks `check` before it begins

    def __init__(
        self, *, weights: Path | None = None, labels: Path | None = None, device: str = "auto"
    ) -> None:
        self._file = OnnxFile(weights, "KGV_YAMNET_MODEL", "YAMNet", device)
        self._labels = labels

    @property
    def version(self) -> str:
        try:
            return f"{self._file.identity}/{self._map_identity}/{_SURE}"
        except EngineUnavailable:
            return "missing"

    def check(self) -> EngineState:
        state = self._file.state()
        if not state.ready:
            return state
        try:
            _ = self._names
        except EngineUnavailable as error:
            return EngineState(
                ready=False,
                model=state.model,
                weights=str(self._labels or _MAP_NAME),
                checksum="missing",
                hint=error.hint,
            )
        return state

    def tag(self, block: AudioBlock) -> Sequence[TimedLabel]:
        """Listen to one block, which may be of any length.

        Raises:
            EngineUnavailable: If the weights or the class map are missing, or are not YAMNet's.
            EngineError: If the model fails.
        """
        lasting: dict[str, TimedLabel] = {}
        ended: list[TimedLabel] = []
        for span, scores in self._heard(block):
            for kind in np.flatnonzero(scores >= _SURE).tolist():
                name, score = self._names[kind], min(float(scores[kind]), 1.0)
                known = lasting.get(name)
                if known and known.span.end_ms < span.start_ms:
                    ended.append(lasting.pop(name))
                    known = None
                start_ms = known.span.start_ms if known else span.start_ms
                score = max(score, known.confidence) if known else score
                lasting[name] = TimedLabel(name, Modality.SOUND, Span(start_ms, span.end_ms), score)
        found = [*ended, *lasting.values()]
        return tuple(sorted(found, key=lambda label: (label.span, -label.confidence, label.name)))

    def _heard(self, block: AudioBlock) -> Iterator[tuple[Span, NDArray[np.float32]]]:
        """Patch by patch: when, and how sure each kind is; the last one ends with the block."""
        length = len(block.samples)
        last = max(0, length - PATCH_SAMPLES)
        for start in range(0, last, _AT_ONCE * STEP_SAMPLES):
            starts = range(start, min(start + _AT_ONCE * STEP_SAMPLES, last), STEP_SAMPLES)
            stretch = block.samples[start : starts[-1] + PATCH_SAMPLES]
            for at, scores in zip(starts, self._scores(stretch), strict=True):
                yield Span(_ms(block, at), _ms(block, at + PATCH_SAMPLES)), scores
        if length:
            rest = block.samples[last:]
            padded = np.pad(rest, (0, PATCH_SAMPLES - len(rest)))
            for scores in self._scores(padded):
                yield Span(_ms(block, last), block.end_ms), scores

    def _scores(self, samples: NDArray[np.float32]) -> Iterator[NDArray[np.float32]]:
        """Of each patch of a stretch of sound, one a kind."""
        takes_sound, shape = self._form
        given = (
            np.lib.stride_tricks.sliding_window_view(samples, PATCH_SAMPLES)[::STEP_SAMPLES]
            if takes_sound
            else patches(samples)
        )
        for patch in given:
            made = self._file.run(np.ascontiguousarray(patch).reshape(shape), self._output)
            if made.ndim == 0 or made.shape[-1] != len(self._names):
                raise self._file.misfit(
                    f"it makes {list(made.shape)}, not {len(self._names)} scores"
                )
            yield made.reshape(-1, len(self._names)).max(axis=0)

    @cached_property
    def _form(self) -> tuple[bool, tuple[int, ...]]:
        """Whether the model takes sound itself, and in which shape it takes it or a patch."""
        shape = self._file.input_shape
        lengths = [length for length in shape if length not in (1, None)]
        if lengths == [PATCH_FRAMES, MEL_BINS]:
            return False, tuple(length or 1 for length in shape)
        if lengths in ([], [PATCH_SAMPLES]) and 1 <= len(shape) <= 2:
            return True, (1,) * (len(shape) - 1) + (PATCH_SAMPLES,)
        raise self._file.misfit(f"it takes {list(shape)}, neither sound nor patches of 96 x 64")

    @cached_property
    def _output(self) -> int:
        """Which output holds the scores: others hold embeddings and spectrograms."""
        shapes = self._file.output_shapes
        kinds = len(self._names)
        return next((n for n, shape in enumerate(shapes) if shape and shape[-1] == kinds), 0)

    @property
    def _map_path(self) -> Path:
        path = self._labels.expanduser() if self._labels else self._file.place.parent / _MAP_NAME
        if not path.is_file():
            raise EngineUnavailable(f"{path} is not a file", hint=_MAP_HINT)
        return path

    @property
    def _map_identity(self) -> str:
        path = self._map_path
        try:
            return sha256(path)[:8]
        except OSError as error:
            raise EngineUnavailable(
                f"{path} cannot be read: {error.strerror}", hint=_MAP_HINT
            ) from error

    @cached_property
    def _names(self) -> tuple[str, ...]:
        path = self._map_path
        try:
            rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
            names = [one_line(row[_MAP_COLUMN]).lower() for row in rows]
        except (OSError, UnicodeError, csv.Error, KeyError, AttributeError, TypeError) as error:
            raise EngineUnavailable(
                f"{path} is not a table with a column {_MAP_COLUMN}", hint=_MAP_HINT
            ) from error
        return _short(names)


def _short(names: Sequence[str]) -> tuple[str, ...]:
    """One name for each kind: "gunshot" of "gunshot, gunfire", where that tells it apart."""
    firsts = [_SAID.get(name, _COMMA.split(name)[0].strip()) for name in names]
    counts = Counter(firsts)
    return tuple(
        first if counts[first] == 1 else name for first, name in zip(firsts, names, strict=True)
    )


def _ms(block: AudioBlock, sample: int) -> int:
    return block.start_ms + round(sample * 1000 / SAMPLE_RATE_HZ)

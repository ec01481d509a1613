"""Embedder: multilingual sentence models of the hub, or of a folder, by sentence-transformers."""

from __future__ import annotations

import hashlib
import json
import logging
import warnings
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kg_videorag.engines import downloads
from kg_videorag.engines.devices import choose
from kg_videorag.engines.hub import HubModel
from kg_videorag.errors import EngineError, EngineUnavailable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from kg_videorag.model import EngineState

BGE_M3 = HubModel(
    repo="BAAI/bge-m3",
    revision="5617a9f61b028005a4858fdac845db406aefb181",
    size_bytes=2_293_000_000,
    licence="MIT",
    needs=(
        "config.json",
        "modules.json",
        "1_Pooling/config.json",
        "pytorch_model.bin",
        "tokenizer.json",
    ),
    allow=(
        "config*.json",
        "modules.json",
        "sentence_bert_config.json",
        "1_Pooling/config.json",
        "pytorch_model.bin",
        "tokenizer*.json",
        "special_tokens_map.json",
        "sentencepiece.bpe.model",
    ),
)
MULTILINGUAL_MINILM = HubModel(
    repo="sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2",
    size_bytes=485_000_000,
    licence="Apache-2.0",
    needs=("config.json", "modules.json", "1_Pooling/config.json", "model.safetensors"),
    allow=(*BGE_M3.allow, "model.safetensors"),
)
# Known without a look at their folders, so that a dimension can be checked before a download.
_DIMENSIONS = {BGE_M3.repo: 1024, MULTILINGUAL_MINILM.repo: 384}
_KNOWN = {model.repo: model for model in (BGE_M3, MULTILINGUAL_MINILM)}
_BATCH = 32  # the library's own choice
_INSTALL = "Run `make setup`, or `pip install 'kg-videorag[full]'`."


class SentenceTransformersEmbedder:
    """Implements `ports.Embedder`. See docs/adr/0016-full-profile.md for the model.

    Args:
        cache_dir: Not used: models of the hub lie in the hub's own cache.
        model: A name on the hub, or a folder; "" for bge-m3.
        device: "auto", "cpu", "cuda" or "mps".
    """

    name = "sentence-transformers"
    space = "text"
    # The two described here read Russian; any other is taken to read what it is asked.
    languages: frozenset[str] = frozenset()

    def __init__(self, *, cache_dir: Path, model: str = "", device: str = "auto") -> None:
        del cache_dir
        self._source = _source(model)
        self._device = device

    @property
    def version(self) -> str:
        try:
            return version("sentence-transformers")
        except PackageNotFoundError:
            return "missing"

    @property
    def model(self) -> str:
        return self._source.identity

    @cached_property
    def dimension(self) -> int:
        return self._source.dimension

    @property
    def hub_models(self) -> tuple[HubModel, ...]:
        """What `kg-videorag models fetch` brings for it."""
        return () if self._source.hub is None else (self._source.hub,)

    def check(self) -> EngineState:
        if find_spec("sentence_transformers") is None:
            package = "package sentence-transformers"
            return downloads.missing(self._source.name, package, _INSTALL)
        if self._source.hub is not None:
            return self._source.hub.state()
        try:
            return downloads.present(self._source.name, self._source.locate())
        except EngineUnavailable as error:
            return downloads.missing(self._source.name, "no folder of that name", error.hint)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        # Half surrogates, which a tokenizer cannot encode, are read as question marks.
        readable = [text.encode("utf-8", "replace").decode() for text in texts]
        try:
            rows = self._loaded.encode(
                readable,
                batch_size=_BATCH,
                normalize_embeddings=True,
                convert_to_numpy=True,
                show_progress_bar=False,
            )
        except RuntimeError as error:  # a full graphics card among them
            raise EngineError(
                f"{self.name} failed: {str(error).partition(chr(10))[0]}",
                hint="KGV_DEVICE=cpu runs it without a graphics card.",
            ) from error
        return np.asarray(rows, dtype=np.float32)

    @cached_property
    def _loaded(self) -> Any:  # noqa: ANN401 - the library's class, loaded on first use
        folder = self._source.locate()
        # Vectors of one library come from several machines: the same numbers everywhere.
        device, _ = choose(self._device, "float32")
        logging.getLogger("sentence_transformers").setLevel(logging.WARNING)
        with warnings.catch_warnings():  # of the library's own affairs
            warnings.simplefilter("ignore")
            try:
                from sentence_transformers import SentenceTransformer
            except ImportError as error:
                raise EngineUnavailable(
                    f"sentence-transformers cannot be imported: {error}", hint=_INSTALL
                ) from error
            try:
                model = SentenceTransformer(str(folder), device=device, local_files_only=True)
            except Exception as error:
                raise EngineUnavailable(
                    f"{self._source.name} in {folder} does not load:"
                    f" {str(error).partition(chr(10))[0]}",
                    hint=self._source.mend,
                ) from error
        made = model.get_embedding_dimension()
        if made != self.dimension:
            raise EngineUnavailable(
                f"{self._source.name} makes {made}-d vectors, not {self.dimension}-d as it says",
                hint=self._source.mend,
            )
        return model


@dataclass(frozen=True, slots=True)
class _Source:
    """A model by name or in a folder.

    Args:
        name: As it was given.
        hub: The model of the hub; None for a folder.
    """

    name: str
    hub: HubModel | None

    def locate(self) -> Path:
        if self.hub is not None:
            return self.hub.locate()
        folder = Path(self.name).expanduser()
        if not (folder / "modules.json").is_file():
            raise EngineUnavailable(
                f"{folder} holds no model of sentence-transformers", hint=self.mend
            )
        return folder

    @property
    def mend(self) -> str:
        if self.hub is None:
            return "Set KGV_EMBEDDER_MODEL to a folder with a modules.json, or to a hub's name."
        return f"Run `kg-videorag models verify {self.hub.name}`."

    @property
    def identity(self) -> str:
        """Equal where the vectors are; a folder that moves stays itself."""
        folder = self.locate()
        if self.hub is not None:
            return f"{self.hub.repo}@{folder.name[:8]}"  # the hub names it after the commit
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        sizes = {str(path.relative_to(folder)): path.stat().st_size for path in files}
        stated = json.dumps(sizes).encode() + (folder / "config.json").read_bytes()
        return f"{folder.name}@{hashlib.sha256(stated).hexdigest()[:8]}"

    @property
    def dimension(self) -> int:
        known = _DIMENSIONS.get(self.hub.repo) if self.hub is not None else None
        return known or _stated_dimension(self.locate())


def _source(model: str) -> _Source:
    name = model or BGE_M3.repo
    if Path(name).expanduser().is_dir() or name.startswith(("/", ".", "~")):
        return _Source(name, None)
    # Of a model that nobody described here the size is not known before it is asked for.
    unknown = HubModel(
        repo=name,
        size_bytes=0,
        licence="see its page",
        needs=("config.json", "modules.json"),
        allow=("*.json", "*.txt", "*.model", "*.safetensors", "pytorch_model.bin"),
    )
    return _Source(name, _KNOWN.get(name, unknown))


def _stated_dimension(folder: Path) -> int:
    """What the last part that changes it says: a dense layer, the pooling, or the encoder."""
    try:
        modules = json.loads((folder / "modules.json").read_bytes())
        for module in reversed(modules):
            config = folder / module["path"] / "config.json"
            stated = json.loads(config.read_bytes()) if config.is_file() else {}
            for key in ("out_features", "word_embedding_dimension", "hidden_size"):
                if key in stated:
                    return int(stated[key])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EngineUnavailable(
            f"{folder / 'modules.json'} cannot be read: {error}",
            hint="Fetch the model again, or choose another KGV_EMBEDDER_MODEL.",
        ) from error
    raise EngineUnavailable(
        f"{folder} does not say how long its vectors are",
        hint="Choose another KGV_EMBEDDER_MODEL.",
    )

"""The embedder: what a checkpoint makes of what it is given, as rows of length 1."""

from __future__ import annotations

import logging
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from itertools import islice
from threading import RLock
from typing import TYPE_CHECKING, Any

import numpy as np

from kg_videorag.engines import devices
from kg_videorag.engines.hub import WebFile
from kg_videorag.engines.imagebind import checkpoint as checkpoints
from kg_videorag.engines.imagebind.prepare import (
    clip_tensors,
    depth_tensor,
    motion_tensor,
    picture_tensor,
    text_tensor,
    thermal_tensor,
)
from kg_videorag.errors import EngineError, EngineUnavailable
from kg_videorag.model import EngineState

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

# Its publisher gives no checksum.
IMAGEBIND = WebFile(
    name="imagebind_huge.pth",
    url="https://dl.fbaipublicfiles.com/imagebind/imagebind_huge.pth",
    size_bytes=4_803_584_173,
    licence="CC BY-NC 4.0",
)
_LICENCE = (
    "ImageBind is for non-commercial use only: its weights are CC BY-NC 4.0, its package carries"
    " a CC BY-NC-SA 4.0 licence (said once)"
)
_PACKAGE = "imagebind-unofficial"
_INT8 = "int8"
_CARD_DTYPES = frozenset({"float32", "float16", "bfloat16"})
_log = logging.getLogger(__name__)


class ImageBindEmbedder:
    """Implements `ports.SidecarEmbedder`.

    Args:
        cache_dir: Where a fetched checkpoint is, and where is remembered what was said and found.
        checkpoint: A checkpoint of one's own; None for the fetched imagebind_huge.pth.
        batch: Pictures, clips of sound or texts at once.
        device: "auto" (an NVIDIA card if there is one), "cpu", "cuda" or "mps".
        dtype: "float16", "bfloat16" or "float32" on an NVIDIA card; "int8" on a CPU, where what
            is seen and heard is then multiplied in int8 and words as ever; else float32. Vectors
            of all of them can be compared.
    """

    name = "imagebind"
    languages = frozenset({"en"})  # its text tower is CLIP's, trained on English captions

    def __init__(
        self,
        *,
        cache_dir: Path,
        checkpoint: Path | None = None,
        batch: int = 8,
        device: str = "auto",
        dtype: str = "auto",
    ) -> None:
        self._cache_dir = cache_dir
        self._checkpoint = checkpoint.expanduser() if checkpoint else None
        self._batch = batch
        self._wanted_device = device
        self._wanted_dtype = dtype
        self._quantised: set[str] = set()  # towers
        self._loading = RLock()  # a web server asks from several threads

    @property
    def hub_models(self) -> tuple[WebFile, ...]:
        """What `kg-videorag models` may fetch for it."""
        return () if self._checkpoint else (IMAGEBIND,)

    @property
    def version(self) -> str:
        """Of the package and the checkpoint, and "int8" where that was asked for."""
        numbers = f"/{_INT8}" if self._wanted_dtype == _INT8 else ""
        try:
            return f"{version(_PACKAGE)}/{self._fingerprint}{numbers}"
        except (PackageNotFoundError, EngineUnavailable):
            return "missing"

    @property
    def model(self) -> str:
        """Tells this checkpoint from every other, so that vectors of two never mix.

        Raises:
            EngineUnavailable: If there is no checkpoint.
        """
        return f"imagebind/{self._fingerprint}"

    @property
    def dimension(self) -> int:
        """Of the vectors, as the checkpoint's shapes say.

        Raises:
            EngineUnavailable: If there is no checkpoint, or the file is none.
        """
        return checkpoints.dimension_of(self._state)

    def check(self) -> EngineState:
        where = str(self._checkpoint or IMAGEBIND.url)
        try:
            checkpoints.require_package()
            path, model = self._path, self.model
        except EngineUnavailable as error:
            return EngineState(
                ready=False, model=self.name, weights=where, checksum="missing", hint=error.hint
            )
        return EngineState(ready=True, model=model, weights=str(path), checksum="pinned")

    def embed_pictures(self, pictures: Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
        return self._unit(self._rows("vision", map(picture_tensor, pictures)))

    def embed_sounds(self, sounds: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
        _ = self._model  # brings in imagebind, whose spectrograms are used
        clips = [clip_tensors(sound) for sound in sounds]
        rows = self._unit(self._rows("audio", (clip for part in clips for clip in part)))
        ends = np.cumsum([len(part) for part in clips])
        means = [part.mean(axis=0) for part in np.split(rows, ends[:-1])] if clips else []
        return self._unit(np.asarray(means, dtype=np.float32))

    def embed_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        _ = self._model  # brings in imagebind, whose tokenizer is used
        return self._unit(self._rows("text", map(text_tensor, texts)))

    def embed_depths(self, disparities: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
        return self._unit(self._rows("depth", map(depth_tensor, disparities)))

    def embed_thermals(self, pictures: Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
        return self._unit(self._rows("thermal", map(thermal_tensor, pictures)))

    def embed_motions(self, motions: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
        return self._unit(self._rows("imu", map(motion_tensor, motions)))

    def _rows(self, tower: str, inputs: Iterable[Any]) -> NDArray[np.float32]:
        """What a tower makes of prepared inputs, batch by batch."""
        import torch

        model, device, dtype = self._ready(tower), self._device, self._dtype
        rows = [np.empty((0, self.dimension), dtype=np.float32)]
        for batch in _batches(inputs, self._batch):
            given = torch.stack(batch).to(device)
            if given.is_floating_point():
                given = given.to(dtype)
            try:
                with torch.inference_mode():
                    made = model({tower: given})[tower]
            except torch.OutOfMemoryError as error:
                raise EngineError(
                    f"{self.name}: the graphics card's memory does not hold {len(batch)} at once",
                    hint=f"Set KGV_IMAGEBIND_BATCH below {self._batch}, or KGV_DEVICE=cpu.",
                ) from error
            except RuntimeError as error:
                raise EngineError(f"{self.name} failed: {str(error)[:200]}") from error
            rows.append(made.float().cpu().numpy())
        return np.concatenate(rows)

    def _unit(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Rows of length 1: ImageBind scales what it makes, text by another factor than sound."""
        rows = rows.reshape(-1, self.dimension)
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        if not np.isfinite(lengths).all() or not lengths.all():
            raise EngineError(
                f"{self.name} made vectors without a direction",
                hint="Set KGV_DTYPE=float32; if it stays so, the checkpoint is damaged.",
            )
        return np.asarray(rows / lengths, dtype=np.float32)

    @cached_property
    def _path(self) -> Path:
        if self._checkpoint is None:
            return IMAGEBIND.locate(self._cache_dir)
        if not self._checkpoint.is_file():
            raise EngineUnavailable(
                f"{self._checkpoint} is not a file",
                hint="Set KGV_IMAGEBIND_CHECKPOINT to imagebind_huge.pth, or unset it.",
            )
        return self._checkpoint

    @cached_property
    def _fingerprint(self) -> str:
        return checkpoints.fingerprint(self._path)

    @cached_property
    def _state(self) -> checkpoints.State:
        with self._loading:
            return checkpoints.read_state(self._path)

    @cached_property
    def _model(self) -> Any:  # noqa: ANN401 - imagebind has no types
        """The model, loaded on first use."""
        with self._loading:
            if "_model" in self.__dict__:  # another thread loaded it while this one waited
                return self.__dict__["_model"]
            device, dtype = self._device, self._dtype
            checkpoints.require_whole(self._path, self._cache_dir)
            model = checkpoints.build(self._state, self._path.name)
            self._say_licence()
            return model.to(device=device, dtype=dtype)

    def _ready(self, tower: str) -> Any:  # noqa: ANN401 - imagebind has no types
        """The model, with a tower as it is wanted; words are few, and stay as exact as they are."""
        model = self._model
        if self._wanted_dtype == _INT8 and self._device == "cpu" and tower != "text":
            with self._loading:
                if tower not in self._quantised:
                    checkpoints.quantise(model, tower)
                    self._quantised.add(tower)
        return model

    @cached_property
    def _device(self) -> str:
        device, _ = devices.choose(self._wanted_device)
        # On Apple's cards it was never tried: only who names them gets them.
        return "cpu" if (self._wanted_device, device) == (devices.AUTO, "mps") else device

    @cached_property
    def _dtype(self) -> Any:  # noqa: ANN401 - a torch.dtype
        import torch

        if self._device != "cuda":
            return torch.float32
        wanted = self._wanted_dtype if self._wanted_dtype in _CARD_DTYPES else devices.AUTO
        return getattr(torch, devices.choose(self._device, wanted)[1])

    def _say_licence(self) -> None:
        marker = self._cache_dir / "imagebind-licence.said"
        if not marker.exists():
            _log.warning(_LICENCE)
            checkpoints.remember(marker)


def _batches(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch

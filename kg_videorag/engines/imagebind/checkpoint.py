"""ImageBind's checkpoint: which one it is, whether it is whole, and the model it holds.

The model is built to the shapes that the checkpoint has, so one of another size loads through
the same code. A checkpoint is read by memory mapping: of 4.8 GB only the towers in use are ever
read.
"""

from __future__ import annotations

import hashlib
import logging
import sys
import warnings
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile, ZipFile, is_zipfile

from kg_videorag.errors import EngineUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    State = Mapping[str, Any]

TOWERS = ("vision", "audio", "text", "depth", "thermal", "imu")
_OUT = "modality_heads.vision.2.weight"
# How many heads share a tower's width cannot be told from shapes. Those of imagebind_huge are 64
# wide, but for these two: (tower, width) -> heads. A model of another size is taken to have
# heads of 64. Source: imagebind.models.imagebind_model.imagebind_huge.
_HEAD_WIDTH = 64
_HEADS = {("vision", 1280): 16, ("depth", 384): 8}
_END_BYTES = 1 << 20
_log = logging.getLogger(__name__)
_DAMAGED = "Copy or download it again: imagebind_huge.pth of its publisher is what is expected."
_NO_PACKAGE = "Run `make setup`, or `pip install 'kg-videorag[imagebind]'`."


def fingerprint(path: Path) -> str:
    """12 hexadecimal digits that tell one checkpoint from another, in milliseconds.

    They come from the file's size, its beginning and its end. torch saves a zip, whose end lists
    the size and CRC-32 of every tensor.

    Raises:
        EngineUnavailable: If the file cannot be read.
    """
    with _readable(path), path.open("rb") as file:
        size = path.stat().st_size
        digest = hashlib.sha256(str(size).encode())
        digest.update(file.read(_END_BYTES))
        file.seek(max(0, size - _END_BYTES))
        digest.update(file.read())
    return digest.hexdigest()[:12]


def require_whole(path: Path, cache_dir: Path) -> None:
    """Compare every tensor's CRC-32, once per file: torch itself takes flipped bits as they are.

    Args:
        path: The checkpoint.
        cache_dir: Where is remembered that it was found whole.

    Raises:
        EngineUnavailable: If it is damaged.
    """
    with _readable(path):
        stat = path.stat()
        marker = cache_dir / f"imagebind-{fingerprint(path)}-{stat.st_mtime_ns}.whole"
        if marker.exists() or not is_zipfile(path):
            return
        _log.info("comparing the checksums in %s (once)", path.name)
        try:
            with ZipFile(path) as archive:
                damaged = archive.testzip()
        except BadZipFile as error:
            raise EngineUnavailable(f"{path.name} is damaged: {error}", hint=_DAMAGED) from error
    if damaged:
        raise EngineUnavailable(f"{path.name} is damaged at {damaged}", hint=_DAMAGED)
    remember(marker)


def remember(marker: Path) -> None:
    """Leave a marker file; where that cannot be, what it says is found out again next time."""
    with suppress(OSError):
        marker.parent.mkdir(parents=True, exist_ok=True)
        marker.touch()


def read_state(path: Path) -> State:
    """The tensors of a checkpoint, by name, mapped into memory and not yet read.

    Raises:
        EngineUnavailable: If it is no checkpoint of ImageBind, or is damaged.
    """
    import pickle

    import torch

    with _readable(path):
        try:
            state = torch.load(
                path, map_location="cpu", weights_only=True, mmap=is_zipfile(path) or None
            )
        except (RuntimeError, ValueError, EOFError, KeyError, pickle.UnpicklingError) as error:
            # torch's own words tell how to load it unsafely: they are not passed on.
            raise EngineUnavailable(
                f"{path.name} is not a checkpoint of torch, or is damaged", hint=_DAMAGED
            ) from error
    if not isinstance(state, dict) or not all(isinstance(v, torch.Tensor) for v in state.values()):
        raise EngineUnavailable(f"{path.name} holds more than a model's weights", hint=_DAMAGED)
    if _OUT not in state:
        raise EngineUnavailable(
            f"{path.name} is not a checkpoint of ImageBind: it lacks {_OUT}", hint=_DAMAGED
        )
    return state


def dimension_of(state: State) -> int:
    """Length of the vectors that a checkpoint makes."""
    return int(state[_OUT].shape[0])


def build(state: State, name: str) -> Any:  # noqa: ANN401 - imagebind has no types
    """The model of a checkpoint, its weights the very tensors of `state`, ready to embed.

    Args:
        state: As `read_state` gives it.
        name: Of the file, for messages.

    Raises:
        EngineUnavailable: If the package is missing, or the tensors are not those of ImageBind.
    """
    model_class = import_package().ImageBindModel
    try:
        model = _unfilled(model_class, _sizes(state))
        model.load_state_dict(state, strict=True, assign=True)
    except (RuntimeError, KeyError, IndexError, AssertionError, ZeroDivisionError) as error:
        raise EngineUnavailable(
            f"{name} does not fit ImageBind: {_first_line(error)}", hint=_DAMAGED
        ) from error
    return model.eval().requires_grad_(False)  # noqa: FBT003 - torch names no argument


def quantise(model: Any, tower: str) -> None:  # noqa: ANN401 - imagebind has no types
    """Let a tower multiply in int8, in place: its own weights, and what comes in as it comes.

    What attention multiplies by itself stays float32: torch has no other form of it.

    Raises:
        EngineUnavailable: If this machine's torch cannot.
    """
    import torch

    trunk = model.modality_trunks[tower]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # this part of torch moves to a package of its own
        try:
            torch.ao.quantization.quantize_dynamic(
                trunk, {torch.nn.Linear}, dtype=torch.qint8, inplace=True
            )
        except RuntimeError as error:
            raise EngineUnavailable(
                f"torch cannot multiply in int8 on this machine: {_first_line(error)}",
                hint="Set KGV_DTYPE=float32.",
            ) from error


def require_package() -> None:
    """Tell whether the package is there, without importing it.

    Raises:
        EngineUnavailable: If it is not.
    """
    if find_spec("imagebind") is None:
        raise EngineUnavailable("the package imagebind-unofficial is missing", hint=_NO_PACKAGE)


def import_package() -> Any:  # noqa: ANN401 - imagebind has no types
    """The module `imagebind.models.imagebind_model`; `imagebind.data` is imported with it.

    Raises:
        EngineUnavailable: If it, or what it needs, is missing.
    """
    try:
        # Its dependency pytorchvideo looks for this module under the name of old torchvisions.
        from torchvision.transforms import _functional_tensor

        sys.modules.setdefault("torchvision.transforms.functional_tensor", _functional_tensor)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of pkg_resources, and of pytorchvideo's strings
            from imagebind.models import imagebind_model
    except ImportError as error:
        raise EngineUnavailable(
            f"imagebind cannot be imported: {error}", hint=_NO_PACKAGE
        ) from error
    return imagebind_model


def _sizes(state: State) -> dict[str, int]:
    """Arguments of ImageBindModel that make a model of a checkpoint's shapes."""
    sizes = {"out_embed_dim": dimension_of(state)}
    for tower in TOWERS:
        head = "proj.0" if tower == "text" else "0"
        width = int(state[f"modality_heads.{tower}.{head}.weight"].shape[0])
        prefix = f"modality_trunks.{tower}.blocks."
        blocks = {n.removeprefix(prefix).partition(".")[0] for n in state if n.startswith(prefix)}
        sizes[f"{tower}_embed_dim"] = width
        sizes[f"{tower}_num_blocks"] = len(blocks)
        sizes[f"{tower}_num_heads"] = _HEADS.get((tower, width), max(1, width // _HEAD_WIDTH))
    return sizes


def _unfilled(model_class: Any, sizes: Mapping[str, int]) -> Any:  # noqa: ANN401 - no types
    """A model without memory for weights: random ones would cost 20 s, and 4.8 GB, for nothing."""
    import torch
    from torch.overrides import TorchFunctionMode

    class ReadableNumbers(TorchFunctionMode):  # type: ignore[misc]
        """Lets the model read the few numbers that it makes with linspace."""

        def __torch_function__(
            self,
            func: Callable[..., object],
            types: object,
            args: tuple[object, ...] = (),
            kwargs: dict[str, object] | None = None,
        ) -> object:
            del types
            here = {"device": "cpu"} if func is torch.linspace else {}
            return func(*args, **{**(kwargs or {}), **here})

    with torch.device("meta"), ReadableNumbers():
        return model_class(**sizes)


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise EngineUnavailable(
            f"{path} cannot be read: {error.strerror or error}",
            hint="Set KGV_IMAGEBIND_CHECKPOINT to imagebind_huge.pth, or unset it.",
        ) from error


def _first_line(error: Exception) -> str:
    """A foreign message in one line; torch's second line is often the one that says it."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return " ".join(lines[:2])[:200] or type(error).__name__

"""Where torch calculates, in which numbers, and how much of a graphics card it may take."""

from __future__ import annotations

from typing import Any

from kg_videorag.errors import ConfigError

_CUDA = "cuda"


def choose_device(wanted: str) -> str:
    """The device to run on: "cpu", "cuda" or "mps".

    Args:
        wanted: One of them, or "auto" for a graphics card if there is one.

    Raises:
        ConfigError: If the wanted one is not there.
    """
    import torch

    there = {
        "cpu": True,
        _CUDA: torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
    }
    if wanted == "auto":
        return next(name for name in (_CUDA, "mps", "cpu") if there[name])
    if not there.get(wanted):
        raise ConfigError(
            f"KGV_DEVICE is {wanted}, but torch finds none on this machine",
            hint="Set KGV_DEVICE=auto, or install a torch that knows the card.",
        )
    return wanted


def choose_dtype(wanted: str, device: str, *, weights_bytes: int = 0) -> Any:  # noqa: ANN401
    """The torch dtype of a model's weights.

    Args:
        wanted: "float32", "float16", "bfloat16" or "auto": bfloat16 on cards that know it, else
            float16; float32 on a CPU, or bfloat16 where that would not fit its memory.
        device: What `choose_device` chose.
        weights_bytes: Of the model's files, taken for 16-bit numbers.

    Raises:
        ConfigError: If a model cannot be loaded in such numbers.
    """
    import torch

    named = {n: getattr(torch, n) for n in ("float32", "float16", "bfloat16")}
    if wanted in named:
        return named[wanted]
    if wanted != "auto":
        raise ConfigError(
            f"KGV_DTYPE is {wanted}, which this engine cannot use",
            hint="Set KGV_DTYPE to auto, float32, float16 or bfloat16.",
        )
    if device == _CUDA:
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16
    if device == "mps":
        return torch.float16
    import psutil

    fits = 2 * weights_bytes < psutil.virtual_memory().available
    return torch.float32 if fits else torch.bfloat16


def limit_cuda_memory(limit_bytes: int, device: str) -> None:
    """Cap what torch takes of the card; beyond it torch says that it is out of memory.

    Args:
        limit_bytes: 0 for no cap.
        device: What `choose_device` chose.
    """
    if device != _CUDA or not limit_bytes:
        return
    import torch

    _, total_bytes = torch.cuda.mem_get_info()
    torch.cuda.set_per_process_memory_fraction(min(1.0, limit_bytes / total_bytes))

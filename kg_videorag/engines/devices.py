"""Where torch's models run, and in which numbers: decided in one place for every engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kg_videorag.errors import ConfigError, EngineUnavailable

if TYPE_CHECKING:
    from types import ModuleType

AUTO = "auto"
_LOADABLE = ("float32", "float16", "bfloat16")
_limit_bytes = 0  # 0: none; see limit_memory


def choose(device: str = AUTO, dtype: str = AUTO, *, weights_bytes: int = 0) -> tuple[str, str]:
    """The device and the numbers that a model is to be loaded with.

    "auto" takes CUDA, else Apple's MPS, else the CPU; and of numbers bfloat16 where a card
    calculates with it itself (NVIDIA since Ampere), float16 on other cards, float32 on a CPU,
    where half numbers are slower, unless a model would not fit. What is named is taken as it
    stands.

    Args:
        device: "auto", "cpu", "cuda" or "mps".
        dtype: "auto", or a name that the engine knows.
        weights_bytes: Of the model's files, taken for 16-bit numbers; 0 where that is not known.

    Returns:
        ("cpu" | "cuda" | "mps", a dtype other than "auto").

    Raises:
        EngineUnavailable: If the device that is named is not there, or torch is not.
    """
    torch = _torch()
    cards = {
        "cuda": bool(torch.cuda.is_available()),
        "mps": bool(torch.backends.mps.is_available()),
    }
    if device == AUTO:
        device = next((name for name, there in cards.items() if there), "cpu")
    elif not cards.get(device, True):
        raise EngineUnavailable(
            f"torch {torch.__version__} finds no device {device!r} on this machine",
            hint="Unset KGV_DEVICE to take what there is, or see docs/profiles.md.",
        )
    if device == "cuda" and _limit_bytes:
        _apply_limit(torch)
    return device, _numbers(torch, device, weights_bytes) if dtype == AUTO else dtype


def torch_dtype(name: str) -> Any:  # noqa: ANN401 - torch is imported when it is needed
    """Torch's own value for "float32", "float16" or "bfloat16".

    Raises:
        ConfigError: If a model cannot be loaded in such numbers.
    """
    if name not in _LOADABLE:
        raise ConfigError(
            f"KGV_DTYPE is {name}, which this engine cannot use",
            hint=f"Set KGV_DTYPE to auto, {', '.join(_LOADABLE)}.",
        )
    return getattr(_torch(), name)


def limit_memory(limit_bytes: int) -> None:
    """Cap what torch takes of each CUDA card; beyond it a model fails instead of its neighbour.

    Remembered here and applied when a model is about to go to a card, so that a command which
    needs no torch does not import it.
    """
    global _limit_bytes  # noqa: PLW0603 - torch keeps one such cap per process, too
    _limit_bytes = limit_bytes


def _numbers(torch: ModuleType, device: str, weights_bytes: int) -> str:
    if device == "cuda":
        native = torch.cuda.is_bf16_supported(including_emulation=False)
        return "bfloat16" if native else "float16"
    if device == "mps":
        return "float16"
    import psutil

    fits = 2 * weights_bytes < psutil.virtual_memory().available
    return "float32" if fits else "bfloat16"


def _apply_limit(torch: ModuleType) -> None:
    for card in range(torch.cuda.device_count()):
        total = torch.cuda.get_device_properties(card).total_memory
        torch.cuda.set_per_process_memory_fraction(min(1.0, _limit_bytes / total), card)


def _torch() -> ModuleType:
    try:
        import torch
    except (ImportError, OSError) as error:  # OSError: a library of a CUDA build does not load
        raise EngineUnavailable(
            f"torch cannot be imported: {error}", hint="Run `make setup`."
        ) from error
    module: ModuleType = torch
    return module

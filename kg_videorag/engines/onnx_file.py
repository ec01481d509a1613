"""A model that the user names as an ONNX file: found, told apart from others, and run.

Small models that are asked now and then run on one thread: measured on two cores, YOLOX-nano
takes 11 ms a picture on one, and as long on two, which then spend half as much again.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from kg_videorag.engines.packaged import sha256
from kg_videorag.errors import EngineError, EngineUnavailable
from kg_videorag.model import EngineState, one_line

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_THREADS = 1
_SHA_CHARS = 12  # of its hexadecimal digits: enough to tell one file from another
_FATAL = 4  # of onnxruntime's log, which goes to stderr; its errors are raised as well
_MESSAGE_CHARS = 200


@dataclass(frozen=True)  # no slots: what is read of the file is kept beside the fields
class OnnxFile:
    """A file of weights.

    Args:
        path: Where it is; None where nobody named one.
        setting: Which setting names it, for hints.
        model: What should be in it, for messages.
        device: On "cuda" the model runs on an NVIDIA card, where this onnxruntime can use one;
            else on the CPU, which is fast enough for models of this size.
    """

    path: Path | None
    setting: str
    model: str
    device: str = "auto"

    @property
    def place(self) -> Path:
        """The file.

        Raises:
            EngineUnavailable: If it is not there.
        """
        if self.path is None:
            raise EngineUnavailable(f"no weights of {self.model} are named", hint=self.hint)
        path = self.path.expanduser()
        if not path.is_file():
            raise EngineUnavailable(f"{path} is not a file", hint=self.hint)
        return path

    @property
    def hint(self) -> str:
        return f"Set {self.setting} to a file of {self.model} as ONNX, or unset it."

    @cached_property
    def identity(self) -> str:
        """The file's name and the beginning of its checksum.

        Raises:
            EngineUnavailable: If it cannot be read.
        """
        path = self.place
        try:
            return f"{path.name}/{sha256(path)[:_SHA_CHARS]}"
        except OSError as error:
            raise EngineUnavailable(
                f"{path} cannot be read: {error.strerror}", hint=self.hint
            ) from error

    def state(self) -> EngineState:
        """What `doctor` says of it; nothing is loaded."""
        try:
            identity = self.identity
        except EngineUnavailable as error:
            where = str(self.path or "not named")
            return EngineState(
                ready=False, model=self.model, weights=where, checksum="missing", hint=error.hint
            )
        return EngineState(ready=True, model=identity, weights=str(self.path), checksum="present")

    @property
    def input_shape(self) -> tuple[int | None, ...]:
        """Of the model's first input; None where any length will do.

        Raises:
            EngineUnavailable: If the file is missing, or holds no model.
        """
        return _shape(self._session.get_inputs()[0])

    @property
    def output_shapes(self) -> tuple[tuple[int | None, ...], ...]:
        """Of all its outputs, likewise."""
        return tuple(map(_shape, self._session.get_outputs()))

    def run(self, given: NDArray[np.float32], output: int = 0) -> NDArray[np.float32]:
        """What the model makes of its first input.

        Args:
            given: float32, of `input_shape`.
            output: Which of its outputs.

        Raises:
            EngineUnavailable: If the file is missing, or holds no model.
            EngineError: If the model fails.
        """
        session = self._session
        name, wanted = session.get_inputs()[0].name, session.get_outputs()[output].name
        try:
            (made,) = session.run([wanted], {name: given})
        except Exception as error:
            raise EngineError(
                f"{self.place.name} failed: {one_line(str(error))[-_MESSAGE_CHARS:]}"
            ) from error
        return np.asarray(made, dtype=np.float32)

    def misfit(self, why: str) -> EngineUnavailable:
        """The error that the file holds a model, but not the one that was expected."""
        return EngineUnavailable(f"{self.place.name} is no {self.model}: {why}", hint=self.hint)

    @cached_property
    def _session(self) -> Any:  # noqa: ANN401 - onnxruntime has no types
        path = self.place
        try:
            import onnxruntime

            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = options.inter_op_num_threads = _THREADS
            options.log_severity_level = _FATAL
            there = onnxruntime.get_available_providers()
            wanted = ["CUDAExecutionProvider"] if self.device == "cuda" else []
            providers = [*(p for p in wanted if p in there), "CPUExecutionProvider"]
            session = onnxruntime.InferenceSession(path, options, providers=providers)
        except ImportError as error:
            raise EngineUnavailable(
                f"onnxruntime cannot be imported: {error}", hint="Run `make setup`."
            ) from error
        except Exception as error:
            raise EngineUnavailable(
                f"{path.name} is not a model in ONNX's format, or is damaged:"
                f" {one_line(str(error))[-_MESSAGE_CHARS:]}",
                hint=self.hint,
            ) from error
        if not session.get_inputs():
            raise self.misfit("it takes no input")
        return session


def _shape(value: Any) -> tuple[int | None, ...]:  # noqa: ANN401 - onnxruntime has no types
    return tuple(length if isinstance(length, int) else None for length in value.shape or ())

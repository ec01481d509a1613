"""TextReader: PP-OCR on onnxruntime, by RapidOCR, with the models that its package carries."""

from __future__ import annotations

import logging
import warnings
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

import numpy as np

from kg_videorag.engines.packaged import PackagedWeights
from kg_videorag.errors import EngineError, EngineUnavailable
from kg_videorag.model import TextLine, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from kg_videorag.model import EngineState


def _packaged(task: str, sha256: str) -> PackagedWeights:
    # The checksums are those that RapidOCR's own table of models gives.
    return PackagedWeights(
        model=f"PP-OCRv6 {task}",
        distribution="rapidocr",
        module="rapidocr",
        folder="models",
        file=f"PP-OCRv6_{task}_small.onnx",
        sha256=sha256,
    )


DETECTION = _packaged("det", "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f")
RECOGNITION = _packaged("rec", "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884")

# The longer side at which lines are looked for; they are read at full size. Measured on slides:
# 1280 finds no line more and takes 1.4 s a picture instead of 1.2 s (text) or 0.8 s (none);
# 736 takes bullets for lines.
_LOOK_PX = 960
_MAX_PX = 2_000  # the longer side at which lines are read: a picture of 8K is shrunk first
_MIN_PX = 32  # a picture whose shorter side is then below this holds nothing to read


class RapidOcrReader:
    """Implements `ports.TextReader` for Latin letters, Chinese and Japanese.

    Upright text only: screens are not written upside down, and looking for it costs time.
    """

    name = "rapidocr"

    @property
    def version(self) -> str:
        try:
            return f"{version('rapidocr')}/pp-ocrv6-small-{_LOOK_PX}"
        except PackageNotFoundError:
            return "missing"

    def check(self) -> EngineState:
        state = DETECTION.state()
        return RECOGNITION.state() if state.ready else state

    def read(self, picture: NDArray[np.uint8]) -> Sequence[TextLine]:
        """Read one picture; one too small to hold text has no lines.

        Raises:
            EngineUnavailable: If the package or its models are missing or damaged.
            EngineError: If RapidOCR fails.
        """
        height, width = picture.shape[:2]
        if min(height, width) * min(1.0, _MAX_PX / max(height, width, 1)) < _MIN_PX:
            return ()
        blue_first = np.ascontiguousarray(picture[:, :, ::-1])
        reader = self._reader
        try:
            found = reader(blue_first)
        except Exception as error:
            raise EngineError(f"{self.name} failed: {one_line(str(error))[-200:]}") from error
        return tuple(_lines(found, height, width))

    @cached_property
    def _reader(self) -> Any:  # noqa: ANN401 - RapidOCR's class, loaded on first use
        detection, recognition = DETECTION.verified(), RECOGNITION.verified()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of its dependencies, about themselves
                from rapidocr import RapidOCR

                reader = RapidOCR(
                    params={
                        # It logs to stderr by a handler of its own, "no text" as a warning.
                        "Global.log_level": "critical",
                        "Global.use_cls": False,
                        "Global.text_score": 0.0,  # who asked decides what is sure enough
                        "Global.max_side_len": _MAX_PX,
                        "Det.model_path": str(detection / DETECTION.file),
                        "Det.limit_type": "max",
                        "Det.limit_side_len": _LOOK_PX,
                        "Rec.model_path": str(recognition / RECOGNITION.file),
                    }
                )
        except Exception as error:
            raise EngineUnavailable(
                f"RapidOCR cannot be loaded: {one_line(str(error))}", hint="Run `make setup`."
            ) from error
        logging.getLogger("RapidOCR").setLevel(logging.CRITICAL)
        return reader


def _lines(found: Any, height: int, width: int) -> Iterator[TextLine]:  # noqa: ANN401
    if found.txts is None:
        return
    for text, score, corners in zip(found.txts, found.scores, found.boxes, strict=True):
        if line := one_line(text):
            left, top = (np.clip(corners.min(axis=0) / (width, height), 0, 1)).tolist()
            right, bottom = (np.clip(corners.max(axis=0) / (width, height), 0, 1)).tolist()
            yield TextLine(line, float(score), (left, top, right, bottom))

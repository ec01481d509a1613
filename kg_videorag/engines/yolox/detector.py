"""The detector: one picture in, the things in it out.

Source of the form of input and output: YOLOX's demo for ONNX (Megvii-BaseDetection/YOLOX,
demo/ONNXRuntime): a picture is brought to the model's size with its proportions, the rest is
grey; each cell of three grids tells of one box, its middle and size relative to the cell.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kg_videorag.engines.onnx_file import OnnxFile
from kg_videorag.errors import EngineError, EngineUnavailable
from kg_videorag.model import EngineState, Label, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

# YOLOX's own. Below it, things that are not there are most of what is found.
_SURE = 0.3
_SAME_THING = 0.45  # intersection over union of two boxes; YOLOX's own
_STRIDES_PX = (8, 16, 32)
_SIDE_PX = 640  # where the model leaves its size open: what YOLOX is trained at
_GREY = 114
_BOX = 5  # x, y, width, height, and whether anything is there; then a number for each name
_COCO = Path(__file__).parent / "coco.names"


class YoloxDetector:
    """Implements `ports.Detector`.

    Args:
        weights: A YOLOX as ONNX. Names of its own stand beside it in a file that ends in
            `.names`, one a line; without it they are COCO's 80.
        device: "cuda" for an NVIDIA card where this onnxruntime can use one; else the CPU.
    """

    name = "yolox"
    hub_models: tuple[()] = ()  # so that `ingest` asks `check` before it begins

    def __init__(self, *, weights: Path | None = None, device: str = "auto") -> None:
        self._file = OnnxFile(weights, "KGV_YOLOX_MODEL", "YOLOX", device)

    @property
    def version(self) -> str:
        try:
            return f"{self._file.identity}/{self._names_identity}/{_SURE}"
        except EngineUnavailable:
            return "missing"

    def check(self) -> EngineState:
        return self._file.state()

    def detect(self, picture: NDArray[np.uint8]) -> Sequence[Label]:
        """Look at one picture; what has no pixels shows nothing.

        Raises:
            EngineUnavailable: If the weights are missing, or are no YOLOX.
            EngineError: If the model fails.
        """
        if not picture.size:
            return ()
        height_px, width_px = self._size_px
        shrunk, scale = _fitted(picture, height_px, width_px)
        rows = self._file.run(shrunk)
        if rows.ndim != 3 or rows.shape[1] != len(self._cells):
            raise self._file.misfit(f"it makes {list(rows.shape)} of a picture")
        if rows.shape[2] != _BOX + len(self._names):
            raise self._misnamed(rows.shape[2] - _BOX)
        shape_px = (picture.shape[1] * scale, picture.shape[0] * scale)
        return tuple(self._labels(rows[0], shape_px))

    def _labels(self, rows: NDArray[np.float32], shape_px: tuple[float, float]) -> Iterator[Label]:
        """What rows of output tell, surest first; boxes as shares of the picture as shrunk."""
        scores = rows[:, 4:5] * rows[:, _BOX:]
        kinds = scores.argmax(axis=1)
        best = scores.max(axis=1)
        sure = best >= _SURE
        boxes = _boxes(rows[sure], self._cells[sure])
        kinds, best = kinds[sure], best[sure]
        for place in _distinct(boxes, best, kinds):
            left, top, width, height = boxes[place].tolist()
            corners = np.array([left, top, left + width, top + height]) / (shape_px * 2)
            left, top, right, bottom = np.clip(corners, 0, 1).tolist()
            if left < right and top < bottom:
                name, score = self._names[kinds[place]], min(float(best[place]), 1.0)
                yield Label(name, score, (left, top, right, bottom))

    @cached_property
    def _size_px(self) -> tuple[int, int]:
        """Height and width that the model takes."""
        shape = self._file.input_shape
        if len(shape) != 4 or shape[1] not in (3, None) or shape[0] not in (1, None):
            raise self._file.misfit(f"it takes {list(shape)}, not one picture of three colours")
        height_px, width_px = shape[2] or _SIDE_PX, shape[3] or _SIDE_PX
        if height_px % _STRIDES_PX[-1] or width_px % _STRIDES_PX[-1]:
            raise self._file.misfit(f"its pictures are {width_px} x {height_px}")
        return height_px, width_px

    @cached_property
    def _cells(self) -> NDArray[np.float32]:
        """Of each row of output: its cell's column, row and side in pixels, shape (n, 3)."""
        height_px, width_px = self._size_px
        grids = []
        for stride in _STRIDES_PX:
            rows, columns = np.indices((height_px // stride, width_px // stride))
            sides = np.full(rows.size, stride)
            grids.append(np.stack([columns.ravel(), rows.ravel(), sides], axis=1))
        return np.concatenate(grids).astype(np.float32)

    @property
    def _names_path(self) -> Path:
        own = self._file.place.with_suffix(".names")
        return own if own.is_file() else _COCO

    @cached_property
    def _names(self) -> tuple[str, ...]:
        path = self._names_path
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeError) as error:
            raise EngineUnavailable(
                f"{path} cannot be read: {error}", hint="Write one name a line, in UTF-8."
            ) from error
        return tuple(one_line(line).lower() for line in lines if line.strip())

    @property
    def _names_identity(self) -> str:
        """Tells one file of names from another; COCO's are named."""
        import hashlib

        if self._names_path == _COCO:
            return "coco"
        return hashlib.sha256("\n".join(self._names).encode()).hexdigest()[:8]

    def _misnamed(self, wanted: int) -> EngineUnavailable:
        return EngineUnavailable(
            f"{self._file.place.name} tells {wanted} kinds of things apart, but"
            f" {self._names_path.name} names {len(self._names)}",
            hint=f"Write its names, one a line, in {self._file.place.with_suffix('.names')}.",
        )


def _fitted(
    picture: NDArray[np.uint8], height_px: int, width_px: int
) -> tuple[NDArray[np.float32], float]:
    """A picture as the model takes it, shape (1, 3, height, width), BGR, and its scale."""
    import cv2

    scale = min(height_px / picture.shape[0], width_px / picture.shape[1])
    inner = (max(1, int(picture.shape[1] * scale)), max(1, int(picture.shape[0] * scale)))
    canvas = np.full((height_px, width_px, 3), _GREY, dtype=np.uint8)
    shrunk = cv2.resize(picture, inner, interpolation=cv2.INTER_LINEAR)
    canvas[: inner[1], : inner[0]] = shrunk[:, :, ::-1]
    return canvas.transpose(2, 0, 1)[None].astype(np.float32), scale


def _boxes(rows: NDArray[np.float32], cells: NDArray[np.float32]) -> NDArray[np.float32]:
    """left, top, width, height in the model's pixels, shape (n, 4)."""
    sides = cells[:, 2:]
    middles = (rows[:, :2] + cells[:, :2]) * sides
    sizes = np.exp(rows[:, 2:4]) * sides
    return np.concatenate([middles - sizes / 2, sizes], axis=1)


def _distinct(
    boxes: NDArray[np.float32], scores: NDArray[np.float32], kinds: NDArray[Any]
) -> list[int]:
    """Which boxes are of things of their own, surest first: one of those of a kind that overlap."""
    import cv2

    if not len(boxes):
        return []
    try:
        kept = cv2.dnn.NMSBoxesBatched(
            boxes.tolist(), scores.tolist(), kinds.tolist(), _SURE, _SAME_THING
        )
    except cv2.error as error:
        raise EngineError(f"yolox: boxes cannot be compared: {one_line(str(error))}") from error
    places: list[int] = np.asarray(kept, dtype=int).ravel().tolist()
    return sorted(places, key=lambda place: -scores[place])

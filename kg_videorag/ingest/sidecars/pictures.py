"""Pictures of depth and heat: folders of files that are named by their milliseconds, and films."""

from __future__ import annotations

import math
import tomllib
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from kg_videorag.errors import MediaError
from kg_videorag.model import DecodeLimits, Picture, one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from kg_videorag.ingest.media import MediaReader

    OnFault = Callable[[str], None]

EVERY_MS = 5_000  # as of what a video shows
_SUFFIXES = frozenset({".png", ".tif", ".tiff"})  # without loss: a JPEG's depth is no depth
_CAMERA_NAME = "camera.toml"
_MAX_PIXELS = DecodeLimits().pixels
_DEPTH_MODES, _HEAT_MODES = ("I;16", "I;16B", "I"), ("L",)  # as Pillow calls 16 and 8 bits of grey
# Source: the code by which Omnivore's and ImageBind's publishers make disparities
# (facebookresearch/omnivore, issue 12); the baseline is a Kinect's, and so is its focal length.
_NEAREST_M, _FARTHEST_M = 0.01, 50.0
_BASELINE_M = 0.075
_FOCAL_WIDTHS = 519 / 640  # focal length in widths of the picture


@dataclass(frozen=True, slots=True)
class Camera:
    """What turns distances into disparities.

    Args:
        focal_px: Its focal length; 0 for a Kinect's at the picture's width.
        baseline_m: Between its two eyes.
    """

    focal_px: float = 0.0
    baseline_m: float = _BASELINE_M

    def disparity(self, depth_mm: NDArray[Any]) -> NDArray[np.float32]:
        """Of distances in millimetres; 0, which is "not measured", stays 0."""
        focal_px = self.focal_px or _FOCAL_WIDTHS * depth_mm.shape[1]
        metres = np.clip(depth_mm.astype(np.float32) / 1000, _NEAREST_M, _FARTHEST_M)
        return np.where(depth_mm > 0, self.baseline_m * focal_px / metres, 0).astype(np.float32)


def depths(folder: Path, until_ms: int, tell: OnFault) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """Moments and disparities of a folder of depth pictures.

    Args:
        folder: Of 16-bit pictures in millimetres; its camera.toml, if it has one.
        until_ms: The video's length.
        tell: Told of what cannot be read.
    """
    try:
        camera = _camera(folder / _CAMERA_NAME)
    except MediaError as error:
        tell(f"{one_line(folder.name)} was not used: {error.message}")
        return
    for at_ms, picture in _pictures(folder, until_ms, _DEPTH_MODES, tell):
        yield at_ms, camera.disparity(picture)


def heats(
    path: Path, media: MediaReader, until_ms: int, tell: OnFault
) -> Iterator[tuple[int, NDArray[np.uint8]]]:
    """Moments and pictures of heat, uint8, shape (height, width), of a folder or a film."""
    if path.is_dir():
        for at_ms, grey in _pictures(path, until_ms, _HEAT_MODES, tell):
            yield at_ms, grey.astype(np.uint8)
        return
    next_ms = 0
    try:
        for part in media.decoded(path, sound=False):
            if isinstance(part, Picture) and next_ms <= part.at_ms < until_ms:
                next_ms = part.at_ms + EVERY_MS
                yield part.at_ms, part.whole()[:, :, 1]
    except MediaError as error:  # it may be broken from somewhere on
        tell(error.message)


def _camera(path: Path) -> Camera:
    if not path.exists():
        return Camera()
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
        camera = Camera(**{name: float(value) for name, value in given.items()})
    except (OSError, ValueError, TypeError) as error:
        raise MediaError(f"{path.name}: {one_line(str(error))}") from error
    if not all(math.isfinite(v) and v > 0 for v in (camera.baseline_m, camera.focal_px or 1.0)):
        raise MediaError(f"{path.name}: focal_px and baseline_m must be above 0")
    return camera


def _pictures(
    folder: Path, until_ms: int, modes: tuple[str, ...], tell: OnFault
) -> Iterator[tuple[int, NDArray[Any]]]:
    """Moments and pictures, few enough; of those wanted, the broken ones are told of."""
    next_ms = 0
    for at_ms, path in _timed(folder, tell):
        if not next_ms <= at_ms < until_ms:
            continue
        try:
            picture = _read(path, modes)
        except MediaError as error:
            tell(f"{one_line(folder.name)}/{error.message}")
            continue
        next_ms = at_ms + EVERY_MS
        yield at_ms, picture


def _timed(folder: Path, tell: OnFault) -> list[tuple[int, Path]]:
    timed, unnamed = [], []
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() not in _SUFFIXES:
            if path.name != _CAMERA_NAME:
                unnamed.append(path.name)
        elif path.stem.isascii() and path.stem.isdigit():
            timed.append((int(path.stem[:18]), path))
        else:
            unnamed.append(path.name)
    if unnamed:
        tell(
            f"{one_line(folder.name)}/{one_line(unnamed[0])} was not used: names are milliseconds"
            f" and .png or .tif ({len(unnamed)} such)"
        )
    return sorted(timed)


def _read(path: Path, modes: tuple[str, ...]) -> NDArray[Any]:
    from PIL import Image

    name = one_line(path.name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path, formats=("PNG", "TIFF")) as picture:
                if picture.width * picture.height > _MAX_PIXELS:
                    raise MediaError(f"{name} has {picture.width} x {picture.height} pixels")
                if picture.mode not in modes:
                    bits = 8 if modes is _HEAT_MODES else 16
                    raise MediaError(f"{name} is not grey with {bits} bits")
                return np.asarray(picture)
    except (
        OSError,
        ValueError,
        SyntaxError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ) as error:
        raise MediaError(f"{name} cannot be read: {one_line(str(error))[:200]}") from error

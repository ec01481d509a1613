"""Pictures, sounds, words and what other sensors record, as ImageBind's towers take them.

Source of sizes and constants: imagebind.data, whose loaders read files; here there are arrays.
Tests compare the two.
"""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from kg_videorag.model import SAMPLE_RATE_HZ

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

_Number = TypeVar("_Number", np.uint8, np.float32)
_SIDE_PX = 224
_PICTURE_MEAN = (0.48145466, 0.4578275, 0.40821073)
_PICTURE_STD = (0.26862954, 0.26130258, 0.27577711)
# Of a picture much longer than wide the towers see the middle square. The rest is cut off before
# the short side is brought to 224 pixels: a line of one pixel would become gigabytes.
_LONGEST_RATIO = 4

# ImageBind's publishers gave no loader for depth. These are Omnivore's, on whose depth it was
# trained: its demo's `DepthNorm` and `Normalize` (facebookresearch/omnivore, cog). Its mean is a
# disparity of 3.1 pixels; at a Kinect's 0.075 m and 519 pixels that is 1.6 m, as rooms are, only
# if distances are counted as SUN RGB-D's files count them: eight to the millimetre.
_MOST_DISPARITY = 75.0
_DEPTH_MEAN, _DEPTH_STD = 0.0418, 0.0295
_UNITS_PER_MM = 8.0

_CLIP = 2 * SAMPLE_RATE_HZ  # samples
_FRAME, _SHIFT = 400, 160  # samples of a spectrogram's frame, and between two
_MEL_BINS, _FRAMES = 128, 204
_SOUND_MEAN, _SOUND_STD = -4.268, 9.138


def picture_tensor(picture: NDArray[np.uint8]) -> Any:  # noqa: ANN401 - a torch.Tensor
    """A picture, uint8, shape (height, width, 3), RGB, to float32, shape (3, 224, 224)."""
    from PIL import Image

    return _picture_transform()(Image.fromarray(_middle(picture)))


def depth_tensor(disparity: NDArray[np.float32]) -> Any:  # noqa: ANN401 - a torch.Tensor
    """Disparities, float32, shape (height, width), to float32, shape (1, 224, 224)."""
    import torch

    share = np.clip(disparity / _UNITS_PER_MM, 0.0, _MOST_DISPARITY) / _MOST_DISPARITY
    whole = torch.from_numpy(np.ascontiguousarray(_middle(share), dtype=np.float32))[None]
    return (_square()(whole) - _DEPTH_MEAN) / _DEPTH_STD


def thermal_tensor(picture: NDArray[np.uint8]) -> Any:  # noqa: ANN401 - a torch.Tensor
    """Heat, uint8, shape (height, width), to float32, shape (1, 224, 224), range 0..1.

    Not centred: with the mean of pictures the detection of people on LLVIP falls from 62 % to
    55 %, and the paper has 63 %. Source: facebookresearch/ImageBind, pull request 73.
    """
    import torch

    whole = torch.from_numpy(_middle(picture))[None].to(torch.float32) / 255
    return _square()(whole)


def motion_tensor(motion: NDArray[np.float32]) -> Any:  # noqa: ANN401 - a torch.Tensor
    """Motion through 5 s, float32, shape (6, 2000), as the tower takes it.

    Source: the ImageBind paper (arXiv 2305.05665), appendix: five-second clips, 2,000 steps.
    """
    import torch

    return torch.tensor(motion)


def clip_tensors(sound: NDArray[np.float32]) -> list[Any]:
    """A sound, mono, SAMPLE_RATE_HZ, to float32 spectrograms, shape (1, 128, 204), of 2 s each.

    They stand evenly, as few as cover the sound. A short sound is one, padded as ImageBind does.
    """
    if len(sound) <= _CLIP:
        return [_spectrogram(sound)]
    starts = np.linspace(0, len(sound) - _CLIP, math.ceil(len(sound) / _CLIP)).astype(int)
    return [_spectrogram(sound[start : start + _CLIP]) for start in starts.tolist()]


def text_tensor(text: str) -> Any:  # noqa: ANN401 - a torch.Tensor
    """A text to its first 77 tokens, int64, shape (77,)."""
    return _tokenizer()(text.encode("utf-8", "replace").decode())


def _middle(picture: NDArray[_Number]) -> NDArray[_Number]:
    longest = _LONGEST_RATIO * min(picture.shape[:2])
    for axis in (0, 1):
        surplus = max(0, picture.shape[axis] - longest)
        if surplus:
            picture = picture.take(range(surplus // 2, surplus // 2 + longest), axis)
    return np.ascontiguousarray(picture)


@cache
def _picture_transform() -> Callable[[Any], Any]:
    from torchvision import transforms

    composed: Callable[[Any], Any] = transforms.Compose(
        [
            transforms.Resize(_SIDE_PX, interpolation=transforms.InterpolationMode.BICUBIC),
            transforms.CenterCrop(_SIDE_PX),
            transforms.ToTensor(),
            transforms.Normalize(mean=_PICTURE_MEAN, std=_PICTURE_STD),
        ]
    )
    return composed


@cache
def _square() -> Callable[[Any], Any]:
    """The middle square of one channel, shape (1, height, width), as of pictures."""
    from torchvision import transforms

    composed: Callable[[Any], Any] = transforms.Compose(
        [
            transforms.Resize(
                _SIDE_PX, interpolation=transforms.InterpolationMode.BICUBIC, antialias=True
            ),
            transforms.CenterCrop(_SIDE_PX),
        ]
    )
    return composed


def _spectrogram(clip: NDArray[np.float32]) -> Any:  # noqa: ANN401 - a torch.Tensor
    import torch
    from imagebind import data

    wave = torch.zeros(1, max(len(clip), _FRAME))
    wave[0, : len(clip)] = torch.tensor(clip)  # a copy: imagebind takes the mean off in place
    frames = 1 + (wave.shape[1] - _FRAME) // _SHIFT
    # Asked for as many frames as there are: for fewer than 204 it would pad, and write a warning
    # through the root logger.
    mel = data.waveform2melspec(wave, SAMPLE_RATE_HZ, _MEL_BINS, min(frames, _FRAMES))
    padded = torch.nn.functional.pad(mel, (0, _FRAMES - mel.shape[2]))
    return (padded - _SOUND_MEAN) / _SOUND_STD


@cache
def _tokenizer() -> Callable[[str], Any]:
    from imagebind import data
    from imagebind.models.multimodal_preprocessors import SimpleTokenizer

    tokenizer: Callable[[str], Any] = SimpleTokenizer(bpe_path=data.return_bpe_path())
    return tokenizer

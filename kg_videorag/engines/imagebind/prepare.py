"""Pictures, sounds and words as ImageBind's towers take them.

Source of sizes and constants: imagebind.data, whose loaders read files; here there are arrays.
Tests compare the two.
"""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from kg_videorag.model import SAMPLE_RATE_HZ

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

_SIDE_PX = 224
_PICTURE_MEAN = (0.48145466, 0.4578275, 0.40821073)
_PICTURE_STD = (0.26862954, 0.26130258, 0.27577711)
# Of a picture much longer than wide the towers see the middle square. The rest is cut off before
# the short side is brought to 224 pixels: a line of one pixel would become gigabytes.
_LONGEST_RATIO = 4

_CLIP = 2 * SAMPLE_RATE_HZ  # samples
_FRAME, _SHIFT = 400, 160  # samples of a spectrogram's frame, and between two
_MEL_BINS, _FRAMES = 128, 204
_SOUND_MEAN, _SOUND_STD = -4.268, 9.138


def picture_tensor(picture: NDArray[np.uint8]) -> Any:  # noqa: ANN401 - a torch.Tensor
    """A picture, uint8, shape (height, width, 3), RGB, to float32, shape (3, 224, 224)."""
    from PIL import Image

    return _picture_transform()(Image.fromarray(_middle(picture)))


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


def _middle(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
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

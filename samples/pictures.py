"""The pictures of the slides, drawn from plain shapes on a disc of sky or over the whole frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

from objects import OBJECTS
from pen import SCALE, Pen, Theme
from PIL import Image, ImageDraw

if TYPE_CHECKING:
    from collections.abc import Callable

PICTURE_PX = 420


def draw_picture(name: str, theme: Theme) -> Image.Image:
    """Draws a picture on a disc of sky.

    Args:
        name: a key of `PICTURES`.
        theme: its colours.

    Returns:
        An RGB image of `PICTURE_PX` squared, on the theme's background.

    """
    sky = _drawn(name, theme, (PICTURE_PX, PICTURE_PX))
    image = Image.new("RGB", sky.size, theme.background)
    disc = Image.new("L", sky.size, 0)
    ImageDraw.Draw(disc).ellipse((0, 0, sky.width - 1, sky.height - 1), fill=255)
    image.paste(sky, mask=disc)
    return image.reduce(SCALE)


def draw_scene(name: str, theme: Theme, size_px: tuple[int, int]) -> Image.Image:
    """Draws a picture over a whole frame: an RGB image of `size_px` (width, height)."""
    return _drawn(name, theme, size_px).reduce(SCALE)


def _drawn(name: str, theme: Theme, size_px: tuple[int, int]) -> Image.Image:
    """The picture on its sky, `SCALE` times as large as it will be shown."""
    sky = Image.new("RGB", (size_px[0] * SCALE, size_px[1] * SCALE), theme.sky)
    PICTURES[name](Pen(sky, theme))
    return sky


def _moon(pen: Pen) -> None:
    pen.disc(50, 50, 30, pen.theme.shape)
    for x, y, radius in (
        (42, 40, 6),
        (60, 36, 3.5),
        (58, 56, 8),
        (38, 60, 4),
        (48, 70, 3),
        (69, 48, 2.5),
    ):
        pen.disc(x, y, radius, pen.theme.shade)


def _orbit(pen: Pen) -> None:
    pen.ring(50, 50, (41, 19), 1.2)
    pen.disc(50, 50, 22, pen.theme.shape)
    pen.disc(43, 44, 7, pen.theme.shade)
    pen.disc(56, 56, 9, pen.theme.shade)
    pen.disc(83, 60, 4, pen.theme.accent)


def _computer(pen: Pen) -> None:
    pen.box((24, 18, 76, 82), pen.theme.shape, 3)
    pen.box((29, 23, 48, 46), pen.theme.shade)
    pen.box((52, 23, 71, 46), pen.theme.dark)
    for y in (27, 33, 39):
        pen.box((55, y, 68, y + 3), pen.theme.accent)
    for row in range(3):
        for column in range(5):
            x, y = 29 + column * 8.75, 52 + row * 9
            pen.box((x, y, x + 6.75, y + 7), pen.theme.shade)


def _rocket(pen: Pen) -> None:
    pen.shape((45, 82, 55, 82, 50, 97), pen.theme.accent)
    pen.shape((43, 66, 34, 80, 43, 80), pen.theme.shade)
    pen.shape((57, 66, 66, 80, 57, 80), pen.theme.shade)
    pen.box((43, 40, 57, 82), pen.theme.shape)
    pen.shape((43, 41, 57, 41, 54, 32, 46, 32), pen.theme.shade)
    pen.box((46, 20, 54, 33), pen.theme.shape)
    pen.shape((46, 21, 54, 21, 50, 8), pen.theme.accent)
    for y in (50, 66):
        pen.box((43, y, 57, y + 3), pen.theme.dark, 0)


def _plane(pen: Pen) -> None:
    pen.shape((8, 52, 26, 46, 84, 46, 84, 58, 26, 58), pen.theme.shape)
    pen.shape((84, 46, 90, 49, 90, 55, 84, 58), pen.theme.accent)
    pen.shape((46, 53, 72, 53, 82, 72, 72, 72), pen.theme.shade)
    pen.shape((66, 47, 82, 47, 86, 26, 77, 26), pen.theme.shade)
    pen.shape((26, 46, 38, 46, 34, 41, 30, 41), pen.theme.dark)


def _console(pen: Pen) -> None:
    pen.box((16, 26, 48, 50), pen.theme.shape, 2)
    pen.box((52, 26, 84, 50), pen.theme.shape, 2)
    pen.line((20, 44, 26, 34, 32, 40, 38, 31, 44, 36), pen.theme.accent, 1.5)
    pen.disc(68, 38, 8, pen.theme.shade)
    pen.ring(68, 38, (12, 5), 1)
    pen.shape((12, 58, 88, 58, 94, 78, 6, 78), pen.theme.shape)
    for column in range(9):
        x = 17 + column * 7.5
        pen.box((x, 63, x + 5, 67), pen.theme.shade)
        pen.box((x, 70, x + 5, 74), pen.theme.accent if column % 4 == 1 else pen.theme.shade)


def _ground(pen: Pen) -> None:
    pen.disc(50, 172, 95, pen.theme.shade)


def _lander(pen: Pen) -> None:
    _ground(pen)
    for side in (-1, 1):
        pen.line((50 + side * 12, 56, 50 + side * 28, 78), pen.theme.dark, 2)
        pen.box((50 + side * 28 - 6, 77, 50 + side * 28 + 6, 80), pen.theme.dark)
    pen.shape((44, 68, 56, 68, 59, 76, 41, 76), pen.theme.dark)
    pen.box((32, 54, 68, 68), pen.theme.accent)
    pen.shape((38, 54, 33, 44, 38, 32, 62, 32, 67, 44, 62, 54), pen.theme.shape)
    pen.shape((41, 38, 48, 38, 45, 45), pen.theme.dark)
    pen.shape((59, 38, 52, 38, 55, 45), pen.theme.dark)
    pen.line((50, 32, 50, 22), pen.theme.dark, 1.5)
    pen.disc(50, 21, 3, pen.theme.shape)


def _walk(pen: Pen) -> None:
    _ground(pen)
    pen.line((32, 84, 32, 26), pen.theme.dark, 1.8)
    pen.box((33, 26, 65, 47), pen.theme.shape)
    for y in (26, 32, 38, 44):
        pen.box((33, y, 65, y + 3), pen.theme.accent, 0)
    pen.box((33, 26, 46, 38), pen.theme.dark, 0)
    for x, y in ((42, 83), (48, 87), (55, 83), (61, 87)):
        pen.box((x, y, x + 3, y + 6), pen.theme.dark, 1.4)
    pen.disc(76, 24, 8, pen.theme.shape)


def _capsule(pen: Pen) -> None:
    pen.shape((42, 76, 26, 60, 74, 60, 58, 76), pen.theme.shade)
    pen.shape((45, 34, 55, 34, 74, 62, 26, 62), pen.theme.shape)
    pen.box((25, 61, 75, 66), pen.theme.accent, 2)
    for x in (41, 55):
        pen.box((x, 46, x + 5, 52), pen.theme.dark)
    pen.box((46, 27, 54, 34), pen.theme.shade)


def _splashdown(pen: Pen) -> None:
    for x in (28, 50, 72):
        pen.line((x - 11, 27, 50, 60, x + 11, 27), pen.theme.dark, 0.6)
        pen.half_disc(x, 28, 12, pen.theme.accent)
    pen.shape((46, 60, 54, 60, 62, 78, 38, 78), pen.theme.shape)
    pen.box((0, 82, 100, 100), pen.theme.shade, 0)
    for x in range(0, 101, 10):
        pen.disc(x, 82, 5, pen.theme.shade)


PICTURES: dict[str, Callable[[Pen], None]] = {
    "moon": _moon,
    "orbit": _orbit,
    "computer": _computer,
    "rocket": _rocket,
    "plane": _plane,
    "console": _console,
    "lander": _lander,
    "walk": _walk,
    "capsule": _capsule,
    "splashdown": _splashdown,
    **OBJECTS,
}

"""More pictures: what the films about the computer and about Skylab show."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from pen import Pen


def _gyroscope(pen: Pen) -> None:
    pen.ring(50, 50, (36, 36), 2.5, pen.theme.shade)
    pen.ring(50, 50, (31, 11), 2.5)
    pen.line((50, 10, 50, 90), pen.theme.shape, 2.5)
    pen.shape((28, 46, 72, 46, 72, 54, 28, 54), pen.theme.shape)
    pen.disc(50, 50, 5, pen.theme.dark)
    for y in (10, 90):
        pen.disc(50, y, 3, pen.theme.accent)


def _keyboard(pen: Pen) -> None:
    pen.box((21, 14, 79, 86), pen.theme.shape, 3)
    pen.box((26, 19, 47, 50), pen.theme.shade)
    for row in range(5):
        for x in (28, 38):
            pen.box((x, 21 + row * 5.6, x + 7, 25 + row * 5.6), pen.theme.shape, 0.5)
    pen.box((53, 19, 74, 50), pen.theme.dark)
    for row in range(4):
        pen.box((56, 22.5 + row * 7, 71, 26 + row * 7), pen.theme.accent, 0.5)
    for column in range(7):  # 19 keys, as the real one has
        x = 25 + column * 7.3
        keys = (59, 67) if column in {0, 6} else (55, 63, 71)
        for y in keys:
            pen.box((x, y, x + 5.8, y + 6), pen.theme.dark, 0.8)


def _station(pen: Pen) -> None:
    for side in (-1, 1):
        pen.line((50, 34, 50 + side * 17, 17), pen.theme.shade, 1.5)
        pen.line((50, 34, 50 + side * 17, 51), pen.theme.shade, 1.5)
        for y in (17, 51):
            x = 50 + side * 17
            pen.box(
                (min(x, x + side * 13), y - 3.5, max(x, x + side * 13), y + 3.5),
                pen.theme.accent,
                0,
            )
    pen.box((45, 27, 55, 41), pen.theme.shape, 2)
    pen.box((46, 40, 54, 52), pen.theme.shade)
    pen.box((40, 51, 60, 86), pen.theme.shape, 2)
    pen.box((40, 57, 60, 60), pen.theme.dark, 0)
    pen.box((60, 64, 86, 74), pen.theme.accent, 0)
    for x in (66, 72, 78):
        pen.line((x, 64, x, 74), pen.theme.dark, 0.6)
    pen.shape((45, 27, 55, 27, 53, 19, 47, 19), pen.theme.shade)


def _spider(pen: Pen) -> None:
    corners = ((50, 6), (82, 24), (90, 58), (66, 90), (30, 88), (10, 56), (18, 22))
    for x, y in corners:
        pen.line((50, 50, x, y), pen.theme.shade, 0.6)
    for share in (0.3, 0.52, 0.74, 0.95):
        ring = [(50 + (x - 50) * share, 50 + (y - 50) * share) for x, y in (*corners, corners[0])]
        pen.line(tuple(unit for point in ring for unit in point), pen.theme.shade, 0.6)
    for side in (-1, 1):
        for knee, foot in ((-12, -19), (-4, -7), (5, 6), (12, 20)):
            legs = (50, 50, 50 + side * 13, 50 + knee, 50 + side * 21, 50 + foot)
            pen.line(legs, pen.theme.shape, 1.6)
    pen.disc(50, 55, 9, pen.theme.accent)
    pen.disc(50, 43, 5.5, pen.theme.shape)


def _earth(pen: Pen) -> None:
    stars = ((-28, 14), (-8, 34), (14, 12), (30, 26), (92, 10), (112, 30), (124, 12), (-34, 50))
    for x, y in stars:
        pen.disc(x, y, 0.5, pen.theme.shape)
    pen.disc(50, 168, 112, pen.theme.shade)
    for x, y, radius in ((-14, 92, 9), (0, 96, 12), (58, 80, 7), (72, 84, 11), (118, 98, 9)):
        pen.disc(x, y, radius, pen.theme.shape)
    pen.line((8, 26, 92, 26), pen.theme.shape, 1.2)
    pen.box((40, 18, 66, 34), pen.theme.shape, 2)
    pen.box((28, 22, 41, 31), pen.theme.shade, 1)
    pen.shape((28, 22, 20, 24, 20, 28, 28, 30), pen.theme.shape)
    for left, top, right, bottom in ((46, 34, 56, 50), (24, 4, 29, 22), (24, 31, 29, 49)):
        pen.box((left, top, right, bottom), pen.theme.accent, 0)
    pen.box((60, 18, 62, 34), pen.theme.dark, 0)


def _fall(pen: Pen) -> None:
    pen.disc(50, 172, 95, pen.theme.shade)
    for x, y, size in ((28, 34, 4), (54, 46, 6), (34, 62, 3), (72, 60, 3.5), (62, 22, 3)):
        pen.shape((x - size, y, x, y + size, x + size * 4, y - size * 4), pen.theme.accent)
        pen.disc(x, y, size, pen.theme.shape)


def _museum(pen: Pen) -> None:
    pen.box((6, 74, 94, 78), pen.theme.shade, 0)
    for left, right in ((10, 28), (40, 60), (72, 90)):
        pen.box((left, 36, right, 74), pen.theme.shape, 0)
    for left, right in ((28, 40), (60, 72)):
        pen.box((left, 42, right, 74), pen.theme.shade, 0)
    pen.box((46, 60, 54, 74), pen.theme.dark, 0)
    pen.line((50, 36, 50, 14), pen.theme.shape, 1)
    pen.box((50, 14, 62, 22), pen.theme.accent, 0)


OBJECTS: dict[str, Callable[[Pen], None]] = {
    "gyroscope": _gyroscope,
    "keyboard": _keyboard,
    "station": _station,
    "spider": _spider,
    "earth": _earth,
    "fall": _fall,
    "museum": _museum,
}

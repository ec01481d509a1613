"""Colours, and a pen for plain shapes on a grid of 100 by 100."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import ImageDraw

if TYPE_CHECKING:
    from PIL import Image

SCALE = 4  # drawn this much larger, then reduced: smooth edges
UNITS = 100  # the pictures are drawn on a grid of 100 by 100


@dataclass(frozen=True)
class Theme:
    """The colours of one video, as `#rrggbb`."""

    background: str
    ink: str
    text: str
    accent: str
    sky: str
    shape: str
    shade: str
    dark: str


THEMES = {
    "dark": Theme(
        "#0f172a", "#ffffff", "#dbe4f0", "#fbbf24", "#1e3a5f", "#e5e9f0", "#94a3b8", "#0f172a"
    ),
    "light": Theme(
        "#f8fafc", "#0f172a", "#1e293b", "#c2410c", "#bfdbfe", "#ffffff", "#64748b", "#0f172a"
    ),
    "green": Theme(
        "#0b2620", "#ffffff", "#dcefe7", "#6ee7a8", "#17493d", "#eef6f2", "#8fb3a5", "#0b2620"
    ),
    "sand": Theme(
        "#fbf5e8", "#231a10", "#3a2d1e", "#b45309", "#24406b", "#f4efe4", "#a9b4c4", "#16213a"
    ),
}


class Pen:
    """Draws shapes given on the 100 x 100 grid.

    The grid fills the image's height and stands in the middle of its width; what lies left and
    right of it is drawn too, where the image is wide enough.
    """

    def __init__(self, image: Image.Image, theme: Theme) -> None:
        """Draws on `image` in the colours of `theme`."""
        self._draw = ImageDraw.Draw(image)
        self._px_per_unit = image.height / UNITS
        self._left_px = (image.width - image.height) / 2
        self.theme = theme

    def disc(self, x: float, y: float, radius: float, fill: str) -> None:
        """A filled circle."""
        self._draw.ellipse(self._px(x - radius, y - radius, x + radius, y + radius), fill=fill)

    def ring(
        self, x: float, y: float, radius: tuple[float, float], width: float, ink: str = ""
    ) -> None:
        """An ellipse's outline, in the accent colour if no other is given."""
        box = self._px(x - radius[0], y - radius[1], x + radius[0], y + radius[1])
        width_px = round(width * self._px_per_unit)
        self._draw.ellipse(box, outline=ink or self.theme.accent, width=width_px)

    def box(self, corners: tuple[float, float, float, float], fill: str, radius: float = 1) -> None:
        """A filled rectangle (left, top, right, bottom) with round corners."""
        self._draw.rounded_rectangle(self._px(*corners), radius * self._px_per_unit, fill=fill)

    def shape(self, points: tuple[float, ...], fill: str) -> None:
        """A filled polygon: x and y in turn."""
        self._draw.polygon(self._px(*points), fill=fill)

    def line(self, points: tuple[float, ...], fill: str, width: float) -> None:
        """A line through points: x and y in turn."""
        width_px = round(width * self._px_per_unit)
        self._draw.line(self._px(*points), fill=fill, width=width_px, joint="curve")

    def half_disc(self, x: float, y: float, radius: float, fill: str) -> None:
        """The upper half of a filled circle."""
        self._draw.pieslice(
            self._px(x - radius, y - radius, x + radius, y + radius), 180, 360, fill=fill
        )

    def _px(self, *units: float) -> list[float]:
        return [
            unit * self._px_per_unit + (0 if place % 2 else self._left_px)
            for place, unit in enumerate(units)
        ]

"""Draws the slides in five layouts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pen import THEMES, Theme
from pictures import PICTURE_PX, draw_picture, draw_scene
from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    from collections.abc import Callable

    from script import Line, Slide

WIDTH_PX = 1280
HEIGHT_PX = 720
LEFT_PX = 84
TEXT_WIDTH_PX = 680
TITLE_SIZE_PX = 66
LINE_SIZE_PX = 42
LINE_GAP_PX = 26
LINE_INDENT_PX = 40
CELL_SIZE_PX = 46
ROW_HEIGHT_PX = 104
SECOND_CELL_LEFT_PX = 800
CAPTION_TOP_PX = 600
CAPTION_PICTURE_TOP_PX = 148


def draw_slide(slide: Slide, theme_name: str, shown: frozenset[int]) -> Image.Image:
    """Draws one slide.

    Args:
        slide: its layout, title, lines and the name of its picture.
        theme_name: a key of `THEMES`.
        shown: the lines that are there already, counted from 0; they stand where they will
            stand when all are.

    Returns:
        An RGB image of `WIDTH_PX` by `HEIGHT_PX`.

    """
    theme = THEMES[theme_name]
    image = Image.new("RGB", (WIDTH_PX, HEIGHT_PX), theme.background)
    LAYOUTS[slide.layout](image, slide, theme, shown)
    return image


@dataclass(frozen=True)
class Beside:
    """Title and lines on one side, the picture on the other; `marked` lines have a round mark."""

    picture_left_px: int
    text_left_px: int
    marked: bool

    def __call__(
        self, image: Image.Image, slide: Slide, theme: Theme, shown: frozenset[int]
    ) -> None:
        """Draws the slide on `image`."""
        picture_top_px = (HEIGHT_PX - PICTURE_PX) // 2
        image.paste(draw_picture(slide.picture, theme), (self.picture_left_px, picture_top_px))
        title = _wrapped(slide.title, TITLE_SIZE_PX, TEXT_WIDTH_PX)
        width_px = TEXT_WIDTH_PX - LINE_INDENT_PX
        lines = [_wrapped(line.text, LINE_SIZE_PX, width_px) for line in slide.lines]
        top_px = (HEIGHT_PX - _text_height_px(title, lines)) // 2
        draw = ImageDraw.Draw(image)
        top_px = _draw_title(draw, title, (self.text_left_px, top_px), theme)
        for index, rows in enumerate(lines):
            if index in shown:
                self._draw_line(draw, rows, top_px, theme)
            top_px += len(rows) * (LINE_SIZE_PX + 8) + LINE_GAP_PX

    def _draw_line(
        self, draw: ImageDraw.ImageDraw, rows: list[str], top_px: int, theme: Theme
    ) -> None:
        font = ImageFont.load_default(size=LINE_SIZE_PX)
        left_px = self.text_left_px
        if self.marked:
            draw.ellipse((left_px, top_px + 18, left_px + 14, top_px + 32), fill=theme.accent)
            left_px += LINE_INDENT_PX
        for row in rows:
            draw.text((left_px, top_px), row, font=font, fill=theme.text)
            top_px += LINE_SIZE_PX + 8


def _table(image: Image.Image, slide: Slide, theme: Theme, shown: frozenset[int]) -> None:
    """Title, and rows of two cells over the whole width."""
    draw = ImageDraw.Draw(image)
    title = _wrapped(slide.title, TITLE_SIZE_PX, WIDTH_PX - 2 * LEFT_PX)
    height_px = (TITLE_SIZE_PX + 12) + 64 + len(slide.lines) * ROW_HEIGHT_PX
    top_px = _draw_title(draw, title, (LEFT_PX, (HEIGHT_PX - height_px) // 2), theme)
    for index, line in enumerate(slide.lines):
        if index in shown:
            _draw_cells(draw, line, top_px, theme)
        top_px += ROW_HEIGHT_PX
        if index + 1 < len(slide.lines):
            rule = (LEFT_PX, top_px - 2, WIDTH_PX - LEFT_PX, top_px)
            draw.rectangle(rule, fill=theme.shade)


def _draw_cells(draw: ImageDraw.ImageDraw, line: Line, top_px: int, theme: Theme) -> None:
    font = ImageFont.load_default(size=CELL_SIZE_PX)
    text_top_px = top_px + (ROW_HEIGHT_PX - CELL_SIZE_PX) // 2 - 4
    for left_px, cell, fill in zip(
        (LEFT_PX, SECOND_CELL_LEFT_PX), line.cells, (theme.text, theme.ink), strict=True
    ):
        draw.text((left_px, text_top_px), cell, font=font, fill=fill)


def _caption(image: Image.Image, slide: Slide, theme: Theme, shown: frozenset[int]) -> None:
    """The picture in the middle, the title over it and one line under it."""
    draw = ImageDraw.Draw(image)
    middle_px = WIDTH_PX // 2
    picture = draw_picture(slide.picture, theme)
    image.paste(picture, (middle_px - PICTURE_PX // 2, CAPTION_PICTURE_TOP_PX))
    title = ImageFont.load_default(size=TITLE_SIZE_PX)
    draw.text(
        (middle_px, 44),
        slide.title,
        font=title,
        fill=theme.ink,
        stroke_width=1,
        stroke_fill=theme.ink,
        anchor="ma",
    )
    font = ImageFont.load_default(size=LINE_SIZE_PX)
    for index in shown:
        text = slide.lines[index].text
        draw.text((middle_px, CAPTION_TOP_PX), text, font=font, fill=theme.text, anchor="ma")


def _scene(image: Image.Image, slide: Slide, theme: Theme, _shown: frozenset[int]) -> None:
    """The picture alone, over the whole frame."""
    image.paste(draw_scene(slide.picture, theme, (WIDTH_PX, HEIGHT_PX)))


def _text_height_px(title: list[str], lines: list[list[str]]) -> int:
    rows = sum(len(line) for line in lines)
    title_px = len(title) * (TITLE_SIZE_PX + 12) + 64
    return title_px + rows * (LINE_SIZE_PX + 8) + (len(lines) - 1) * LINE_GAP_PX


def _draw_title(
    draw: ImageDraw.ImageDraw, rows: list[str], corner_px: tuple[int, int], theme: Theme
) -> int:
    """Draws the title and the bar under it; returns where the lines begin."""
    font = ImageFont.load_default(size=TITLE_SIZE_PX)
    left_px, top_px = corner_px
    for row in rows:
        # The font Pillow carries has one weight; a thin outline makes it bold.
        draw.text(
            (left_px, top_px), row, font=font, fill=theme.ink, stroke_width=1, stroke_fill=theme.ink
        )
        top_px += TITLE_SIZE_PX + 12
    draw.rounded_rectangle((left_px, top_px + 16, left_px + 120, top_px + 24), 4, fill=theme.accent)
    return top_px + 64


def _wrapped(text: str, size_px: int, width_px: int) -> list[str]:
    """Breaks `text` between words into rows no wider than `width_px`."""
    font = ImageFont.load_default(size=size_px)
    rows = [""]
    for word in text.split():
        longer = f"{rows[-1]} {word}".strip()
        if rows[-1] and font.getlength(longer) > width_px:
            rows.append(word)
        else:
            rows[-1] = longer
    return rows


LAYOUTS: dict[str, Callable[[Image.Image, Slide, Theme, frozenset[int]], None]] = {
    "list": Beside(picture_left_px=800, text_left_px=LEFT_PX, marked=True),
    "facts": Beside(picture_left_px=64, text_left_px=548, marked=False),
    "table": _table,
    "caption": _caption,
    "scene": _scene,
}

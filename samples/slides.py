"""Draws the slides: a title and short lines on the left, one picture on the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pictures import PICTURE_PX, THEMES, Theme, draw_picture
from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    from script import Slide

WIDTH_PX = 1280
HEIGHT_PX = 720
LEFT_PX = 84
TEXT_WIDTH_PX = 680
TITLE_SIZE_PX = 66
LINE_SIZE_PX = 42
LINE_GAP_PX = 26
PICTURE_LEFT_PX = 800


def draw_slide(slide: Slide, theme_name: str) -> Image.Image:
    """Draws one slide.

    Args:
        slide: its title, lines and the name of its picture.
        theme_name: a key of `THEMES`.

    Returns:
        An RGB image of `WIDTH_PX` by `HEIGHT_PX`.

    """
    theme = THEMES[theme_name]
    image = Image.new("RGB", (WIDTH_PX, HEIGHT_PX), theme.background)
    image.paste(
        draw_picture(slide.picture, theme), (PICTURE_LEFT_PX, (HEIGHT_PX - PICTURE_PX) // 2)
    )
    title = _wrapped(slide.title, TITLE_SIZE_PX, TEXT_WIDTH_PX)
    lines = [_wrapped(line, LINE_SIZE_PX, TEXT_WIDTH_PX - 40) for line in slide.lines]
    top_px = (HEIGHT_PX - _text_height_px(title, lines)) // 2
    draw = ImageDraw.Draw(image)
    top_px = _draw_title(draw, title, top_px, theme)
    for rows in lines:
        top_px = _draw_line(draw, rows, top_px, theme)
    return image


def _text_height_px(title: list[str], lines: list[list[str]]) -> int:
    rows = sum(len(line) for line in lines)
    title_px = len(title) * (TITLE_SIZE_PX + 12) + 64
    return title_px + rows * (LINE_SIZE_PX + 8) + (len(lines) - 1) * LINE_GAP_PX


def _draw_title(draw: ImageDraw.ImageDraw, rows: list[str], top_px: int, theme: Theme) -> int:
    """Draws the title and the bar under it; returns where the lines begin."""
    font = ImageFont.load_default(size=TITLE_SIZE_PX)
    for row in rows:
        # The font Pillow carries has one weight; a thin outline makes it bold.
        draw.text(
            (LEFT_PX, top_px), row, font=font, fill=theme.ink, stroke_width=1, stroke_fill=theme.ink
        )
        top_px += TITLE_SIZE_PX + 12
    draw.rounded_rectangle((LEFT_PX, top_px + 16, LEFT_PX + 120, top_px + 24), 4, fill=theme.accent)
    return top_px + 64


def _draw_line(draw: ImageDraw.ImageDraw, rows: list[str], top_px: int, theme: Theme) -> int:
    """Draws one line behind a round mark; returns where the next begins."""
    font = ImageFont.load_default(size=LINE_SIZE_PX)
    draw.ellipse((LEFT_PX, top_px + 18, LEFT_PX + 14, top_px + 32), fill=theme.accent)
    for row in rows:
        draw.text((LEFT_PX + 40, top_px), row, font=font, fill=theme.text)
        top_px += LINE_SIZE_PX + 8
    return top_px + LINE_GAP_PX


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

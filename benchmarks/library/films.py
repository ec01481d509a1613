"""Talks as files that any ingest takes: a small film, and its subtitles beside it."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import av
from library.script import subtitles
from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    from pathlib import Path

    from library.script import Shown, Talk

PICTURES_A_SECOND = 2
_BLANK_PX = (64, 36)  # nothing is shown
_SLIDE_PX = (1280, 720)
_TITLE_PX, _LINE_PX, _LEFT_PX, _TOP_PX, _STEP_PX = 66, 46, 90, 110, 100
_PAPER, _INK = (250, 248, 240), (30, 40, 60)


def write_talk(talk: Talk, folder: Path) -> Path:
    """Write a talk's film and subtitles, unless they are there.

    Returns:
        The film's path.
    """
    path = folder / talk.file
    beside = path.with_suffix(".srt")
    told = subtitles(talk)
    if path.exists() and beside.exists() and beside.read_text(encoding="utf-8") == told:
        return path
    size_px = _SLIDE_PX if talk.shown else _BLANK_PX
    with av.open(path, "w") as film:
        film.metadata["title"] = talk.title
        stream = film.add_stream(
            "libx264", rate=PICTURES_A_SECOND, options={"preset": "veryfast", "crf": "20"}
        )
        stream.width, stream.height = size_px
        stream.pix_fmt = "yuv420p"
        for number in range(talk.duration_ms * PICTURES_A_SECOND // 1000):
            frame = _frame(talk, number * 1000 // PICTURES_A_SECOND, size_px)
            frame.pts, frame.time_base = number, Fraction(1, PICTURES_A_SECOND)
            film.mux(stream.encode(frame))
        film.mux(stream.encode())
    beside.write_text(told, encoding="utf-8")
    return path


def _frame(talk: Talk, at_ms: int, size_px: tuple[int, int]) -> av.VideoFrame:
    shown = next((s for s in talk.shown if s.start_ms <= at_ms < s.end_ms), None)
    picture = Image.new("RGB", size_px, _PAPER) if shown is None else _slide(shown)
    return av.VideoFrame.from_image(picture)


def _slide(shown: Shown) -> Image.Image:
    picture = Image.new("RGB", _SLIDE_PX, _PAPER)
    draw = ImageDraw.Draw(picture)
    title, *lines = shown.lines
    draw.text((_LEFT_PX, _TOP_PX), title, _INK, ImageFont.load_default(_TITLE_PX))
    top_px = _TOP_PX + _TITLE_PX + _STEP_PX
    for line in lines:
        draw.text((_LEFT_PX, top_px), line, _INK, ImageFont.load_default(_LINE_PX))
        top_px += _STEP_PX
    return picture

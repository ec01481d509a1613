"""Chapters as other programs take them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg_videorag.model import one_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg_videorag.ask.overview.values import Chapters

_FFMETADATA = re.compile(r"([=;#\\\n])")


def as_text(found: Chapters) -> str:
    """One a line, "00:00 Title", as YouTube takes it in a description.

    Source: YouTube Help, "Video chapters": the first at 00:00, in order, each 10 s at least.
    """
    long = found.video.duration_ms >= 3_600_000
    return "\n".join(f"{_clock(c.span.start_ms, long)} {one_line(c.title)}" for c in found.chapters)


def as_vtt(found: Chapters) -> str:
    """WebVTT, for a <track kind="chapters">.

    Source: W3C WebVTT, chapter title text; a cue holds no blank line and no "-->".
    """
    cues = [
        f"{number}\n{_vtt(c.span.start_ms)} --> {_vtt(c.span.end_ms)}\n{_cue(c.title)}"
        for number, c in enumerate(found.chapters, start=1)
    ]
    return "\n\n".join(["WEBVTT", *cues])


def as_ffmetadata(found: Chapters) -> str:
    """FFmpeg's metadata: `ffmpeg -i video -i FILE -map_metadata 1 -codec copy out`.

    Source: FFmpeg formats documentation, Metadata: `=`, `;`, `#`, a backslash and a line end are
    escaped by a backslash.
    """
    parts = [f";FFMETADATA1\ntitle={_escaped(found.video.title)}"]
    parts += [
        f"[CHAPTER]\nTIMEBASE=1/1000\nSTART={c.span.start_ms}\nEND={c.span.end_ms}"
        f"\ntitle={_escaped(c.title)}"
        for c in found.chapters
    ]
    return "\n".join(parts)


FORMATS: dict[str, Callable[[Chapters], str]] = {
    "text": as_text,
    "vtt": as_vtt,
    "ffmetadata": as_ffmetadata,
}


def _clock(at_ms: int, long: bool) -> str:  # noqa: FBT001 - private
    seconds = at_ms // 1000
    minutes = f"{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return f"{seconds // 3600:02d}:{minutes}" if long else minutes


def _vtt(at_ms: int) -> str:
    return f"{_clock(at_ms, long=True)}.{at_ms % 1000:03d}"


def _cue(title: str) -> str:
    text = one_line(title).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text or "-"


def _escaped(text: str) -> str:
    return _FFMETADATA.sub(r"\\\1", one_line(text))

"""Which names are those of video or sound, and in which order names stand."""

from __future__ import annotations

import re
from pathlib import PurePath

# Endings of the containers that ingest/media opens.
SUFFIXES = frozenset(
    {
        *(".mp4", ".m4v", ".mov", ".qt", ".m4a", ".m4b", ".3gp", ".3g2", ".mj2", ".f4v"),
        *(".mkv", ".webm", ".mka", ".avi", ".flv", ".asf", ".wmv", ".wma"),
        *(".ts", ".mts", ".m2ts", ".m2t", ".mpg", ".mpeg", ".mpe", ".vob"),
        *(".ogg", ".ogv", ".oga", ".ogm", ".opus", ".spx", ".mp3", ".aac", ".adts", ".amr"),
        *(".aif", ".aiff", ".aifc", ".caf", ".flac", ".wav", ".w64"),
    }
)
# Before the ending proper, as programs call what they are still writing: film.temp.mp4.
_UNFINISHED = frozenset({".part", ".partial", ".tmp", ".temp", ".crdownload", ".download"})
_DIGITS = re.compile(r"(\d+)")

NaturalKey = tuple[tuple[tuple[int, int, str], ...], str]


def is_media_name(name: str) -> bool:
    """Whether a file is video or sound by its name, and finished by its name."""
    path = PurePath(name)
    hidden = name.startswith(".")
    return (
        not hidden
        and path.suffix.lower() in SUFFIXES
        and PurePath(path.stem).suffix.lower() not in _UNFINISHED
    )


def natural_key(name: str) -> NaturalKey:
    """Orders names as people count: part 2 before part 10; the same on every machine."""
    pieces = _DIGITS.split(name.casefold())
    counted = tuple((0, int(p), "") if p.isdecimal() else (1, 0, p) for p in pieces)
    return counted, name

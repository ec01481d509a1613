"""A subtitle file to captions: its bytes, its encoding, its format."""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING

from pysubs2 import Pysubs2Error, SSAFile

from kg_videorag.errors import MediaError
from kg_videorag.ingest.media import Caption
from kg_videorag.model import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SUFFIXES = (".srt", ".vtt", ".ass", ".ssa")
# A film's subtitles take about 100 kB. What is larger is no subtitle file, and the patterns of
# parsers take time that grows with the square of a line's length.
_MAX_BYTES = 4 << 20
_MAX_LINE_CHARS = 2_000
_MAX_CUE_CHARS = 5_000
_MAX_CUES = 50_000  # a cue a second for 14 hours
_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))
# Encodings of old subtitle files: Cyrillic, western, Greek, Turkish, Hebrew, Arabic; Chinese,
# Japanese, Korean. That of central Europe is hard to tell from the western one by statistics
# (measured: "Où" became "Oů"), and is tried for its languages alone.
_OLD_ENCODINGS = [
    "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "koi8_r", "cp866",
    "gb18030", "big5", "shift_jis", "cp949",
]  # fmt: skip
_CENTRAL = frozenset({"cs", "hr", "hu", "pl", "ro", "sk", "sl"})
_WORD_TIME = re.compile(r"<\d[\d:.]{4,15}>")  # WebVTT: when each word is said
_DRAWING = re.compile(r"\{[^{}]{0,2000}\\p[1-9]")  # of ASS: coordinates, not words
_HINT = "Save it as UTF-8 in the format SRT, WebVTT or ASS, or take it away."


def read_subtitle_file(path: Path, language: str) -> list[Caption]:
    """The captions of an SRT, WebVTT, ASS or SSA file, whatever its encoding.

    Args:
        path: The file.
        language: Two letters that its name states, or "".

    Raises:
        MediaError: If it cannot be read, is too large or holds no captions.
    """
    name = one_line(path.name)
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise MediaError(
            f"{name}: it cannot be read: {(error.strerror or 'it failed').lower()}", hint=_HINT
        ) from error
    if len(data) > _MAX_BYTES:
        raise MediaError(f"{name}: it is larger than subtitles are ({_MAX_BYTES >> 20} MiB)")
    captions = list(_captions(_text(data, language), name))
    if not captions:
        raise MediaError(f"{name}: no subtitles are in it", hint=_HINT)
    if len(captions) > _MAX_CUES:
        raise MediaError(f"{name}: it holds more than {_MAX_CUES:,} captions", hint=_HINT)
    return captions


def _text(data: bytes, language: str) -> str:
    """Decoded by its mark, as UTF-8, or as the old encoding that makes most sense of it."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    head = data[:200]
    if head.count(0) * 4 > len(head):  # UTF-16 without its mark: times have zeros between digits
        return data.decode("utf-16-le" if data[1:2] == b"\0" else "utf-16-be", "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        from charset_normalizer import from_bytes  # rarely needed

        likely = ["cp1250"] if language in _CENTRAL else _OLD_ENCODINGS
        best = from_bytes(data, cp_isolation=likely).best()
        return str(best) if best else data.decode("utf-8", "replace")


def _captions(text: str, name: str) -> Iterator[Caption]:
    lines = (line[:_MAX_LINE_CHARS] for line in text.splitlines())
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines))
    text = _WORD_TIME.sub("", text)  # two in a line, and pysubs2 takes it for a cue's times
    kind = _kind(text)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pysubs2 warns of styles, which are not looked at
        try:
            # Tags are kept: `clean` finds speakers in them.
            subtitles = SSAFile.from_string(text, kind, keep_html_tags=True)
        except (Pysubs2Error, ValueError, TypeError, KeyError, IndexError) as error:
            message = f"{name}: it is damaged: {one_line(str(error))[:200]}"
            raise MediaError(message, hint=_HINT) from error
    for event in subtitles:
        said = event.text[:_MAX_CUE_CHARS]
        if event.is_comment or _DRAWING.search(said):
            continue
        if kind == "vtt":  # pysubs2 takes what follows up to the next time, notes included
            said = said.partition(r"\N\N")[0]
        said = said.replace(r"\N", "\n").replace(r"\n", "\n").replace(r"\h", " ")
        yield Caption(event.start, event.end, said, event.name)


def _kind(text: str) -> str:
    """By its content: files are often named wrongly."""
    if text.lstrip("\ufeff \n").startswith("WEBVTT"):
        return "vtt"
    if re.search(r"^\[(script info|v4\+? styles|events)\]", text, re.IGNORECASE | re.MULTILINE):
        return "ass" if re.search(r"v4\+ styles", text, re.IGNORECASE) else "ssa"
    return "srt"

"""What two kinds of file state in their first bytes and FFmpeg does not pass on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# Larger sizes are written by programs that stream and do not know the size yet.
_RIFF_MAX_BYTES = 0x7FFF_0000


def mp3_states_length(path: Path) -> bool:
    """Whether an mp3's first frame counts its frames (a Xing, Info or VBRI header).

    Without it FFmpeg guesses the length from the first frames' bit rate.
    """
    with path.open("rb") as file:
        head = file.read(10)
        tag_bytes = 0
        if head.startswith(b"ID3") and len(head) == 10:
            for byte in head[6:10]:  # ID3 sizes have seven bits a byte
                tag_bytes = tag_bytes << 7 | byte & 0x7F
            tag_bytes += 10
        file.seek(tag_bytes)
        frame = file.read(4096)
    return any(mark in frame for mark in (b"Xing", b"Info", b"VBRI"))


def riff_missing_factor(path: Path) -> float:
    """How many times larger a wav or avi says to be than it is; 1.0 where it is whole.

    FFmpeg shortens the length of a cut file in silence.
    """
    with path.open("rb") as file:
        head = file.read(8)
    stated_bytes = int.from_bytes(head[4:8], "little")
    if head[:4] != b"RIFF" or not 0 < stated_bytes < _RIFF_MAX_BYTES:
        return 1.0
    return max(1.0, (stated_bytes + 8) / path.stat().st_size)

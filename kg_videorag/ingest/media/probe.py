"""What a file's container says of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg_videorag.errors import MediaError
from kg_videorag.ingest.media.budget import Budget
from kg_videorag.ingest.media.source import KINDS_HINT, file_end_s, opened, packets
from kg_videorag.model import MediaInfo, one_line

if TYPE_CHECKING:
    from pathlib import Path

    from kg_videorag.ingest.media.source import Source

_TITLE_CHARS = 200


def probe(path: Path, budget: Budget | None = None) -> MediaInfo:
    """What a file's container says of itself, without decoding it.

    Args:
        path: A local file.
        budget: What it may cost; without one, the default limits hold.

    Returns:
        Its title (the container's, else the file's name without its ending), length in ms on
        the clock, size in px (None where nothing moves) and whether it has sound. The length
        is the header's; a file without one is read through, but not decoded.

    Raises:
        MediaError: If it is missing, empty, no media, a still picture, protected, or beyond
            the limits.
    """
    budget = budget or Budget()
    with opened(path, budget.limits) as source:
        duration_ms = round(_length_s(source, budget) * 1000)
        picture = source.pictures[0].codec_context if source.pictures else None
        still = source.sound is None and source.pictures[0].frames == 1
        if still or duration_ms <= 0:
            what = "a still picture" if still else "a file without length"
            raise MediaError(f"{source.name}: this is {what}", hint=KINDS_HINT)
        if excess := budget.excess(duration_ms / 1000):
            raise MediaError(f"{source.name}: {excess}", hint="Cut it into parts.")
        return MediaInfo(
            path=path,
            title=_title(source),
            duration_ms=duration_ms,
            width_px=(picture.width or None) if picture else None,
            height_px=(picture.height or None) if picture else None,
            has_audio=source.sound is not None,
        )


def _length_s(source: Source, budget: Budget) -> float:
    """The end of the latest stream on the clock; reads the file where no header states it."""
    reading = packets(source)
    next(reading, None)  # the first packet tells whether it is encrypted
    end_s = file_end_s(source)
    if end_s is None:
        for _ in reading:
            if budget.excess(source.read_end_s - source.zero_s):
                break
        end_s = source.read_end_s
    return end_s - source.zero_s


def _title(source: Source) -> str:
    tags = {key.lower(): value for key, value in source.container.metadata.items()}
    title = one_line(tags.get("title", "")) or one_line(source.path.stem) or "untitled"
    return title[:_TITLE_CHARS]

"""What a file's container says of itself."""

from __future__ import annotations

from contextlib import suppress
from itertools import chain, islice
from typing import TYPE_CHECKING

import av

from kg_videorag.errors import MediaError
from kg_videorag.ingest.media.allowed import restrain
from kg_videorag.ingest.media.budget import Budget
from kg_videorag.ingest.media.source import KINDS_HINT, file_end_s, opened, packets
from kg_videorag.ingest.media.upright import turn_of
from kg_videorag.model import MediaInfo, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kg_videorag.ingest.media.source import Source

_TITLE_CHARS = 200
_AHEAD_PACKETS = 100  # of sound and pictures; decoders hold back up to 16 pictures


def probe(path: Path, *, language: str = "", budget: Budget | None = None) -> MediaInfo:
    """What a file's container says of itself; of what it holds, one picture is decoded.

    Args:
        path: A local file.
        language: What is spoken, as two letters: of several sound tracks one in it is heard.
        budget: What it may cost; without one, the default limits hold.

    Returns:
        Its title (the container's, else the file's name without its ending), length in ms on
        the clock, size in px as it is shown (None where nothing moves) and whether it has sound;
        of several sound tracks, which is heard.
        The length is the header's; a file without one is read through, but not decoded.

    Raises:
        MediaError: If it is missing, empty, no media, a still picture, protected, or beyond
            the limits.
    """
    budget = budget or Budget()
    with opened(path, budget.limits, language=language) as source:
        unread = packets(source)
        first = list(islice(unread, 1))  # it tells whether the file is encrypted
        reading = chain(first, unread)
        width_px, height_px = _shown_size(source, reading, budget)
        duration_ms = round(_length_s(source, reading, budget) * 1000)
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
            width_px=width_px,
            height_px=height_px,
            has_audio=source.sound is not None,
            sound_track=source.heard.number,
            sound_note=source.heard.note,
        )


def _shown_size(
    source: Source, reading: Iterator[av.Packet], budget: Budget
) -> tuple[int | None, int | None]:
    """Width and height of the pictures, in px, as players show them.

    That a film lies on its side is told beside its pictures, so that one is decoded for it.
    """
    film = source.film
    if film is None:
        return None, None
    restrain(film, budget.limits)
    width, height = film.codec_context.width or None, film.codec_context.height or None
    frame = next(_first_pictures(film, islice(reading, _AHEAD_PACKETS)), None)
    return (height, width) if frame and turn_of(frame).lies else (width, height)


def _first_pictures(film: av.VideoStream, reading: Iterator[av.Packet]) -> Iterator[av.VideoFrame]:
    """Pictures of the next few packets; none where they cannot be decoded."""
    own = (packet for packet in reading if packet.stream_index == film.index)
    with suppress(av.error.FFmpegError, ValueError):
        for packet in chain(own, [None]):  # None: what the decoder still holds
            yield from film.codec_context.decode(packet)


def _length_s(source: Source, reading: Iterator[av.Packet], budget: Budget) -> float:
    """The end of the latest stream on the clock; reads the file where no header states it."""
    end_s = file_end_s(source)
    if end_s is None:
        for _ in reading:
            if budget.excess(source.read_end_s - source.zero_s):
                break
        end_s = source.read_end_s
    elif source.kind == "mov" and source.pictures:
        end_s = max(end_s, _last_shown_s(source, budget))
    return end_s - source.zero_s


def _last_shown_s(source: Source, budget: Budget) -> float:
    """When the last picture of an mp4 goes, in container time: its packets are read for it.

    The header counts the time of decoding. Where pictures stand for minutes, as slides do, the
    last of them may be shown minutes after the end that it states.
    """
    film = source.pictures[0]
    if not film.index_entries:
        return 0.0
    try:
        source.container.seek(film.index_entries[-1].timestamp, stream=film)
    except av.error.FFmpegError:
        return 0.0
    for _ in packets(source):
        if budget.excess(source.read_end_s - source.zero_s):
            break
    return source.read_end_s


def _title(source: Source) -> str:
    tags = {key.lower(): value for key, value in source.container.metadata.items()}
    title = one_line(tags.get("title", "")) or one_line(source.path.stem) or "untitled"
    return title[:_TITLE_CHARS]

"""What a file's container says of itself."""

from __future__ import annotations

from contextlib import suppress
from itertools import chain, islice
from typing import TYPE_CHECKING

import av

from kg_videorag.errors import MediaError
from kg_videorag.ingest.media.source import KINDS_HINT, file_end_s, opened, packets
from kg_videorag.ingest.media.upright import turn_of
from kg_videorag.model import MediaInfo, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kg_videorag.ingest.media.source import Source

_TITLE_CHARS = 200
_AHEAD_PACKETS = 100  # of sound and pictures; decoders hold back up to 16 pictures


def probe(path: Path, *, language: str = "") -> MediaInfo:
    """What a file's container says of itself; of what it holds, one picture is decoded.

    Args:
        path: A local file.
        language: What is spoken, as two letters: of several sound tracks one in it is heard.

    Returns:
        Its title (the container's, else the file's name without its ending), length in ms on
        the clock, size in px as it is shown (None where nothing moves) and whether it has sound;
        of several sound tracks, which is heard.
        The length is the header's; a file without one is read through, but not decoded.

    Raises:
        MediaError: If it is missing, empty, no media, a still picture or protected.
    """
    with opened(path, language=language) as source:
        unread = packets(source)
        first = list(islice(unread, 1))  # it tells whether the file is encrypted
        reading = chain(first, unread)
        width_px, height_px = _shown_size(source, reading)
        duration_ms = round(_length_s(source, reading) * 1000)
        still = source.sound is None and source.pictures[0].frames == 1
        if still or duration_ms <= 0:
            what = "a still picture" if still else "a file without length"
            raise MediaError(f"{source.name}: this is {what}", hint=KINDS_HINT)
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


def _shown_size(source: Source, reading: Iterator[av.Packet]) -> tuple[int | None, int | None]:
    """Width and height of the pictures, in px, as players show them.

    That a film lies on its side is told beside its pictures, so that one is decoded for it.
    """
    film = next((s for s in source.pictures if s.codec_context is not None), None)
    if film is None:
        return None, None
    width, height = film.codec_context.width or None, film.codec_context.height or None
    frame = next(_first_pictures(film, islice(reading, _AHEAD_PACKETS)), None)
    return (height, width) if frame and turn_of(frame).lies else (width, height)


def _first_pictures(film: av.VideoStream, reading: Iterator[av.Packet]) -> Iterator[av.VideoFrame]:
    """Pictures of the next few packets; none where they cannot be decoded."""
    own = (packet for packet in reading if packet.stream_index == film.index)
    with suppress(av.error.FFmpegError, ValueError):
        for packet in chain(own, [None]):  # None: what the decoder still holds
            yield from film.codec_context.decode(packet)


def _length_s(source: Source, reading: Iterator[av.Packet]) -> float:
    """The end of the latest stream on the clock; reads the file where no header states it."""
    end_s = file_end_s(source)
    if end_s is None:
        for _ in reading:
            pass
        end_s = source.read_end_s
    elif source.kind == "mov" and source.pictures:
        end_s = max(end_s, _last_shown_s(source))
    return end_s - source.zero_s


def _last_shown_s(source: Source) -> float:
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
        pass
    return source.read_end_s


def _title(source: Source) -> str:
    tags = {key.lower(): value for key, value in source.container.metadata.items()}
    title = one_line(tags.get("title", "")) or one_line(source.path.stem) or "untitled"
    return title[:_TITLE_CHARS]

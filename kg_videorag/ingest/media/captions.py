"""Subtitles inside a file: its text streams, and what each packet of them says and when.

Pictures of subtitles (DVD, Blu-ray, DVB) are not text and are not read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import av

from kg_videorag.ingest.media.budget import Budget
from kg_videorag.ingest.media.source import opened
from kg_videorag.ingest.media.tracks import language_tag

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kg_videorag.ingest.media.source import Source

# FFmpeg's names. The packets of the first are text as it stands; of the others, its decoder
# makes lines of ASS.
_PLAIN = frozenset({"subrip", "srt", "webvtt", "text"})
_CODECS = frozenset({*_PLAIN, "ass", "ssa", "mov_text"})
_MAX_PACKETS = 100_000  # a day of a cue a second
_MAX_TEXT_BYTES = 16 << 20  # a day of speech is 5 MB; markup may double it
_ACTOR, _TEXT = 3, 8  # fields of a decoded line: order, layer, style, name, 3 margins, effect, text


@dataclass(frozen=True, slots=True)
class CaptionStream:
    """A stream of text in a file.

    Args:
        index: The stream's number in the file.
        codec: FFmpeg's name of it, such as "mov_text".
        language: As the file tags it, such as "rus"; "" where it does not.
        forced: True if it holds only what a foreigner says.
    """

    index: int
    codec: str
    language: str
    forced: bool


@dataclass(frozen=True, slots=True)
class Caption:
    """What stands on the picture for a while.

    Args:
        start_ms: On the video's clock; may be negative where the file is odd.
        end_ms: The same; not after `start_ms` where the file does not say.
        text: With its markup, in lines.
        actor: Who says it, in ASS; else "".
    """

    start_ms: int
    end_ms: int
    text: str
    actor: str = ""


def caption_streams(
    path: Path, budget: Budget | None = None
) -> tuple[tuple[CaptionStream, ...], str]:
    """The file's streams of text, and how it tags the language of its sound ("" where not).

    Raises:
        MediaError: If the file cannot be read.
    """
    budget = budget or Budget()
    with opened(path, budget.limits) as source:
        streams = tuple(
            CaptionStream(
                stream.index,
                stream.codec_context.name,
                language_tag(stream),
                forced=bool(stream.disposition & av.stream.Disposition.forced),
            )
            for stream in source.container.streams.subtitles
            if stream.codec_context is not None and stream.codec_context.name in _CODECS
        )
        return streams, language_tag(source.sound) if source.sound else ""


def read_captions(path: Path, index: int, budget: Budget | None = None) -> list[Caption]:
    """Everything that one stream shows, in the file's order. The file is read to its end.

    Raises:
        MediaError: If the file cannot be read.
    """
    budget = budget or Budget()
    with opened(path, budget.limits) as source:
        return list(_captions(source, source.container.streams[index], budget))


def _captions(source: Source, stream: av.stream.Stream, budget: Budget) -> Iterator[Caption]:
    tick_s = float(stream.time_base)
    read = text_bytes = 0
    # Sound or pictures come along so that the budget hears of long stretches without text.
    others = [s for s in (source.sound or source.film,) if s is not None]
    for packet in source.container.demux([stream, *others]):
        if packet.size == 0 or packet.pts is None:
            continue
        at_s = packet.pts * float(packet.time_base) - source.zero_s
        if packet.stream_index != stream.index:
            if budget.excess(at_s):
                return
            continue
        read, text_bytes = read + 1, text_bytes + packet.size
        if read > _MAX_PACKETS or text_bytes > _MAX_TEXT_BYTES:
            return
        start_ms = round(at_s * 1000)
        end_ms = start_ms + round((packet.duration or 0) * tick_s * 1000)
        for text, actor in _texts(stream, packet):
            yield Caption(start_ms, end_ms, text, actor)


def _texts(stream: av.stream.Stream, packet: av.Packet) -> Iterator[tuple[str, str]]:
    """(text, actor) of one packet; one that cannot be decoded says nothing."""
    if stream.codec_context.name in _PLAIN:
        yield bytes(packet).decode("utf-8", "replace"), ""
        return
    try:
        decoded = stream.codec_context.decode2(packet)
    except (av.error.FFmpegError, ValueError):
        return
    for part in decoded.rects if decoded else ():
        fields = bytes(getattr(part, "ass", b"")).decode("utf-8", "replace").split(",", _TEXT)
        if len(fields) > _TEXT:
            yield fields[_TEXT].replace(r"\N", "\n").replace(r"\n", "\n"), fields[_ACTOR]

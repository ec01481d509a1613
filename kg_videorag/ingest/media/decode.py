"""The one pass over a file: its sound and its pictures, in the order of the file.

packets -> sound track -> blocks
        -> picture track -> sampled pictures
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg_videorag.errors import MediaError, MediaTruncatedError
from kg_videorag.ingest.media.audio import SoundTrack
from kg_videorag.ingest.media.pictures import PictureTrack
from kg_videorag.ingest.media.source import opened, packets
from kg_videorag.model import SAMPLE_RATE_HZ, AudioBlock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kg_videorag.ingest.media.source import Source
    from kg_videorag.model import Picture

BLOCK_S = 300.0


def decoded(
    path: Path,
    *,
    sound: bool = True,
    pictures: bool = True,
    block_s: float = BLOCK_S,
    track: int = 0,
) -> Iterator[AudioBlock | Picture]:
    """Decode a file once, in memory bounded by one block and one picture.

    A block is cut at the quietest place of its last 20 s (or of its second half), so that no
    word is torn. The next block follows without gap, unless the file itself has a gap of
    more than 10 s. Sound may run past the file's stated length by a codec frame.

    Args:
        path: A local file.
        sound: Whether its sound is wanted.
        pictures: Whether its moving pictures are wanted.
        block_s: The longest block, at least 1 s.
        track: Which of several sound tracks is wanted, as `MediaInfo.sound_track` tells; 0: the
            one that a player would play.

    Yields:
        Blocks of 16 kHz mono and up to 10 pictures a second, each kind in order of time. A
        block comes when it is full, so after the pictures that were shown meanwhile. A file
        without sound gives no blocks, one without moving pictures no pictures; a cover is none.

    Raises:
        MediaError: If the file cannot be read, or none of what is wanted can be decoded.
        MediaTruncatedError: After the last of both, if something is missing: sound or pictures
            end before the file says they do (by more than 1 s and 2 %), or 1 s or more of
            either was damaged and skipped.
        ValueError: If `block_s` is below 1.
    """
    if block_s < 1:
        raise ValueError(f"block_s must be at least 1, not {block_s}")
    return _decoded(path, sound, pictures, round(block_s * SAMPLE_RATE_HZ), track)


def audio_blocks(path: Path, *, block_s: float = BLOCK_S, track: int = 0) -> Iterator[AudioBlock]:
    """The sound alone: see `decoded`."""
    parts = decoded(path, pictures=False, block_s=block_s, track=track)
    return (part for part in parts if isinstance(part, AudioBlock))


def _decoded(
    path: Path,
    sound: bool,  # noqa: FBT001 - named by its caller
    pictures: bool,  # noqa: FBT001
    block_samples: int,
    track: int,
) -> Iterator[AudioBlock | Picture]:
    with opened(path, track=track) as source:
        hears = SoundTrack(source, source.sound, block_samples) if sound and source.sound else None
        film = next((s for s in source.pictures if s.codec_context is not None), None)
        sees = PictureTrack(source, film) if pictures and film else None
        tracks = {
            stream.index: taker
            for stream, taker in ((source.sound, hears), (film, sees))
            if stream is not None and taker is not None
        }
        if not tracks:
            return
        for packet in packets(source):
            if packet.stream_index in tracks:
                yield from tracks[packet.stream_index].feed(packet)
        if hears:
            yield from hears.finish()
        if sees:
            yield from sees.feed(None)
        _tell_faults(source, hears, sees)


def _tell_faults(source: Source, hears: SoundTrack | None, sees: PictureTrack | None) -> None:
    """Say what is missing, once everything decodable has been given out.

    A file that was cut ends in sound and pictures alike: that is said once.
    """
    heard_ms = round(hears.heard_s * 1000) if hears else 0
    faults = []
    if hears:
        try:
            faults.append(hears.faults())
        except MediaError as error:
            if sees is None or not sees.seen:
                raise
            faults.append(error.message.removeprefix(f"{source.name}: "))
    if sees:
        faults.append(sees.faults())
        if not any(faults):
            faults.append(sees.shortage())
    what = "; ".join(fault for fault in faults if fault)
    if what:
        raise MediaTruncatedError(
            f"{source.name}: {what}",
            decoded_ms=heard_ms,
            hint="What could be read is kept; copy or download the file again for the rest.",
        )

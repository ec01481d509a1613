"""The one pass over a file: its sound and its pictures, in the order of the file.

packets -> sound track -> blocks
        -> picture track -> sampled pictures
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

from kg_videorag.errors import MediaError, MediaTruncatedError
from kg_videorag.ingest.media.allowed import CONVERT_HINT, restrain
from kg_videorag.ingest.media.audio import SoundTrack
from kg_videorag.ingest.media.budget import Budget
from kg_videorag.ingest.media.pictures import PictureTrack
from kg_videorag.ingest.media.source import LACKED_MEMORY, opened, packets
from kg_videorag.ingest.media.tape import Tape
from kg_videorag.model import SAMPLE_RATE_HZ, AudioBlock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from kg_videorag.ingest.media.source import Source
    from kg_videorag.ingest.media.tape import Piece, PieceTape
    from kg_videorag.model import Picture

BLOCK_S = 300.0


def decoded(
    path: Path,
    *,
    sound: bool = True,
    pictures: bool = True,
    block_s: float = BLOCK_S,
    track: int = 0,
    budget: Budget | None = None,
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
        budget: What it may cost; without one, the default limits hold.
        track: Which of several sound tracks is wanted, as `MediaInfo.sound_track` tells; 0: the
            one that a player would play.

    Yields:
        Blocks of 16 kHz mono and up to 10 pictures a second, each kind in order of time. A
        block comes when it is full, so after the pictures that were shown meanwhile. A file
        without sound gives no blocks, one without moving pictures no pictures; a cover is none.

    Raises:
        MediaError: If the file cannot be read, or none of what is wanted can be decoded.
        MediaTruncatedError: After the last of both, if something is missing: sound or pictures
            end before the file says they do (by more than 1 s and 2 %), 1 s or more of either
            was damaged and skipped, either is not decoded, or a limit was met.
        ValueError: If `block_s` is below 1.
    """
    tape = partial(Tape, block_samples(block_s)) if sound else None
    return cast(
        "Iterator[AudioBlock | Picture]",
        taped(path, tape, pictures=pictures, track=track, budget=budget or Budget()),
    )


def block_samples(block_s: float) -> int:
    """The length of a block in samples.

    Raises:
        ValueError: If it is below a second.
    """
    if block_s < 1:
        raise ValueError(f"block_s must be at least 1, not {block_s}")
    return round(block_s * SAMPLE_RATE_HZ)


def audio_blocks(path: Path, *, block_s: float = BLOCK_S, track: int = 0) -> Iterator[AudioBlock]:
    """The sound alone: see `decoded`."""
    parts = decoded(path, pictures=False, block_s=block_s, track=track)
    return (part for part in parts if isinstance(part, AudioBlock))


def taped(
    path: Path,
    tape: Callable[[], Tape | PieceTape] | None,
    *,
    pictures: bool,
    track: int,
    budget: Budget,
) -> Iterator[AudioBlock | Piece | Picture]:
    """The pass: see `decoded`.

    Args:
        path: A local file.
        tape: Makes what its sound is laid on; None: it is not wanted.
        pictures: Whether its moving pictures are wanted.
        track: Which of several sound tracks is wanted; 0: the one that a player would play.
        budget: What it may cost.
    """
    with opened(path, budget.limits, track=track) as source:
        hears = SoundTrack(source, source.sound, tape()) if tape and source.sound else None
        sees = _picture_track(source, budget) if pictures and source.film else None
        tracks = {
            stream.index: taker
            for stream, taker in ((source.sound, hears), (source.film, sees))
            if stream is not None and taker is not None
        }
        if not tracks:
            return
        excess = ""
        for packet in packets(source):
            if packet.stream_index in tracks:
                yield from tracks[packet.stream_index].feed(packet)
            at_s = max(hears.heard_s if hears else 0.0, sees.seen_s if sees else 0.0)
            excess = budget.excess(at_s, sees.decoded if sees else 0)
            if excess:
                break
        if hears:
            yield from hears.finish()
        if sees:
            yield from sees.feed(None)
        _tell_faults(source, hears, sees, excess)


def _picture_track(source: Source, budget: Budget) -> PictureTrack:
    restrain(source.film, budget.limits)
    return PictureTrack(source, source.film)


def _tell_faults(
    source: Source, hears: SoundTrack | None, sees: PictureTrack | None, excess: str
) -> None:
    """Say what is missing, once everything decodable has been given out.

    A file that was cut ends in sound and pictures alike: that is said once.
    """
    faults = [excess] if excess else _faults(source, hears, sees)
    if any(track.damage.lacked_memory for track in (hears, sees) if track):
        faults.append(LACKED_MEMORY)
    what = "; ".join(fault for fault in (*faults, *source.refused) if fault)
    if what:
        raise MediaTruncatedError(
            f"{source.name}: {what}",
            decoded_ms=round(hears.heard_s * 1000) if hears else 0,
            hint=f"What could be read is kept. {_remedy(source, excess)}",
        )


def _remedy(source: Source, excess: str) -> str:
    if excess:
        return "For the rest, cut the file into parts."
    return CONVERT_HINT if source.refused else "Copy or download the file again for the rest."


def _faults(source: Source, hears: SoundTrack | None, sees: PictureTrack | None) -> list[str]:
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
    return faults

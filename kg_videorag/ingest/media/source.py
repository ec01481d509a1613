"""Opening a file safely, its streams, its length, and where its clock starts.

The clock. Zero is the earliest presentation time among the file's sound and its moving
pictures, as FFmpeg presents it: after edit lists, and after the priming samples of AAC, MP3
and Opus have been taken off where the container tells of them (raw AAC and MPEG-TS do not;
players play those 20 ms too). A cover picture has no time and does not count. Every other
module speaks in milliseconds after zero; container time is seen in this package alone.

What is opened is local, named, and on a list. A playlist would make FFmpeg open other files
and addresses, a picture would come out as a one-frame film, so both are refused by the
list; the path is absolute, so that no name can be taken for a protocol (`concat:`, `http:`).
"""

from __future__ import annotations

import logging
import stat
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import av

from kg_videorag.errors import MediaError
from kg_videorag.ingest.media.allowed import CONVERT_HINT, open_options, refusal
from kg_videorag.ingest.media.headers import mp3_states_length
from kg_videorag.ingest.media.tracks import HeardTrack, choose_track, nth_track
from kg_videorag.model import DecodeLimits, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# torchvision, which ImageBind imports, turns FFmpeg's own complaints on; what is wrong with a
# file is told in this package's words.
logging.getLogger("libav").setLevel(logging.CRITICAL + 1)
# Titles in other encodings must not stop a file; from 19 on PyAV does this by itself.
_TAG_ERRORS = (
    {"metadata_errors": "surrogateescape"} if int(av.__version__.partition(".")[0]) < 19 else {}
)
KINDS_HINT = "Give a video or a recording, such as mp4, mkv, webm, mov, mp3, m4a, wav or flac."
LACKED_MEMORY = "to decode it takes more memory than is allowed"
MEMORY_HINT = "Convert it to a smaller picture, or raise KGV_DECODE_MEMORY_LIMIT."
# Where FFmpeg's length is a guess from the bit rate, wrong by half for quiet speech.
_GUESSED = frozenset({"aac", "amr"})
# Reading goes on past damage, unless this many attempts in a row bring nothing.
_ATTEMPTS = 50
# Matroska's writers disagree whether a length counts from zero or from the first frame.
_MATROSKA_START_S = 0.1


@dataclass(slots=True)
class Source:
    """An open file.

    Attributes:
        path: As it was given.
        name: The file's name, fit for one line of a message.
        container: PyAV's open container.
        heard: Which of its sound tracks is decoded.
        film: The stream of pictures that is decoded, or None.
        pictures: The streams of moving pictures.
        refused: What of the file is not decoded, and why, in words.
        tick_s: Length of a stream's unit of time, by the stream's index.
        zero_s: Where the clock starts, in container time.
        read_end_s: End of the latest packet read so far, in container time.
        gave_up: Whether the file could not be read to its end.
        shifts_s: How far time lines that begin inside the file lie from the first.
    """

    path: Path
    name: str
    container: av.container.InputContainer
    heard: HeardTrack
    film: av.VideoStream | None
    pictures: tuple[av.VideoStream, ...]
    refused: tuple[str, ...]
    tick_s: dict[int, float]
    zero_s: float
    read_end_s: float = 0.0
    gave_up: bool = False
    shifts_s: list[float] = field(default_factory=list)

    @property
    def sound(self) -> av.AudioStream | None:
        """The stream of sound that is decoded, or None."""
        return self.heard.sound

    @property
    def streams(self) -> tuple[av.stream.Stream, ...]:
        return self.pictures if self.sound is None else (self.sound, *self.pictures)

    @property
    def kind(self) -> str:
        """FFmpeg's first name of the container, such as "mov" for an mp4."""
        return str(self.container.format.name).partition(",")[0]

    @property
    def guesses_length(self) -> bool:
        """Whether the file does not state its length and FFmpeg guesses it."""
        return self.kind in _GUESSED or (self.kind == "mp3" and not mp3_states_length(self.path))


@contextmanager
def opened(
    path: Path, limits: DecodeLimits | None = None, *, language: str = "", track: int = 0
) -> Iterator[Source]:
    """Open a file for one pass; what FFmpeg raises meanwhile becomes a `MediaError`.

    Args:
        path: A local file.
        limits: What it may be; the default ones where none are given.
        language: In which its sound is wanted, where it has several tracks; "": any.
        track: Which of its sound tracks is wanted, from 1; 0: see `choose_track`.
    """
    limits = limits or DecodeLimits()
    name = one_line(path.name) or str(path)
    with _translated(name):
        _refuse_unless_file(path, name)
        where = str(path.absolute())
        with av.open(where, options=open_options(limits), **_TAG_ERRORS) as file:
            _refuse_many_streams(file, name, limits)
            pictures = tuple(s for s in file.streams.video if _moves(s))
            heard = _heard(file, language, track, limits)
            film = next((s for s in pictures if not refusal(s, limits)), None)
            refused = _refusals(file, pictures, film, heard.sound, limits)
            if film is None and heard.sound is None:
                what = next(iter(refused), "it holds neither sound nor moving pictures")
                hint = CONVERT_HINT if refused else KINDS_HINT
                raise MediaError(f"{name}: {what}", hint=hint)
            streams = (*pictures, *([heard.sound] if heard.sound else []))
            tick_s = {s.index: float(s.time_base) for s in streams}
            # Of all sound tracks, so that it is the same whichever is heard.
            timed = [s for s in (*pictures, *file.streams.audio) if s.start_time is not None]
            starts_s = [float(s.start_time * s.time_base) for s in timed]
            zero_s = min(starts_s, default=0.0)
            if pictures and len(starts_s) > 1 and min(starts_s) == max(starts_s) > 0:
                zero_s = min(zero_s, _first_shown_s(where, limits))
            yield Source(path, name, file, heard, film, pictures, refused, tick_s, zero_s)


def packets(source: Source) -> Iterator[av.Packet]:
    """The one reading pass: packets of sound and moving pictures, in the file's order.

    Reading goes on past damage. `source.read_end_s` and `source.gave_up` are kept up to date.

    Raises:
        MediaError: If the streams are encrypted.
    """
    failures = 0
    while failures < _ATTEMPTS:
        try:
            for packet in source.container.demux(source.streams):
                failures = 0
                if packet.size == 0:  # PyAV's mark of the end; decoding it would end the stream
                    continue
                if packet.has_sidedata("encryption_info"):
                    message = f"{source.name}: it is encrypted or copy-protected"
                    raise MediaError(message, hint="Give a copy without copy protection.")
                _note_end(source, packet)
                yield packet
        except (av.error.FFmpegError, OSError):
            failures += 1
        except IndexError:  # at the end, PyAV trips over streams that appeared on the way
            return
        else:
            return
    source.gave_up = True


@contextmanager
def _translated(name: str) -> Iterator[None]:
    try:
        yield
    except MemoryError as error:  # FFmpeg's is another of its own errors, so this comes first
        raise MediaError(f"{name}: {LACKED_MEMORY}", hint=MEMORY_HINT) from error
    except OSError as error:
        reason = (error.strerror or "it failed").lower()
        hint = "Check that the file is there and that you may read it."
        raise MediaError(f"{name}: it cannot be read: {reason}", hint=hint) from error
    except (av.error.FFmpegError, ValueError) as error:  # UnicodeError is a ValueError
        message = f"{name}: it is not video or sound, or it is incomplete or damaged"
        raise MediaError(message, hint=KINDS_HINT) from error


def _refuse_unless_file(path: Path, name: str) -> None:
    status = path.stat()
    if stat.S_ISDIR(status.st_mode):
        raise MediaError(f"{name}: it is a folder, not a file", hint="Name the files in it.")
    if not stat.S_ISREG(status.st_mode):  # reading a pipe or a device might never end
        raise MediaError(f"{name}: it is not a regular file", hint=KINDS_HINT)
    if status.st_size == 0:
        raise MediaError(f"{name}: the file is empty", hint="Copy or download it again.")


def _moves(stream: av.VideoStream) -> bool:
    return not stream.disposition & av.stream.Disposition.attached_pic


def _refusals(
    file: av.container.InputContainer,
    pictures: tuple[av.VideoStream, ...],
    film: av.VideoStream | None,
    sound: av.AudioStream | None,
    limits: DecodeLimits,
) -> tuple[str, ...]:
    """What of the file is not decoded, and why; each in words after the file's name."""
    unseen = () if film else pictures[:1]
    unheard = () if sound else file.streams.audio[:1]
    return (
        *(f"its picture {refusal(stream, limits)}" for stream in unseen),
        *(f"its sound {refusal(stream, limits)}" for stream in unheard),
    )


def _refuse_many_streams(
    file: av.container.InputContainer, name: str, limits: DecodeLimits
) -> None:
    if len(file.streams) > limits.streams:
        message = f"{name}: it holds more than the {limits.streams} streams that are allowed"
        raise MediaError(message, hint="Copy what you need: ffmpeg -i FILE -c copy NEW.mkv")


def _heard(
    file: av.container.InputContainer, language: str, number: int, limits: DecodeLimits
) -> HeardTrack:
    tracks = file.streams.audio
    usable = [track for track in tracks if not refusal(track, limits)]
    if number:
        return nth_track(tracks, usable, number)
    return choose_track(tracks, usable, best=file.streams.best("audio"), language=language)


def _first_shown_s(where: str, limits: DecodeLimits) -> float:
    """When the first packet of pictures is shown, in container time; the file is opened anew.

    Where pictures are too rare for FFmpeg to learn when they start, it says that they start with
    the sound.
    """
    with av.open(where, options=open_options(limits), **_TAG_ERRORS) as file:
        film = next(stream for stream in file.streams.video if _moves(stream))
        first = next(file.demux(film))
        if first.pts is None or first.is_discard:
            return float("inf")
        return float(first.pts * film.time_base)


def _note_end(source: Source, packet: av.Packet) -> None:
    if packet.pts is not None and not packet.is_discard:  # an edit list leaves such out
        end_s = (packet.pts + (packet.duration or 0)) * source.tick_s[packet.stream_index]
        source.read_end_s = max(source.read_end_s, end_s)


def file_end_s(source: Source) -> float | None:
    """Where the container says that its latest stream ends, in container time, if it says so."""
    if source.guesses_length:
        return None
    length_s = (source.container.duration or 0) / av.time_base
    if source.kind == "matroska":
        return length_s if length_s > 0 and source.zero_s < _MATROSKA_START_S else None
    # Subtitles may run on after sound and pictures, and players then play on with them.
    timed = (*source.streams, *source.container.streams.subtitles)
    ends_s = [e for e in map(stream_end_s, timed) if e is not None]
    return max(ends_s, default=source.zero_s + length_s if length_s > 0 else None)


def stream_end_s(stream: av.stream.Stream) -> float | None:
    """Where a stream's header says that it ends, in container time, if it says so."""
    if not stream.duration or stream.duration < 0:
        return None
    length, entries = stream.duration, stream.index_entries
    end = (stream.start_time or 0) + length
    if len(entries):
        # In fragments, and where an edit list shows less than the track holds, FFmpeg counts the
        # length from the movie's beginning, else from the track's: the last frame tells which.
        end = min(end, length, key=lambda end: abs(end - entries[-1].timestamp))
    return float(end * float(stream.time_base))

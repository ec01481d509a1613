"""Finds a video's subtitles, chooses among several, and makes sentences of them."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from kg_videorag.errors import MediaError
from kg_videorag.ingest.language_codes import language_code
from kg_videorag.ingest.observe import to_sentences
from kg_videorag.ingest.subtitles.clean import Cue, to_cues
from kg_videorag.ingest.subtitles.language import DEFAULT, detect_language
from kg_videorag.ingest.subtitles.read import SUFFIXES, read_subtitle_file
from kg_videorag.model import Sentence, Span, Word, one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from kg_videorag.ingest.media import Caption, MediaReader

# What names of subtitles have beside the language. "forced" is left out on purpose: such a file
# holds only what a foreigner says, and signs.
_FLAGS = frozenset({"sdh", "cc", "hi", "default", "full", "auto"})
_MOSTLY_BEYOND = 0.5  # of the cues: then they belong to another video


@dataclass(frozen=True, slots=True)
class Subtitles:
    """What people wrote of what is said.

    Args:
        sentences: In order of time; their words' times are shares of their cues'.
        language: Two letters.
        source: Such as "subtitles/srt-5f3a0c12de77": stored among the video's engines, another
            one where the file says something else.
        warnings: What was left out, and why; also where none could be used.
    """

    sentences: tuple[Sentence, ...] = ()
    language: str = ""
    source: str = ""
    warnings: tuple[str, ...] = ()

    @property
    def found(self) -> bool:
        """Whether there are any to be used."""
        return bool(self.sentences)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A subtitle file or stream, not read yet."""

    name: str
    kind: str
    language: str
    read: Callable[[], list[Caption]]


def find_subtitles(
    media: MediaReader, path: Path, *, duration_ms: int, language: str = ""
) -> Subtitles:
    """The subtitles beside a video (`film.srt`, `film.ru.vtt` ...), else those inside it.

    Where there are several: one in the language that is asked for and no other; unless one is,
    first one without a tag, then the language that the sound is tagged with, then English, then
    by name. Those that cannot be read are told of, and the next is tried.

    Args:
        media: Reads those inside.
        path: The video.
        duration_ms: Its length: what comes later is left out.
        language: Two letters of what is spoken, or "".
    """
    warnings: list[str] = []
    candidates = _candidates(media, path, language)
    for number, candidate in enumerate(candidates):
        try:
            cues, fault = _within(to_cues(candidate.read()), duration_ms, candidate.name)
        except MediaError as error:
            cues, fault = [], error.message
        if not cues:
            warnings.append(fault or f"{candidate.name} was not used: nothing is said in it")
            continue
        spoken = candidate.language or detect_language(" ".join(cue.text for cue in cues))
        if language not in ("", spoken):
            warnings.append(f"{candidate.name} was not used: it is in {spoken}, not {language}")
            continue
        sentences = tuple(to_sentences(_words(cues), spoken))
        others = [other.name for other in candidates[number + 1 :]]
        if others:
            fault = "; ".join(
                filter(None, (fault, f"{candidate.name} was used, not {', '.join(others)}"))
            )
        source = f"subtitles/{candidate.kind}-{_digest(sentences, spoken)}"
        return Subtitles(sentences, spoken, source, (*warnings, *([fault] if fault else [])))
    return Subtitles(warnings=tuple(warnings))


def _candidates(media: MediaReader, path: Path, language: str) -> list[_Candidate]:
    """Files, then streams, best first. Tagged with another language than asked for: left out."""
    try:
        streams, sound = media.caption_streams(path)
    except MediaError:  # the listener will tell what is wrong with the file
        streams, sound = (), ""
    inside = [
        _Candidate(
            f"subtitle stream {stream.index} of {one_line(path.name)}",
            f"inside-{stream.codec}",
            language_code(stream.language),
            partial(media.read_captions, path, stream.index),
        )
        for stream in streams
        if not stream.forced
    ]
    order = [language, "", language_code(sound), DEFAULT]

    def rank(candidate: _Candidate) -> int:
        return order.index(candidate.language) if candidate.language in order else len(order)

    found = (*sorted(_beside(path), key=rank), *sorted(inside, key=rank))
    return [one for one in found if not language or one.language in ("", language)]


def _beside(path: Path) -> Iterator[_Candidate]:
    """Files named after the video: `film.srt`, `film.ru.srt`, `film.en-US.sdh.vtt`."""
    stem = unicodedata.normalize("NFC", path.stem)  # macOS parts й into и and its breve
    try:
        files = sorted(file for file in path.parent.iterdir() if file.suffix.lower() in SUFFIXES)
    except OSError:  # a folder that may be passed through but not listed
        return
    for file in sorted(files, key=lambda file: SUFFIXES.index(file.suffix.lower())):
        own = unicodedata.normalize("NFC", file.stem)
        if not own.startswith(stem) or not file.is_file():
            continue
        rest = own[len(stem) :]
        tags = [tag.lower() for tag in rest.split(".")[1:]]
        languages = [code for tag in tags if (code := language_code(tag))]
        known = all(language_code(tag) or tag in _FLAGS for tag in tags)
        if (rest and not rest.startswith(".")) or not known:  # another film's, or forced
            continue
        language = languages[0] if languages else ""
        yield _Candidate(
            one_line(file.name),
            file.suffix.lower()[1:],
            language,
            partial(read_subtitle_file, file, language),
        )


def _within(cues: list[Cue], duration_ms: int, name: str) -> tuple[list[Cue], str]:
    """The cues that begin before the video ends, and what is to be said of the others."""
    kept = [cue for cue in cues if cue.start_ms < duration_ms]
    beyond = len(cues) - len(kept)
    if not beyond:
        return cues, ""
    if beyond > _MOSTLY_BEYOND * len(cues):
        return [], f"{name} was not used: most of it comes after the video's end"
    plural = "s" if beyond > 1 else ""
    return kept, f"{name}: {beyond} subtitle{plural} after the video's end left out"


def _words(cues: Sequence[Cue]) -> list[Word]:
    """The cues' words, each with its share of its cue's time, by characters."""
    words: list[Word] = []
    for cue in cues:
        whole, at_char = len(cue.text), 0
        length_ms = cue.end_ms - cue.start_ms
        for text in cue.text.split(" "):
            start_ms = cue.start_ms + length_ms * at_char // whole
            at_char += len(text)
            span = Span(start_ms, cue.start_ms + length_ms * at_char // whole)
            words.append(Word(text, span, 1.0, cue.speaker))
            at_char += 1  # the space
    return words


def _digest(sentences: Sequence[Sentence], language: str) -> str:
    """Of all that goes into the graph."""
    told = [(s.text, s.span.start_ms, s.span.end_ms, s.speaker) for s in sentences]
    return hashlib.sha256(repr((language, told)).encode()).hexdigest()[:12]

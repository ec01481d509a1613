"""What is said and shown in the talks of the library, and when."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TALKS = Path(__file__).parent / "talks"
WORD_MS, PAUSE_MS, PART_PAUSE_MS = 350, 300, 1_000  # slow natural speech, as in the samples
LEAD_MS = 400
_GRID_MS = 500  # a slide changes with a picture, and there are two a second


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence and when it is said, `[start_ms, end_ms)`."""

    text: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A slide, title first, and when it stands."""

    lines: tuple[str, ...]
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class Talk:
    """One film: its file's name, its title, what is said and shown."""

    file: str
    title: str
    said: tuple[Said, ...]
    shown: tuple[Shown, ...]
    duration_ms: int


def talk_of(file: str, title: str, parts: Sequence[tuple[Sequence[str], Sequence[str]]]) -> Talk:
    """Lay a talk out in time.

    Args:
        file: Its name.
        title: As the container tells it.
        parts: Of each its slide (title and lines; empty for none) and its sentences.
    """
    said: list[Said] = []
    starts_ms: list[int] = []
    at_ms = 0
    for _, sentences in parts:
        starts_ms.append(at_ms)
        at_ms += LEAD_MS
        for sentence in sentences:
            end_ms = at_ms + WORD_MS * len(sentence.split())
            said.append(Said(sentence, at_ms, end_ms))
            at_ms = end_ms + PAUSE_MS
        at_ms += PART_PAUSE_MS - PAUSE_MS
        at_ms += -at_ms % _GRID_MS
    ends_ms = (*starts_ms[1:], at_ms)
    shown = tuple(
        Shown(tuple(slide), start_ms, end_ms)
        for (slide, _), start_ms, end_ms in zip(parts, starts_ms, ends_ms, strict=True)
        if slide
    )
    return Talk(file, title, tuple(said), shown, at_ms)


def talks(folder: Path = TALKS) -> Iterator[Talk]:
    """The talks that people wrote."""
    for path in sorted(folder.glob("*.toml")):
        for item in tomllib.loads(path.read_text(encoding="utf-8"))["talks"]:
            parts = [
                (part.get("slide", []), part["says"].strip().splitlines()) for part in item["parts"]
            ]
            yield talk_of(item["file"], item["title"], parts)


def subtitles(talk: Talk) -> str:
    """The talk as SubRip."""
    cues = (
        f"{number}\n{_time(said.start_ms)} --> {_time(said.end_ms)}\n{said.text}\n"
        for number, said in enumerate(talk.said, start=1)
    )
    return "\n".join(cues)


def _time(at_ms: int) -> str:
    seconds, milliseconds = divmod(at_ms, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d},{milliseconds:03d}"

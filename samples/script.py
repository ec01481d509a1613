"""Reads the TOML script of a sample video into frozen values."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Source:
    """Where a fact was taken from."""

    title: str
    url: str


@dataclass(frozen=True)
class Sentence:
    """One narrated sentence.

    `spoken` is what the synthesiser reads: `narration`, unless it would pronounce that badly.
    """

    narration: str
    spoken: str
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Line:
    """One line of a slide.

    Args:
        cells: its text; two texts in the row of a table.
        said: whether the narration of the video says it too.
        with_sentence: the sentence of its slide with which it appears, counted from 1; 0: it is
            there from the beginning.
        sources: where it was taken from, if it is a fact that is not said.

    """

    cells: tuple[str, ...]
    said: bool = True
    with_sentence: int = 0
    sources: tuple[Source, ...] = ()

    @property
    def text(self) -> str:
        """What it says, from left to right."""
        return " ".join(self.cells)


@dataclass(frozen=True)
class Slide:
    """What is drawn and what is said meanwhile.

    Args:
        title: its heading; may be empty.
        lines: what stands under it.
        picture: the name of its picture; may be empty in a table.
        layout: a key of `slides.LAYOUTS`.
        early_ms: how long before the end of the slide before it is shown: in the midst of that
            slide's last sentence.
        sentences: the narration that begins while it is shown, but for `early_ms`.

    """

    title: str
    lines: tuple[Line, ...]
    picture: str
    layout: str
    early_ms: int
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True)
class Script:
    """One sample video: `name` is its file name without the ending."""

    name: str
    title: str
    voice: str
    theme: str
    slides: tuple[Slide, ...]


def read_script(path: Path) -> Script:
    """Reads one script.

    Args:
        path: a TOML file such as `apollo_people.toml`.

    Returns:
        The script; every sentence and line holds its sources themselves, not their keys.

    Raises:
        KeyError: a field is missing, or a sentence names a source that is not listed.

    """
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    sources = {key: Source(**fields) for key, fields in document["sources"].items()}
    return Script(
        name=path.stem,
        title=document["title"],
        voice=document["voice"],
        theme=document["theme"],
        slides=tuple(_slide(fields, sources) for fields in document["slides"]),
    )


def _slide(fields: dict[str, Any], sources: dict[str, Source]) -> Slide:
    return Slide(
        title=fields["title"],
        lines=tuple(_line(line, sources) for line in fields["lines"]),
        picture=fields.get("picture", ""),
        layout=fields.get("layout", "list"),
        early_ms=fields.get("early_ms", 0),
        sentences=tuple(_sentence(sentence, sources) for sentence in fields["sentences"]),
    )


def _line(given: str | dict[str, Any], sources: dict[str, Source]) -> Line:
    """A plain string is said too; a fact with sources of its own is not."""
    if isinstance(given, str):
        return Line((given,))
    keys = given.get("sources", [])
    return Line(
        cells=tuple(given.get("cells") or [given["text"]]),
        said=given.get("said", not keys),
        with_sentence=given.get("with_sentence", 0),
        sources=tuple(sources[key] for key in keys),
    )


def _sentence(fields: dict[str, Any], sources: dict[str, Source]) -> Sentence:
    return Sentence(
        narration=fields["narration"],
        spoken=fields.get("spoken", fields["narration"]),
        sources=tuple(sources[key] for key in fields["sources"]),
    )

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
class Slide:
    """What is drawn (title, lines, the name of a picture) and what is said meanwhile."""

    title: str
    lines: tuple[str, ...]
    picture: str
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
        The script; every sentence holds its sources themselves, not their keys.

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
        lines=tuple(fields["lines"]),
        picture=fields["picture"],
        sentences=tuple(_sentence(sentence, sources) for sentence in fields["sentences"]),
    )


def _sentence(fields: dict[str, Any], sources: dict[str, Source]) -> Sentence:
    return Sentence(
        narration=fields["narration"],
        spoken=fields.get("spoken", fields["narration"]),
        sources=tuple(sources[key] for key in fields["sources"]),
    )

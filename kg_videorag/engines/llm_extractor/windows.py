"""Cuts texts into windows: as many sentences as a model is asked about at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Windows are counted in texts, so that a line which is corrected changes its own window alone and
# all others are still in the cache. Eight spoken sentences are some 600 characters.
_TEXTS = 8
# With the prompt and a reply of 1,500 tokens this fits 4,096 tokens of context, in Cyrillic too.
_CHARS = 2_000
_WORD = regex.compile(r"\p{L}")
_SENTENCE_END = regex.compile(r"[.!?…。！？]\s")  # noqa: RUF001 - Chinese ends are meant


class Piece(NamedTuple):
    """A text, or a stretch of one that is too long to be asked about at once.

    `text` is its number among the texts, `start_char` where the stretch begins in it.
    """

    text: int
    start_char: int
    content: str


def cut_windows(texts: Sequence[str]) -> Iterator[tuple[Piece, ...]]:
    """Windows of neighbouring pieces, in order; texts without a letter are in none."""
    window: list[Piece] = []
    chars = 0
    for number, text in enumerate(texts):
        for piece in _pieces(number, text):
            if window and (len(window) == _TEXTS or chars + len(piece.content) > _CHARS):
                yield tuple(window)
                window, chars = [], 0
            window.append(piece)
            chars += len(piece.content)
    if window:
        yield tuple(window)


def _pieces(number: int, text: str) -> Iterator[Piece]:
    start = 0
    while len(text) - start > _CHARS:
        end = _cut(text, start)
        if _WORD.search(text, start, end):
            yield Piece(number, start, text[start:end])
        start = end
    if _WORD.search(text, start):
        yield Piece(number, start, text[start:])


def _cut(text: str, start: int) -> int:
    """The last end of a sentence, else the last space, else anywhere."""
    limit = start + _CHARS
    ends = [match.end() for match in _SENTENCE_END.finditer(text, start, limit)]
    return ends[-1] if ends else text.rfind(" ", start + 1, limit) + 1 or limit

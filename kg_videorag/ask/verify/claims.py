# ruff: noqa: RUF001 - letters of another script are meant
"""Cuts what a model wrote into sentences, each with the marks that stand for it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from kg_videorag.ask.marks import find_marks
from kg_videorag.words import words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg_videorag.ask.marks import Mark

# Of a server that minds no limit; answers have a few sentences.
MAX_DRAFT_CHARS = 20_000
MAX_CLAIMS = 100
MAX_MARKS = 20  # of one sentence
_MARK = "\x00"  # stands for each character of a mark while sentences are looked for
# A full stop after these, or after a single capital, ends no sentence.
_ABBREVIATED = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|prof|st|vs|no|jr|sr|fig|approx|г|гг|им|ул|стр|тыс|млн|т\.е|т\.д)"
    r"|(?<![^\W\d_])[^\W\d_])\.\Z",
    re.IGNORECASE,
)
_END = re.compile(r"[.!?…]+[\"'»”’)*_]*")
_MARKS_BEHIND = re.compile(rf"[ \t]*{_MARK}+(?:[ \t,]*{_MARK}+)*[.!?…]*")
_LIST_MARK = re.compile(r"\s*(?:[*\-•–]+\s+|\(?\d{1,3}[.)]\s+)?")


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a sentence, and the numbers of the mark after it, if there is one."""

    text: str
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of a draft.

    Args:
        lead: Space and the mark of a list before it.
        parts: Its text, cut at its marks.
        leading: Whether marks stand before what they are for.
    """

    lead: str
    parts: tuple[Part, ...]
    leading: bool = False

    @property
    def text(self) -> str:
        """The sentence without marks."""
        return re.sub(
            r"\s+([.,;:!?…])", r"\1", " ".join(p.text.strip() for p in self.parts)
        ).strip()

    @property
    def numbers(self) -> tuple[int, ...]:
        """Whatever its marks name."""
        return tuple(dict.fromkeys(n for part in self.parts for n in part.numbers))


def clean(draft: str) -> str:
    """A draft without control and format characters, and no longer than an answer can be."""
    kept = (
        c if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Co", "Cs", "Cn") else " "
        for c in draft[:MAX_DRAFT_CHARS].replace("\r\n", "\n")
    )
    return "".join(kept)


def claims_of(draft: str, *, known: int) -> list[Claim]:
    """The sentences of a draft; those without a word are left out.

    Args:
        draft: Clean text with marks.
        known: How many pieces of evidence there are.
    """
    marks = find_marks(draft, known=known)
    leading = bool(marks) and not draft[: marks[0].start].strip(" \t\n*-•")
    edges = [0, *(edge for mark in marks for edge in (mark.start, mark.end)), len(draft)]
    masked = "".join(
        draft[start:end] if place % 2 == 0 else _MARK * (end - start)
        for place, (start, end) in enumerate(pairwise(edges))
    )
    claims: list[Claim] = []
    since = 0
    for start, end in _sentences(masked, marks_first=leading):
        if len(claims) == MAX_CLAIMS:
            break
        if not words(draft[start:end]):
            continue
        inside = [mark for mark in marks if start <= mark.start < end][:MAX_MARKS]
        claim = _claim(draft, (since, start, end), inside, leading=leading)
        if words(claim.text) or claim.numbers:
            claims.append(claim)
            since = end
    return claims


def whole_until(draft: str, *, known: int) -> int:
    """How much of an unfinished draft is done: up to its last mark that something follows.

    What stands behind may still get a mark; a mark before its sentence waits for the next one.
    """
    marks = find_marks(draft, known=known)
    if not marks:
        return 0
    if not draft[: marks[0].start].strip():
        return marks[-1].start if len(marks) > 1 else 0
    for mark in reversed(marks):
        rest = draft[mark.end :].lstrip(" \t")
        if rest[:1] == "\n" or rest.strip(".!?… ,[("):
            head = draft[: mark.end]
            ended = head[: mark.start].rstrip()[-1:] in ".!?…" or rest[:1] in ".!?…\n"
            if ended:
                stop = len(rest) - len(rest.lstrip(".!?…"))
                return len(draft) - len(rest) + stop
    return 0


def _sentences(masked: str, *, marks_first: bool) -> Iterator[tuple[int, int]]:
    start = at = 0
    while at < len(masked):
        if masked[at] == "\n":
            yield start, at
            start = at = at + 1
            continue
        end = _END.match(masked, at)
        if end is None:
            at += 1
            continue
        at = end.end()
        if not marks_first:
            behind = _MARKS_BEHIND.match(masked, at)
            at = behind.end() if behind else at
        ends = at >= len(masked) or masked[at].isspace() or masked[at] == _MARK
        if ends and not _ABBREVIATED.search(masked[max(start, at - 8) : at]):
            yield start, at
            start = at
    yield start, len(masked)


def _claim(
    draft: str, edges: tuple[int, int, int], marks: Sequence[Mark], *, leading: bool
) -> Claim:
    """A sentence between two edges, and what space is before it since the last one."""
    since, start, end = edges
    list_mark = _LIST_MARK.match(draft, start, end)
    begin = list_mark.end() if list_mark else start
    if marks and begin > marks[0].start:  # "[1]" is no mark of a list
        begin = marks[0].start
    space = "".join(char for char in draft[since:start] if char.isspace())
    cut = _after_marks if leading else _before_marks
    return Claim(space + draft[start:begin], tuple(cut(draft, begin, end, marks)), leading)


def _before_marks(draft: str, begin: int, end: int, marks: Sequence[Mark]) -> Iterator[Part]:
    for mark in marks:
        yield Part(draft[begin : mark.start], tuple(dict.fromkeys(mark.numbers)))
        begin = mark.end
    if draft[begin:end].strip() or not marks:
        yield Part(draft[begin:end])


def _after_marks(draft: str, begin: int, end: int, marks: Sequence[Mark]) -> Iterator[Part]:
    if not marks:
        yield Part(draft[begin:end])
    starts = [*(mark.start for mark in marks[1:]), end]
    for mark, stop in zip(marks, starts, strict=False):
        yield Part(draft[mark.end : stop], tuple(dict.fromkeys(mark.numbers)))

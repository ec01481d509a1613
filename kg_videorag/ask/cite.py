"""Turns the marks of a draft into citations that were checked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from kg_videorag.ask.link import link_to
from kg_videorag.ask.marks import find_marks
from kg_videorag.ask.support import has_nothing_of, said_by, sentences_of
from kg_videorag.model import Citation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg_videorag.ask.marks import Mark
    from kg_videorag.model import Evidence, Sentence

_ENDS = (".", "!", "?", "…", ":")
_FIRST_END = re.compile(r"[.!?…](?=\s|\Z)|\n")
_LAST_MARKS = re.compile(r"(?:\[[0-9]+\])+\Z")
_MOVED = "a citation of evidence {} was moved to evidence {}, which says it"
_UNSAID = "a citation of evidence {} was dropped: no word of the sentence is in it"
_MAX_TOLD = 3  # dropped marks that warnings name one by one


@dataclass(frozen=True, slots=True)
class Cited:
    """A draft whose marks were checked.

    Args:
        text: With marks `[n]` that count `citations` from 1.
        citations: What the marks name.
        warnings: What was dropped, and why.
        uncited: The end of the text, from the first sentence after which no mark stands.
    """

    text: str
    citations: tuple[Citation, ...] = ()
    warnings: tuple[str, ...] = ()
    uncited: str = ""


def cite(draft: str, evidence: Sequence[Evidence]) -> Cited:
    """Check a draft's marks and number its citations anew.

    Args:
        draft: Text in which `[n]` after a claim names the n-th evidence, from 1.
        evidence: What was given to the generator, in the same order.

    Returns:
        The text with marks that count citations from 1, and the citations. A mark that
        names no evidence, or none with a word of its claim, is dropped and told of; one that
        names the wrong evidence for a sentence that another says is moved there. Each citation
        quotes the sentence of its evidence that is nearest to the claim, with that sentence's
        own times.
    """
    citations: dict[tuple[int, Sentence], Citation] = {}
    warnings: dict[str, None] = {}
    dropped: list[int] = []
    text = ""
    claimed_to = cited_to = 0
    for mark, claim in _claims(draft, find_marks(draft, known=len(evidence))):
        numbers, wrong = _checked(mark.numbers, evidence)
        dropped += wrong
        if (better := _better(claim, numbers, evidence)) is not None:
            warnings[_MOVED.format(numbers[0], better)] = None
            numbers = [better]
        if all(has_nothing_of(claim, evidence[n - 1]) for n in numbers):
            warnings |= dict.fromkeys(_UNSAID.format(n) for n in numbers)
            numbers = []
        kept = []
        for number in numbers:
            item = evidence[number - 1]
            sentence = nearest(claim, item.sentences)
            citation = citations.setdefault(
                (number, sentence), citation_of(len(citations) + 1, item, sentence)
            )
            kept.append(f"[{citation.number}]")
        before = draft[claimed_to : mark.start]
        text += "".join([before if kept else before.rstrip(), *dict.fromkeys(kept)])
        claimed_to = mark.end
        cited_to = len(text) if kept else cited_to
    text += draft[claimed_to:]
    return Cited(
        text=text.strip(),
        citations=tuple(citations.values()),
        warnings=(*_told(dropped, len(evidence)), *warnings),
        uncited=_uncited(text[:cited_to], text[cited_to:]),
    )


def _checked(marked: Iterable[int], evidence: Sequence[Evidence]) -> tuple[list[int], list[int]]:
    """Numbers of a mark that name evidence in which something is said, and those that do not."""
    known: list[int] = []
    wrong: list[int] = []
    for number in dict.fromkeys(marked):
        names_some = 1 <= number <= len(evidence) and bool(evidence[number - 1].sentences)
        (known if names_some else wrong).append(number)
    return known, wrong


def _claims(draft: str, marks: Sequence[Mark]) -> Iterator[tuple[Mark, str]]:
    """Each mark with what it stands after, or before where the draft begins with one."""
    leading = bool(marks) and not draft[: marks[0].start].strip()
    ends = [0, *(mark.end for mark in marks)]
    starts = [*(mark.start for mark in marks), len(draft)]
    for place, mark in enumerate(marks):
        at = place + 1 if leading else place
        yield mark, draft[ends[at] : starts[at]]


def _better(claim: str, numbers: Sequence[int], evidence: Sequence[Evidence]) -> int | None:
    """The evidence that says a claim nearly word for word, where the one it names does not."""
    claimed = sentences_of(claim)[-1:]
    if len(numbers) != 1 or not claimed:
        return None
    named = numbers[0]
    if said_by(claimed[0], [(named, evidence[named - 1])]):
        return None
    found = said_by(claimed[0], enumerate(evidence, start=1))
    return found[0] if found else None


def _uncited(cited: str, rest: str) -> str:
    """The sentences of `rest` that do not belong to the last mark of `cited`."""
    claim = _LAST_MARKS.sub("", cited).rstrip()
    if not cited:
        return rest.strip()
    if not claim:  # it began with its mark: "[1] The Eagle landed."
        return ""
    if claim.endswith(_ENDS):
        return rest.strip()
    end = _FIRST_END.search(rest)
    return rest[end.end() :].strip() if end else ""


def nearest(claim: str, sentences: Sequence[Sentence]) -> Sentence:
    """The sentence most like a claim; the whole one, where a shorter is a part of it."""
    return max(sentences, key=lambda s: (likeness(claim, s), -s.span.start_ms))


def likeness(claim: str, sentence: Sentence) -> float:
    """How like a claim a sentence is, alone or with its heading ("The crew: Buzz Aldrin"), 0..200.

    Source: rapidfuzz's token set ratio, which forgives order and what is left out, and its plain
    ratio, which does not.
    """
    forms = [sentence.text]
    if sentence.heading:
        forms.append(f"{sentence.heading}: {sentence.text}")
    return max(fuzz.token_set_ratio(claim, f) + fuzz.ratio(claim.strip(), f) for f in forms)


def citation_of(number: int, evidence: Evidence, sentence: Sentence) -> Citation:
    """A citation of one sentence."""
    return Citation(
        number=number,
        video_id=evidence.video_id,
        video=evidence.video,
        span=sentence.span,
        segment_id=evidence.segment_id,
        modality=sentence.modality,
        quote=sentence.text,
        link=link_to(evidence.path, evidence.source_url, sentence.span.start_ms),
    )


def _told(dropped: Iterable[int], known: int) -> Iterable[str]:
    numbers = list(dict.fromkeys(dropped))
    for number in numbers[:_MAX_TOLD]:
        there = f"there {'is' if known == 1 else 'are'} {known or 'none'}"
        fault = "nothing is said in it" if 1 <= number <= known else there
        yield f"a citation of evidence {number} was dropped: {fault}"
    if more := len(numbers[_MAX_TOLD:]):
        yield f"so were citations of {more} other{'s' if more > 1 else ''}"

"""Turns the `[n]` marks of a draft into citations that were checked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from kg_videorag.model import Citation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg_videorag.model import Evidence, Sentence

_MARKS = re.compile(r"(?:\[[0-9]+(?:, ?[0-9]+)*\][ \t]*)+")
_MAX_DIGITS = 6
_NUMBER = re.compile(r"[0-9]+")


def cite(draft: str, evidence: Sequence[Evidence]) -> tuple[str, tuple[Citation, ...]]:
    """Check a draft's marks and number its citations anew.

    Args:
        draft: Text in which `[n]` after a claim names the n-th evidence, from 1.
        evidence: What was given to the generator, in the same order.

    Returns:
        The text with marks that count citations from 1, and the citations. A mark that
        names no evidence is dropped. Each citation quotes the sentence of its evidence
        that is nearest to the claim, with that sentence's own times.
    """
    citations: dict[tuple[int, Sentence], Citation] = {}
    parts: list[str] = []
    claimed_to = 0
    for match in _MARKS.finditer(draft):
        claim = draft[claimed_to : match.start()]
        claimed_to = match.end()
        numbers = []
        for mark in _NUMBER.findall(match[0]):
            place = int(mark) - 1 if len(mark) <= _MAX_DIGITS else -1
            if not 0 <= place < len(evidence) or not evidence[place].sentences:
                continue
            sentence = _nearest(claim, evidence[place].sentences)
            citation = citations.setdefault(
                (place, sentence), _citation(len(citations) + 1, evidence[place], sentence)
            )
            numbers.append(f"[{citation.number}]")
        gap = match[0][len(match[0].rstrip()) :]
        parts += [claim if numbers else claim.rstrip(), *dict.fromkeys(numbers), gap]
    return "".join([*parts, draft[claimed_to:]]).strip(), tuple(citations.values())


def _nearest(claim: str, sentences: Sequence[Sentence]) -> Sentence:
    """The sentence most like a claim; the whole one, where a shorter is a part of it."""
    return max(
        sentences,
        key=lambda s: (
            fuzz.token_set_ratio(claim, s.text) + fuzz.ratio(claim.strip(), s.text),
            -s.span.start_ms,
        ),
    )


def _citation(number: int, evidence: Evidence, sentence: Sentence) -> Citation:
    return Citation(
        number=number,
        video_id=evidence.video_id,
        video=evidence.video,
        span=sentence.span,
        segment_id=evidence.segment_id,
        modality=sentence.modality,
        quote=sentence.text,
    )

"""Turns the `[n]` marks of a draft into citations that were checked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from kg_videorag.model import Citation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg_videorag.model import Evidence, Sentence

_CLAIM = re.compile(r"(?P<claim>[^\[\]]*)(?P<marks>(?:\[\d+\]\s*)+)")
_MARK = re.compile(r"\[(\d+)\]")


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

    def renumber(match: re.Match[str]) -> str:
        claim, numbers = match["claim"], []
        for mark in _MARK.findall(match["marks"]):
            place = int(mark) - 1
            if not 0 <= place < len(evidence) or not evidence[place].sentences:
                continue
            sentence = _nearest(claim, evidence[place].sentences)
            citation = citations.setdefault(
                (place, sentence), _citation(len(citations) + 1, evidence[place], sentence)
            )
            numbers.append(citation.number)
        marks = "".join(f"[{number}]" for number in dict.fromkeys(numbers))
        gap = " " if match["marks"][-1].isspace() else ""
        return f"{claim}{marks}{gap}" if marks else f"{claim.rstrip()}{gap}"

    text = _CLAIM.sub(renumber, draft).strip()
    return text, tuple(citations.values())


def _nearest(claim: str, sentences: Sequence[Sentence]) -> Sentence:
    return max(sentences, key=lambda s: (fuzz.token_set_ratio(claim, s.text), -s.span.start_ms))


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

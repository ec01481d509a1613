"""Finds evidence for sentences that a model left without a citation, and drops the others.

Why: docs/adr/0014-language-models.md.
"""

# ruff: noqa: RUF001 - letters of other scripts are meant
from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from kg_videorag.ask.cite import Cited, citation_of
from kg_videorag.words import content_stems, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg_videorag.model import Evidence, Sentence

# rapidfuzz partial ratio, 0..100, of a claim to the sentence that holds all its words. On 19
# restatements of the samples' sentences and 26 false ones: 17 reach 80, no false one does that
# says the same names and denies as much; "The Moon stayed in orbit around Collins" comes to 77.
_SAYS_IT = 80.0
_MIN_STEMS = 3  # "Apollo 11." is in many sentences and claims nothing
_SENTENCE = re.compile(r"[^.!?…\n]*(?:[.!?…](?=\S)[^.!?…\n]*)*[.!?…]*")
_DENIAL = re.compile(r"\b(?:no|not|never|nobody|nothing|none|не|нет|ни|никто|никогда)\b|n['’]t\b")
_NAME = re.compile(r"\b(?:[^\W\d_]*[A-ZА-ЯЁ][^\W_]*|[0-9][0-9.,]*)\b")
_LIST_MARK = re.compile(r"^[\s*\-•]+")


def attribute(cited: Cited, evidence: Sequence[Evidence]) -> Cited:
    """Cite the uncited rest of a text where the evidence says it, and drop what it does not say.

    Args:
        cited: A draft whose marks were checked.
        evidence: What was given to the generator.

    Returns:
        Text of which every sentence is cited. A sentence counts as said if one of the evidence
        has all its words, in much the same order, and denies as much.
    """
    if not cited.uncited:
        return cited
    citations = list(cited.citations)
    kept: list[str] = []
    dropped = 0
    for claim in _sentences(cited.uncited):
        found = _said_by(claim, evidence)
        if found is None:
            dropped += 1
            continue
        citation = citation_of(len(citations) + 1, *found)
        known = next((c for c in citations if replace(c, number=citation.number) == citation), None)
        if known is None:
            citations.append(citation)
        kept.append(f"{claim} [{(known or citation).number}]")
    head = cited.text.removesuffix(cited.uncited).rstrip()
    return Cited(
        text=" ".join([*([head] if head else []), *kept]),
        citations=tuple(citations),
        warnings=(*cited.warnings, *_told(len(kept), dropped)),
    )


def _sentences(text: str) -> list[str]:
    parts = (_LIST_MARK.sub("", match[0]).strip() for match in _SENTENCE.finditer(text))
    return [part for part in parts if words(part)]


def _said_by(claim: str, evidence: Sequence[Evidence]) -> tuple[Evidence, Sentence] | None:
    stems = content_stems(claim)
    if len(stems) < _MIN_STEMS:
        return None
    scored = [
        (_agreement(claim, stems, sentence), -place, item, sentence)
        for place, item in enumerate(evidence)
        for sentence in item.sentences
    ]
    best = max(scored, key=lambda s: s[:2], default=None)
    return (best[2], best[3]) if best and best[0] >= _SAYS_IT else None


def _agreement(claim: str, stems: frozenset[str], sentence: Sentence) -> float:
    """How far a sentence says a claim, 0..100."""
    said = f"{sentence.heading}: {sentence.text}" if sentence.heading else sentence.text
    lower, lower_said = claim.lower().rstrip(" .!?…"), said.lower()
    # "On" and "The" are capital for their place alone.
    names = [n for n in _NAME.findall(claim) if content_stems(n) or not claim.startswith(n)]
    if (
        not stems <= content_stems(said)
        or bool(_DENIAL.search(lower)) != bool(_DENIAL.search(lower_said))
        or any(not re.search(rf"\b{re.escape(name.lower())}\b", lower_said) for name in names)
    ):
        return 0.0
    return fuzz.partial_ratio(lower, lower_said)


def _told(kept: int, dropped: int) -> list[str]:
    told = []
    if kept:
        told.append(f"the model cited nothing for {_counted(kept)}; the evidence was found by text")
    if dropped:
        were = "was" if dropped == 1 else "were"
        told.append(f"{_counted(dropped)} without evidence {were} dropped")
    return told


def _counted(count: int) -> str:
    return f"{count} sentence{'' if count == 1 else 's'}"

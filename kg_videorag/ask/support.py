"""Whether a sentence of the evidence says a claim, nearly word for word.

Why, and what was measured: docs/adr/0014-language-models.md.
"""

# ruff: noqa: RUF001 - letters of other scripts are meant
from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from kg_videorag.words import content_stems, words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg_videorag.model import Evidence, Sentence

# rapidfuzz partial ratio, 0..100, of a claim to the sentence that holds all its words. On 19
# restatements of the samples' sentences and 26 false ones: 17 reach 80, no false one does that
# says the same names and denies as much; "The Moon stayed in orbit around Collins" comes to 77.
_SAYS_IT = 80.0
_MIN_STEMS = 3  # "Apollo 11." is in many sentences and claims nothing
_SENTENCE = re.compile(r"[^.!?…\n]*(?:[.!?…](?=\S)[^.!?…\n]*)*[.!?…]*")
_DENIAL = re.compile(r"\b(?:no|not|never|nobody|nothing|none|не|нет|ни|никто|никогда)\b|n['’]t\b")
_NAME = re.compile(r"\b(?:[^\W\d_]*[A-ZА-ЯЁ][^\W_]*|[0-9][0-9.,]*)\b")
_CYRILLIC = re.compile(r"[Ѐ-ӿ]")
_LIST_MARK = re.compile(r"^[\s*\-•]+")


def sentences_of(text: str) -> list[str]:
    """The sentences of what a model wrote, without marks of lists."""
    parts = (_LIST_MARK.sub("", match[0]).strip() for match in _SENTENCE.finditer(text))
    return [part for part in parts if words(part)]


def said_by(
    claim: str, numbered: Iterable[tuple[int, Evidence]]
) -> tuple[int, Evidence, Sentence] | None:
    """The sentence that says a claim best, with its evidence; None if none does.

    A sentence says it that has all its words, in much the same order, the same names and
    numbers among them, and denies as much.

    Args:
        claim: One sentence.
        numbered: Evidence with its numbers.
    """
    stems = content_stems(claim)
    if len(stems) < _MIN_STEMS:
        return None
    scored = [
        (_agreement(claim, stems, sentence), -number, item, sentence)
        for number, item in numbered
        for sentence in item.sentences
    ]
    best = max(scored, key=lambda s: s[:2], default=None)
    if best is None or best[0] < _SAYS_IT:
        return None
    return -best[1], best[2], best[3]


def has_nothing_of(claim: str, evidence: Evidence) -> bool:
    """Whether a claim names somebody, something or a number, and no word of it is in the evidence.

    Only numbers and words in the evidence's script count: in a Russian answer from English
    evidence, names that stand in Latin letters.
    """
    said = " ".join([*evidence.before, *(f"{s.heading} {s.text}" for s in evidence.sentences)])
    stems = content_stems(claim)
    script = bool(_CYRILLIC.search(said))
    alike = {s for s in stems if s.isdigit() or bool(_CYRILLIC.search(s)) == script}
    return (
        bool(_names_of(claim))
        and len(stems) >= _MIN_STEMS
        and bool(alike)
        and alike.isdisjoint(content_stems(said))
    )


def _names_of(claim: str) -> list[str]:
    # "On" and "The" are capital for their place alone.
    return [n for n in _NAME.findall(claim) if content_stems(n) or not claim.startswith(n)]


def _agreement(claim: str, stems: frozenset[str], sentence: Sentence) -> float:
    """How far a sentence says a claim, 0..100."""
    said = f"{sentence.heading}: {sentence.text}" if sentence.heading else sentence.text
    lower, lower_said = claim.lower().rstrip(" .!?…"), said.lower()
    if (
        not stems <= content_stems(said)
        or bool(_DENIAL.search(lower)) != bool(_DENIAL.search(lower_said))
        or any(
            not re.search(rf"\b{re.escape(name.lower())}\b", lower_said)
            for name in _names_of(claim)
        )
    ):
        return 0.0
    return fuzz.partial_ratio(lower, lower_said)

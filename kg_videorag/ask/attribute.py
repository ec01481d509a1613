"""Finds evidence for sentences that a model left without a citation, and drops the others.

Why: docs/adr/0014-language-models.md.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kg_videorag.ask.cite import Cited, citation_of
from kg_videorag.ask.support import said_by, sentences_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg_videorag.model import Evidence


def attribute(cited: Cited, evidence: Sequence[Evidence]) -> Cited:
    """Cite the uncited rest of a text where the evidence says it, and drop what it does not say.

    Args:
        cited: A draft whose marks were checked.
        evidence: What was given to the generator.

    Returns:
        Text of which every sentence is cited.
    """
    if not cited.uncited:
        return cited
    citations = list(cited.citations)
    kept: list[str] = []
    dropped = 0
    for claim in sentences_of(cited.uncited):
        found = said_by(claim, enumerate(evidence, start=1))
        if found is None:
            dropped += 1
            continue
        _, item, sentence = found
        citation = citation_of(len(citations) + 1, item, sentence)
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

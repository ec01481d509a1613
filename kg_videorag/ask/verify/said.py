"""Sentences of the evidence, each with what tells whom it is about."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

from kg_videorag.ask.verify.statement import statement

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kg_videorag.ask.verify.statement import Statement
    from kg_videorag.model import Evidence, Sentence

_BEFORE = 2  # sentences in which "she" may have her name


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of the evidence.

    Args:
        sentence: It.
        itself: What it says, with its heading.
        around: The same with what was said before, where it names nobody or says "she".
        evidence: Where it is.
        first_names: By each name: those that stand before it anywhere in that evidence.
    """

    sentence: Sentence
    itself: Statement
    around: Statement
    evidence: Evidence
    first_names: Mapping[str, frozenset[str]]


def sentences_of(evidence: Evidence) -> Iterator[Said]:
    """All sentences of a piece of evidence, in order."""
    earlier = [*evidence.before[-_BEFORE:]]
    first_names = _first_names(evidence)
    for sentence in evidence.sentences:
        itself = statement(sentence.under_heading)
        context = earlier[-_BEFORE:] if itself.refers or not itself.names else []
        around = statement(" ".join([*context, sentence.speaker, itself.text]).strip())
        yield Said(sentence, itself, around, evidence, first_names)
        earlier.append(sentence.text)


def pairs_of(said: Sequence[Said], subject: str) -> Iterator[tuple[Said, Said, Said]]:
    """Two sentences that both name whom a claim is about, and the two as one.

    Args:
        said: Of one piece of evidence.
        subject: The claim's first name, all its words; "" for none.
    """
    wanted = set(subject.lower().split())
    about = [one for one in said if wanted and wanted <= one.itself.names]
    for one, other in combinations(about, 2):
        joined = statement(f"{one.itself.text} {other.itself.text}")
        yield one, other, replace(one, itself=joined, around=joined)


def _first_names(evidence: Evidence) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for text in (*evidence.before, *(s.text for s in evidence.sentences)):
        for first, name in pairwise(statement(text).words):
            if first.is_name and name.is_name:
                found.setdefault(name.form, set()).add(first.form)
    return {name: frozenset(firsts) for name, firsts in found.items()}

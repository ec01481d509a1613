"""Whom a sentence means by "she", told by the sentences before it.

No coreference model: the nearest sentence before that has a name, passed over if its name is
known to be of the other sex ("Kennedy asked his advisers", "Mr. Keller").
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex

from kg_videorag.engines.extractive.names import before_first_name, has_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_HE = frozenset({"he", "his", "him"})
_SHE = frozenset({"she", "her"})
_THINGS = frozenset({"they", "it", "their", "its"})
_GROUPS = (_HE, _SHE, _THINGS)
_MALE = regex.compile(r"\b(?:Mr|Sir)\b\.? \p{Lu}|\p{Lu}\w+(?: [a-z]+){1,4} (?:his|he|him)\b")
_FEMALE = regex.compile(r"\b(?:Mrs|Ms|Miss)\b\.? \p{Lu}|\p{Lu}\w+(?: [a-z]+){1,4} (?:her|she)\b")
_SEXES = ((_HE, _MALE, _FEMALE), (_SHE, _FEMALE, _MALE))
_BACK = 8  # sentences


def unresolved_pronouns(sentence: str) -> frozenset[str]:
    """Pronouns that stand before any name of their sentence.

    "He" and "she" anywhere before; "it" and "they" only as the first word, for elsewhere they
    mostly mean something in the sentence itself.
    """
    before = before_first_name(sentence)
    return frozenset(before) & (_HE | _SHE) | frozenset(before[:1]) & _THINGS


def meant_by(pronouns: frozenset[str], context: Sequence[str]) -> Iterator[str]:
    """The sentence that has the name which pronouns stand for, if there is one.

    Args:
        pronouns: Of a sentence.
        context: What was said before it, the last first.
    """
    for sentence in context[:_BACK]:
        if not has_name(sentence, first_word=True):
            continue
        if any(
            pronouns & group and other.search(sentence) and not own.search(sentence)
            for group, own, other in _SEXES
        ):
            continue
        if any(pronouns & group and unresolved_pronouns(sentence) & group for group in _GROUPS):
            continue  # it goes on about the same one
        yield sentence
        return

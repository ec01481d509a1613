# ruff: noqa: RUF001 - some of the words are Russian
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

_HE = frozenset("he his him он его него ему нему ним нем".split())
_SHE = frozenset("she her она ее нее ей ней ею".split())
_THINGS = frozenset("they it their its они их им оно".split())
_GROUPS = (_HE, _SHE, _THINGS)
_MALE = regex.compile(r"\b(?:Mr|Sir)\b\.? \p{Lu}|\p{Lu}\w+(?: [a-z]+){1,4} (?:his|he|him)\b")
_FEMALE = regex.compile(r"\b(?:Mrs|Ms|Miss)\b\.? \p{Lu}|\p{Lu}\w+(?: [a-z]+){1,4} (?:her|she)\b")
# A Russian verb of the past has a sex: Терешкова полетела.
_HE_DID = regex.compile(r"\b(?:Господин|господин) \p{Lu}|\p{Lu}\w+ (?:\w+ )?\p{Ll}+л(?:ся)?\b")
_SHE_DID = regex.compile(r"\b(?:Госпожа|госпожа) \p{Lu}|\p{Lu}\w+ (?:\w+ )?\p{Ll}+ла(?:сь)?\b")
_SEXES = (
    (_HE, _MALE, _FEMALE),
    (_SHE, _FEMALE, _MALE),
    (_HE, _HE_DID, _SHE_DID),
    (_SHE, _SHE_DID, _HE_DID),
)
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

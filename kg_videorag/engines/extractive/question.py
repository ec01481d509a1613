"""What a question asks: names, and the words about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import regex

from kg_videorag.engines.extractive import listing, wanted, wanted_russian
from kg_videorag.engines.extractive.names import has_name, names_in, says_name
from kg_videorag.words import RUSSIAN, content_stems, is_russian, language_of, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from types import ModuleType

# "Add 4 eggs": a sentence's first word is no name for standing before a number that counts.
_COUNTING_OPENING = regex.compile(r"(?:^|(?<=[.?!] ))\p{Lu}\p{Ll}+ \d[\d,.]* (?=\p{Ll})")
_CAPITAL = regex.compile(r"\b[\p{Lu}\d][\w-]*")
_LOWER = regex.compile(r"\b\p{Ll}+")


@dataclass(frozen=True, slots=True)
class Question:
    """A question, read against the evidence.

    Args:
        text: As it was asked.
        names: The names in it, each a sequence of stems.
        stems: The stems of its other content words: what it asks about the names.
    """

    text: str
    names: tuple[tuple[str, ...], ...]
    stems: frozenset[str]

    @classmethod
    def read(cls, text: str, evidence: Sequence[str]) -> Question:
        """Read a question; if it has no capitals, its names are what the evidence writes so."""
        marked = text if has_name(text) else _with_capitals(text, evidence)
        names = tuple(names_in(marked))
        in_names = {stem for name in names for stem in name}
        bare = (
            listing.ASKING.sub(" ", text.lower()) if listing.asks_for_list(text) else text.lower()
        )
        about = content_stems(_rules(text).ASKING.sub(" ", bare)) - in_names
        return cls(text, names, about)

    def share_said(self, stems: frozenset[str]) -> float:
        """The share of what is asked that a sentence says; 1 where only names are asked for."""
        return len(self.stems & stems) / len(self.stems) if self.stems else 1.0

    def namesakes(self, said: Iterable[str]) -> frozenset[tuple[str, ...]]:
        """Its names that only others of the same last word have in a video.

        Where all speak of Martin Keller, "Keller" says nothing of Thomas Keller.

        Args:
            said: The evidence of one video.
        """
        full = {name for text in said for name in names_in(text) if len(name) > 1}
        return frozenset(
            name
            for name in self.names
            if len(name) > 1
            and any(other[-1] == name[-1] for other in full)
            and not any(says_name(name, " ".join(other)) for other in full)
        )

    def is_denied_by(self, sentence: str) -> bool:
        """Whether a sentence says another thing in its place: a yellow card for a red one."""
        return bool(_rules(self.text).contradicts(self.text, sentence))

    def is_answered_by(self, sentence: str) -> bool:
        """Whether a sentence has what the question's first words want: a number, a place."""
        return bool(_rules(self.text).has_what_is_wanted(self.text, sentence))

    @property
    def kind(self) -> str:
        """What its first words want: a kind of `wanted`, or "" for anything."""
        return str(_rules(self.text).kind_of(self.text))


def _rules(question: str) -> ModuleType:
    return wanted_russian if language_of(question) == RUSSIAN else wanted


def _with_capitals(text: str, evidence: Sequence[str]) -> str:
    """Words capitalised that the evidence knows as names and always writes so."""
    counted = (_COUNTING_OPENING.sub("", said) for said in evidence)
    known = {stem for said in counted for name in names_in(said) for stem in name}
    capitals = {form for said in evidence for form in _forms(_CAPITAL, said)}
    common = {form for said in evidence for form in _forms(_LOWER, said)}
    return " ".join(
        word.capitalize()
        if not common.intersection(_compared(word))
        and content_stems(word) & known
        and capitals.issuperset(_compared(word))
        else word
        for word in text.split()
    )


def _forms(pattern: regex.Pattern[str], text: str) -> list[str]:
    return _compared(" ".join(pattern.findall(text)))


def _compared(text: str) -> list[str]:
    """Words, those that Russian inflects by their stems: Гагарина is capitalised as Гагарин."""
    return [
        next(iter(content_stems(word)), word) if is_russian(word) else word for word in words(text)
    ]

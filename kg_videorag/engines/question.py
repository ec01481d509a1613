"""What a question asks: names, and the words about them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg_videorag.engines.names import names_in
from kg_videorag.engines.wanted import has_what_is_wanted
from kg_videorag.words import content_stems, words

if TYPE_CHECKING:
    from collections.abc import Sequence

# "Add 4 eggs": a sentence's first word is no name for standing before a number that counts.
_COUNTING_OPENING = re.compile(r"(?:^|(?<=[.?!] ))[A-Z][a-z]+ \d[\d,.]* (?=[a-z])")
_ASKING = frozenset({"many", "much"})  # after "how", they ask and say nothing


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
        """Read a question; a name need not be capitalised if the evidence writes it so."""
        counted = (_COUNTING_OPENING.sub("", said) for said in evidence)
        known = {stem for said in counted for name in names_in(said) for stem in name}
        common = {word for said in evidence for word in re.findall(r"\b[a-z]+", said)}
        marked = " ".join(
            word.capitalize() if word not in common and content_stems(word) & known else word
            for word in text.split()
        )
        names = tuple(names_in(marked))
        in_names = {stem for name in names for stem in name}
        asking = _ASKING if "how" in words(text) else frozenset()
        about = content_stems(text) - in_names - content_stems(" ".join(asking))
        return cls(text, names, about)

    def share_said(self, stems: frozenset[str]) -> float:
        """The share of what is asked that a sentence says; 1 where only names are asked for."""
        return len(self.stems & stems) / len(self.stems) if self.stems else 1.0

    def is_answered_by(self, sentence: str) -> bool:
        """Whether a sentence has what the question's first words want: a number, a place."""
        return has_what_is_wanted(self.text, sentence)

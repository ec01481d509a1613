"""What a question asks: names, and the words about them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg_videorag.engines.extractive.names import names_in, says_name
from kg_videorag.engines.extractive.wanted import contradicts, has_what_is_wanted
from kg_videorag.words import content_stems, words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

# "Add 4 eggs": a sentence's first word is no name for standing before a number that counts.
_COUNTING_OPENING = re.compile(r"(?:^|(?<=[.?!] ))[A-Z][a-z]+ \d[\d,.]* (?=[a-z])")
_CAPITAL = re.compile(r"\b[A-Z\d][\w-]*")
_ASKING = re.compile(  # it asks, and says nothing of what is asked
    r"\bhow (?:many|much)(?: money)?\b|\bcomes? from\b|(?:is|are|do (?:i|we|you)) need(?:ed)?\b"
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question, read against the evidence.

    Args:
        text: As it was asked.
        names: The names in it, each a sequence of stems.
        stems: The stems of its other content words: what it asks about the names.
        namesakes: Those of its names that only others of the same last word have in the
            evidence: there "Keller" is Martin Keller, and says nothing of Thomas Keller.
    """

    text: str
    names: tuple[tuple[str, ...], ...]
    stems: frozenset[str]
    namesakes: frozenset[tuple[str, ...]] = frozenset()

    @classmethod
    def read(cls, text: str, evidence: Sequence[str]) -> Question:
        """Read a question; a name need not be capitalised if the evidence writes it so."""
        counted = (_COUNTING_OPENING.sub("", said) for said in evidence)
        known_names = {name for said in counted for name in names_in(said)}
        known = {stem for name in known_names for stem in name}
        capitals = {word for said in evidence for word in words(" ".join(_CAPITAL.findall(said)))}
        common = {word for said in evidence for word in re.findall(r"\b[a-z]+", said)}
        marked = " ".join(
            word.capitalize()
            if word not in common
            and content_stems(word) & known
            and capitals.issuperset(words(word))
            else word
            for word in text.split()
        )
        names = tuple(names_in(marked))
        in_names = {stem for name in names for stem in name}
        about = content_stems(_ASKING.sub(" ", text.lower())) - in_names
        return cls(text, names, about, frozenset(_namesakes(names, known_names)))

    def share_said(self, stems: frozenset[str]) -> float:
        """The share of what is asked that a sentence says; 1 where only names are asked for."""
        return len(self.stems & stems) / len(self.stems) if self.stems else 1.0

    def says(self, name: tuple[str, ...], sentence: str) -> bool:
        """Whether a sentence says one of the question's names."""
        return says_name(name, sentence, in_part=name not in self.namesakes)

    def is_denied_by(self, sentence: str) -> bool:
        """Whether a sentence says another thing in its place: a yellow card for a red one."""
        return contradicts(self.text, sentence)

    def is_answered_by(self, sentence: str) -> bool:
        """Whether a sentence has what the question's first words want: a number, a place."""
        return has_what_is_wanted(self.text, sentence)


def _namesakes(
    names: Iterable[tuple[str, ...]], known: Collection[tuple[str, ...]]
) -> Iterator[tuple[str, ...]]:
    full = [other for other in known if len(other) > 1]
    for name in names:
        has_namesake = any(other[-1] == name[-1] for other in full)
        is_there = any(says_name(name, " ".join(other)) for other in full)
        if len(name) > 1 and has_namesake and not is_there:
            yield name

"""What a question asks: names, the words about them, and the kind of answer it wants."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import regex
from rapidfuzz import fuzz

from kg_videorag.words import content_stems, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_NAME_WORD = regex.compile(r"[\p{Lu}\d][\w-]*")
_TOKEN = re.compile(r"[\w-]+(?:['’]s)?|[^\w\s]")
_POSSESSIVE = re.compile(r"['’]s$")
_SAME_NAME = 80.0  # rapidfuzz ratio of "wapakoneta" and "wapokaneta"
_HEARD_FROM_CHARS = 6  # in shorter names one letter is mostly another name: Mars, Mary
_SILENT = regex.compile(r"[aeiouyhw]|(.)(?=\1)")
_YEAR = re.compile(  # a number of four digits after one of these, or after a comma, as in dates
    r"(?:\b(?:in|since|until|till|by|from|year|january|february|march|april|may|june|july|august"
    r"|september|october|november|december)|,) (1\d{3}|20\d\d)\b"
)
_QUANTITY = re.compile(r"\bhow (many|much|old|long|far|tall|high|heavy|often)\b")
_NUMBERS = frozenset(
    """two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety
    hundred thousand million billion half twice several""".split()
)
_TIMES = frozenset(
    """january february march april may june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday today yesterday tomorrow morning
    noon afternoon evening night midnight clock ago later century spring summer autumn winter
    year years month months week weeks day days hour hours minute minutes""".split()
)
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
        known = {stem for said in evidence for name in names_in(said) for stem in name}
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

    def accepts(self, answer: str) -> bool:
        """Whether an answer has what the question's first words want: a number, a time."""
        asked = words(self.text)
        said = set(words(answer)).difference(asked)
        wants_quantity = bool(_QUANTITY.search(" ".join(asked)))
        wants_time = "when" in asked[:2]
        if not (wants_quantity or wants_time):
            return True
        # The 11 of "Apollo 11" counts nothing; the 12 of "12 astronauts" does.
        names = names_in(answer, first_word=True)
        counted = {name[0] for name in names if name[0].isdigit()}
        if wants_time:
            return bool(said & (counted | _TIMES))
        years = set(_YEAR.findall(answer.lower()))
        return bool(said & (_NUMBERS | (counted - years)))


def names_in(text: str, *, first_word: bool = False) -> list[tuple[str, ...]]:
    """Runs of capitalised words and numbers, as stems.

    Args:
        text: A sentence or several.
        first_word: Whether a sentence's first word alone is a name; it is capitalised anyway.
    """
    names: list[tuple[str, ...]] = []
    run: list[str] = []
    opens = starts = True
    for found in [*_TOKEN.findall(text), "."]:
        word = _POSSESSIVE.sub("", found)
        is_name = bool(_NAME_WORD.fullmatch(word) and content_stems(word))
        if is_name:
            starts = starts if run else opens
            run.extend(stem for part in words(word) for stem in content_stems(part))
        if run and (not is_name or found != word):  # a possessive ends a name too
            if len(run) > 1 or first_word or not starts:
                names.append(tuple(run))
            run = []
        opens = found in ".?!"
    return names


def says_name(name: Sequence[str], text: str) -> bool:
    """Whether a sentence says a name, whole or as a part that stands alone, or nearly so.

    "Hamilton" says Margaret Hamilton; "Kennedy Space Center" does not say Marshall Space
    Flight Center, and Apollo 11 is not Apollo 13.
    """
    if all(_among(stem, content_stems(text)) for stem in name):
        return True
    return any(
        all(_among(stem, name) for stem in part)
        for part in names_in(text, first_word=True)
        if not part[-1].isdigit()
    )


def _among(stem: str, stems: Iterable[str]) -> bool:
    return any(stem == other or _sounds_alike(stem, other) for other in stems)


def _sounds_alike(first: str, second: str) -> bool:
    """Whether recognition may have heard one name for the other: "Werner" for "Wernher".

    Likeness alone will not do: Austria is like Australia, Hilton like Hamilton. Their
    consonants differ, which recognition gets right far more often than vowels.
    """
    return (
        min(len(first), len(second)) >= _HEARD_FROM_CHARS
        and fuzz.ratio(first, second) >= _SAME_NAME
        and _SILENT.sub("", first) == _SILENT.sub("", second)
    )

"""Whether a sentence names whom a claim names, in whatever form."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import regex

from kg_videorag.ask.verify.script import spelt_alike
from kg_videorag.words import content_stems, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kg_videorag.ask.verify.statement import Statement

_PEOPLE = regex.compile(r"(?:n|an|ian|ese|s|es|ish)")  # America, American
_MIN_COUNTRY = 5
_CASE = regex.compile(r"[аеиоуыэюяйьмхвг]{0,3}")
_MIN_ROOT = 3
_SHORT = range(3, 7)  # letters of NASA, MIT


@dataclass(frozen=True, slots=True)
class Names:
    """What else those are called whom the evidence names, by SAME_AS.

    Args:
        alike: By each word of a name, in lower case: other names of the same, in lower case.
    """

    alike: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, variants: Iterable[Iterable[str]]) -> Names:
        """From groups of names, each of one person or thing."""
        alike: dict[str, list[str]] = {}
        for group in variants:
            names = [" ".join(words(name)) for name in group]
            for name in names:
                for word in name.split():
                    alike.setdefault(word, []).extend(n for n in names if n != name)
        return cls(alike)

    def says(self, word: str, said: str) -> bool:
        """Whether another name of whom a word names is in a text, whole; both in lower case."""
        return any(f" {name} " in f" {said} " for name in self.alike.get(word, ()))


def says_name(name: str, said: Statement, names: Names) -> bool:
    """Whether a sentence says a word of a name: so, in another case, or by another name."""
    if name in {word.form for word in said.words} or content_stems(name) <= said.stems:
        return True
    return (
        any(_is_people(name, form) or _inflected(name, form) for form in said.names)
        or names.says(name, " ".join(words(said.text)))
        or _is_short(name, said)
    )


def names_alike(claim: Statement, said: Statement) -> bool:
    """Whether at least half of a claim's names are in a text of another script.

    A claim without a name or number that both say cannot be compared: nothing speaks for it.
    """
    if not claim.names:
        return bool(claim.numbers)
    forms = [word.form for word in said.words]
    found = sum(1 for name in claim.names if spelt_alike(name, forms))
    return found * 2 >= len(claim.names)


def _is_people(one: str, other: str) -> bool:
    """Whether two names differ by an ending that makes a people of a country."""
    long, short = sorted((one, other), key=len, reverse=True)
    if len(short) < _MIN_COUNTRY or not long.startswith(short[:-1]):
        return False
    return any(_PEOPLE.fullmatch(long[len(short) - cut :]) for cut in (0, 1))


def _inflected(one: str, other: str) -> bool:
    """Whether two Russian names differ by their case: Сергей, Сергеем."""
    shared = sum(1 for _ in _common(one, other))
    return shared >= _MIN_ROOT and all(_CASE.fullmatch(name[shared:]) for name in (one, other))


def _common(one: str, other: str) -> Iterable[str]:
    for a, b in zip(one, other, strict=False):
        if a != b:
            return
        yield a


def _is_short(name: str, said: Statement) -> bool:
    """Whether the names of a sentence begin with the letters of a short one."""
    initials = "".join(word.form[0] for word in said.words if word.is_name)
    return len(name) in _SHORT and name in initials

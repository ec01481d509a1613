"""What a question asks for, word by word, and which words of a sentence answer to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from kg_videorag.words import content_stems, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# Who does a thing and what is done are told by the verb: the founder by "was founded by".
_ENDINGS = ("ership", "ation", "ment", "tion", "ion", "ier", "ist", "er", "or")
_ROOT_CHARS = 3  # "own" of "owner" is the shortest that names a deed
_STEM_CHARS = 4  # of the shorter of two stems of one word, where one begins as the other
_APART_CHARS = 3  # and how much longer the other is


@cache
def root(stem: str) -> str:
    """A stem without the ending that makes a doer or a deed of a verb: "found" of "founder"."""
    for ending in _ENDINGS:
        if stem.endswith(ending) and len(stem) - len(ending) >= _ROOT_CHARS:
            return _single(stem.removesuffix(ending))
    return stem.removesuffix("i") if len(stem) > _STEM_CHARS else stem


def _single(stem: str) -> str:
    """Without a doubled last letter: "win" of "winn"; "sell" and "pass" stay as they are."""
    doubled = len(stem) > _ROOT_CHARS and stem[-1] == stem[-2] and stem[-1] in "bdgmnprt"
    return stem[:-1] if doubled else stem


@dataclass(frozen=True, slots=True)
class Terms:
    """The content words of a question as stems.

    Args:
        stems: Of all of them.
        named: Those that are of names of the graph.
        words: Its content words as they are asked, by stem.
    """

    stems: frozenset[str]
    named: frozenset[str] = frozenset()
    words: Mapping[str, str] = field(default_factory=dict)
    _known: dict[str, frozenset[str]] = field(default_factory=dict, compare=False)

    @classmethod
    def read(cls, question: str, names: Iterable[str] = ()) -> Terms:
        """The terms of a question that says some names."""
        asked = {stem: word for word in words(question) for stem in content_stems(word)}
        stems = frozenset(asked)
        return cls(stems, stems & frozenset().union(*map(content_stems, names)), asked)

    @property
    def roots(self) -> list[str]:
        """Beginnings of the words by which relations may tell what is asked."""
        return sorted({root(stem) for stem in self.stems - self.named})

    def words_of(self, stems: Iterable[str]) -> tuple[str, ...]:
        """Stems as the words of the question, in its order."""
        chosen = set(stems)
        return tuple(word for stem, word in self.words.items() if stem in chosen)

    def said_in(self, stems: Iterable[str]) -> frozenset[str]:
        """Those terms that a sentence of these stems says."""
        return frozenset().union(*map(self._said_by, stems))

    def asked_by(self, predicate: str) -> bool:
        """Whether a relation's predicate says a word of the question that is no name."""
        return bool(self.said_in(content_stems(predicate)) - self.named)

    def _said_by(self, stem: str) -> frozenset[str]:
        known = self._known.get(stem)
        if known is None:
            known = frozenset(term for term in self.stems if _alike(term, stem))
            self._known[stem] = known
        return known


def _alike(first: str, second: str) -> bool:
    if first == second or root(first) == root(second):
        return True
    shorter, longer = sorted((first, second), key=len)
    return (
        len(shorter) >= _STEM_CHARS
        and len(longer) - len(shorter) <= _APART_CHARS
        and longer.startswith(shorter)
    )

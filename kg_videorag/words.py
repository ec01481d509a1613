"""Words of a question or a sentence, in the form in which they are compared."""

from __future__ import annotations

from functools import cache

import regex
import Stemmer

_ENGLISH = Stemmer.Stemmer("english")
# Marks belong to the letters before them: without them "राम" and "रोम" would be one word.
_WORD = regex.compile(r"[\p{L}\p{N}][\p{L}\p{N}\p{M}]*")
_TAIL = regex.compile(r"(?:n['’]t|['’](?:s|d|ll|re|ve|m))\b", regex.IGNORECASE)
# Words that ask or bind, and say nothing of what is asked. The full-text index drops the
# common ones itself; these are the ones that would make any sentence look like an answer.
_FUNCTION_WORDS = frozenset(
    """
    a about after all also am an and any are as at be been before being between both but by can
    could did do does doing during each few for from get gets got had happen happened happens
    has have having he her here hers him his how i if in into is it its just me more most my no
    nor not of off on once only or other our out over own said same say says she should so some
    such tell than that the their them then there these they this those through to too under
    until up very was we were what when where which while who whom whose why will with would you
    your
    """.split()
)


def words(text: str) -> list[str]:
    """All words, lower case, in order: runs of letters and digits; "Ann's" is "ann"."""
    return [word.lower() for word in _WORD.findall(_TAIL.sub("", text))]


def content_stems(text: str) -> frozenset[str]:
    """The stems of the words that carry meaning.

    Source: the Snowball English stemmer, the same as the `english` full-text analyzer's.
    """
    return frozenset(_stem(word) for word in words(text) if word not in _FUNCTION_WORDS)


@cache
def _stem(word: str) -> str:
    return str(_ENGLISH.stemWord(word))

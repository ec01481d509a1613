"""Words of a question or a sentence, in the form in which they are compared."""

from __future__ import annotations

import re
from functools import cache

import Stemmer

_ENGLISH = Stemmer.Stemmer("english")
_WORD = re.compile(r"[^\W_]+")
# Words that ask or bind, and say nothing of what is asked. The full-text index drops the
# common ones itself; these are the ones that would make any sentence look like an answer.
_FUNCTION_WORDS = frozenset(
    """
    a about after all also am an and any are as at be been before being between both but by can
    could did do does doing during each few for from had has have having he her here hers him his
    how i if in into is it its just me more most my no nor not of off on once only or other our
    out over own say said says same she should so some such tell than that the their them then
    there these they this those through to too under until up very was we were what when where
    which while who whom whose why will with would you your
    """.split()
)


def words(text: str) -> list[str]:
    """All words, lower case, in order: runs of letters and digits."""
    return [word.lower() for word in _WORD.findall(text)]


def content_stems(text: str) -> frozenset[str]:
    """The stems of the words that carry meaning.

    Source: the Snowball English stemmer, the same as the `english` full-text analyzer's.
    """
    return frozenset(_stem(word) for word in words(text) if word not in _FUNCTION_WORDS)


@cache
def _stem(word: str) -> str:
    return str(_ENGLISH.stemWord(word))

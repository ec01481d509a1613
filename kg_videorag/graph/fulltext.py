"""Lucene queries from a user's words.

Only letters and digits pass, in lower case, so no operator, field, wildcard or range of
the query language can be written by a user, and AND, OR, NOT are words.
"""

from __future__ import annotations

from kg_videorag.words import words

_MAX_WORDS = 64  # Lucene refuses more than 1,024 clauses; a question needs few
_MAX_WORD_CHARS = 64
_FUZZY_FROM_CHARS = 5  # one edit in a shorter word is mostly another word


def any_word(text: str) -> str:
    """A query for any of the words; empty if there is none."""
    return " ".join(_distinct(text))


def any_word_nearly(text: str) -> str:
    """A query for any of the words, the longer ones with one letter's difference."""
    return " ".join(
        f"{word}~1" if len(word) >= _FUZZY_FROM_CHARS else word for word in _distinct(text)
    )


def _distinct(text: str) -> list[str]:
    found = dict.fromkeys(word[:_MAX_WORD_CHARS] for word in words(text))
    return list(found)[:_MAX_WORDS]

# ruff: noqa: RUF001 - half of the words are Russian
"""Lucene queries from a user's words, each for the index of its language.

Only letters and digits pass, in lower case, so no operator, field, wildcard or range of
the query language can be written by a user, and AND, OR, NOT are words.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg_videorag.words import content_stems, is_russian, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_MAX_WORDS = 64  # Lucene refuses more than 1,024 clauses; a question needs few
_MAX_WORD_CHARS = 64
_FUZZY_FROM_CHARS = 5  # one edit in a shorter word is mostly another word
# The analyzer stems Королёв otherwise than Королёва: one of them would not find the other.
_SURNAME = re.compile(r"(\w{3,}[ое]в)(?:а|у|ым|е|ой)?")

_SEGMENTS, _SEGMENTS_RUSSIAN = "segment_fulltext", "segment_fulltext_russian"
_ENTITIES, _ENTITIES_RUSSIAN = "entity_fulltext", "entity_fulltext_russian"


def segment_queries(text: str) -> list[dict[str, str]]:
    """What to ask which index for segments: words in Cyrillic letters have their own."""
    distinct = _distinct(text)
    return _queries(
        {
            _SEGMENTS: any_word(word for word in distinct if not is_russian(word)),
            _SEGMENTS_RUSSIAN: any_word(_russian_forms(distinct)),
        }
    )


def entity_queries(text: str) -> list[dict[str, str]]:
    """What to ask which index for entities: names as they are spelt, or inflected.

    The index of names as they are spelt joins no forms: "ties" alone would not find "tie".
    """
    distinct = _distinct(text)
    return _queries(
        {
            _ENTITIES: any_word_nearly(dict.fromkeys([*distinct, *_singulars(distinct)])),
            _ENTITIES_RUSSIAN: any_word(_russian_forms(distinct)),
        }
    )


def any_word(distinct: Iterable[str]) -> str:
    """A query for any of the words; empty if there is none."""
    return " ".join(distinct)


def any_word_nearly(distinct: Iterable[str]) -> str:
    """A query for any of the words, the longer ones with one letter's difference."""
    return " ".join(f"{word}~1" if len(word) >= _FUZZY_FROM_CHARS else word for word in distinct)


def _queries(by_index: dict[str, str]) -> list[dict[str, str]]:
    return [{"index": index, "query": query} for index, query in by_index.items() if query]


def _singulars(distinct: Iterable[str]) -> Iterator[str]:
    for word in distinct:
        if word.endswith("s"):
            yield from content_stems(word)


def _russian_forms(distinct: Iterable[str]) -> Iterator[str]:
    for word in filter(is_russian, distinct):
        surname = _SURNAME.fullmatch(word)
        yield from (surname[1], f"{surname[1]}а") if surname else (word,)


def _distinct(text: str) -> list[str]:
    found = dict.fromkeys(word[:_MAX_WORD_CHARS] for word in words(text))
    return list(found)[:_MAX_WORDS]

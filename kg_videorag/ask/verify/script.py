# ruff: noqa: RUF003 - letters of another script are meant
"""Whether two names in two scripts may be one: Нил and Neil.

Source: the table of ISO 9 / BGN-PCGN for Russian, in the spelling of passports.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from kg_videorag.words import is_russian

if TYPE_CHECKING:
    from collections.abc import Iterable

# rapidfuzz ratio, 0..100: "Нил" and "Neil" come to 86, "Коллинз" and "Collins" to 71, "Марс" and
# "Mary" to 75 only if three of four letters are one.
_ALIKE = 70.0
_MIN_LETTERS = 3
_LATIN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        "a b v g d e e zh z i i k l m n o p r s t u f kh ts ch sh shch  y  e yu ya".split(" "),
        strict=True,
    )
)


def spelt_alike(name: str, others: Iterable[str]) -> bool:
    """Whether one of some words may be a name in the other script; all in lower case."""
    plain = _latin(name)
    if name.isascii() and name.isdigit():
        return name in set(others)
    return any(
        len(other) >= _MIN_LETTERS and fuzz.ratio(plain, _latin(other)) >= _ALIKE
        for other in others
    )


def _latin(word: str) -> str:
    if not is_russian(word):
        return word
    return "".join(_LATIN.get(letter, letter) for letter in word)

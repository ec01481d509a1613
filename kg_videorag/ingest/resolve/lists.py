# ruff: noqa: RUF001, RUF002 - Russian letters
"""The word lists of `words.toml`, read once."""

from __future__ import annotations

import tomllib
from importlib.resources import files

from kg_videorag.words import is_russian, russian_stem

_LISTS = tomllib.loads(files(__package__).joinpath("words.toml").read_text(encoding="utf-8"))

_LEFT_OVER = "е"  # of Сергея the stemmer leaves it, of Сергей not
_SHORTEST_STEM = 3


def form(word: str) -> str:
    """A word as these lists have it: Russian ones in whatever case they stand, ё as е."""
    if not is_russian(word):
        return word
    stem = russian_stem(word)
    return stem[:-1] if stem.endswith(_LEFT_OVER) and len(stem) > _SHORTEST_STEM else stem


def _forms(name: str) -> frozenset[str]:
    return frozenset(form(word) for word in _LISTS[name].split())


TITLES = _forms("titles")
TITLES_OF_MEN = _forms("titles_of_men")
TITLES_OF_WOMEN = _forms("titles_of_women")
SUFFIXES = _forms("suffixes")
UNSPOKEN = frozenset(_LISTS["unspoken"].split())
NUMBERS = {word: str(n) for n, word in enumerate(_LISTS["numbers"].split(), start=1)}
PRONOUNS = frozenset(_LISTS["pronouns"].replace("ё", "е").split())
NEVER_PRONOUNS = frozenset(_LISTS["never_pronouns"].split())
ABBREVIATIONS: dict[str, str] = {
    short: " ".join(form(word) for word in long.split())
    for short, long in _LISTS["abbreviations"].items()
}

"""The word lists of `words.toml`, read once."""

from __future__ import annotations

import tomllib
from importlib.resources import files

from kg_videorag.model import EntityType


def _typed(rows: dict[str, str]) -> dict[str, EntityType]:
    return {word: EntityType(label) for label, words in rows.items() for word in words.split()}


_LISTS = tomllib.loads(files(__package__).joinpath("words.toml").read_text(encoding="utf-8"))

GENERIC_NOUNS = frozenset(_LISTS["generic_nouns"].split())
GENERIC_ADJECTIVES = frozenset(_LISTS["generic_adjectives"].split())
TITLES = frozenset(_LISTS["titles"].split())
REGNAL = frozenset(_LISTS["regnal"].split())
UNIQUE_NOUNS = frozenset(_LISTS["unique"].split())
FUNCTION_WORDS = frozenset(_LISTS["function_words"].split())
LAST_WORDS = _typed(_LISTS["last_words"])
FIRST_WORDS = _typed(_LISTS["first_words"])
CALLED = _typed(_LISTS["called"])

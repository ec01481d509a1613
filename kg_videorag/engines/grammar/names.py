"""What a name says of its own type, whatever text it stands in.

An entity's id hashes its type, so a type that depends on the sentence splits one thing into
several nodes. spaCy's small model calls "Apollo 11" a law in one sentence and an organization
in the next; the words of the name itself do not change.
"""

from __future__ import annotations

import re

from kg_videorag.engines.grammar.words import CALLED, FIRST_WORDS, LAST_WORDS, REGNAL
from kg_videorag.model import EntityType

_PARTICLES = frozenset({"von", "van", "da", "der", "bin", "ibn"})
_MONTH = (
    r"\b(january|february|march|april|may|june|july|august|september|october|november|december)\b"
)
_YEAR = r"\b(1[0-9]|20|21)\d\d(s|'s)?\b"
_CLOCK = r"\b\d{1,2}(:\d\d|\s?([ap]\.m\.?|[ap]m\b))"
_DATE = re.compile(rf"{_YEAR}|{_CLOCK}|{_MONTH}.*\d|\d.*{_MONTH}", re.IGNORECASE)
_ROMAN = re.compile(r"[IVX]+\.?")
_NUMBER = re.compile(r"\d+[A-Za-z]?|[IVX]+\.?")
_CODE = re.compile(r"[A-Za-z]{1,3}-\d+[A-Za-z]?")
_PREPOSITION = re.compile(r"\s(?:of|in|for|at|on|to|from)\s")


def type_by_name(name: str, model: EntityType | None) -> EntityType | None:
    """The type that a proper name shows by its own words, or None.

    Args:
        name: The name as it stands in the text, without article.
        model: What the statistical model took it for, if anything.
    """
    words = _PREPOSITION.split(name)[0].split()
    if not words:
        return None
    if len(words) > 1 and is_designation(words[-1]):
        return _type_of_numbered(words)
    if is_code(words[-1]):
        return EntityType.PRODUCT
    if len(words) == 1:
        return _type_of_word(name.lower(), model)
    return _type_of_words(words, model)


def _type_of_numbered(words: list[str]) -> EntityType:
    """Of "Apollo 11", "Louis XIV", "World War II"."""
    if _ROMAN.fullmatch(words[-1]) and words[-2].lower() in REGNAL:
        return EntityType.PERSON
    return LAST_WORDS.get(words[-2].lower(), EntityType.PRODUCT)


def _type_of_word(word: str, model: EntityType | None) -> EntityType | None:
    is_substance = word.endswith("ium") and model is not EntityType.PLACE  # Radium, not Belgium
    return LAST_WORDS.get(word) or (EntityType.CONCEPT if is_substance else None)


def _type_of_words(words: list[str], model: EntityType | None) -> EntityType | None:
    found = FIRST_WORDS.get(words[0].lower()) or LAST_WORDS.get(words[-1].lower().rstrip("."))
    if found is EntityType.PLACE and model is EntityType.PERSON:
        return None  # Veronica Lake
    if found is None and not _PARTICLES.isdisjoint(words[1:-1]):
        return EntityType.PERSON  # Wernher von Braun
    return found


def type_by_noun(noun: str) -> EntityType | None:
    """The type of what a common noun stands for: "the astronaut John Glenn" is a person."""
    return CALLED.get(noun.lower())


def is_type_noun(noun: str) -> bool:
    """Whether a common noun makes a name of what stands before it: "Apollo program"."""
    return noun.lower() in LAST_WORDS


def is_designation(word: str) -> bool:
    """Whether a word numbers what stands before it: the 11 of "Apollo 11", "Saturn V"."""
    return _NUMBER.fullmatch(word) is not None


def is_code(word: str) -> bool:
    """Whether a word is a name made of letters and a number, as "X-15"."""
    return _CODE.fullmatch(word) is not None


def is_absolute_date(name: str) -> bool:
    """Whether a date means the same whenever it is said: not "today", "twenty minutes later"."""
    return _DATE.search(name) is not None


def surface(name: str) -> str:
    """A name without the full stop that the tokeniser leaves on "Saturn V."."""
    return name.removesuffix(".") if is_designation(name.rsplit(maxsplit=1)[-1]) else name

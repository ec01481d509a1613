"""What a name is made of: titles, words, numbers, a suffix, and how it sounds."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import jellyfish
import regex

from kg_videorag.identity import normalise_name
from kg_videorag.ingest.resolve.lists import (
    NEVER_PRONOUNS,
    NUMBERS,
    PRONOUNS,
    SUFFIXES,
    TITLES,
    form,
)
from kg_videorag.ingest.resolve.translit import to_latin
from kg_videorag.model import EntityType
from kg_videorag.words import is_russian

if TYPE_CHECKING:
    from collections.abc import Sequence

_TOKEN = regex.compile(r"[\p{L}\p{N}][\p{L}\p{N}\p{M}.'’&+#-]*")
_EDGES = ".'’-"
_POSSESSIVE = regex.compile(r"['’]s?$", regex.IGNORECASE)
_ARTICLES = frozenset({"the", "a", "an"})
_ALWAYS_ARTICLE = "the"  # "A. Einstein" is a person
_ROMAN = regex.compile(r"(?=[IVXL])(XL|L?X{0,3})(IX|IV|V?I{0,3})")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50}
_NOT_LETTER_OR_DIGIT = regex.compile(r"[^\p{L}\p{N}]")
# Letters that are heard weakly or not at all: Wernher is Werner, Korolyov Korolev.
_WEAK_SOUNDS = str.maketrans("", "", "HWY")
_VOWELS, _ANY_VOWEL = "AEIOU", "A"  # Aldrin is heard as Oldrin
_TITLED = frozenset({EntityType.PERSON, EntityType.CONCEPT})  # of which a first word may be a title
_CACHED_NAMES = 200_000  # about 100 MB; a library's names are read at each write


@dataclass(frozen=True)
class Name:
    """A name, read.

    Args:
        text: As it stands.
        type: Of what it names.
        spelt: Its words in lower case, without article, titles and suffix.
        words: The same with numbers in digits: "Saturn V" is saturn 5.
        titles: What stood before them.
        suffix: "jr" or the like; else "".
    """

    text: str
    type: EntityType
    spelt: tuple[str, ...]
    words: tuple[str, ...]
    titles: tuple[str, ...] = ()
    suffix: str = ""

    @property
    def is_person(self) -> bool:
        return self.type is EntityType.PERSON

    @cached_property
    def plain(self) -> str:
        """The words, one space between them."""
        return " ".join(self.words)

    @cached_property
    def normal(self) -> str:
        """The form that ids are made of."""
        return normalise_name(self.text)

    @cached_property
    def is_proper(self) -> bool:
        """Whether it is written as a name, not as a common noun."""
        return any(letter.isupper() or letter.isdigit() for letter in self.text)

    @cached_property
    def numbers(self) -> tuple[str, ...]:
        """The words that have a digit, in order."""
        return tuple(word for word in self.words if any(map(str.isdigit, word)))

    @cached_property
    def letters(self) -> str:
        """Letters and digits alone, as they are written: "X-15" and "X 15" are one."""
        return _NOT_LETTER_OR_DIGIT.sub("", "".join(self.spelt))

    @cached_property
    def latin(self) -> tuple[str, ...]:
        """The words in Latin letters without marks."""
        return tuple(_ascii(to_latin(word)) for word in self.words)

    @cached_property
    def sounds(self) -> tuple[str, ...]:
        """How each word sounds. Source: Lawrence Philips' Metaphone, by jellyfish."""
        return tuple(_sound(word) for word in self.latin)

    @cached_property
    def stems(self) -> tuple[str, ...]:
        """The words without the endings of Russian cases."""
        return tuple(form(word) for word in self.words)

    @cached_property
    def is_russian(self) -> bool:
        return any(map(is_russian, self.words))

    @cached_property
    def acronym(self) -> str:
        """The letters of "NASA" or "N.A.S.A."; "" where it is none."""
        bare = self.text.replace(".", "").strip()
        capitals = sum(map(str.isupper, bare))
        is_one = bare.isalpha() and 2 <= len(bare) <= _LONGEST_ACRONYM and capitals * 2 > len(bare)
        return bare.lower() if is_one and bare[-1].isupper() else ""


_LONGEST_ACRONYM = 8  # UNESCO has 6 letters, UNICEF 6, EUMETSAT 8


@lru_cache(_CACHED_NAMES)
def read_name(text: str, entity_type: EntityType) -> Name:
    """A name with its parts told apart."""
    tokens = [_POSSESSIVE.sub("", token.strip(_EDGES)) for token in _TOKEN.findall(text)]
    tokens = [token for token in tokens if token]
    articles = {_ALWAYS_ARTICLE} if entity_type is EntityType.PERSON else _ARTICLES
    if len(tokens) > 1 and tokens[0].lower() in articles:
        tokens = tokens[1:]
    spelt = [_lower(token) for token in tokens]
    titles, suffix = 0, ""
    if entity_type in _TITLED:
        while titles < len(spelt) - 1 and form(spelt[titles]) in TITLES:
            titles += 1
        if len(spelt) - titles > 1 and form(spelt[-1]) in SUFFIXES:
            suffix = form(spelt[-1])[:1]  # jr, junior: both begin alike
    own = slice(titles, len(spelt) - bool(suffix))
    words = _numbered(tokens[own], spelt[own])
    return Name(text, entity_type, tuple(spelt[own]), words, tuple(spelt[:titles]), suffix)


def is_pronoun(text: str) -> bool:
    """Whether a name is none: "she", "It", "some of them" is not, "US" is a country."""
    if text.strip() in NEVER_PRONOUNS:
        return False
    words = [_lower(token) for token in _TOKEN.findall(text)]
    return bool(words) and all(word.strip(_EDGES) in PRONOUNS for word in words)


def _numbered(tokens: Sequence[str], spelt: Sequence[str]) -> tuple[str, ...]:
    """Words with "V" and "five" as 5 where they number what stands before."""
    words = list(spelt)
    for place, token in enumerate(tokens[1:], start=1):
        if _ROMAN.fullmatch(token):
            words[place] = str(_roman(token))
    if len(words) > 1:
        words[-1] = NUMBERS.get(words[-1], words[-1])
    return tuple(words)


def _roman(numeral: str) -> int:
    values = [_ROMAN_VALUES[letter] for letter in numeral]
    following = [*values[1:], 0]
    return sum(-v if v < after else v for v, after in zip(values, following, strict=True))


def _lower(token: str) -> str:
    folded = unicodedata.normalize("NFKC", token).casefold()
    return folded.replace("ё", "е").replace(".", "")  # noqa: RUF001


def _ascii(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", word)
    return decomposed.encode("ascii", "ignore").decode()


def _sound(word: str) -> str:
    if not word.isalpha():
        return word.upper()  # numbers sound like themselves alone
    sound = jellyfish.metaphone(word)
    first = _ANY_VOWEL if sound[:1] in _VOWELS else sound[:1]
    return first + sound[1:].translate(_WEAK_SOUNDS)

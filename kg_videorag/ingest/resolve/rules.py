"""Whether two names may be one thing's: small rules, each with a reason and a score.

A rule looks at two names alone. Where the names do not prove it, the rule says how far the
contexts must agree, and which of the two is the shorter form, that may stand for several.
Scores rank reasons: the surer join first, and what contradicts them is then left out. They are no
probabilities.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg_videorag.ingest.resolve.lists import ABBREVIATIONS, UNSPOKEN
from kg_videorag.ingest.resolve.match import Agreement, Match
from kg_videorag.ingest.resolve.persons import fuller_name, given_names_differ, surname
from kg_videorag.ingest.resolve.spelling import spelling, transliteration
from kg_videorag.model import EntityType

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg_videorag.ingest.resolve.names import Name

BY_HAND = "by hand"
BY_HAND_SCORE = 1.0
_LONG_ACRONYM = 4  # of three letters there are several to each: CIA, ACM
_WEAK = EntityType.CONCEPT  # what an extractor calls a name of which it knows nothing
_MEASURES = frozenset({EntityType.DATE, EntityType.QUANTITY})
# Types that one thing may be given in two sentences; a person is never a place.
_KINDRED = frozenset(
    {EntityType.ORGANIZATION, EntityType.GROUP, EntityType.EVENT, EntityType.PRODUCT}
    | {EntityType.WORK, EntityType.PLACE}
)


def match(first: Name, second: Name) -> Match | None:
    """The first rule that takes two names for one thing's; None if none does.

    The order of the two does not matter, but for `short`.
    """
    if _MEASURES & {first.type, second.type} or not (first.words and second.words):
        return None
    if first.normal == second.normal:
        return _type(first, second)
    if not _types_fit(first, second):
        return None
    return next(filter(None, (rule(first, second) for rule in _RULES)), None)


def contradict(first: Name, second: Name) -> bool:
    """Whether two names cannot be one thing's, whatever joins them to others."""
    if _person_and_other(first, second):
        return True
    if first.numbers != second.numbers and first.letters != second.letters:
        return True
    if first.suffix and second.suffix and first.suffix != second.suffix:
        return True
    return first.is_person and second.is_person and given_names_differ(first, second)


def _type(first: Name, second: Name) -> Match | None:
    """One name, two types: "Saturn V" as a product and as a concept."""
    if first.type is _WEAK or second.type is _WEAK:
        short = 0 if first.type is _WEAK else 1
        weak = (first, second)[short]
        needs = Agreement.NONE if weak.is_proper else Agreement.SOME
        return Match("type", 0.95, needs, short)
    if {first.type, second.type} <= _KINDRED:
        return Match("type", 0.9, Agreement.STRONG)
    return None


def _abbreviation(first: Name, second: Name) -> Match | None:
    """Known ones: "US" and "United States"."""

    def stands_for(short: Name, long: Name) -> bool:
        known = ABBREVIATIONS.get(short.letters)
        return bool(short.acronym) and known == " ".join(long.stems)

    if stands_for(first, second) or stands_for(second, first):
        return Match("abbreviation", 0.97)
    return None


def _title(first: Name, second: Name) -> Match | None:
    """As "Doctor Helen Carter" and "Helen Carter"."""
    if first.words != second.words or first.suffix != second.suffix:
        return None
    if not (first.titles or second.titles):
        return None
    needs = Agreement.NONE if len(first.words) > 1 else Agreement.SOME
    return Match("title", 0.98, needs)


def _spacing(first: Name, second: Name) -> Match | None:
    """As "SpaceX" and "Space X", "X-15" and "X 15"."""
    is_same = first.letters == second.letters and first.suffix == second.suffix
    return Match("spacing", 0.96) if is_same else None


def _number(first: Name, second: Name) -> Match | None:
    """As "Apollo eleven" and "Apollo 11", "Saturn V" and "Saturn 5"."""
    is_same = bool(first.numbers) and first.words == second.words
    return Match("number", 0.96) if is_same else None


def _suffix(first: Name, second: Name) -> Match | None:
    """As "Martin Luther King" and "Martin Luther King Jr.", unless it is his father."""
    if first.words != second.words or bool(first.suffix) == bool(second.suffix):
        return None
    return Match("suffix", 0.85, Agreement.SOME, 1 if first.suffix else 0)


def _acronym(first: Name, second: Name) -> Match | None:
    """As "NASA" and "National Aeronautics and Space Administration"."""
    for short, (one, other) in enumerate(((first, second), (second, first))):
        letters = one.acronym
        if len(letters) > 2 and len(other.words) > 1 and letters in initials(other):
            long = len(letters) >= _LONG_ACRONYM
            needs = Agreement.NONE if long and not other.is_person else Agreement.SOME
            return Match("acronym", 0.92, needs, short)
    return None


def initials(name: Name) -> frozenset[str]:
    """First letters of a name's words, with and without those that acronyms leave out."""
    if name.numbers:
        return frozenset()
    words = [part for word in name.words for part in word.split("-") if part]
    spoken = [word for word in words if word not in UNSPOKEN]
    return frozenset("".join(w[0] for w in chosen) for chosen in (words, spoken))


def _inflection(first: Name, second: Name) -> Match | None:
    """«Гагарина» is «Гагарин» in another case; "rockets" are a rocket in the plural."""
    if first.numbers != second.numbers or first.suffix != second.suffix:
        return None
    if first.is_russian and second.is_russian:
        stems = first.stems == second.stems and min(map(len, first.stems)) > 1
        return Match("inflection", 0.94, Agreement.SOME) if stems else None
    is_common = first.type is _WEAK and not (first.is_proper or second.is_proper)
    if first.type is second.type and (is_common or first.type is EntityType.GROUP):
        one, many = sorted((first.plain, second.plain), key=len)
        if len(one) > 2 and _is_plural(one, many):
            return Match("plural", 0.93)
    return None


def _is_plural(one: str, many: str) -> bool:
    if many == one + "s" or (many == one + "es" and one.endswith(("s", "x", "ch", "sh", "o"))):
        return not one.endswith("s") or many == one + "es"
    return one.endswith("y") and many == one[:-1] + "ies"


def _types_fit(first: Name, second: Name) -> bool:
    if first.type is second.type or _WEAK in {first.type, second.type}:
        return True
    return {first.type, second.type} <= _KINDRED


def _person_and_other(first: Name, second: Name) -> bool:
    if first.is_person == second.is_person:
        return False
    other = second if first.is_person else first
    return other.type is not _WEAK


_RULES: tuple[Callable[[Name, Name], Match | None], ...] = (
    _abbreviation,
    _title,
    _spacing,
    _number,
    _suffix,
    _acronym,
    _inflection,
    fuller_name,
    surname,
    transliteration,
    spelling,
)

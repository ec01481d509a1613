"""Whether two names may be one thing's: small rules, each with a reason and a score.

A rule looks at two names alone. Where the names do not prove it, the rule says how far the
contexts must agree, and which of the two is the shorter form, that may stand for several.
Scores rank reasons: the surer join first, and what contradicts them is then left out. They are no
probabilities.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from kg_videorag.ingest.resolve.lists import ABBREVIATIONS, UNSPOKEN
from kg_videorag.ingest.resolve.translit import to_latin
from kg_videorag.model import EntityType

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg_videorag.ingest.resolve.names import Name

BY_HAND = "by hand"
BY_HAND_SCORE = 1.0
# benchmarks/resolve.py, rapidfuzz's ratio 0..100: of 84 pairs of one thing 83 are joined at 70 to
# 80, 75 at 85, and none of 87 that are two; without the comparison of sounds 7 of those would be.
# The table was written with these rules: read it as a fit, not as a forecast.
SAME_WORD = 80.0
_SPELLING_SCORE = 0.9  # of words that are equal but for their spelling
FUZZY_FROM_CHARS = 5  # in shorter words a letter more or less is another word: Mars, Marx
_LONG_ACRONYM = 4  # of three letters there are several to each: CIA, ACM
_WEAK = EntityType.CONCEPT  # what an extractor calls a name of which it knows nothing
_MEASURES = frozenset({EntityType.DATE, EntityType.QUANTITY})
# Types that one thing may be given in two sentences; a person is never a place.
_KINDRED = frozenset(
    {EntityType.ORGANIZATION, EntityType.GROUP, EntityType.EVENT, EntityType.PRODUCT}
    | {EntityType.WORK, EntityType.PLACE}
)
_PATRONYMIC = ("ovich", "evich", "ovn", "evn", "ovna", "evna", "ichn")
# What makes another name of a name: Niger, Nigeria; Paul, Paula; Korea, Korean.
_DERIVING = ("a", "ia", "ian", "an", "n", "ish", "ese", "s", "es", "ette", "ina", "i")


class Agreement(IntEnum):
    """How far two contexts agree, or must."""

    NONE = 0
    SOME = 1
    STRONG = 2


@dataclass(frozen=True, slots=True)
class Match:
    """Two names that may be one thing's.

    Args:
        reason: Why.
        score: How sure that is, 0..1.
        needs: How far their contexts must agree.
        short: 0 or 1: which of the two might stand for another thing as well; None: neither.
    """

    reason: str
    score: float
    needs: Agreement = Agreement.NONE
    short: int | None = None


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
    return first.is_person and second.is_person and _given_names_differ(first, second)


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


def _fuller_name(first: Name, second: Name) -> Match | None:
    """As "John F. Kennedy" and "John Kennedy", "J. Smith" and "John Smith"."""
    if not (first.is_person and second.is_person) or first.suffix != second.suffix:
        return None
    if first.stems[-1] != second.stems[-1] or min(len(first.words), len(second.words)) < 2:
        return None
    given, other = sorted((_given(first), _given(second)), key=len)
    if given == other or not _fit(given, other, _is_or_begins):
        return None
    return Match("fuller name", 0.88, Agreement.SOME, _shorter(first, second))


def _surname(first: Name, second: Name) -> Match | None:
    """As "Armstrong" in a video that never says "Neil Armstrong"."""
    if not (first.is_person and second.is_person) or first.suffix or second.suffix:
        return None
    fewer, more = sorted((len(first.words), len(second.words)))
    if fewer != 1 or more == 1 or first.stems[-1] != second.stems[-1]:
        return None
    return Match("surname", 0.8, Agreement.STRONG, _shorter(first, second))


def _shorter(first: Name, second: Name) -> int:
    return 0 if sum(map(len, first.words)) < sum(map(len, second.words)) else 1


def _given_names_differ(first: Name, second: Name) -> bool:
    """Whether given names exclude each other."""
    fewer, more = sorted((_given(first), _given(second)), key=len)
    return bool(fewer) and fewer != more and not _fit(fewer, more, _may_be)


def _fit(
    fewer: tuple[str, ...], more: tuple[str, ...], is_same: Callable[[str, str], bool]
) -> bool:
    """Whether given names may be one person's.

    One alone may go without initials and a patronymic; a whole middle name is never left out: John
    Quincy Adams is not John Adams, nor George W. Bush George H. W. Bush.
    """
    if len(fewer) == len(more):
        return all(is_same(a, b) for a, b in zip(fewer, more, strict=True))
    if len(fewer) > 1:
        return False
    place = next((n for n, word in enumerate(more) if is_same(fewer[0], word)), None)
    rest = () if place is None else more[:place] + more[place + 1 :]
    return bool(rest) and all(len(word) == 1 or word.endswith(_PATRONYMIC) for word in rest)


def _given(name: Name) -> tuple[str, ...]:
    """Given names in Latin letters; Russian ones without the ending of their case."""
    if not name.is_russian:
        return name.latin[:-1]
    return tuple(to_latin(stem) for stem in name.stems[:-1])


def _may_be(first: str, second: str) -> bool:
    return _is_or_begins(first, second) or _misspelt(first, second)


def _is_or_begins(first: str, second: str) -> bool:
    short, long = sorted((first, second), key=len)
    return short == long or (len(short) == 1 and long.startswith(short))


def _misspelt(first: str, second: str) -> bool:
    return len(first) > 1 < len(second) and fuzz.ratio(first, second) >= SAME_WORD


def _transliteration(first: Name, second: Name) -> Match | None:
    """«Юрий Гагарин» and "Yuri Gagarin"."""
    if first.is_russian == second.is_russian or len(first.words) != len(second.words):
        return None
    if first.numbers != second.numbers or first.suffix != second.suffix:
        return None
    pairs = list(zip(first.latin, second.latin, first.sounds, second.sounds, strict=True))
    if not all(a == b or (x == y and fuzz.ratio(a, b) >= SAME_WORD) for a, b, x, y in pairs):
        return None
    exact = first.latin == second.latin and len(first.letters) >= FUZZY_FROM_CHARS
    needs = Agreement.NONE if exact or len(first.words) > 1 else Agreement.SOME
    return Match("transliteration", 0.9, needs)


def _spelling(first: Name, second: Name) -> Match | None:
    """What a recogniser heard as other letters: "Helen Karter" is Helen Carter."""
    if first.is_russian != second.is_russian or len(first.words) != len(second.words):
        return None
    if not (first.is_proper and second.is_proper) or first.acronym or second.acronym:
        return None
    if first.numbers != second.numbers or first.suffix != second.suffix:
        return None
    spelt = list(zip(first.latin, second.latin, strict=True))
    differing = [place for place, (one, other) in enumerate(spelt) if one != other]
    if len(differing) != 1:
        return None
    place = differing[0]
    is_given = first.is_person and place < len(spelt) - 1
    sounds = first.sounds[place], second.sounds[place]
    return misheard(spelt[place], sounds, is_given=is_given)


def misheard(spelt: tuple[str, str], sounds: tuple[str, str], *, is_given: bool) -> Match | None:
    """Two words for one, heard differently; given names only where contexts agree strongly."""
    ratio = fuzz.ratio(*spelt)
    if ratio < SAME_WORD or min(map(len, spelt)) < FUZZY_FROM_CHARS or _derived(*spelt):
        return None
    score = round(ratio / 100 * _SPELLING_SCORE, 3)
    if is_given and unvoiced(sounds[0]) == unvoiced(sounds[1]):  # Helen, Ellen
        return Match("spelling", score, Agreement.STRONG)
    is_heard = not is_given and sounds[0] == sounds[1]
    return Match("spelling", score, Agreement.SOME) if is_heard else None


def unvoiced(sound: str) -> str:
    """A sound without the vowel or H that it begins with."""
    return sound.lstrip("AEIOUH")


def _derived(first: str, second: str) -> bool:
    """Whether one is made of the other by an ending: Niger, Nigeria; Alexander, Alexandra."""
    short, long = sorted((first, second), key=len)
    if long.startswith(short) and long[len(short) :] in _DERIVING:
        return True
    return short[:-2] == long[:-2] and {short[-2:], long[-2:]} == {"er", "ra"}


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
    _fuller_name,
    _surname,
    _transliteration,
    _spelling,
)

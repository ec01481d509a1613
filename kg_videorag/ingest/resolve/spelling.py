"""Rules of one name in other letters: misheard, or in another alphabet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from kg_videorag.ingest.resolve.match import Agreement, Match

if TYPE_CHECKING:
    from kg_videorag.ingest.resolve.names import Name

# benchmarks/resolve.py, rapidfuzz's ratio 0..100: of 84 pairs of one thing 83 are joined at 70 to
# 80, 73 at 85, and none of 87 that are two; without the comparison of sounds 7 of those would be.
# The table was written with these rules: read it as a fit, not as a forecast.
SAME_WORD = 80.0
_SPELLING_SCORE = 0.9  # of words that are equal but for their spelling
FUZZY_FROM_CHARS = 5  # in shorter words a letter more or less is another word: Mars, Marx
# What makes another name of a name: Niger, Nigeria; Paul, Paula; Korea, Korean.
_DERIVING = ("a", "ia", "ian", "an", "n", "ish", "ese", "s", "es", "ette", "ina", "i")


def transliteration(first: Name, second: Name) -> Match | None:
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


def spelling(first: Name, second: Name) -> Match | None:
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


def misspelt(first: str, second: str) -> bool:
    """Whether two words are nearly one."""
    return len(first) > 1 < len(second) and fuzz.ratio(first, second) >= SAME_WORD

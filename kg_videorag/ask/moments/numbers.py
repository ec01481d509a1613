# ruff: noqa: RUF001 - half of the words are Russian
"""Numbers and lengths of time as English and Russian say them, and as patterns find them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_UNIT_MS = {"s": 1_000, "m": 60_000, "h": 3_600_000, "с": 1_000, "м": 60_000, "ч": 3_600_000}


def _values(*rows: str) -> dict[str, float]:
    return {word: n for row in rows for n, word in enumerate(row.split(), start=1)}


_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90,
    "двадцать": 20, "двадцати": 20, "тридцать": 30, "тридцати": 30, "сорок": 40, "сорока": 40,
    "пятьдесят": 50, "пятидесяти": 50, "шестьдесят": 60, "шестидесяти": 60, "девяносто": 90,
    "девяноста": 90,
}  # fmt: skip
_ONES = _values(
    "one two three four five six seven eight nine ten eleven twelve",
    "одну две три четыре пять шесть семь восемь девять десять одиннадцать двенадцать",
    "одной двух трёх четырёх пяти шести семи восьми девяти десяти одиннадцати двенадцати",
) | {"fifteen": 15, "пятнадцать": 15, "пятнадцати": 15, "трех": 3, "четырех": 4, "двумя": 2}
_VAGUE = {
    "a": 1, "an": 1, "couple": 2, "couple of": 2, "a couple of": 2, "half a": 0.5, "half an": 0.5,
    "полторы": 1.5, "полутора": 1.5, "пару": 2, "пол": 0.5,
}  # fmt: skip
_ORDINALS = _values(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
) | {"fifteenth": 15, "twentieth": 20, "thirtieth": 30}
_RUSSIAN_ORDINALS = _values(
    "перв втор трет четверт пят шест седьм восьм девят десят одиннадцат двенадцат"
) | {"четвёрт": 4, "пятнадцат": 15, "двадцат": 20, "тридцат": 30, "сороков": 40}


def _either(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_DIGITS = r"\d{1,6}(?:[.,]\d{1,3})?"
_COUNTED = rf"(?:{_either(_TENS)})(?:[- ](?:{_either(_ONES)}))?|{_either(_ONES)}"
_ORDER_RU = r"(?:ый|ий|ой|ая|ья|ую|ью|ьей|ей|ом|ым|ые|ых|ое|ье)"
_ORDINAL = (
    rf"(?:(?:{_either(_TENS)})[- ])?"
    rf"(?:{_either(_ORDINALS)}|(?:{_either(_RUSSIAN_ORDINALS)}){_ORDER_RU})\b"
)
NUMBER = rf"(?:{_DIGITS}|(?:{_COUNTED}|{_either(_VAGUE)})\b|пол(?=минут|час))"
CARDINAL = rf"(?:{_DIGITS}|(?:{_COUNTED})\b)"
WHICH = rf"(?:{_DIGITS}(?:-?(?:st|nd|rd|th|[ейюя]|ой|ей|ую|ая|ом|ых))?|{_ORDINAL}|(?:{_COUNTED})\b)"
_RU_UNIT = r"сек(?:унд\w{0,3})?|мин(?:ут\w{0,3})?|час(?:а|ов|у|е|ы|ах|ами)?"
UNIT = rf"(?:s(?:ec(?:ond)?s?)?|min(?:ute)?s?|h(?:ours?)?|{_RU_UNIT})\b"  # 5 m is a length
_HOURS = rf"({CARDINAL})\s?(?:h|hours?|ч|час\w{{0,2}})"
_MINUTES = rf"({CARDINAL})\s?(?:m|min(?:ute)?s?|м|мин(?:ут\w{{0,3}})?)"
_SECONDS = rf"({CARDINAL})\s?(?:s|sec(?:ond)?s?|с|сек(?:унд\w{{0,3}})?)\b"
_AND = r"(?:\s|,|and\b|и\b)*"
LENGTH = rf"(?:{_HOURS}{_AND})?{_MINUTES}{_AND}{_SECONDS}"  # 2m30s
HOURS_AND_MINUTES = rf"{_HOURS}{_AND}{_MINUTES}\b"
CLOCK = r"(?:(\d{1,2}):)?(\d{1,3}):([0-5]\d)(?:\.\d{1,3})?(?![\d:])"
TO = "(?:-|–|—|to|and|until|till|до|по|и)"
# A time of day, or two numbers that are no time.
NO_TIME_OF_DAY = (
    r"(?!\s*(?:[ap]\.?m\b|o'clock|hours\b|in the (?:morning|afternoon|evening)|at night|ratio"
    r"|scale|aspect|local time|утра|вечера|дня|ночи|по москве|по московск|по местн"
    r"|(?-i:[ECMP][SD]?T|UTC|GMT|МСК)\b))"
)
STOP = r"(?=\s*(?:[?.!,;:)]|$))"  # a moment is named, and no more is said of it


def number(text: str) -> float:
    """The value of a number in digits or words, counting or ordering."""
    said = " ".join(text.lower().replace("-", " ").split())
    digits = re.match(r"\d+(?:[.,]\d+)?", said)
    if digits:
        return float(digits[0].replace(",", "."))
    if said in _VAGUE:
        return _VAGUE[said]
    return sum(map(_word_value, said.split()))


def _word_value(word: str) -> float:
    for table in (_TENS, _ONES, _ORDINALS):
        if word in table:
            return table[word]
    stem = re.sub(rf"{_ORDER_RU}$", "", word)
    return _RUSSIAN_ORDINALS[stem]


def length_ms(count: str, unit: str) -> int:
    """Milliseconds of so many seconds, minutes or hours."""
    return round(number(count) * _UNIT_MS[unit[0].lower()])

# ruff: noqa: RUF001 - half of the words are Russian
"""Other forms in which a sentence says a word of the question: signs of units, who does what.

"47 kg" says kilograms, and "Draper founded the laboratory" says who its founder is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex

from kg_videorag.words import content_stems

if TYPE_CHECKING:
    from collections.abc import Iterable

_DOER = regex.compile(r"(\p{L}{4,})(?:er|or)")  # as stems: "founder", but not "water"
# Signs as they follow a number, and the words that they stand for; "|" parts the two.
_UNITS = tuple(
    (regex.compile(rf"\d\s?(?:{signs})(?![\p{{L}}\d])"), content_stems(said))
    for signs, said in (
        row.split(" | ")
        for row in (
            "(?:kg|kgs|кг) | kilogram kilogramme kilo kg килограмм кило кг",
            "(?:g|г|гр) | gram gramme грамм",
            "(?:mg|мг) | milligram миллиграмм",
            "(?:t|т) | ton tonne тонна тонн",
            "(?:lb|lbs) | pound lb фунт",
            "(?:km|км) | kilometre kilometer km километр километров км",
            "(?:m|м) | metre meter метр метров",
            "(?:cm|см) | centimetre centimeter cm сантиметр сантиметров см",
            "(?:mm|мм) | millimetre millimeter mm миллиметр миллиметров мм",
            "(?:mi) | mile миля миль",
            "(?:ft|feet) | foot feet фут футов",
            "(?:l|L|л) | litre liter литр литров",
            "(?:km/h|kph|км/ч) | kilometre kilometer километр километров",
            "(?:h|hrs?|ч) | hour час часов",
            "(?:min|мин) | minute минута минут",
            "(?:s|sec|с|сек) | second секунда секунд",
            "(?:%|pct) | percent процент процентов",
            "(?:°|°C|° C|°F|° F) | degree градус градусов",
            "(?:kW|кВт) | kilowatt киловатт",
            "(?:W|Вт) | watt ватт",
            "(?:€|EUR) | euro eur евро",
            "(?:[$]|USD) | dollar usd доллар долларов",
            "(?:£|GBP) | pound gbp фунт",
            "(?:₽|RUB|руб) | rouble ruble rub рубль рублей",
        )
    )
)
_BEFORE = regex.compile(r"([€$£₽])\s?(\d[\d.,]*)")  # $30 is 30 $


def said_otherwise(asked: Iterable[str], text: str) -> frozenset[str]:
    """Those stems of a question that a text says by a sign, or by what somebody does.

    Args:
        asked: Stems of a question.
        text: A sentence or a line.
    """
    units = unit_stems(text)
    stems = content_stems(text)
    return frozenset(stem for stem in asked if stem in units or is_done(stem, stems))


def unit_stems(text: str) -> frozenset[str]:
    """Stems of all words for the units whose signs stand behind numbers of a text."""
    turned = _BEFORE.sub(r"\2 \1", text)
    return frozenset(stem for sign, stems in _UNITS if sign.search(turned) for stem in stems)


def is_done(doer: str, stems: frozenset[str]) -> bool:
    """Whether stems say what a doer does: a founder founded, a writer wrote."""
    found = _DOER.fullmatch(doer)
    return found is not None and not stems.isdisjoint((found[1], f"{found[1]}e"))

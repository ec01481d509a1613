# ruff: noqa: RUF001 - half of the letters are Russian
"""Russian letters as English writes them.

Source: BGN/PCGN 1947, without its special rules; what they change, the comparison by sound takes
as one: Korolev and Korolyov, Yuri and Yuriy.
"""

from __future__ import annotations

_LATIN = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "yo", "ж": "zh",
        "з": "z", "и": "i", "й": "y", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o",
        "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts",
        "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu",
        "я": "ya",
    }
)  # fmt: skip


def to_latin(word: str) -> str:
    """A word in lower case with Latin letters for its Russian ones."""
    return word.translate(_LATIN)

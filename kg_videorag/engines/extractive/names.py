# ruff: noqa: RUF001 - some of the words are Russian
"""Names in English and Russian sentences, and whether a sentence says one.

Told by capital letters and digits alone: a question's few sentences are not worth loading a
tagger for.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import regex
from rapidfuzz import fuzz

from kg_videorag.words import content_stems, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_NAME_WORD = regex.compile(r"[\p{Lu}\d][\w-]*")
_TOKEN = re.compile(r"[\w-]+(?:['’]s)?|[^\w\s]")
_POSSESSIVE = re.compile(r"['’]s$")
# A title belongs to no name: "Mr. Keller" is Martin Keller.
_TITLE = regex.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Dr|Doctor|Prof|Professor|Judge|Justice|President|Chairman|Minister"
    r"|Senator|Mayor|Captain|Coach|Sir|Господин|Госпожа|Доктор|Профессор|Академик|Судья|Президент"
    r"|Министр|Мэр|Капитан|Полковник|Майор|Тренер)\b\.? (?=\p{Lu})"
)
_SAME_NAME = 80.0  # rapidfuzz ratio of "wapakoneta" and "wapokaneta"
_HEARD_FROM_CHARS = 6  # in shorter names one letter is mostly another name: Mars, Mary
_SILENT = regex.compile(r"[aeiouyhwаеиоуыэюяйьъ]|(.)(?=\1)")


def names_in(text: str, *, first_word: bool = False) -> list[tuple[str, ...]]:
    """Runs of capitalised words and numbers, as stems.

    Args:
        text: A sentence or several.
        first_word: Whether a sentence's first word alone is a name; it is capitalised anyway.
    """
    names: list[tuple[str, ...]] = []
    run: list[str] = []
    opens = starts = True
    for found in [*_TOKEN.findall(_TITLE.sub("", text)), "."]:
        word = _POSSESSIVE.sub("", found)
        is_name = bool(_NAME_WORD.fullmatch(word) and content_stems(word))
        if is_name and run and _is_number(run) and not word[0].isdigit():
            names.append(tuple(run))  # "in 1962 Carson" has two
            run = []
        if is_name:
            starts = starts if run else opens
            run.extend(stem for part in words(word) for stem in content_stems(part))
        if run and (not is_name or found != word):  # a possessive ends a name too
            if len(run) > 1 or first_word or not starts:
                names.append(tuple(run))
            run = []
        opens = found in ".?!"
    return names


def has_name(sentence: str, *, first_word: bool = False) -> bool:
    """Whether a sentence has a name that is more than a number."""
    return any(not name[0].isdigit() for name in names_in(sentence, first_word=first_word))


def _is_number(run: Sequence[str]) -> bool:
    return all(part.isdigit() for part in run)


def says_name(name: Sequence[str], text: str, *, in_part: bool = True) -> bool:
    """Whether a sentence says a name, whole or as a part that stands alone, or nearly so.

    "Hamilton" says Margaret Hamilton; "Kennedy Space Center" does not say Marshall Space
    Flight Center, and Apollo 11 is not Apollo 13.

    Args:
        name: Its stems.
        text: The sentence.
        in_part: Whether a part will do.
    """
    said = [stem for word in words(text) for stem in content_stems(word)]
    if _stands_in(name, said):
        return True
    parts = names_in(text, first_word=True)
    if any(all(_among(stem, part) for stem in name) for part in parts):
        return True  # "Webb Telescope" in "Webb Space Telescope"
    if any(stem.isdigit() for stem in name):
        return False  # "Apollo" alone is not Apollo 13
    return in_part and any(
        all(_among(stem, name) for stem in part) for part in parts if not part[-1].isdigit()
    )


def before_first_name(sentence: str) -> list[str]:
    """The words of a sentence before the first name in it; its first word may be one."""
    names = names_in(sentence)
    said = words(sentence)
    if not names:
        return said
    first = names[0][0]
    at = next((n for n, word in enumerate(said) if first in content_stems(word)), len(said))
    return said[:at]


def _stands_in(name: Sequence[str], said: Sequence[str]) -> bool:
    """Whether a name's words stand together; recognition may join or part them: north field."""
    joined = "".join(name)
    for start in range(len(said)):
        for end in range(start + max(len(name) - 1, 1), min(start + len(name) + 2, len(said) + 1)):
            part = said[start:end]
            if "".join(part) == joined:
                return True
            if len(part) == len(name) and all(map(_same, name, part)):
                return True
    return False


def _among(stem: str, stems: Iterable[str]) -> bool:
    return any(_same(stem, other) for other in stems)


def _same(first: str, second: str) -> bool:
    return first == second or _sounds_alike(first, second)


def _sounds_alike(first: str, second: str) -> bool:
    """Whether recognition may have heard one name for the other: "Werner" for "Wernher".

    Likeness alone will not do: Austria is like Australia, Hilton like Hamilton. Their
    consonants differ, which recognition gets right far more often than vowels.
    """
    return (
        min(len(first), len(second)) >= _HEARD_FROM_CHARS
        and fuzz.ratio(first, second) >= _SAME_NAME
        and _SILENT.sub("", first) == _SILENT.sub("", second)
    )

"""Names in English sentences, and whether a sentence says one.

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
_SAME_NAME = 80.0  # rapidfuzz ratio of "wapakoneta" and "wapokaneta"
_HEARD_FROM_CHARS = 6  # in shorter names one letter is mostly another name: Mars, Mary
_SILENT = regex.compile(r"[aeiouyhw]|(.)(?=\1)")


def names_in(text: str, *, first_word: bool = False) -> list[tuple[str, ...]]:
    """Runs of capitalised words and numbers, as stems.

    Args:
        text: A sentence or several.
        first_word: Whether a sentence's first word alone is a name; it is capitalised anyway.
    """
    names: list[tuple[str, ...]] = []
    run: list[str] = []
    opens = starts = True
    for found in [*_TOKEN.findall(text), "."]:
        word = _POSSESSIVE.sub("", found)
        is_name = bool(_NAME_WORD.fullmatch(word) and content_stems(word))
        if is_name:
            starts = starts if run else opens
            run.extend(stem for part in words(word) for stem in content_stems(part))
        if run and (not is_name or found != word):  # a possessive ends a name too
            if len(run) > 1 or first_word or not starts:
                names.append(tuple(run))
            run = []
        opens = found in ".?!"
    return names


def says_name(name: Sequence[str], text: str) -> bool:
    """Whether a sentence says a name, whole or as a part that stands alone, or nearly so.

    "Hamilton" says Margaret Hamilton; "Kennedy Space Center" does not say Marshall Space
    Flight Center, and Apollo 11 is not Apollo 13.
    """
    if all(_among(stem, content_stems(text)) for stem in name):
        return True
    return any(
        all(_among(stem, name) for stem in part)
        for part in names_in(text, first_word=True)
        if not part[-1].isdigit()
    )


def _among(stem: str, stems: Iterable[str]) -> bool:
    return any(stem == other or _sounds_alike(stem, other) for other in stems)


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

"""The fallback for texts that the English model cannot read: names by their capitals.

Runs of capitalised words become concepts, and nothing is related. It works for scripts that
have capitals (Cyrillic, Greek, Armenian); Chinese or Arabic text yields no entities.
"""

from __future__ import annotations

import re
import unicodedata

from kg_videorag.engines.grammar.words import FUNCTION_WORDS
from kg_videorag.model import EntityType, Extraction, TextEntity

CAPITALISED_CONFIDENCE = 0.4  # a constant below the grammar rules', not a probability

_WORD = re.compile(r"\w+(?:[-'\u2019]\w+)*")
_SENTENCE_END = re.compile(r"[.!?…]\s*$")
_MIN_WORDS = 12  # a shorter text may lack a function word by chance


def is_english(text: str) -> bool:
    """Whether a text can be English: Latin letters, and a function word if it is long."""
    letters = [character for character in text if character.isalpha()]
    latin = sum(unicodedata.name(character, "").startswith("LATIN") for character in letters)
    if latin * 2 < len(letters):
        return False
    words = [word.lower() for word in _WORD.findall(text)]
    return len(words) < _MIN_WORDS or not FUNCTION_WORDS.isdisjoint(words)


def extract_capitalised(text: str) -> Extraction:
    """Runs of capitalised words; a lone word that opens a sentence shows nothing by it."""
    entities: list[TextEntity] = []
    run: list[re.Match[str]] = []
    for word in _WORD.finditer(text):
        if run and text[run[-1].end() : word.start()] != " ":
            entities += _name(text, run)
            run = []
        if word.group()[0].isupper():
            run.append(word)
        else:
            entities += _name(text, run)
            run = []
    return Extraction(entities=tuple(entities + _name(text, run)))


def _name(text: str, run: list[re.Match[str]]) -> list[TextEntity]:
    if not run:
        return []
    start, end = run[0].start(), run[-1].end()
    before = text[:start].rstrip()
    opens = not before or _SENTENCE_END.search(before) is not None
    is_acronym = end - start > 1 and run[0].group().isupper()
    if len(run) == 1 and (end - start < 2 or (opens and not is_acronym)):
        return []
    return [TextEntity(text[start:end], EntityType.CONCEPT, start, end, CAPITALISED_CONFIDENCE)]

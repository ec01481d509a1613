"""Which language a subtitle without a tag is in: by its letters and small words."""

from __future__ import annotations

import unicodedata
from collections import Counter

_BY_SCRIPT = {
    "ARABIC": "ar", "ARMENIAN": "hy", "CJK": "zh", "CYRILLIC": "ru", "DEVANAGARI": "hi",
    "GEORGIAN": "ka", "GREEK": "el", "HANGUL": "ko", "HEBREW": "he", "HIRAGANA": "ja",
    "KATAKANA": "ja", "THAI": "th",
}  # fmt: skip
# The commonest words of a language that the others here do not have.
_SMALL_WORDS = {
    "de": "und der das nicht ist ich mit auf für wir sie",
    "en": "the and of to is that it you was for this",
    "es": "el los las y que por una con para está pero",
    "fr": "le les et des est une dans pour qui vous pas",
    "it": "il gli che di è per non sono della una con",
    "nl": "het een van en dat niet ik zijn maar voor",
    "pl": "się nie na że jest do to jak co",
    "pt": "o os não que uma para você com mas isso",
}
_UKRAINIAN = frozenset("іїєґ")
_SAMPLE_CHARS = 20_000
DEFAULT = "en"


def detect_language(text: str) -> str:
    """The language of a text, as two letters; English where nothing tells.

    By its script; Cyrillic is Russian unless it has Ukrainian letters, Chinese characters among
    Japanese ones are Japanese. Latin letters: the language most of whose small words occur.
    """
    text = text[:_SAMPLE_CHARS].lower()
    scripts = Counter(
        unicodedata.name(char, "").partition(" ")[0] for char in text if char.isalpha()
    )
    if not scripts:
        return DEFAULT
    letters = sum(scripts.values())
    if (scripts["HIRAGANA"] + scripts["KATAKANA"]) * 10 > letters:
        return "ja"
    script = scripts.most_common(1)[0][0]
    if script == "CYRILLIC" and sum(char in _UKRAINIAN for char in text) * 50 > letters:
        return "uk"
    return _BY_SCRIPT.get(script) or _by_small_words(text)


def _by_small_words(text: str) -> str:
    words = Counter(text.replace("'", " ").split())
    found = {
        language: sum(words[word] for word in small.split())
        for language, small in _SMALL_WORDS.items()
    }
    best = max(found, key=lambda language: found[language])
    return best if found[best] else DEFAULT

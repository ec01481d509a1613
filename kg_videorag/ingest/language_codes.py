"""The names that files give to languages, in one form."""

from __future__ import annotations

# ISO 639-2 (both of its forms, and English names as people write them) to ISO 639-1.
# Source: the Library of Congress' table.
_CODES = {
    long: short
    for short, longs in {
        "ar": "ara arabic", "bg": "bul bulgarian", "cs": "ces cze czech", "da": "dan danish",
        "de": "deu ger german", "el": "ell gre greek", "en": "eng english", "es": "spa spanish",
        "et": "est estonian", "fa": "fas per persian", "fi": "fin finnish", "fr": "fra fre french",
        "he": "heb hebrew", "hi": "hin hindi", "hr": "hrv croatian", "hu": "hun hungarian",
        "hy": "hye arm armenian", "id": "ind indonesian", "it": "ita italian", "ja": "jpn japanese",
        "ka": "kat geo georgian", "kk": "kaz kazakh", "ko": "kor korean", "lt": "lit lithuanian",
        "lv": "lav latvian", "nl": "nld dut dutch", "no": "nor nob nb norwegian",
        "pl": "pol polish", "pt": "por portuguese", "ro": "ron rum romanian", "ru": "rus russian",
        "sk": "slk slo slovak", "sl": "slv slovenian", "sr": "srp serbian", "sv": "swe swedish",
        "th": "tha thai", "tr": "tur turkish", "uk": "ukr ukrainian", "vi": "vie vietnamese",
        "zh": "zho chi chinese",
        # The other languages that Whisper hears.
        "af": "afr", "am": "amh", "as": "asm", "az": "aze", "ba": "bak", "be": "bel", "bn": "ben",
        "bo": "bod tib", "br": "bre", "bs": "bos", "ca": "cat catalan", "cy": "cym wel welsh",
        "eu": "eus baq basque", "fo": "fao", "gl": "glg", "gu": "guj", "ha": "hau", "ht": "hat",
        "is": "isl ice icelandic", "jv": "jav", "km": "khm", "kn": "kan", "la": "lat latin",
        "lb": "ltz", "ln": "lin", "lo": "lao", "mg": "mlg", "mi": "mri mao", "mk": "mkd mac",
        "ml": "mal", "mn": "mon", "mr": "mar", "ms": "msa may malay", "mt": "mlt", "my": "mya bur",
        "ne": "nep", "nn": "nno", "oc": "oci", "pa": "pan", "ps": "pus", "sa": "san", "sd": "snd",
        "si": "sin", "sn": "sna", "so": "som", "sq": "sqi alb albanian", "su": "sun",
        "sw": "swa swahili", "ta": "tam tamil", "te": "tel", "tg": "tgk", "tk": "tuk",
        "tl": "tgl", "tt": "tat tatar", "ur": "urd", "uz": "uzb", "yi": "yid", "yo": "yor",
    }.items()
    for long in (short, *longs.split())
}  # fmt: skip


def language_code(tag: str) -> str:
    """The two letters of "rus", "en-US", "Russian"; "" where that is no language."""
    return _CODES.get(_bare(tag), "")


def same_language(tag: str, other: str) -> bool:
    """Whether two tags name one language, in whatever form; two that are empty do not."""
    first, second = (language_code(one) or _bare(one) for one in (tag, other))
    return first == second != ""


def _bare(tag: str) -> str:
    return tag.strip().lower().replace("_", "-").partition("-")[0]

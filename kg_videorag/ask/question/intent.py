# ruff: noqa: RUF001 - half of the words are Russian
"""What kind of answer a question asks for, and how that should have been perceived."""

from __future__ import annotations

import re

from kg_videorag.ask.question.model import Counted, Intent, Mentions
from kg_videorag.model import Modality
from kg_videorag.words import RUSSIAN

_LEAD = r"^(?:(?:and|so|but|please|can you|could you|а|и|ну|пожалуйста)[ ,]+)*"
_PLURAL = (
    r"(?!(?:was|is|has|does|this|class|process|bus|gas|plus)\b)"
    r"\w{2,}(?:(?<![su])s|people|men|women|children)"
)


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_COMPARE = _any(
    r"\bcompar(?:e|es|ed|ing|ison)\b",
    r"\bdiffer(?:s|ed|ence|ences)?\b",
    r"\bdifferent from\b",
    r"\bin common\b",
    r"\b(?:versus|vs)\b",
    r"\bsimilar(?:ity|ities)\b",
    r"\b(?:contrast|distinguish\w*|alike)\b",
    rf"{_LEAD}(?:who|which|what)\b.*\b(?:\w+er|more|less)\b.*(?:\bthan\b|,.*\bor\b)",
    rf"{_LEAD}(?:is|are|was|were|did|does)\b.*\b(?:\w+er|more|less) than\b",
)
_COUNT = _any(r"\bhow (?:many|often)\b", r"\bwhat (?:is|was) the (?:total )?number of\b")
_LIST = _any(
    rf"{_LEAD}(?:list|enumerate)\b",
    rf"{_LEAD}(?:name|give me|tell me|show me)(?: \w+)? (?:all|every|each|a list|the list|some|two"
    r"|three|four|five|six)\b",
    rf"{_LEAD}name (?:the )?{_PLURAL}\b",
    rf"{_LEAD}(?:what|which|who) (?:are|were) (?:all |some )?(?:of )?the\b",
    rf"{_LEAD}(?:what|which) (?:kinds|types|sorts|names) of\b",
    rf"{_LEAD}which (?:of the )?(?:\w+ ){{0,2}}?{_PLURAL}\b",
    rf"{_LEAD}what (?:\w+ ){{0,2}}?{_PLURAL} (?:are|were|did|do|have|had|can|could|will)\b",
    r"\b(?:who|what|where) all\b",
    rf"{_LEAD}who (?:are|were)\b.*\b(?:crew|team|members|astronauts|people|men|women)\b",
)
_WHEN = _any(
    rf"{_LEAD}(?:since |until |from )?when\b",
    rf"{_LEAD}(?:in |on |at |since |until )?(?:what|which)"
    r" (?:year|month|day|date|century|decade|time)\b",
    rf"{_LEAD}at (?:what|which) (?:point|moment|second|minute)\b",
)
_COMPARE_RU = _any(
    r"\bсравн\w+",
    r"\bотлича\w+",
    r"\bразниц\w+",
    r"\bразлич\w+",
    r"\bотличи\w+",
    r"\bобщего\b",
    r"\bсходств\w+",
    r"\bпохож\w*",
    r"\b(?:\w+ее|больше|меньше|дольше|раньше|выше|ниже|дальше|лучше|хуже),? (?:чем\b|.*\bили\b)",
)
_COUNT_RU = _any(
    r"\bсколько\b", r"\bскольк(?:их|им|ими)\b", r"\bкак часто\b", r"\bкаково (?:число|количество)\b"
)
_LIST_RU = _any(
    rf"{_LEAD}(?:перечисли|перечень|список)\w*",
    rf"{_LEAD}(?:назови|покажи|дай|назовите|покажите)\b.*\b(?:все|всех|всё|каждого|список"
    r"|несколько|два|двух|три|трёх|трех)\b",
    rf"{_LEAD}(?:\w{{1,3}} )?(?:какие|каких|каким|какими)\b",
    rf"{_LEAD}кто (?:все|всё|были)\b",
    rf"{_LEAD}(?:что|кто) входит\b",
)
_WHEN_RU = _any(
    rf"{_LEAD}(?:с |до )?(?:когда|каких пор)\b",
    rf"{_LEAD}(?:в|с|до) как(?:ом|ого|ие) (?:году|года|годы|годах|месяце|веке|дни|день)\b",
    rf"{_LEAD}(?:в какой день|какого числа|в котором часу|во сколько)\b",
    rf"{_LEAD}(?:в|на) как(?:ой|ое) (?:момент|минуте|секунде|время)\b",
)
_ENGLISH = (
    (_COMPARE, Intent.COMPARE),
    (_COUNT, Intent.COUNT),
    (_LIST, Intent.LIST),
    (_WHEN, Intent.WHEN),
)
_RUSSIAN = (
    (_COMPARE_RU, Intent.COMPARE),
    (_WHEN_RU, Intent.WHEN),
    (_COUNT_RU, Intent.COUNT),
    (_LIST_RU, Intent.LIST),
)
_ITS_INTENT = {Counted.TIMES: Intent.COUNT, Counted.FIRST: Intent.WHEN, Counted.LAST: Intent.WHEN}

_SEEN = _any(
    rf"{_LEAD}show (?:me|us)\b",
    r"\b(?:can|could) (?:be |we |you |i |one )(?:see|seen)\b",
    r"\b(?:is|are|was|were|being) (?:shown|seen|visible|displayed|pictured|written|drawn)\b",
    r"\bdo (?:we|you|i) see\b",
    r"\bon (?:the |a |this |that |which |what |his |her )?(?:\w+ )?(?:slide|screen|board|blackboard"
    r"|whiteboard|picture|chart|diagram|poster)s?\b",
    r"\bin (?:the|this|which|what) (?:picture|image|frame|shot)\b",
    r"\blooks? like\b",
)
_SEEN_RU = _any(
    r"\bпокажи(?:те)?\b",
    r"\bвид(?:но|ен|на|ны|им|ели)\b",
    r"\bувид\w+",
    r"\bпоказ(?:ан\w?|ыва\w+|али)\b",
    r"\b(?:на|с) (?:как\w+ |этом |этой )?(?:слайд\w*|экран\w*|доск\w+|картинк\w+|кадр\w*|схем\w+"
    r"|график\w*|плакат\w*|фото\w*)\b",
    r"\bв кадре\b",
    r"\bизображ\w+",
    r"\bнаписан\w+",
    r"\bвыгляд\w+",
)
_HEARD = _any(
    r"\b(?:which|what|any) (?:\w+ )?(?:sounds?|noises?|music)\b",
    r"\b(?:hear|heard|audible)\b",
    r"\bsounds? (?:like|of)\b",
)
_HEARD_RU = _any(r"\bслыш\w+", r"\bуслыш\w+", r"\bзвук\w*", r"\bшум\w*\b", r"\bмузык\w+")
_IN_PICTURES = frozenset({Modality.SCREEN, Modality.VISION, Modality.CAPTION})
# What only says that something is to be seen, and is no word to search for.
_WISH = _any(
    rf"{_LEAD}show (?:me|us)\s+(?=\S)",
    rf"{_LEAD}(?:покажи|покажите)(?: (?:мне|нам))?,?\s+(?=\S)",
    r"\s*\bon (?:the|this|that) (?:slide|screen)s?\b",
    r"\s*\bна (?:этом )?(?:слайде|слайдах|экране)\b",
)


def read_intent(question: str, language: str, mentions: Mentions | None) -> Intent:
    """What kind of answer a question asks for.

    Args:
        question: Without the films that it names.
        language: Of the question.
        mentions: Where it asks the library itself.
    """
    if mentions and mentions.counted in _ITS_INTENT:
        return _ITS_INTENT[mentions.counted]
    forms = _RUSSIAN if language == RUSSIAN else _ENGLISH
    text = question.strip()
    found = next((intent for pattern, intent in forms if pattern.search(text)), Intent.FACT)
    return Intent.LIST if mentions and found is not Intent.COUNT else found


def read_wishes(question: str) -> frozenset[Modality]:
    """In which ways the answer should have been perceived; empty for any."""
    wishes: set[Modality] = set()
    if _SEEN.search(question) or _SEEN_RU.search(question):
        wishes |= _IN_PICTURES
    if _HEARD.search(question) or _HEARD_RU.search(question):
        wishes.add(Modality.SOUND)
    return frozenset(wishes)


def without_wishes(question: str) -> str:
    """A question without the words that only say where its answer should be seen."""
    return re.sub(r" (?=[?!.,])", "", " ".join(_WISH.sub(" ", question).split()))

# ruff: noqa: RUF001 - half of the words are Russian
"""Finds questions about the library itself: how often, in how many videos, when first.

"How many people flew?" asks about the world, and is a question like any other. What appears, is
seen or is discussed may be in the world too, so these words need the video in the question.
"""

from __future__ import annotations

import re
from functools import cache

from kg_videorag.ask.question.model import Counted, Mentions
from kg_videorag.words import RUSSIAN, content_stems

_FILMS = r"(?:videos?|films?|movies?|clips?|recordings?|lectures?|talks?|episodes?)"
_IN_FILMS = (
    rf"(?:,? (?:in|across|throughout|of) (?:the |this |these |all |my |our |your |any )*"
    rf"(?:library|collection|{_FILMS}))"
)
_TAIL = rf"(?:{_IN_FILMS}| in total| at all| altogether| overall| so far)*"
_SAID = (
    r"(?:mentioned|spoken of|spoken about|talked about|referred to|brought up|said|named"
    r"|mentioned by name)"
)
_SENSED = r"(?:seen|shown|heard|visible|discussed|introduced|described|appear|come up|occur)"
_SAY = r"(?:mention|name|say|speak of|speak about|talk about|refer to|bring up|hear about|hear of)"
_SOMEBODY = (
    rf"(?:they|we|he|she|people|any(?:one|body)|some(?:one|body)|you|it|the {_FILMS}|this {_FILMS}"
    r"|the (?:speakers?|narrators?|library))"
)
_TELL_OF = (
    r"(?:mentions?|talks? about|speaks? (?:of|about)|tells? (?:of|about)|(?:is|are) about"
    r"|discuss(?:es)?|cover(?:s)?|refers? to|features?|deals? with|names?|says?)"
)
_ARE = r"(?:is|are|was|were)"
_DO = r"(?:do|does|did)"
_OFTEN = r"how (?:often|many times)"
_WHICH = r"(?:how many|which|what)"
_SURELY_SAID = r"(?:mentioned|spoken of|talked about|referred to|brought up)"
_WHEN = r"(?:when|where|at (?:what|which) (?:time|point|moment|second|minute))"
_ONCE = r"(?P<which>first|last)"
_ONCE_AFTER = r"(?:(?:for )?the )?(?P<which>first|last)(?: time)?"
_OF = r"(?P<of>.+?)"

_ENGLISH = {
    Counted.TIMES: (
        rf"{_OFTEN} (?:{_ARE}|has|have) {_OF} (?:been |get )?{_SAID}{_TAIL}",
        rf"{_OFTEN} (?:{_ARE}|{_DO}) {_OF} {_SENSED}{_IN_FILMS}",
        rf"{_OFTEN} {_DO} {_SOMEBODY} {_SAY} {_OF}{_TAIL}",
        rf"how many mentions of {_OF}(?: (?:are there|do we have))?{_TAIL}",
        rf"(?:count|what is) the (?:number of )?mentions of {_OF}{_TAIL}",
    ),
    Counted.VIDEOS: (
        rf"(?:in )?{_WHICH} (?:of the )?{_FILMS}(?: of the library)? {_TELL_OF} {_OF}",
        rf"in {_WHICH} (?:of the )?{_FILMS} (?:{_ARE}|{_DO}) {_OF} (?:{_SAID}|{_SENSED})",
        rf"in {_WHICH} (?:of the )?{_FILMS} {_DO} {_SOMEBODY} {_SAY} {_OF}",
    ),
    Counted.FIRST: (
        rf"{_WHEN} {_ARE} {_OF} {_ONCE} {_SURELY_SAID}{_TAIL}",
        rf"{_WHEN} {_ARE} {_OF} {_SURELY_SAID} {_ONCE_AFTER}{_TAIL}",
        rf"{_WHEN} (?:is|are|do|does) {_OF} {_ONCE} {_SENSED}{_TAIL}",
        rf"{_WHEN} (?:is|are|do|does) {_OF} {_SENSED} {_ONCE_AFTER}{_TAIL}",
        rf"{_WHEN} (?:{_ARE}|{_DO}) {_OF} {_ONCE} (?:{_SAID}|{_SENSED}){_IN_FILMS}",
        rf"{_WHEN} {_DO} {_SOMEBODY} {_ONCE} {_SAY} {_OF}{_TAIL}",
        rf"{_WHEN} {_DO} {_SOMEBODY} {_SAY} {_OF} {_ONCE_AFTER}{_TAIL}",
        rf"(?:{_WHEN}|what) {_ARE} the {_ONCE} mention of {_OF}{_TAIL}",
    ),
}

_FILMS_RU = r"(?:видео\w*|фильм\w*|ролик\w*|запис\w+|лекци\w+|передач\w*|выпуск\w*)"
_IN_FILMS_RU = rf"(?:,? (?:в|во|на) (?:этом |этих |всех |всей |нашей )*(?:{_FILMS_RU}|библиотек\w))"
_TAIL_RU = rf"(?:{_IN_FILMS_RU}| всего| вообще| в целом)*"
_SAID_RU = (
    r"(?:упомина[ею]тся|упоминают|упоминал\w*|упомянут\w*|упомянули|называют|назван\w*|назвали"
    r"|произнос\w+|вспоминают|(?:говорится|говорят|говорили|ид[её]т речь|речь ид[её]т"
    r"|заходит речь|речь заходит|рассказыва\w+) (?:об?|обо|про))"
)
_SENSED_RU = r"(?:появля[ею]тся|звучит|звучат|слыш[еа]н\w*|вид[еа]н\w*|видно|показан\w*|показывают)"
_WORD_RU = r"(?: (?:слово|имя|название|фамилия))?"
_OFTEN_RU = r"(?:сколько раз|как часто)"
_WHICH_RU = r"(?:в|во) (?:скольких|каких|каком|какой)"
_ABOUT_RU = r"(?:об?|обо|про)"
_WHEN_RU = r"(?:когда|где|на какой (?:минуте|секунде)|в какой момент|в каком месте|в какое время)"
_ONCE_RU = r"(?P<which>впервые|в первый раз|первый раз|в последний раз|последний раз)"

_RUSSIAN = {
    Counted.TIMES: (
        rf"{_OFTEN_RU}(?:{_IN_FILMS_RU})? {_SAID_RU}{_WORD_RU} {_OF}{_TAIL_RU}",
        rf"{_OFTEN_RU}{_WORD_RU} {_OF} {_SAID_RU}{_TAIL_RU}",
        (
            rf"{_OFTEN_RU}(?P<films>{_IN_FILMS_RU})? {_SENSED_RU}{_WORD_RU} {_OF}"
            rf"(?(films){_TAIL_RU}|{_IN_FILMS_RU})"
        ),
        rf"(?:сколько|каково количество) упоминаний {_OF}{_TAIL_RU}",
    ),
    Counted.VIDEOS: (
        rf"{_WHICH_RU} {_FILMS_RU} (?:{_SAID_RU}|{_SENSED_RU}|есть){_WORD_RU} {_OF}",
        rf"{_WHICH_RU} {_FILMS_RU}{_WORD_RU} {_OF} (?:{_SAID_RU}|{_SENSED_RU})",
        (
            rf"(?:сколько|какие|какое|какой|какая) {_FILMS_RU} (?:упоминают|упоминает"
            rf"|(?:рассказыва[ею]т|говорят|говорит|посвящен\w*|есть) {_ABOUT_RU}|{_ABOUT_RU})"
            rf" {_OF}"
        ),
    ),
    Counted.FIRST: (
        (
            rf"{_WHEN_RU}(?:{_IN_FILMS_RU})? {_ONCE_RU} (?:{_SAID_RU}|{_SENSED_RU}){_WORD_RU}"
            rf" {_OF}{_TAIL_RU}"
        ),
        rf"{_WHEN_RU}{_WORD_RU} {_OF} {_ONCE_RU} (?:{_SAID_RU}|{_SENSED_RU}){_TAIL_RU}",
        rf"{_WHEN_RU} (?:{_SAID_RU}|{_SENSED_RU}){_WORD_RU} {_OF} {_ONCE_RU}{_TAIL_RU}",
        rf"{_WHEN_RU}{_WORD_RU} {_OF} (?:{_SAID_RU}|{_SENSED_RU}) {_ONCE_RU}{_TAIL_RU}",
        rf"{_WHEN_RU} (?P<which>перв|последн)ое упоминание {_OF}{_TAIL_RU}",
    ),
}
_LEAD = re.compile(
    r"^(?:(?:and|so|but|please|а|и|ну)[ ,]+)*(?:(?:tell me|скажи(?:те)?)[ ,]+)?", re.IGNORECASE
)
_ARTICLE = re.compile(r"^(?:the (?:word|name|term|topic|subject)|the|an?)\s+", re.IGNORECASE)
_SENSES = re.compile(
    r"\b(?:seen|shown|heard|visible|appear|появля\w+|зву\w+|слыш\w+|вид(?:ен|на|но|ны)|показ\w+)\b",
    re.IGNORECASE,
)
_LAST = ("last", "посл", "в посл")
_TRIM = ' \t\n?!.,;:"“”«»„'


# What every form of its kind says: the others need not be tried, nor made.
_SAYS = {
    Counted.TIMES: re.compile(
        r"\bhow (?:often|many)|\bmentions of|\bсколько|\bкак часто|\bупоминаний"
    ),
    Counted.VIDEOS: re.compile(rf"\b{_FILMS} |\b{_FILMS_RU} "),
    Counted.FIRST: re.compile(r"\bfirst|\blast|\bвпервые|\bперв|\bпоследн"),
}


@cache
def _forms(language: str, counted: Counted) -> tuple[re.Pattern[str], ...]:
    """The forms of one kind; made when first needed, as compiling takes time."""
    forms = _RUSSIAN if language == RUSSIAN else _ENGLISH
    return tuple(re.compile(form, re.IGNORECASE) for form in forms[counted])


def read_mentions(question: str, language: str) -> Mentions | None:
    """What of the library's mentions a question asks for; None if it asks about the world.

    Args:
        question: Without the films that it names.
        language: Of the question.
    """
    text = _LEAD.sub("", question.strip(_TRIM))
    may_ask = [counted for counted, says in _SAYS.items() if says.search(text.lower())]
    for counted, pattern in ((c, form) for c in may_ask for form in _forms(language, c)):
        match = pattern.fullmatch(text)
        if match is None:
            continue
        of = _ARTICLE.sub("", match["of"].strip(_TRIM)).strip(_TRIM)
        if content_stems(of):
            is_last = counted is Counted.FIRST and match["which"].lower().startswith(_LAST)
            sensed = bool(_SENSES.search(text[: match.start("of")] + text[match.end("of") :]))
            return Mentions(of, Counted.LAST if is_last else counted, sensed)
    return None

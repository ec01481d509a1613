# ruff: noqa: RUF001, RUF002 - half of the words are Russian
"""Puts names beside or in the place of Russian words that point at them.

A name takes the place of "он" and "она", which are in its own case. In other cases it stands
behind in brackets, «о ней (Валентина Терешкова)»: to decline it rightly takes a dictionary, and
search reads both.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg_videorag.ask.session.names import HE, SHE, names_in
from kg_videorag.words import content_stems, words

if TYPE_CHECKING:
    from kg_videorag.ask.session.context import Context

_PRONOUN = re.compile(
    r"\b(?P<who>он|она|они|оно|его|ему|него|нему|им|ним|нём|нем|её|ее|ей|ней|нее|неё|ею|нею|их"
    r"|них|ими|ними)\b"
    r"(?! \()",
    re.IGNORECASE,
)
_HE = frozenset("он его ему него нему им ним нём нем".split())
_SHE = frozenset("она её ее ей ней нее неё ею нею".split())
_IT = frozenset({"оно"})
_NOMINATIVE = frozenset("он она они оно".split())
_THERE = re.compile(r"\b(?P<there>там|туда|оттуда)\b(?! же)", re.IGNORECASE)
_THEN = re.compile(
    r"(?<!^)\b(?P<then>тогда|в то время|в том году|в тот день)(?=\W*$)", re.IGNORECASE
)
_POINTED = re.compile(
    r"\b(?P<that>(?:эт|т)(?:от|а|о|у|ой|ого|ому|ом|им|их|и|е|ими|ем"
    r"|ех)) (?P<noun>[а-яё]{3,})\b(?! \()",
    re.IGNORECASE,
)
_ABOUT_THAT = re.compile(r"\b(?P<about>об этом|про это|о том)(?=\W*$)", re.IGNORECASE)
_RANK = (
    r"перв(?:ый|ая|ое|ого|ой|ом|ым)|втор(?:ой|ая|ое|ого|ом|ым)|трет(?:ий|ья|ье|ьего|ьей|ьем)"
    r"|последн(?:ий|яя|ее|его|ей|ем)"
)
_ORDINAL = re.compile(rf"\b(?P<rank>{_RANK})(?P<of> из них| из этих)?(?=\W*$|\s)", re.IGNORECASE)
_NOUN_END = {
    HE: re.compile(r"[бвгджзклмнпрстфхцчшщй]$"),
    SHE: re.compile(r"[аяь]$"),
    "": re.compile(r"[оеё]$"),
}
_NAME_END = {
    HE: re.compile(r"[бвгджзклмнпрстфхцчшщйb-df-hj-np-tv-xz]$", re.IGNORECASE),
    SHE: re.compile(r"[аяьa]$", re.IGNORECASE),
    "": re.compile(r"[оеёoe]$", re.IGNORECASE),
}
_VERB_END = re.compile(
    r"(?:ла|ло|ли|л|лась|лось|лись|лся|ет|ит|ют|ят|ут|ат|ть|ться|тся|на|но|ен|ём|ем)$"
)


def with_names(text: str, context: Context) -> str:
    """A text in which what points at the history is named; as it is where nothing does."""
    for step in (_ordinals, _pointed, _there_and_then, _pronouns):
        text = step(text, context)
    return text


def noun_of(context: Context, sex: str | None = None) -> str:
    """A thing that the last question names by a plain noun, «ракета», of a gender if one is given.

    One that was answered about comes first, for it is no verb.
    """
    first, *rest = re.findall(r"[а-яё]+", context.last.understood.lower()) or [""]
    del first
    told = content_stems(context.told)
    ends = [_NOUN_END[sex]] if sex is not None else list(_NOUN_END.values())
    nouns = [
        word
        for word in rest
        if len(word) > 3
        and content_stems(word)
        and any(end.search(word) for end in ends)
        and not _VERB_END.search(word)
    ]
    return next((word for word in nouns if content_stems(word) & told), nouns[0] if nouns else "")


def _pronouns(text: str, context: Context) -> str:
    names = names_in(text, context.last.entities)

    def named(match: re.Match[str]) -> str:
        who = match["who"].lower()
        if any(name.end <= match.start() and not name.is_date for name in names):
            return match[0]
        meant = _meant(who, context)
        if not meant:
            return match[0]
        return meant if who in _NOMINATIVE else f"{match[0]} ({meant})"

    return _PRONOUN.sub(named, text)


def _meant(who: str, context: Context) -> str:
    if who in _HE | _SHE:
        sex = HE if who in _HE else SHE
        if person := context.person(sex):
            return person.name
        return noun_of(context, sex) or _thing(context, sex)
    if who in _IT:
        return noun_of(context, "") or _thing(context, "")
    people = [person.name for person in context.persons()]
    if people:
        return " и ".join([", ".join(people[:-1]), people[-1]])
    return ""


def _there_and_then(text: str, context: Context) -> str:
    names = names_in(text, context.last.entities)
    place, date = context.place(), context.date()
    if place and not any(name.may_be_thing and not name.may_be_person for name in names):
        text = _THERE.sub(lambda m: f"{m[0]} ({place.name})", text, count=1)
    if date and not any(name.is_date for name in names):
        text = _THEN.sub(lambda m: f"{m[0]} ({date.text})", text, count=1)
    return text


def _pointed(text: str, context: Context) -> str:
    def named(match: re.Match[str]) -> str:
        found = context.of_noun(match["noun"])
        return f"{match[0]} ({found.name})" if found else match[0]

    def topic(match: re.Match[str]) -> str:
        found = context.topic()
        return f"{match[0]} ({found.name})" if found else match[0]

    return _ABOUT_THAT.sub(topic, _POINTED.sub(named, text))


def _ordinals(text: str, context: Context) -> str:
    listed = context.listed()

    def named(match: re.Match[str]) -> str:
        alone = len(words(text)) == 1
        stem = match["rank"].lower()[:4]
        rank = {"перв": 0, "втор": 1, "трет": 2, "посл": -1}[stem]
        if not (match["of"] or alone) or len(listed) < 2 or rank >= len(listed):
            return match[0]
        return listed[rank].name

    return _ORDINAL.sub(named, text)


def _thing(context: Context, sex: str) -> str:
    """The thing that was named last, if its name has the gender."""
    named = context.thing()
    return named.name if named and _NAME_END[sex].search(named.name) else ""

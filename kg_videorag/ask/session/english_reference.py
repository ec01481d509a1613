"""Puts names in the place of what points at them: she, there, that laboratory, the first one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg_videorag.ask.session.names import HE, SHE, names_in
from kg_videorag.ask.session.substitute import noun_phrase, phrase_of

if TYPE_CHECKING:
    from kg_videorag.ask.session.context import Context
    from kg_videorag.ask.session.names import Named

_EMPTY_IT = re.compile(  # "How long did it take to ...?": it stands for what follows
    r"\bit (?:take|takes|took|true|possible|necessary|important|that|clear|like)\b"
    r"|\b(?:time|day|date) (?:is|was) it\b|\bis it\b(?= \w+ (?:to|that))",
    re.IGNORECASE,
)
_PRONOUN = re.compile(
    r"\b(?P<who>he|him|his|she|hers|her|it|its|they|them|their|theirs)\b(?!['’]s own)",
    re.IGNORECASE,
)
_SEX = {"he": HE, "him": HE, "his": HE, "she": SHE, "her": SHE, "hers": SHE}
_OWN = frozenset({"his", "hers", "its", "their", "theirs"})
# After "her" these do not begin what is hers.
_NO_NOUN = re.compile(
    r"\s*(?:$|[?.!,;:]|(?:in|on|at|to|from|for|with|by|after|before|when|while|and|or|as|about"
    r"|of|into"
    r"|do|did|was|is|during|there|then|again|about|the|a|an|that|this|what|where|how|why)\b)",
    re.IGNORECASE,
)
_DETERMINED = re.compile(r"\b(?:the|a|an) [a-z]", re.IGNORECASE)
_THERE = re.compile(
    r"(?<!\bis )(?<!\bare )(?<!\bwas )(?<!\bwere )(?<!\bbe )(?P<motion>\b(?:go|went|get|got|come"
    r"|came|fly"
    r"|flew|travel|travelled|arrive|arrived|sent|move|moved) )?\b(?P<from>from )?there"
    r"(?=\s*(?:$|[?.!,]|(?:in|for|with|when|after|before|and|at|on|by)\b))",
    re.IGNORECASE,
)
_THEN = re.compile(
    r"\b(?:back then|at (?:that|the) time|in (?:that|the same) year|(?:on )?(?:that"
    r"|the same) day|then)"
    r"(?=\s*(?:$|[?.!,]))",
    re.IGNORECASE,
)
_POINTED = re.compile(
    r"(?P<before>^|[,:] |\b(?:in|on|at|to|from|of|for|with|by|about|near|into|is|was|are|were"
    r"|did|does|do"
    r"|had|has|and|or|leave|left|join|joined|found|founded|visit|called|built|build|made|make"
    r"|led|lead"
    r"|fly|flew|know|knew|meet|met|use|used|see|saw|happened to) )"
    r"(?P<that>that|this|those|these|the same|the said) (?P<noun>[a-z][\w-]*(?: [a-z][\w-]*){0,2})",
    re.IGNORECASE,
)
_ABOUT_THAT = re.compile(
    r"\b(?P<about>about|of|with|like) (?:that|this)(?=\s*(?:$|[?.!,]))", re.IGNORECASE
)
_ORDINAL = re.compile(
    r"\bthe (?P<rank>first|second|third|fourth|fifth|last|former|latter|other)"
    r"(?P<one> one| ones| (?:\w+ )?of (?:them|these|those))?\b",
    re.IGNORECASE,
)
_RANKS = {
    **dict.fromkeys(("first", "former"), 0),
    "second": 1,
    "third": 2,
    "fourth": 3,
    "fifth": 4,
    **dict.fromkeys(("last", "latter", "other"), -1),
}


def with_names(text: str, context: Context) -> str:
    """A text in which what points at the history is named; as it is where nothing does.

    Args:
        text: A question, or what is left of one.
        context: The history.
    """
    for step in (_ordinals, _pointed, _there, _then, _pronouns):
        text = step(text, context)
    return text


def _pronouns(text: str, context: Context) -> str:
    names = names_in(text, context.last.entities)
    empty = [match.span() for match in _EMPTY_IT.finditer(text)]

    def named(match: re.Match[str]) -> str:
        who = match["who"].lower()
        before = text[: match.start()]
        if _is_explained(who, match.start(), names, before):
            return match[0]
        if who == "it" and any(start <= match.start() < end for start, end in empty):
            return match[0]
        phrase = _meant(who, context)
        if not phrase:
            return match[0]
        is_own = who in _OWN or (who == "her" and not _NO_NOUN.match(text[match.end() :]))
        return _possessive(phrase) if is_own else phrase

    return _PRONOUN.sub(named, text)


def _is_explained(who: str, at: int, names: tuple[Named, ...], before: str) -> bool:
    """Whether the question itself names whom a pronoun means, before it."""
    earlier = [name for name in names if name.end <= at and not name.is_date]
    if who in _SEX:
        return any(name.may_be_person or name.type is None for name in earlier)
    return bool(earlier) or bool(_DETERMINED.search(before))


def _meant(who: str, context: Context) -> str:
    if who in _SEX:
        person = context.person(_SEX[who])
        return person.name if person else ""
    if who in ("it", "its"):
        phrase = noun_phrase(context)
        thing = context.thing()
        asked = {name.name for name in context.asked()}
        if thing and (not phrase or thing.name in asked):
            return context.definite(thing.name)
        return phrase or (context.definite(thing.name) if thing else "")
    people = [person.name for person in context.persons()]
    if people:
        return " and ".join([", ".join(people[:-1]), people[-1]] if len(people) > 1 else people)
    thing = context.thing()
    return context.definite(thing.name) if thing else noun_phrase(context)


def _there(text: str, context: Context) -> str:
    place = context.place()
    if not place or any(name.may_be_thing for name in names_in(text, context.last.entities)):
        return text

    def named(match: re.Match[str]) -> str:
        name = context.definite(place.name)
        if match["from"]:
            return f"{match['motion'] or ''}from {name}"
        if match["motion"]:
            return f"{match['motion']}to {name}"
        prep = re.search(rf"\b(in|at|on|near) (?:the )?{re.escape(place.name)}", context.told)
        return f"{prep[1] if prep else 'in'} {name}"

    return _THERE.sub(named, text, count=1)


def _then(text: str, context: Context) -> str:
    date = context.date()
    if not date or any(name.is_date for name in names_in(text)):
        return text
    prep = re.search(rf"\b(in|on) (?:the )?{re.escape(date.text)}", context.told, re.IGNORECASE)
    return _THEN.sub(f"{prep[1].lower() if prep else 'in'} {date.text}", text, count=1)


def _pointed(text: str, context: Context) -> str:
    def named(match: re.Match[str]) -> str:
        words = match["noun"].split()
        for count in range(len(words), 0, -1):
            found = context.of_noun(words[count - 1])
            if found:
                rest = " ".join(words[count:])
                name = context.definite(found.name)
                return f"{match['before']}{name}{' ' if rest else ''}{rest}"
            if phrase := phrase_of(words[count - 1], context):
                return " ".join([f"{match['before']}{phrase}", *words[count:]])
        return match[0]

    def topic(match: re.Match[str]) -> str:
        found = context.thing() or context.topic()
        phrase = noun_phrase(context) or (context.definite(found.name) if found else "")
        return f"{match['about']} {phrase}" if phrase else match[0]

    return _ABOUT_THAT.sub(topic, _POINTED.sub(named, text))


def _ordinals(text: str, context: Context) -> str:
    listed = context.listed()

    def named(match: re.Match[str]) -> str:
        rank = _RANKS[match["rank"].lower()]
        points = match["one"] or match["rank"].lower() in ("former", "latter")
        if match["rank"].lower() == "other" and len(listed) != 2:
            return match[0]
        if not (points or not text[match.end() :].strip(" ?.!")) or len(listed) < 2:
            return match[0]
        return listed[rank].name if rank < len(listed) else match[0]

    return _ORDINAL.sub(named, text)


def _possessive(name: str) -> str:
    return f"{name}'" if name.endswith("s") else f"{name}'s"

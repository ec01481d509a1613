"""Puts something into a question in the place of what it was about."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg_videorag.ask.session.names import names_in
from kg_videorag.model import EntityType

if TYPE_CHECKING:
    from kg_videorag.ask.session.context import Context

_RANKS = "first|second|third|fourth|fifth|last|next"
_RANKED_ONE = re.compile(rf"(the (?:{_RANKS})) ones?$", re.IGNORECASE)
_RANKED = re.compile(rf"\bthe (?:{_RANKS})(?= [a-z])", re.IGNORECASE)
_ASKS_WHO = re.compile(r"who\b", re.IGNORECASE)
_DETERMINED = r"\b(?:the|a|an|its|his|her|their|this|that) "


def same_head(base: str, what: str) -> str | None:
    """With another of the same kind: "the second crew" where "the first crew" was asked for."""
    if ranked := _RANKED_ONE.match(what):  # "the last one" of crews
        found = _RANKED.search(base)
        return f"{base[: found.start()]}{ranked[1]}{base[found.end() :]}" if found else None
    head = re.escape(what.rsplit(maxsplit=1)[-1]) if what.split() else ""
    if not head or not re.match(r"(?:the|a|an|its|his|her|their|this|that)\b", what, re.IGNORECASE):
        return None
    found = re.search(rf"{_DETERMINED}(?:[\w-]+ ){{0,2}}?{head}\b", base, re.IGNORECASE)
    return f"{base[: found.start()]}{what}{base[found.end() :]}" if found else None


def put_in(base: str, what: str, context: Context) -> str | None:
    """The question about something else, which takes the place of a name of its kind."""
    names = [name for name in context.asked() if not name.is_date]
    known = names_in(f"of {what}", [e for turn in context.history for e in turn.entities])
    kind = known[-1].type if known else None
    if kind is not None:
        names = [n for n in names if n.type in (kind, None)]
        if not names:
            return None
    if names:
        old = names[-1]
        tail = base[old.end :]
        start = old.start
        before = base[:start]
        if what.lower().startswith(("the ", "a ", "an ")):
            before = re.sub(r"\b(?:the|a|an) $", "", before, flags=re.IGNORECASE)
        return f"{before}{what}{tail}"
    phrase = noun_phrase(context)
    if phrase and not (_ASKS_WHO.match(base) and (kind is EntityType.PERSON or "'s " in what)):
        return re.sub(rf"\b{re.escape(phrase)}\b", lambda _: what, base, count=1)
    return None


def noun_phrase(context: Context) -> str:
    """What the last question is about where it names nothing: "the rocket".

    As many words after "the" as the answer says in a row, else one.
    """
    base, told = context.last.understood, context.told.lower()
    for found in re.finditer(r"\bthe ([\w-]+(?: [\w-]+){0,3})", base, re.IGNORECASE):
        words = found[1].split()
        for count in range(len(words), 0, -1):
            phrase = " ".join(words[:count])
            if count == 1 or re.search(rf"\b{re.escape(phrase.lower())}\b", told):
                return f"the {phrase}"
    return ""


def phrase_of(noun: str, context: Context) -> str:
    """The phrase that a noun ends, where question or answer has one: "the team"."""
    for text in (context.last.understood, context.last.told):
        if found := re.search(
            rf"\bthe (?:[\w-]+ ){{0,2}}?{re.escape(noun)}\b", text, re.IGNORECASE
        ):
            return found[0]
    return ""


def is_only_name(text: str, context: Context) -> bool:
    """Whether a text is a name and nothing besides: "Buzz Aldrin"."""
    before = "of "  # a lone word at the beginning of a text is capital for its place
    names = names_in(f"{before}{text}", context.last.entities)
    return len(names) == 1 and names[0].text == text

"""English questions of which only the new part is said: "and Buzz Aldrin?", "in which year?"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg_videorag.ask.session.english_reference import with_names
from kg_videorag.ask.session.names import DATE, names_in
from kg_videorag.ask.session.substitute import is_only_name, noun_phrase, put_in, same_head

if TYPE_CHECKING:
    from kg_videorag.ask.session.context import Context

_AUX = r"(?:was|were|is|are|did|does|do|has|have|had|can|could|will|would)"
_ADVERBIAL = (
    r"(?:(?:in|on|at|to|from|since|until|by|during) (?:which|what) \w+|what (?:year|time|date|day)"
    r"|where (?:to|from)|where|when|why|how (?:long|often|far|soon)|how come|how"
    r"|(?:with|by|for|to|from) whom|who with)"
)
_ONLY_ASKS = re.compile(
    rf"^(?P<wh>{_ADVERBIAL}|which (?:year|day|date)|who)(?: exactly| precisely| then| (?:was"
    rf"|is) (?:that|it|this)"
    r"| did (?:that|it|this) happen)?\W*$",
    re.IGNORECASE,
)
_BASE = re.compile(rf"^(?P<wh>{_ADVERBIAL}) (?P<rest>{_AUX}\b.+)$", re.IGNORECASE)
_YES_NO = re.compile(rf"^{_AUX}\b", re.IGNORECASE)
_ABOUT = re.compile(r"^(?:what|how) about (?P<what>.+?)\W*$", re.IGNORECASE)
_PHRASE = re.compile(
    r"^(?P<prep>in|on|at|during|with|from|for|under|by|near|of) (?P<what>(?!which|what"
    r"|whom).{1,60}?)\W*$",
    re.IGNORECASE,
)
_ELSE = re.compile(
    r"^(?:what else(?: (?:is|was|do we know|is known|is said|is told))?(?: about (?P<what>.+?))?"
    r"|anything else(?: about (?P<any>.+?))?|(?:tell me "
    r"|say )?(?:something )?more(?: about (?P<more>.+?))?"
    r"|(?:more|further|any) details)\W*$",
    re.IGNORECASE,
)
_VERB = re.compile(
    rf"\b(?:{_AUX}|who|what|where|when|why|how|which|whose|whom|tell|show|list|explain|describe)\b",
    re.IGNORECASE,
)
_MAX_WORDS = 6  # of what is put in the place of a name


def fill(bare: str, context: Context, *, led: bool) -> str | None:
    """The whole question; None where nothing is left out, or it cannot be told what.

    Args:
        bare: Without "and" at its beginning.
        context: The history.
        led: Whether it stood there.
    """
    if found := _ONLY_ASKS.match(bare):
        return _asked_anew(found["wh"], context)
    if found := _ELSE.match(bare):
        return _more(found["what"] or found["any"] or found["more"], context)
    if found := _ABOUT.match(bare):
        return _instead(found["what"], context)
    if (found := _PHRASE.match(bare)) and len(found["what"].split()) <= _MAX_WORDS:
        return _narrowed(found["prep"], found["what"], context)
    what = bare.rstrip("?!. ")
    is_name = is_only_name(what, context) and bare.endswith("?")
    if (led or is_name) and len(what.split()) <= _MAX_WORDS and not _VERB.search(what):
        return _instead(what, context)
    return None


def _asked_anew(wh: str, context: Context) -> str | None:
    """The last question with another question word; of what it answered, where that was asked."""
    base = context.last.understood.rstrip("?!. ")
    wh = {"who with": "with whom", "which year": "in which year", "what year": "in which year"}.get(
        wh.lower(), wh.lower()
    )
    found = _BASE.match(base)
    if wh == "who":
        passive = found and re.match(r"(?:was|were|is|are)\b", found["rest"], re.IGNORECASE)
        return f"by whom {found['rest']}" if found and passive else None
    if found:
        return f"{wh} {found['rest']}"
    if _YES_NO.match(base):
        return f"{wh} {base[:1].lower()}{base[1:]}"
    if told := _first_sentence(context):
        was = "is it" if wh in ("why", "how", "how come") else "was it"
        return f"{wh} {was} that {told}"
    rest = re.match(rf"^(?:who|what|which \w+) (?P<rest>{_AUX}\b.+)$", base, re.IGNORECASE)
    return f"{wh} {rest['rest']}" if rest else f"{wh}: {base}"


def _first_sentence(context: Context) -> str:
    """What was answered, to be asked about: the first sentence, which begins small if it may."""
    quotes = [cited.quote for cited in context.last.cited] if context.last.answered else []
    text = quotes[0] if quotes else context.last.told
    sentence = re.split(r"(?<=[.!?])\s", text.strip(), maxsplit=1)[0].rstrip(".!? ")
    names = names_in(sentence, context.last.entities)
    begins_with_name = bool(names) and names[0].start == 0
    keeps = begins_with_name or sentence[:2].isupper()
    return sentence if keeps else f"{sentence[:1].lower()}{sentence[1:]}"


def _more(what: str | None, context: Context) -> str | None:
    if what:
        named = with_names(f"about {what}", context).removeprefix("about ")
        return f"what else is said about {named}"
    topic = context.topic()
    phrase = context.definite(topic.name) if topic else noun_phrase(context)
    return f"what else is said about {phrase}" if phrase else None


def _instead(what: str, context: Context) -> str | None:
    """The last question about something else."""
    what = with_names(what, context)
    base = context.last.understood.rstrip("?!. ")
    if DATE.fullmatch(what):
        return _with_date(base, f"in {what}", what, context)
    found = same_head(base, what) or put_in(base, what, context)
    return found or f"what is said about {what}"


def _narrowed(prep: str, what: str, context: Context) -> str:
    """The last question at another time or place."""
    what = with_names(what, context)
    base = context.last.understood.rstrip("?!. ")
    phrase = f"{prep.lower()} {what}"
    if DATE.search(what):
        return _with_date(base, phrase, what, context)
    if other := same_head(base, what):
        return other
    for name in reversed([n for n in context.asked() if n.may_be_thing]):
        if re.search(rf"\b{prep}\s+(?:the )?$", base[: name.start], re.IGNORECASE):
            return f"{base[: name.start]}{what}{base[name.end :]}"
    return f"{base} {phrase}"


def _with_date(base: str, phrase: str, date: str, context: Context) -> str:
    old = next((name for name in context.asked() if name.is_date), None)
    return f"{base[: old.start]}{date}{base[old.end :]}" if old else f"{base} {phrase}"

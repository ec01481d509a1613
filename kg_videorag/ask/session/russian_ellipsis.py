# ruff: noqa: RUF001, RUF002 - half of the words are Russian
"""Russian questions of which only the new part is said: «а Терешкова?», «а в каком году?»."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg_videorag.ask.session.names import DATE, HE, SHE, names_in
from kg_videorag.ask.session.russian_reference import noun_of, with_names
from kg_videorag.ask.session.substitute import is_only_name
from kg_videorag.model import EntityType

if TYPE_CHECKING:
    from kg_videorag.ask.session.context import Context

_ADVERBIAL = (
    r"(?:(?:в|на|из|с|до|по) как(?:ом|ой|ую|ие|их|ого) \w+|какого (?:числа|года)"
    r"|сколько (?:времени|лет)"
    r"|с кем|для кого|у кого|где|когда|почему|зачем|как(?: долго| давно| часто)?|куда|откуда)"
)
_ONLY_ASKS = re.compile(
    rf"^(?P<wh>{_ADVERBIAL}|кто|кем)(?: именно| точно| это(?: было| случилось| произошло)?)?\W*$",
    re.IGNORECASE,
)
_BASE = re.compile(rf"^(?P<wh>{_ADVERBIAL}) (?P<rest>.+)$", re.IGNORECASE)
_ABOUT = re.compile(
    r"^(?:что|как) (?:насчёт|насчет|касательно|по поводу) (?P<what>.+?)\W*$", re.IGNORECASE
)
_PHRASE = re.compile(
    r"^(?P<prep>в|во|на|с|из|о|об|у|под|при|около) (?P<what>(?!как|чём|чем|ком\b).{1,60}?)\W*$",
    re.IGNORECASE,
)
_ELSE = re.compile(
    r"^(?:(?:а )?(?:что|кто) ещё|что еще|ещё|еще"
    r"|что (?:ещё|еще)(?: (?:говорится|говорят|известно|сказано|было))?(?: (?:об?"
    r"|про) (?P<what>(?!.*(?:говор|извест)).+?))?"
    r"|(?:расскажи |можно )?(?:по)?подробнее(?: (?:об?|про) (?P<more>.+?))?)\W*$",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"\b(?:кто|кого|кому|кем|что|чего|чему|чем|какого|какому|каком|каким|какую|какими|каких|ли|где|когда|почему|зачем|как|куда|откуда|сколько|как(?:ой|ая|ое|ие)|чей|чья|покажи"
    r"|расскажи|назови|\w+(?:ает|яет|ует|ится|ется|ются|ятся|лся|лась|лись|лось))\b",
    re.IGNORECASE,
)
# The verb that agrees with a name: «родился», «полетел»; after the word that asks.
_HE_DID = re.compile(r"\b(\w{2,}?)(лся|л)\b")
_SHE_DID = re.compile(r"\b(\w{2,}?)(лась|ла)\b")
_CONSONANTS = "бвгджзйклмнпрстфхцчшщ"
_MAX_WORDS = 5


def fill(bare: str, context: Context, *, led: bool) -> str | None:
    """The whole question; None where nothing is left out, or it cannot be told what."""
    if found := _ONLY_ASKS.match(bare):
        return _asked_anew(found["wh"], context)
    if found := _ELSE.match(bare):
        return _more(found["what"] or found["more"], context)
    if found := _ABOUT.match(bare):
        return _instead(found["what"], context, agrees=False)  # not in its own case
    if (found := _PHRASE.match(bare)) and len(found["what"].split()) <= _MAX_WORDS and led:
        return _narrowed(found["prep"], found["what"], context)
    what = bare.rstrip("?!. ")
    is_name = is_only_name(what, context) and bare.endswith("?")
    if (led or is_name) and len(what.split()) <= _MAX_WORDS and not _VERB.search(what):
        return _instead(what, context)
    return None


def _asked_anew(wh: str, context: Context) -> str | None:
    """The last question with another question word; of what it answered, where that was asked."""
    base = context.last.understood.rstrip("?!. ")
    wh = wh.lower()
    if wh in ("кто", "кем"):
        return None
    if found := _BASE.match(base):
        return f"{wh} {found['rest']}"
    quotes = [cited.quote for cited in context.last.cited] if context.last.answered else []
    told = (quotes[0] if quotes else context.last.told).strip().rstrip(".!? ")
    if told:
        names = names_in(told, context.last.entities)
        keeps = bool(names) and names[0].start == 0
        return f"{wh} {told if keeps else told[:1].lower() + told[1:]}"
    return f"{wh}: {base}"


def _more(what: str | None, context: Context) -> str | None:
    if what:
        return f"что ещё говорится про {with_names(f'про {what}', context).removeprefix('про ')}"
    topic = context.topic()
    if topic is None:
        noun = noun_of(context)
        return f"что ещё говорится об этом ({noun})" if noun else None
    pronoun = "ней" if context.sex(topic) == SHE else "нём" if topic.may_be_person else ""
    return f"что ещё говорится {f'о {pronoun}' if pronoun else 'об этом'} ({topic.name})"


def _instead(what: str, context: Context, *, agrees: bool = True) -> str | None:
    """The last question about something else."""
    what = with_names(what, context)
    base = context.last.understood.rstrip("?!. ")
    names = [name for name in context.asked() if not name.is_date]
    if names:
        old = names[-1]
        known = names_in(f"о {what}", [e for turn in context.history for e in turn.entities])
        kind = known[-1].type if known else None
        if kind is not None:
            old = next((n for n in reversed(names) if n.type in (kind, None)), old)
        before = base[: old.start]
        before = _agreeing(before, what, context) if agrees else before
        return before + what + base[old.end :]
    noun = noun_of(context)
    if noun and (found := re.search(rf"\b{re.escape(noun)}\b", base)):
        return _agreeing(base[: found.start()], what, context) + what + base[found.end() :]
    return None


def _agreeing(before: str, what: str, context: Context) -> str:
    """The words before a name with their verb in the name's gender: родилась Терешкова."""
    named = names_in(f"о {what}", context.last.entities)
    sex = context.sex(named[0]) if named else ""
    if not sex and " " not in what:
        sex = SHE if what.endswith(("а", "я")) else HE if what[-1:] in _CONSONANTS else ""
    head, space, verb = before.rstrip().rpartition(" ")
    if not sex or not verb:
        return before
    if sex == SHE:
        verb = _HE_DID.sub(lambda m: f"{m[1]}{'лась' if m[2] == 'лся' else 'ла'}", verb)
    else:
        verb = _SHE_DID.sub(lambda m: f"{m[1]}{'лся' if m[2] == 'лась' else 'л'}", verb)
    return f"{head}{space}{verb} "


def _narrowed(prep: str, what: str, context: Context) -> str:
    """The last question at another time or place."""
    base = context.last.understood.rstrip("?!. ")
    phrase = f"{prep.lower()} {with_names(what, context)}"
    if DATE.search(what):
        old = next((name for name in context.asked() if name.is_date), None)
        if old is None:
            return f"{base} {phrase}"
        start = re.search(r"\b(?:в|во)\s*$", base[: old.start])
        return f"{base[: start.start() if start else old.start]}{phrase}{base[old.end :]}"
    for name in reversed(context.asked()):
        start = re.search(rf"\b{prep}\s+$", base[: name.start], re.IGNORECASE)
        if start and name.type in (EntityType.PLACE, EntityType.ORGANIZATION, None):
            return f"{base[: start.start()]}{phrase}{base[name.end :]}"
    return f"{base} {phrase}"

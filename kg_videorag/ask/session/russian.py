# ruff: noqa: RUF001 - half of the words are Russian
"""Russian follow-ups: what is left out of them, and what they point at."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg_videorag.ask.session import russian_ellipsis as ellipsis
from kg_videorag.ask.session.anchors import around_last
from kg_videorag.ask.session.russian_reference import with_names
from kg_videorag.ask.session.turn import Understood

if TYPE_CHECKING:
    from kg_videorag.ask.session.context import Context

_LED = re.compile(r"^(?:(?:а|и|но|ну|так|хорошо|ладно)\b,? )+", re.IGNORECASE)
_OTHER = re.compile(
    r",?\s*\b(?:в|из|на) (?:друг(?:ом|ой|их)|втор(?:ом|ой)|следующ(?:ем|ей)|остальных)"
    r" (?:видео(?:записи|записях)?|фильм[еа]х?|ролик[еа]х?|запис(?:и|ях))\b",
    re.IGNORECASE,
)
_WHAT = (
    r"что (?:же )?(?:был[оа]?|будет|происходит|произошло|происходило|случилось|идёт|идет"
    r"|говорится|говорят|сказано|показывают|там|он говорит|она говорит)?\s*"
)
_AFTER = re.compile(
    rf"^(?:{_WHAT}(?:сразу )?(?:дальше|потом|затем|после этого|после)"
    r"|(?:сразу )?(?:потом|дальше|затем|после этого)(?: что)?|продолжай)\W*$",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    rf"^(?:{_WHAT}(?:прямо )?(?:до этого|перед этим|до того|раньше)|(?:до этого|перед этим"
    rf"|раньше))\W*$",
    re.IGNORECASE,
)
_AFTER_THAT = re.compile(
    r",?\s*\b(?:сразу |прямо )?(?P<when>после этого|потом|до этого|перед этим)(?=\W*$)",
    re.IGNORECASE,
)
_FORM = "Что говорится с {} до {}?"


def rewrite(asked: str, context: Context) -> Understood | None:
    """A follow-up standing alone; None where it does already, or nothing explains it."""
    bare = _LED.sub("", asked)
    led = bare != asked
    if (found := _at_time(bare, context)) or (found := _elsewhere(bare, context)):
        return found
    filled = ellipsis.fill(bare, context, led=led)
    if filled is None:
        filled = with_names(bare, context)
        if filled == bare:
            return None
    return Understood(_sentence(filled))


def _at_time(bare: str, context: Context) -> Understood | None:
    """What comes after or before what was cited last."""
    if _AFTER.match(bare):
        return around_last(context.last, _FORM, after=True)
    if _BEFORE.match(bare):
        return around_last(context.last, _FORM, after=False)
    if not (found := _AFTER_THAT.search(bare)):
        return None
    rest = with_names(bare[: found.start()].strip(" ?.,"), context)
    after = found["when"].lower() in ("после этого", "потом")
    return around_last(context.last, f"{_sentence(rest, '')} с {{}} до {{}}?", after=after)


def _elsewhere(bare: str, context: Context) -> Understood | None:
    """The last question, or this one, asked of other videos."""
    if not context.last.cited or not (found := _OTHER.search(bare)):
        return None
    rest = (bare[: found.start()] + bare[found.end() :]).strip(" ?.,")
    if not rest:
        return Understood(context.last.understood, elsewhere=True)
    filled = ellipsis.fill(rest, context, led=True) or with_names(rest, context)
    return Understood(_sentence(filled), elsewhere=True)


def _sentence(text: str, end: str = "?") -> str:
    bare = text.strip(" ,").rstrip("?.! ")
    return f"{bare[:1].upper()}{bare[1:]}{end}"

# ruff: noqa: RUF001 - half of the words are Russian
"""Russian follow-ups: what is left out of them, and what they point at."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg_videorag.ask.session import russian_ellipsis as ellipsis
from kg_videorag.ask.session.anchors import around_last
from kg_videorag.ask.session.grammar import Grammar, sentence
from kg_videorag.ask.session.russian_reference import with_names

if TYPE_CHECKING:
    from kg_videorag.ask.session.context import Context
    from kg_videorag.ask.session.turn import Understood

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
    return around_last(context.last, f"{sentence(rest, '')} с {{}} до {{}}?", after=after)


GRAMMAR = Grammar(
    led=_LED,
    other=_OTHER,
    fill=ellipsis.fill,
    with_names=with_names,
    at_time=_at_time,
)

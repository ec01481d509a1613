"""English follow-ups: what is left out of them, and what they point at."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg_videorag.ask.session import english_ellipsis as ellipsis
from kg_videorag.ask.session.anchors import around_last
from kg_videorag.ask.session.english_reference import with_names
from kg_videorag.ask.session.grammar import Grammar, sentence

if TYPE_CHECKING:
    from kg_videorag.ask.session.context import Context
    from kg_videorag.ask.session.turn import Understood

_LED = re.compile(r"^(?:(?:and|but|so|ok|okay|well|now|also)\b,? |then,? (?=\w+ ))+", re.IGNORECASE)
_OTHER = re.compile(
    r",?\s*\b(?:in|from) (?:(?:the|any|all) )?(?:an)?(?:other|second|next) (?:video|film|clip"
    r"|recording"
    r"|one)s?\b|\belsewhere\b",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"^(?:what (?:comes|came|happens|happened|follows|is said|was said|is shown|do(?:es)? (?:he"
    r"|she|it"
    r"|they) say) (?:right |just |directly |immediately |shortly )?(?:next|then|afterwards?|later)"
    r"|what(?:'s| is)? next|then(?: what)?|what follows|(?:what )?(?:comes|happens) next"
    r"|next|go on|continue)\W*$",
    re.IGNORECASE,
)
_AFTER_THAT = re.compile(
    r",?\s*\b(?:right |just |directly |immediately |shortly |straight )?(after|before) (?:that"
    r"|this)"
    r"(?=\W*$| in the )|\b(afterwards)(?=\W*$)",
    re.IGNORECASE,
)
_IDLE = re.compile(
    r"^(?:what (?:comes|came|happens|happened|is said|was said|is|was|do(?:es)? (?:he|she|it"
    r"|they) say)?"
    r"|)$",
    re.IGNORECASE,
)


def _at_time(bare: str, context: Context) -> Understood | None:
    """What comes after or before what was cited last."""
    if _AFTER.match(bare):
        return around_last(context.last, "What is said from {} to {}?", after=True)
    if not (found := _AFTER_THAT.search(bare)):
        return None
    rest = (bare[: found.start()] + bare[found.end() :]).strip(" ?.,")
    after = (found[1] or "after").lower() == "after"
    if _IDLE.match(rest):
        return around_last(context.last, "What is said from {} to {}?", after=after)
    rest = with_names(rest, context)
    return around_last(context.last, f"{sentence(rest, '')} from {{}} to {{}}?", after=after)


GRAMMAR = Grammar(
    led=_LED,
    other=_OTHER,
    fill=ellipsis.fill,
    with_names=with_names,
    at_time=_at_time,
    idle=re.compile(r"^(?:what|how) about$", re.IGNORECASE),
)

"""How a follow-up is made whole, whatever its language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from kg_videorag.ask.session.turn import Understood

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg_videorag.ask.session.context import Context

_NOTHING = re.compile(r"\A\Z")


class Fill(Protocol):
    """Makes whole what is left out; None where nothing is, or it cannot be told what."""

    def __call__(self, bare: str, context: Context, *, led: bool) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Grammar:
    """A language, as follow-ups are made in it.

    Args:
        led: What leads a follow-up in: "and", "but".
        other: What asks for other videos.
        idle: What says nothing where other videos are asked for: "what about".
        fill: Makes whole what is left out.
        with_names: Names what points at the history.
        at_time: What comes after or before what was cited last; None if that is not asked.
    """

    led: re.Pattern[str]
    other: re.Pattern[str]
    fill: Fill
    with_names: Callable[[str, Context], str]
    at_time: Callable[[str, Context], Understood | None]
    idle: re.Pattern[str] = _NOTHING

    def rewrite(self, asked: str, context: Context) -> Understood | None:
        """A follow-up standing alone; None where it does already, or nothing explains it."""
        bare = self.led.sub("", asked)
        if (found := self.at_time(bare, context)) or (found := self._elsewhere(bare, context)):
            return found
        filled = self.fill(bare, context, led=bare != asked)
        if filled is None:
            filled = self.with_names(bare, context)
            if filled == bare:
                return None
        return Understood(sentence(filled))

    def _elsewhere(self, bare: str, context: Context) -> Understood | None:
        """The last question, or this one, asked of other videos."""
        if not context.last.cited or not (found := self.other.search(bare)):
            return None
        rest = self.idle.sub("", (bare[: found.start()] + bare[found.end() :]).strip(" ?.,"))
        if not rest:
            return Understood(context.last.understood, elsewhere=True)
        filled = self.fill(rest, context, led=True) or self.with_names(rest, context)
        return Understood(sentence(filled), elsewhere=True)


def sentence(text: str, end: str = "?") -> str:
    """A text with a capital at its beginning, and one mark at its end."""
    bare = text.strip(" ,").rstrip("?.! ")
    return f"{bare[:1].upper()}{bare[1:]}{end}"

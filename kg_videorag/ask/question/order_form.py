"""What a language's forms of asking for a neighbour are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg_videorag.ask.question.model import OrderRelation


@dataclass(frozen=True, slots=True)
class OrderForms:
    """How one language asks for what lies beside something in a video.

    Args:
        relations: What a turn means, by the pattern that it matches whole.
        turn: Where a question turns from what it asks to what that lies beside, with the groups
            `near` (words that ask for what is nearest) and `relation`.
        heads: What asks of the video, whatever follows.
        near_heads: What does so only where what is nearest is asked for. It may have a group
            `topic`: what is asked of the neighbour.
        whole: Whole questions without a turn, with the groups `near` and `anchor`, and what
            they mean.
        asks: How a head begins that follows its anchor without a comma.
        next: Words in a head that ask for what is nearest: "next".
        both: What stands between the two ends of a stretch.
        begins: How the second of them may begin.
        opening: Words at an anchor's beginning that only say that it is in the video.
        closing: The same, at its end.
        shown: What names something that is shown, at an anchor's beginning or in a head.
        times: Words that name a time of the world.
    """

    relations: Sequence[tuple[re.Pattern[str], OrderRelation]]
    turn: re.Pattern[str]
    heads: re.Pattern[str]
    near_heads: re.Pattern[str]
    whole: Sequence[tuple[re.Pattern[str], OrderRelation]]
    asks: re.Pattern[str]
    next: re.Pattern[str]
    both: re.Pattern[str]
    begins: re.Pattern[str]
    opening: re.Pattern[str]
    closing: re.Pattern[str]
    shown: re.Pattern[str]
    times: frozenset[str]

    def relation(self, said: str) -> OrderRelation:
        """What a turn means."""
        return next(meant for pattern, meant in self.relations if pattern.fullmatch(said))


def either(*patterns: str) -> re.Pattern[str]:
    """One of several, in letters of any case."""
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)

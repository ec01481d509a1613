"""What a rule says of two names."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Agreement(IntEnum):
    """How far two contexts agree, or must."""

    NONE = 0
    SOME = 1
    STRONG = 2


@dataclass(frozen=True, slots=True)
class Match:
    """Two names that may be one thing's.

    Args:
        reason: Why.
        score: How sure that is, 0..1.
        needs: How far their contexts must agree.
        short: 0 or 1: which of the two might stand for another thing as well; None: neither.
    """

    reason: str
    score: float
    needs: Agreement = Agreement.NONE
    short: int | None = None

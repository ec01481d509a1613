"""Makes a follow-up a question that stands alone: a pure function of it and the history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg_videorag.ask.session import english, russian
from kg_videorag.ask.session.context import Context
from kg_videorag.ask.session.turn import Understood
from kg_videorag.words import RUSSIAN, language_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg_videorag.ask.session.turn import Turn

_MAX_CHARS = 500  # whoever asks more says what they mean


def stand_alone(question: str, history: Sequence[Turn]) -> Understood:
    """What a question asks, with all that it leaves to the history.

    Pronouns get their names ("Where did she study?"), what is left out is filled in ("and Buzz
    Aldrin?"), "after that" becomes the time of the last citation. What stands alone comes back as
    it is, letter for letter; so does what the history does not explain.

    Args:
        question: In English or Russian.
        history: The conversation, the last turn at the end.
    """
    asked = question.strip()
    if not history or not asked or len(asked) > _MAX_CHARS:
        return Understood(question)
    language = russian if language_of(asked) == RUSSIAN else english
    found = language.GRAMMAR.rewrite(asked, Context(history))
    return found or Understood(question)

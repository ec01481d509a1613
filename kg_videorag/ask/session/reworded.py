"""Whether a language model's wording of a follow-up asks the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg_videorag.ask.session.names import names_in
from kg_videorag.words import content_stems, language_of, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg_videorag.ask.session.turn import Turn

_MAX_LONGER = 3  # times as long as the rules' own: else it explains, or answers


def keeps_names(wording: str, question: str, history: Sequence[Turn]) -> bool:
    """Whether a wording names all that the question names, and nothing that nobody named.

    Args:
        wording: One line of a language model.
        question: The follow-up as the rules understand it.
        history: The conversation.
    """
    entities = [entity for turn in history for entity in turn.entities]
    known = " ".join([question, *(f"{t.understood} {t.told}" for t in history)])
    said, asked = content_stems(wording), names_in(question, entities)
    return (
        bool(words(wording))
        and len(wording) <= _MAX_LONGER * len(question) + 40
        and language_of(wording) == language_of(question)
        and all(content_stems(name.text) <= said for name in asked)
        and all(content_stems(n.text) <= content_stems(known) for n in names_in(wording, entities))
    )

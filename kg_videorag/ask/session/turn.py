"""One question of a conversation with its answer, as the next question may lean on it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg_videorag.ask.session.names import names_in

if TYPE_CHECKING:
    from kg_videorag.model import Answer, Entity, Span

MAX_ENTITIES, MAX_CITED, MAX_ANSWER_CHARS = 20, 10, 4_000  # of a turn that is kept
_MARK = re.compile(r"\s*\[\d+\]")


@dataclass(frozen=True, slots=True)
class Cited:
    """What an answer cited: where, and the words."""

    video_id: str
    video: str
    span: Span
    quote: str


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and its answer.

    Args:
        question: As it was asked.
        understood: The same, standing alone.
        answer: Its text without marks; the refusal where nothing answered.
        answered: Whether anything did.
        entities: Those that question or answer name, in order.
        cited: In the answer's order.
        asked_at: ISO 8601, UTC; "" where it is not kept.
    """

    question: str
    understood: str
    answer: str = ""
    answered: bool = False
    entities: tuple[Entity, ...] = ()
    cited: tuple[Cited, ...] = ()
    asked_at: str = ""

    @property
    def told(self) -> str:
        """What was answered; nothing where it was a refusal."""
        return self.answer if self.answered else ""


@dataclass(frozen=True, slots=True)
class Understood:
    """What a question asks, standing alone.

    Args:
        question: In words.
        elsewhere: Whether it asks in other videos than the last answer cites.
        video_id: The one video that it means, where it points at a moment of the last answer.
    """

    question: str
    elsewhere: bool = False
    video_id: str | None = None


def turn_of(answer: Answer, *, question: str = "", asked_at: str = "") -> Turn:
    """What is kept of an answer.

    Args:
        answer: To the question as it was understood.
        question: As it was asked, where that is something else.
        asked_at: When; ISO 8601.
    """
    text = _MARK.sub("", answer.text)[:MAX_ANSWER_CHARS]
    told = f"{answer.question}\n{text if answer.answered else ''}"
    named = [name.entity for name in names_in(told, answer.graph.entities) if name.entity]
    return Turn(
        question=question or answer.question,
        understood=answer.question,
        answer=text,
        answered=answer.answered,
        entities=tuple({entity.id: entity for entity in named}.values())[:MAX_ENTITIES],
        cited=tuple(
            Cited(c.video_id, c.video, c.span, c.quote) for c in answer.citations[:MAX_CITED]
        ),
        asked_at=asked_at,
    )

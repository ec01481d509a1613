"""Reads a question: which entities of the graph does it name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from kg_videorag.errors import AskError
from kg_videorag.model import EntityType
from kg_videorag.words import content_stems, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg_videorag.model import Entity

MAX_QUESTION_CHARS = 2_000
_MAX_ENTITIES = 8
# rapidfuzz ratio, 0..100: "hamilton" and "hamiltan" are one word, "huntsvil" and "hunt" not
_SAME_WORD = 82.0
_ENOUGH_OF_NAME = 0.5  # "Saturn" names the Saturn V, "center" no Space Center


def check_question(question: str) -> str:
    """The question without surrounding space.

    Raises:
        AskError: If it is empty or longer than MAX_QUESTION_CHARS.
    """
    # An argument that is no UTF-8 comes with half characters, which nothing else takes.
    stripped = question.encode("utf-8", "replace").decode("utf-8").strip()
    if not words(stripped):
        raise AskError("the question has no words", hint='Ask like: kg-videorag ask "Who ...?"')
    if len(stripped) > MAX_QUESTION_CHARS:
        raise AskError(
            f"the question has {len(stripped)} characters; {MAX_QUESTION_CHARS} are allowed",
            hint="Ask for one thing at a time.",
        )
    return stripped


def named_entities(question: str, candidates: Sequence[Entity]) -> tuple[Entity, ...]:
    """Those candidates whose names the question says, the most fully named first.

    Args:
        question: What the user asked.
        candidates: Entities whose names share a word with it, or nearly.
    """
    asked = content_stems(question)
    shares = {entity.id: _share_named(entity, asked) for entity in candidates}
    named = [entity for entity in candidates if shares[entity.id] >= _ENOUGH_OF_NAME]
    return tuple(sorted(named, key=lambda e: (-shares[e.id], e.id))[:_MAX_ENTITIES])


def _share_named(entity: Entity, asked: frozenset[str]) -> float:
    """The share of a name's words that the question says, weighed by their length.

    A person is named by the last word alone: "Johnson" is Katherine Johnson.
    """
    stems = content_stems(entity.name)
    said = {stem for stem in stems if any(same_word(stem, word) for word in asked)}
    if entity.type is EntityType.PERSON and content_stems(entity.name.split()[-1]) & said:
        return 1.0
    return sum(map(len, said)) / (sum(map(len, stems)) or 1)


def same_word(first: str, second: str) -> bool:
    """Whether two stems are one word, or spelt nearly so."""
    return first == second or (
        min(len(first), len(second)) > 4 and fuzz.ratio(first, second) >= _SAME_WORD
    )

"""The frozen values that the rules pass to each other."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from kg_videorag.identity import normalise_name

if TYPE_CHECKING:
    from kg_videorag.model import EntityType, TextRelation

# Not probabilities, the model gives none: constants that rank the rules by how often each was
# right on sentences read by hand, of which tests/unit/test_spacy_relations.py keeps a part.
NAMED_CONFIDENCE = 0.85  # a named entity of the model
PROPER_CONFIDENCE = 0.6  # a run of proper nouns
NOUN_CONFIDENCE = 0.5  # a common noun
CLAUSE_CONFIDENCE = 0.7  # a relation said by a verb
PRONOUN_CONFIDENCE = 0.5  # a person by pronoun, and what is told of one
LINK_CONFIDENCE = 0.6  # a relation said by nouns: possession, apposition, place


class Kind(IntEnum):
    """How much a phrase says by itself."""

    NAME = 0  # Saturn V
    TERM = 1  # guidance computer, polonium
    BARE = 2  # rocket: an entity only where it is related to a name or a term
    PRONOUN = 3  # he: stands for a name of a sentence before, or for nothing


class Basis(IntEnum):
    """What a type rests on, the strongest first."""

    NAME = 0  # the words of the name
    CONTEXT = 1  # what the sentence calls it
    MODEL = 2  # the statistical model
    DEFAULT = 3


@dataclass(frozen=True, slots=True)
class Phrase:
    """Tokens `[start, end)` of one Doc that may be an entity.

    Tokens up to `reach` stand for it too: the rocket of "Saturn V rocket".
    """

    start: int
    end: int
    reach: int
    kind: Kind
    type: EntityType
    basis: Basis
    confidence: float


@dataclass(frozen=True, slots=True)
class Triple:
    """A relation between phrases, by their indices; tokens `[start, end)` say it."""

    subject: int
    predicate: str
    object: int
    start: int
    end: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """A phrase of a text, `text[start_char:end_char]` its name; of a pronoun, whom it means."""

    name: str
    start_char: int
    end_char: int
    phrase: Phrase
    stands_for: str = ""

    @property
    def key(self) -> str:
        return normalise_name(self.stands_for or self.name)


@dataclass(frozen=True, slots=True)
class Reading:
    """What one text may say; the relations' ends are indices of `candidates`."""

    candidates: tuple[Candidate, ...] = ()
    relations: tuple[TextRelation, ...] = ()

"""A sentence, or a line on the screen, that may be quoted, and what speaks for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg_videorag.engines.extractive.alike import said_otherwise
from kg_videorag.engines.extractive.names import has_name, says_name
from kg_videorag.engines.extractive.pronouns import meant_by, unresolved_pronouns
from kg_videorag.engines.extractive.screen import is_line, line_answers, quote_of, stems_of_line
from kg_videorag.model import Modality
from kg_videorag.words import RUSSIAN, content_stems, language_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from kg_videorag.engines.extractive.question import Question
    from kg_videorag.model import Evidence, Sentence

ANSWERS = 0.75  # cosine plus weighed share: below, nothing is quoted
_ASKED_WEIGHT = 0.56  # of the share of the question's own words that a sentence says
_SAID_ENOUGH = 0.7  # that share, where no cosine can be had: the embedder reads another language
_CARRIES_ON = 0.5  # of what is asked, said by a sentence that takes its name from the one before


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sentence first stands.

    Args:
        evidence: Its number, from 1.
        video_id: Of which video.
        sentence: What is said or shown.
        context: What was said before it, the last first; nothing for a line on the screen.
    """

    evidence: int
    video_id: str
    sentence: Sentence
    context: Sequence[str]


def find_places(evidence: Sequence[Evidence]) -> dict[str, Place]:
    """Every sentence and line of the evidence, as it would be quoted, each text once."""
    places: dict[str, Place] = {}
    for number, item in enumerate(evidence, start=1):
        said = list(item.before)
        for sentence in item.sentences:
            spoken = sentence.modality is Modality.SPEECH
            context = said[::-1] if spoken else []
            place = Place(number, item.video_id, sentence, context)
            places.setdefault(quote_of(sentence), place)
            if spoken:
                said.append(sentence.text)
    return places


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A sentence of the evidence, weighed against a question.

    Args:
        text: As it would be quoted.
        place: Where it stands.
        vector: Its embedding; None where the embedder does not read the question.
        cosine: To the question; None likewise.
        stems: What it says of what is asked, and else.
        share_said: The share of what is asked that it says, 0..1.
        answers: Whether it has what is wanted: a number, a place.
        denies: Whether it says another thing in the place of what is asked.
        namesakes: Names of the question whose last word means somebody else in its video.
    """

    text: str
    place: Place
    vector: NDArray[np.float32] | None
    cosine: float | None
    stems: frozenset[str]
    share_said: float
    answers: bool
    denies: bool
    namesakes: frozenset[tuple[str, ...]]

    @classmethod
    def weigh(
        cls,
        asked: Question,
        text: str,
        place: Place,
        vectors: tuple[NDArray[np.float32] | None, NDArray[np.float32] | None],
        namesakes: frozenset[tuple[str, ...]],
    ) -> Candidate:
        """Weigh a text; `vectors` are the question's and its own."""
        line = place.sentence
        stems = stems_of_line(line, asked.stems) if is_line(line) else content_stems(text)
        if stems:  # a line without any is about something else
            stems |= said_otherwise(asked.stems, line.text)
        own, question = vectors[1], vectors[0]
        return cls(
            text=text,
            place=place,
            vector=own,
            cosine=None if own is None or question is None else float(own @ question),
            stems=stems,
            share_said=asked.share_said(stems) if stems else 0.0,
            answers=line_answers(asked, line) if is_line(line) else asked.is_answered_by(text),
            denies=asked.is_denied_by(line.text),
            namesakes=namesakes,
        )

    @property
    def relevance(self) -> float:
        """Cosine plus the weighed share; by the share alone where there is no cosine."""
        if self.cosine is None:
            return ANSWERS + _ASKED_WEIGHT * (self.share_said - _SAID_ENOUGH)
        return self.cosine + _ASKED_WEIGHT * self.share_said

    def says(self, name: tuple[str, ...]) -> bool:
        """Whether it says a name, or stands where the name is understood."""
        in_part = name not in self.namesakes
        if says_name(name, self.text, in_part=in_part):
            return True
        context = self.place.context
        pronouns = unresolved_pronouns(self.text)
        if pronouns:
            meant = meant_by(pronouns, context)
            return any(says_name(name, said, in_part=in_part) for said in meant)
        # "Krakatoa erupted in 1883. People heard the explosion 5,000 km away." A Russian surname
        # mostly stands alone, as the first word too: Кузнецов предложил ...
        alone = language_of(self.text) == RUSSIAN
        return (
            not has_name(self.text, first_word=alone)
            and self.share_said >= _CARRIES_ON
            and any(says_name(name, said, in_part=in_part) for said in context[:1])
        )

    def says_any(self, names: Sequence[Sequence[str]]) -> bool:
        """Whether it says at least one of the names, without help of a pronoun."""
        return any(says_name(name, self.text) for name in names)

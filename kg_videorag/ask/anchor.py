"""Finds the sentence that says what a question names: "the landing"."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from kg_videorag.model import Modality
from kg_videorag.words import content_stems, reads

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg_videorag.graph.around import Neighbour, Surroundings
    from kg_videorag.model import Sentence
    from kg_videorag.ports import Embedder

_WORDS_WEIGHT = 0.5  # of the share of the anchor's words that a sentence says, beside its cosine
# Measured on the samples: docs/adr/0025-understanding-questions.md.
_SAYS_IT = 0.75
_SAYS_IT_IN_WORDS = 0.25  # where no cosine can be had: half of the words
_CARRIED = 0.5  # of a word that the sentence before says
_AS_GOOD = 0.1  # another place may say it this much less well than the best


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place that says what a question names.

    Args:
        sentence: That says it.
        around: Its segment and the neighbours.
        score: How well it says it.
    """

    sentence: Sentence
    around: Surroundings
    score: float

    @property
    def video_id(self) -> str:
        return self.around.video_id

    @property
    def chain(self) -> tuple[Neighbour, ...]:
        """Its segment and the neighbours, the nearest first."""
        return (self.around.here, *self.around.beside)


def find_anchors(
    text: str,
    surroundings: Mapping[str, Surroundings],
    embedder: Embedder,
    *,
    shown: bool,
) -> list[Anchor]:
    """The sentences and lines on the screen that say a text, the best first.

    Args:
        text: What the question names.
        surroundings: Of the segments that were found for it.
        embedder: Compares sentences with it, where it reads its language.
        shown: Whether the question names something that is shown.
    """
    places = [
        (around, sentence, before)
        for around in surroundings.values()
        for before, sentence in pairwise([None, *around.sentences])
        if sentence
    ]
    cosines = _cosines(text, [sentence for _, sentence, _ in places], embedder)
    stems = content_stems(text)
    least = _SAYS_IT_IN_WORDS if cosines is None else _SAYS_IT
    found = []
    for n, (around, sentence, before) in enumerate(places):
        score = _WORDS_WEIGHT * _share_said(stems, sentence, before)
        score += cosines[n] if cosines else 0.0
        if score >= least:
            found.append(Anchor(sentence, around, score))
    # What is said stands at its time; a slide that tells of it stands from before till after.
    meant = [a for a in found if (a.sentence.modality is Modality.SCREEN) == shown] or found
    return sorted(meant, key=lambda anchor: (-anchor.score, anchor.sentence.span))


def as_good(anchors: Sequence[Anchor], limit: int) -> list[Anchor]:
    """The best anchor, and those of other videos that are hardly worse.

    Args:
        anchors: The best first.
        limit: How many at most.
    """
    kept: dict[str, Anchor] = {}
    for anchor in anchors:
        if anchor.score < anchors[0].score - _AS_GOOD:
            break
        kept.setdefault(anchor.video_id, anchor)
    return list(kept.values())[:limit]


def _share_said(stems: frozenset[str], sentence: Sentence, before: Sentence | None) -> float:
    """The share of an anchor's words that a sentence says, those of the one before by half.

    "Buzz Aldrin followed him" says little of Armstrong without it.
    """
    own = stems & content_stems(sentence.under_heading)
    if not stems or not own:
        return 0.0
    is_told_on = before is not None and before.modality is sentence.modality
    carried = stems & content_stems(before.text) - own if before and is_told_on else frozenset()
    return (len(own) + _CARRIED * len(carried)) / len(stems)


def _cosines(text: str, sentences: Sequence[Sentence], embedder: Embedder) -> list[float] | None:
    if not sentences or not reads(embedder.languages, text):
        return None
    texts = list(dict.fromkeys(sentence.under_heading for sentence in sentences))
    asked, *said = embedder.embed([text, *texts])
    near = {t: float(vector @ asked) for t, vector in zip(texts, said, strict=True)}
    return [near[sentence.under_heading] for sentence in sentences]

"""Finds the sentence that says what a question names: "the landing"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg_videorag.words import content_stems, reads

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg_videorag.graph.around import Neighbour, Surroundings
    from kg_videorag.model import Sentence
    from kg_videorag.ports import Embedder

_WORDS_WEIGHT = 0.5  # of the share of the anchor's words that a sentence says, beside its cosine
# Measured on the samples: docs/adr/0025-understanding-questions.md.
_SAYS_IT = 0.5
_SAYS_IT_IN_WORDS = 0.25  # where no cosine can be had: half of the words
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
    text: str, surroundings: Mapping[str, Surroundings], embedder: Embedder
) -> list[Anchor]:
    """The best sentence of each segment that says a text, the best first.

    Args:
        text: What the question names.
        surroundings: Of the segments that were found for it.
        embedder: Compares sentences with it, where it reads its language.
    """
    places = [(around, s) for around in surroundings.values() for s in around.sentences]
    cosines = _cosines(text, [s for _, s in places], embedder)
    stems = content_stems(text)
    least = _SAYS_IT_IN_WORDS if cosines is None else _SAYS_IT
    best: dict[str, Anchor] = {}
    for n, (around, sentence) in enumerate(places):
        said = len(stems & content_stems(sentence.under_heading)) / len(stems) if stems else 0.0
        score = _WORDS_WEIGHT * said + (cosines[n] if cosines else 0.0)
        known = best.get(around.here.segment_id)
        if score >= least and (known is None or score > known.score):
            best[around.here.segment_id] = Anchor(sentence, around, score)
    return sorted(best.values(), key=lambda anchor: (-anchor.score, anchor.sentence.span))


def as_good(anchors: Sequence[Anchor], limit: int) -> list[Anchor]:
    """The best anchor, and those that are hardly worse; one a moment.

    A line on the screen and a sentence under it say the same of one moment.

    Args:
        anchors: The best first.
        limit: How many at most.
    """
    kept: list[Anchor] = []
    for anchor in anchors:
        if anchor.score < anchors[0].score - _AS_GOOD or len(kept) == limit:
            break
        if not any(_is_one_moment(anchor, other) for other in kept):
            kept.append(anchor)
    return kept


def _is_one_moment(anchor: Anchor, other: Anchor) -> bool:
    return (
        anchor.video_id == other.video_id
        and anchor.sentence.text == other.sentence.text
        and anchor.sentence.modality == other.sentence.modality
    )


def _cosines(text: str, sentences: Sequence[Sentence], embedder: Embedder) -> list[float] | None:
    if not sentences or not reads(embedder.languages, text):
        return None
    texts = list(dict.fromkeys(sentence.under_heading for sentence in sentences))
    asked, *said = embedder.embed([text, *texts])
    near = {t: float(vector @ asked) for t, vector in zip(texts, said, strict=True)}
    return [near[sentence.under_heading] for sentence in sentences]

# ruff: noqa: RUF001 - some of the words are Russian
"""The sentences that say most of what a video says.

Source: LexRank (Erkan and Radev 2004): PageRank over the likeness of sentences. Power iteration
by numpy, for libraries of graph measures bring scipy, and asking imports none.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from kg_videorag.words import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from kg_videorag.ask.overview.units import Units
    from kg_videorag.model import Span

_DAMPING, _ROUNDS, _SETTLED = 0.85, 50, 1e-6
_ALIKE = 0.1  # cosines below join every sentence with every other
_BLOCK = 1_500  # sentences that are compared with each other: two hours of speech, 9 MB
_LEAST_WORDS, _MOST_WORDS = 5, 40
_ODD = 0.4  # what a sentence is worth that says little without others
_REPEATS = 0.7  # cosine from which on a sentence says again what one says
_LEANS = re.compile(
    r"^(?:and|but|so|or|because|then|also|he|she|it|they|this|that|these|those|his|her|its|their"
    r"|there|here|а|и|но|или|потому|он|она|оно|они|это|этот|эта|эти|его|её|их|там|тут|так)\b",
    re.IGNORECASE,
)
# Sentences: 3 of a minute, 12 of an hour, 20 at most.
_AT_A_MINUTE, _GROWTH, _MOST_SENTENCES = 3.0, 0.34, 20


def sentences_for(duration_ms: int) -> int:
    """How many sentences a summary of a video has."""
    wanted = _AT_A_MINUTE * max(duration_ms / 60_000, 1.0) ** _GROWTH
    return min(_MOST_SENTENCES, int(wanted + 0.5))


def centrality(units: Units) -> NDArray[np.float64]:
    """How central each sentence is, shape (sentences,); the mean is 1.

    Long videos are compared in blocks, so that memory stays bounded.
    """
    ranks = np.ones(len(units.lines))
    for start in range(0, len(units.lines), _BLOCK):
        block = slice(start, start + _BLOCK)
        prior = np.array([_standing(line.sentence.text) for line in units.lines[block]])
        ranks[block] = _pagerank(units.vectors[block], prior) * len(prior)
    return ranks


def most_central(
    units: Units, ranks: NDArray[np.float64], spans: Sequence[Span], count: int
) -> tuple[int, ...]:
    """Places of the sentences that sum a video up, in order of time.

    Args:
        units: Its sentences.
        ranks: How central each is.
        spans: Its chapters: each gives a sentence, where there are enough of them, the longest
            first, before one gives two.
        count: How many at most.
    """
    best = list(np.argsort(-ranks, kind="stable"))
    taken: list[int] = []
    for span in sorted(spans, key=lambda span: (-span.duration_ms, span)):
        here = [n for n in best if span.start_ms <= units.lines[n].start_ms < span.end_ms]
        _take(here, taken, units, min(count, len(taken) + 1))
    _take(best, taken, units, count)
    return tuple(sorted(int(n) for n in taken))


def _take(candidates: Sequence[int], taken: list[int], units: Units, count: int) -> None:
    for n in candidates:
        if len(taken) >= count:
            return
        repeats = bool(taken) and float(np.max(units.vectors[taken] @ units.vectors[n])) > _REPEATS
        if n not in taken and not repeats:
            taken.append(n)


def _pagerank(vectors: NDArray[np.float32], prior: NDArray[np.float64]) -> NDArray[np.float64]:
    likeness = vectors @ vectors.T
    np.fill_diagonal(likeness, 0)
    likeness[likeness < _ALIKE] = 0
    sums = likeness.sum(axis=1, keepdims=True)
    start = prior / prior.sum()
    steps = np.divide(likeness, sums, out=np.zeros_like(likeness), where=sums > 0)
    ranks = start
    for _ in range(_ROUNDS):
        lost = float(ranks[sums[:, 0] == 0].sum())  # what is like nothing leads anywhere
        new = (1 - _DAMPING) * start + _DAMPING * (steps.T @ ranks + lost * start)
        if float(np.abs(new - ranks).sum()) < _SETTLED:
            break
        ranks = new
    weighed: NDArray[np.float64] = ranks * prior
    return weighed / (weighed.sum() or 1)


def _standing(text: str) -> float:
    """How well a sentence stands alone, 0..1."""
    count = len(words(text))
    fits = _LEAST_WORDS <= count <= _MOST_WORDS
    leans = bool(_LEANS.match(text)) or text.rstrip().endswith("?")
    return (1.0 if fits else _ODD) * (_ODD if leans else 1.0)

"""Lets a reranker order the best of what was found, as one road among the others.

A road, so that a reranker that errs cannot throw out what all others agree on.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kg_videorag.ask.fuse import RERANK, fuse
from kg_videorag.model import Hit
from kg_videorag.words import reads

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from kg_videorag.ask.search import Roads
    from kg_videorag.ports import Reranker

RERANKED = 30  # hits that are read: some 30 runs of a small model, 0.5 s to 2 s on a CPU


def reranked(
    found: Roads,
    question: str,
    reranker: Reranker | None,
    texts_of: Callable[[Sequence[str]], Mapping[str, str]],
) -> Roads:
    """What was found, with the road of a reranker over the best of it.

    Args:
        found: By all other roads.
        question: In words.
        reranker: Whose order it is; None, or one that does not read the question's language,
            changes nothing.
        texts_of: What segments say, by their ids.
    """
    best = [ranked.segment_id for ranked in fuse(found.hits)[:RERANKED]]
    if reranker is None or not question or not best or not reads(reranker.languages, question):
        return found
    texts = {id_: text for id_, text in texts_of(best).items() if text.strip()}
    if not texts:
        return found
    scores = reranker.rerank(question, list(texts.values()))
    hits = [Hit(id_, float(score)) for id_, score in zip(texts, scores, strict=True)]
    hits.sort(key=lambda hit: (-hit.score, best.index(hit.segment_id)))
    return replace(found, hits={**found.hits, RERANK: hits})

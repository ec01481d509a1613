"""Asks the questions of a file and scores what comes."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg_videorag.evaluate.score import Group, Score, grouped, score

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kg_videorag.evaluate.metrics import Needs
    from kg_videorag.evaluate.questions import Question
    from kg_videorag.model import Answer

K = 5  # evidences that count, where nothing else is said


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What came of a file of questions.

    Args:
        top_k: How many evidences counted.
        scores: Question by question.
        groups: All, by kind and by set.
    """

    top_k: int
    scores: tuple[Score, ...]
    groups: tuple[Group, ...]


def evaluate(
    questions: Sequence[Question],
    needs: Sequence[Needs],
    ask: Callable[[str], Answer],
    *,
    k: int = K,
    on_question: Callable[[int], None] = lambda _: None,
) -> Evaluation:
    """Ask every question and score the answers.

    Args:
        questions: At least one.
        needs: Where the moments of each lie.
        ask: Answers a question.
        k: How many evidences count, from 1.
        on_question: Told how many are done.
    """
    scores: list[Score] = []
    for question, needed in zip(questions, needs, strict=True):
        begin = time.perf_counter()
        answer = ask(question.text)
        latency_ms = round((time.perf_counter() - begin) * 1000, 1)
        scores.append(score(question, needed, answer, k=k, latency_ms=latency_ms))
        on_question(len(scores))
    return Evaluation(k, tuple(scores), grouped(scores))

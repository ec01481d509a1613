"""Scores of questions, and their sums by kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg_videorag.evaluate.metrics import (
    Needs,
    Place,
    best_iou,
    coverage_at,
    is_accurate,
    percentile,
    recall_at,
    right_citations,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from kg_videorag.evaluate.questions import Question
    from kg_videorag.model import Answer

# Metrics of a group, as reports and `--fail-under` name them.
METRICS = (
    "recall",
    "coverage",
    "temporal_iou",
    "citation_precision",
    "accuracy",
    "refusal",
    "false_refusal",
    "latency_p50_ms",
    "latency_p95_ms",
)


@dataclass(frozen=True, slots=True)
class Score:
    """How one question was answered.

    Args:
        question: What was asked.
        answered: Whether it was not refused.
        text: The answer.
        recall: 1.0 if a needed moment is among the first k evidences; None if unanswerable.
        coverage: The share of needed moments that are; None if unanswerable.
        temporal_iou: Of the best citation; None if unanswerable.
        citations: How many there are.
        right_citations: How many of them cover a needed moment.
        accurate: Whether all answers are in the text; None where none are known.
        latency_ms: From question to answer.
    """

    question: Question
    answered: bool
    text: str
    recall: float | None
    coverage: float | None
    temporal_iou: float | None
    citations: int
    right_citations: int
    accurate: bool | None
    latency_ms: float


@dataclass(frozen=True, slots=True)
class Group:
    """The scores of some questions in one; a metric is None where nothing was to measure.

    Args:
        by: What they have in common: "all", "kind" or "set".
        name: Which kind or set; "all" of all.
        questions: How many.
        recall: Mean over the answerable.
        coverage: The same.
        temporal_iou: The same; 0 for one without a citation.
        citation_precision: The share of citations that cover a needed moment, over all
            citations of answerable questions.
        accuracy: The share of answerable questions whose answer has all that it must.
        refusal: The share of unanswerable questions that were refused.
        false_refusal: The share of answerable ones that were.
        latency_p50_ms: Over all.
        latency_p95_ms: The same.
    """

    by: str
    name: str
    questions: int
    recall: float | None
    coverage: float | None
    temporal_iou: float | None
    citation_precision: float | None
    accuracy: float | None
    refusal: float | None
    false_refusal: float | None
    latency_p50_ms: float
    latency_p95_ms: float


def score(question: Question, needs: Needs, answer: Answer, *, k: int, latency_ms: float) -> Score:
    """Score one answer.

    Args:
        question: What was asked.
        needs: Where its moments lie; empty if it is to be refused.
        answer: What came of it.
        k: How many evidences count, from 1.
        latency_ms: How long it took.
    """
    found = [Place(e.video_id, e.span) for e in answer.evidence]
    cited = [Place(c.video_id, c.span) for c in answer.citations]
    wanted = bool(needs)
    right = answer.answered and is_accurate(answer.text, question.answers)
    return Score(
        question=question,
        answered=answer.answered,
        text=answer.text,
        recall=recall_at(found, needs, k) if wanted else None,
        coverage=coverage_at(found, needs, k) if wanted else None,
        temporal_iou=best_iou(cited, needs) if wanted else None,
        citations=len(cited),
        right_citations=right_citations(cited, needs),
        accurate=right if wanted and question.answers else None,
        latency_ms=latency_ms,
    )


def grouped(scores: Sequence[Score]) -> tuple[Group, ...]:
    """All in one, then by kind and by set, in the order in which these come first.

    Args:
        scores: At least one.
    """
    kinds = dict.fromkeys(s.question.kind for s in scores)
    parts = dict.fromkeys(s.question.part for s in scores if s.question.part)
    return (
        summed(scores, "all", "all"),
        *(summed([s for s in scores if s.question.kind == k], "kind", k) for k in kinds),
        *(summed([s for s in scores if s.question.part == p], "set", p) for p in parts),
    )


def summed(scores: Sequence[Score], by: str, name: str) -> Group:
    """Scores in one.

    Args:
        scores: At least one.
        by: "all", "kind" or "set".
        name: Which.
    """
    wanted = [s for s in scores if s.question.is_answerable]
    others = [s for s in scores if not s.question.is_answerable]
    citations = sum(s.citations for s in wanted)
    right = sum(s.right_citations for s in wanted)
    latencies_ms = [s.latency_ms for s in scores]
    return Group(
        by=by,
        name=name,
        questions=len(scores),
        recall=_mean(wanted, lambda s: s.recall),
        coverage=_mean(wanted, lambda s: s.coverage),
        temporal_iou=_mean(wanted, lambda s: s.temporal_iou),
        citation_precision=right / citations if citations else None,
        accuracy=_mean(wanted, lambda s: s.accurate),
        refusal=_mean(others, lambda s: not s.answered),
        false_refusal=_mean(wanted, lambda s: not s.answered),
        latency_p50_ms=percentile(latencies_ms, 0.5),
        latency_p95_ms=percentile(latencies_ms, 0.95),
    )


def _mean(scores: Iterable[Score], value: Callable[[Score], float | None]) -> float | None:
    known = [v for s in scores if (v := value(s)) is not None]
    return sum(known) / len(known) if known else None

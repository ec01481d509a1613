"""Measures how well a library answers: questions -> evidence and answers -> metrics.

from kg_videorag.evaluate import read_questions
with VideoRAG() as rag:
evaluation = rag.evaluate(read_questions("questions.toml"))
"""

from kg_videorag.evaluate.limits import Limit, exceeded, read_limits
from kg_videorag.evaluate.locate import Library
from kg_videorag.evaluate.questions import Moment, Question, read_questions
from kg_videorag.evaluate.runner import Evaluation, evaluate
from kg_videorag.evaluate.score import METRICS, Group, Score

__all__ = [
    "METRICS",
    "Evaluation",
    "Group",
    "Library",
    "Limit",
    "Moment",
    "Question",
    "Score",
    "evaluate",
    "exceeded",
    "read_limits",
    "read_questions",
]

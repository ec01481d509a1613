"""Reads a question: what it asks for, when, in what order, in which films, of what kind.

Pure functions over text, English and Russian; what is found in the graph is no part of it.
Why it is read so: docs/adr/0025-understanding-questions.md.
"""

from kg_videorag.ask.question.model import Counted, Intent, Mentions, Order, OrderRelation, Question
from kg_videorag.ask.question.read import read_question

__all__ = [
    "Counted",
    "Intent",
    "Mentions",
    "Order",
    "OrderRelation",
    "Question",
    "read_question",
]

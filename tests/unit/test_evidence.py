"""A generator is given the best evidence that fits."""

from __future__ import annotations

import pytest

from kg_videorag.ask.evidence import within_budget
from kg_videorag.model import Evidence, Sentence, Span


def evidence(tokens):
    sentence = Sentence("x" * (tokens * 4), Span(0, 1))  # four characters a token
    return Evidence("s", "v", "v.mp4", Span(0, 1), 1.0, ("text",), (sentence,))


@pytest.mark.parametrize(
    ("sizes", "max_tokens", "taken"),
    [
        ([], 100, 0),
        ([10], 100, 1),
        ([50, 50], 100, 2),  # exactly full
        ([50, 51], 100, 1),
        ([50, 60, 10], 100, 1),  # nothing is taken past what did not fit: rank decides
        ([500], 100, 1),  # at least one
        ([500, 1], 100, 1),
        ([0, 0, 100], 100, 3),
    ],
)
def test_the_best_that_fits(sizes, max_tokens, taken):
    items = [evidence(size) for size in sizes]
    assert within_budget(items, max_tokens) == tuple(items[:taken])

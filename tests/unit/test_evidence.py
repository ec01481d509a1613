"""A generator is given the best evidence that fits."""

from __future__ import annotations

import pytest

from kg_videorag.ask.evidence import within_budget, within_windows
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


def test_only_what_is_said_in_the_stretch_that_is_asked_for():
    said = [Sentence(str(n), Span(n * 1000, n * 1000 + 900)) for n in range(4)]
    first = Evidence("a", "v", "v.mp4", Span(0, 2000), 1.0, ("time",), tuple(said[:2]))
    second = Evidence("b", "v", "v.mp4", Span(2000, 4000), 1.0, ("time",), tuple(said[2:]))
    window = Span(1500, 2500)
    both = within_windows([first, second], {"a": window, "b": window})
    assert [item.text for item in both] == ["1", "2"]
    # nothing is said just then, or no time is asked for: all as it is
    silence = Span(950, 990)
    assert within_windows([first], {"a": silence}) == (first,)
    assert within_windows([first, second], {}) == (first, second)

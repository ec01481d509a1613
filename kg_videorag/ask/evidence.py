"""Fits evidence into what a generator can read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg_videorag.model import Evidence, Span

_CHARS_PER_TOKEN = 4  # English under the tokenizers of Llama and GPT; an estimate on purpose


def within_budget(evidence: Sequence[Evidence], max_tokens: int) -> tuple[Evidence, ...]:
    """The best evidence whose text fits into `max_tokens`; at least one."""
    taken: list[Evidence] = []
    spent_chars = 0
    for item in evidence:
        spent_chars += len(item.text)
        if taken and spent_chars > max_tokens * _CHARS_PER_TOKEN:
            break
        taken.append(item)
    return tuple(taken)


def within_windows(
    evidence: Sequence[Evidence], windows: Mapping[str, Span]
) -> tuple[Evidence, ...]:
    """Only what is said in the stretches that a question names.

    Args:
        evidence: Segments.
        windows: By segment id; empty where no time is asked for.

    Returns:
        All evidence as it is where nothing is said just then: what is near is the best there is.
    """
    narrowed = []
    for item in evidence:
        window = windows.get(item.segment_id)
        if window is not None:
            said = tuple(s for s in item.sentences if s.span.overlaps(window))
            if said:
                narrowed.append(replace(item, sentences=said))
    return tuple(narrowed) or tuple(evidence)

"""Fits evidence into what a generator can read."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg_videorag.model import Evidence

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

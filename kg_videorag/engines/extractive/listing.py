"""Questions for all of a kind: "Who were the commanders of the crews?", «Какие ракеты летали?».

Evidence mostly tells them one by one, and names the whole in the first sentence alone: "Conrad
commanded the first crew of Skylab. Bean commanded the second." So a sentence belongs to the list
if it says as much of what is asked as the best one, soon before or after it in the same video,
of somebody or something else.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg_videorag.engines.extractive.names import names_in, says_name
from kg_videorag.engines.extractive.screen import is_spoken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg_videorag.engines.extractive.candidate import Candidate

MAX_LISTED = 6
_LESS_RELEVANT = 0.45  # than the best: it need not say the name of the whole
_SOON_MS = 60_000
_PLURAL = r"(?!(?:was|is|has|does|this)\b)\w{2,}(?:(?<![su])s|people|men|women|children)"
ASKING = re.compile(  # words that ask for a list, and say nothing of what is in it
    r"^(?:please )?(?:list|enumerate|name|give me|tell me)\b(?: (?:all|every|each|the|a list of))*"
    r"|^(?:перечисли|назови|дай)(?:те)?\b(?: (?:все|всех|мне|список))*",
    re.IGNORECASE,
)
_LIST = re.compile(
    r"^(?:please )?(?:list|enumerate)\b|^(?:name|give me|tell me) (?:all|every|each|a list|the)\b"
    rf"|^name {_PLURAL}\b|^(?:what|which|who) (?:are|were) (?:all )?(?:of )?the\b"
    rf"|^which (?:of the )?(?:\w+ ){{0,2}}?{_PLURAL}\b"
    rf"|^what (?:\w+ ){{0,2}}?{_PLURAL} (?:are|were|did|do|have|had)\b|\b(?:who|what) all\b"
    rf"|^who \w+ (?:all )?the {_PLURAL}\b"
    r"|^(?:перечисли|назови)(?:те)?\b|^(?:\w{1,3} )?(?:какие|каких)\b|^кто (?:все|были)\b",
    re.IGNORECASE,
)


def asks_for_list(question: str) -> bool:
    """Whether a question asks for all of a kind."""
    return bool(_LIST.search(question.strip()))


def with_others(quotes: Sequence[Candidate], candidates: Sequence[Candidate]) -> list[Candidate]:
    """The quotes of a list question, and the sentences that tell the same of others.

    Args:
        quotes: What answers best, the best first.
        candidates: Every sentence.

    Returns:
        Those quotes first, then the others in order of time.
    """
    best = next((quote for quote in quotes if quote.answers), None)
    if best is None:
        return list(quotes)
    others = [
        c
        for c in candidates
        if c not in quotes and _names_one_more(c, quotes) and _tells_the_same(c, best)
    ]
    in_time = sorted(others, key=lambda c: c.place.sentence.span)
    return [*quotes, *in_time][:MAX_LISTED]


def _names_one_more(candidate: Candidate, quotes: Sequence[Candidate]) -> bool:
    """Whether a sentence names one thing, and a new one.

    One that names two may tell of another whole: who worked at MIT, and who at Langley.
    """
    names = names_in(candidate.text, first_word=True)
    return len(names) == 1 and not any(says_name(names[0], quote.text) for quote in quotes)


def _tells_the_same(candidate: Candidate, best: Candidate) -> bool:
    here, there = candidate.place, best.place
    return (
        candidate.answers
        and not candidate.denies
        and is_spoken(here.sentence)
        and here.video_id == there.video_id
        and abs(here.sentence.span.start_ms - there.sentence.span.start_ms) <= _SOON_MS
        and candidate.share_said >= best.share_said > 0
        and candidate.relevance >= best.relevance - _LESS_RELEVANT
    )

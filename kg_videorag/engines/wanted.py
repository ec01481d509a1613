"""What a question's first words want, and whether a sentence has it.

"How many" wants a number, "when" a time, "why" a reason, "where" a place, "who discovered X"
somebody else than X. Each rule only turns sentences away; that a sentence is about the
question at all is for others to say.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

from kg_videorag.engines.names import names_in
from kg_videorag.words import content_stems, words

if TYPE_CHECKING:
    from collections.abc import Sequence

_YEAR = re.compile(  # a number of four digits after one of these, or after a comma, as in dates
    r"(?:\b(?:in|since|until|till|by|from|year|january|february|march|april|may|june|july|august"
    r"|september|october|november|december)|,) (1\d{3}|20\d\d)\b"
)
_QUANTITY = re.compile(r"\bhow (many|much|old|long|far|tall|high|heavy|often)\b")
_COUNTED = re.compile(r"\bhow (?:many|much) (\w+)")
_OPENING = re.compile(r"(?:^|[.?!] )[A-Z][a-z]+ \d[\d,.]* ([a-z]+)")  # Peel 4 apples
_ANYTHING = frozenset({"people", "time", "times"})  # two hundred guests are people too
_NUMBERS = frozenset(
    """two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety
    hundred thousand million billion half twice several""".split()
)  # "one of them" counts nothing
_TIMES = frozenset(
    """january february march april may june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday today yesterday tomorrow morning
    noon afternoon evening night midnight clock ago later century spring summer autumn winter
    year years month months week weeks day days hour hours minute minutes""".split()
)
# Each must be said more often than the question itself says it: "to" and "for" mostly are not.
_REASONS = (
    "because since due owing so therefore thus hence cause causes caused reason reasons as to for"
    " after from thanks"
).split()
_DONE_BY = re.compile(r"\w(?:ed|en|wn|rn|de) by\b")  # delayed by a storm
_PLACED = frozenset(
    """in at near on into onto from to by over under above below beside behind inside outside
    between among across along through toward towards around off""".split()
)
_PLACES = frozenset(
    """here there home abroad upstairs downstairs everywhere nowhere north south east
    west""".split()
)
_ARTICLES = frozenset({"the", "a", "an", "his", "her", "their", "its", "our", "my", "this"})
_AUXILIARIES = frozenset(
    """is are was were be been do does did has have had will would can could should may might
    must""".split()
)


def has_what_is_wanted(question: str, answer: str) -> bool:
    """Whether an answer has what the question's first words want.

    Args:
        question: In words.
        answer: A sentence.
    """
    asked, said = words(question), words(answer)
    if _QUANTITY.search(" ".join(asked)):
        return _has_quantity(asked, answer)
    if "when" in asked[:2]:
        return _has_time(asked, answer)
    if "where" in asked[:2]:
        return _has_place(asked, said)
    if "why" in asked[:2]:
        counts = Counter(said) - Counter(asked)
        return any(counts[word] for word in _REASONS) or bool(_DONE_BY.search(" ".join(said)))
    return not _is_reversed(asked, said)


def _has_quantity(asked: Sequence[str], answer: str) -> bool:
    of_what = _COUNTED.search(" ".join(asked))
    counted = content_stems(of_what[1]) if of_what and of_what[1] not in _ANYTHING else frozenset()
    if counted and not counted & content_stems(answer):
        return False
    if any(counted & content_stems(things) for things in _OPENING.findall(answer)):
        return True
    years = set(_YEAR.findall(answer.lower()))
    new = set(words(answer)).difference(asked)
    return bool(new & (_NUMBERS | (_numbers_alone(answer) - years)))


def _has_time(asked: Sequence[str], answer: str) -> bool:
    new = set(words(answer)).difference(asked)
    return bool(new & (_numbers_alone(answer) | _TIMES))


def _numbers_alone(answer: str) -> set[str]:
    """The 11 of "Apollo 11" counts nothing; the 12 of "12 astronauts" does."""
    return {name[0] for name in names_in(answer, first_word=True) if name[0].isdigit()}


def _has_place(asked: Sequence[str], said: Sequence[str]) -> bool:
    """A place, or something that stands in one and is neither a time nor in the question."""
    if _PLACES.intersection(said):
        return True
    bare = [word for word in said if word not in _ARTICLES]
    return any(
        first in _PLACED and not second[0].isdigit() and second not in _TIMES.union(asked)
        for first, second in pairwise(bare)
    )


def _is_reversed(asked: Sequence[str], said: Sequence[str]) -> bool:
    """Whether "Who discovered Fleming?" meets "Fleming discovered penicillin"."""
    if len(asked) < 3 or asked[0] not in ("who", "what") or asked[1] in _AUXILIARIES:
        return False
    done, to_what = content_stems(asked[1]), content_stems(" ".join(asked[2:]))
    places = [at for at, word in enumerate(said) if content_stems(word) & done]
    return bool(places) and all(
        at > 0 and bool(content_stems(said[at - 1]) & to_what) for at in places
    )

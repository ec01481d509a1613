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

from kg_videorag.engines.extractive.alike import unit_stems
from kg_videorag.engines.extractive.head import lacks_head
from kg_videorag.engines.extractive.names import names_in
from kg_videorag.words import content_stems, words

if TYPE_CHECKING:
    from collections.abc import Sequence

_YEAR = re.compile(  # a number of four digits after one of these, or after a comma, as in dates
    r"(?:\b(?:in|since|until|till|by|from|year|january|february|march|april|may|june|july|august"
    r"|september|october|november|december)|,) (1\d{3}|20\d\d)\b"
)
ASKING = re.compile(  # words that ask, and say nothing of what is asked
    r"\bhow (?:many|much)(?: money)?\b|\bcomes? from\b|(?:is|are|do (?:i|we|you)) need(?:ed)?\b"
    r"|^(?:in|on) (?:which|what) (?:year|month|century|day|date)\b"
)
TIME, PLACE, QUANTITY, PERSON, REASON = "time", "place", "quantity", "person", "reason"
_IN_WHICH_YEAR = re.compile(r"(?:in|on) (?:which|what) (?:year|month|century|day|date)\b")
_IN_WHICH_PLACE = re.compile(
    r"(?:in|at|from|to|near) (?:which|what) (?:town|city|village|country|state|place)\b"
)
_WHICH_DOER = re.compile(
    r"(?:which|what) (?:company|firm|agency|organi[sz]ation|team|engineer|astronaut|person|man"
    r"|woman) (?:\w+ed|built|made|led|won|wrote|gave|took|found|flew)\b"
)
_QUANTITY = re.compile(r"\bhow (many|much|old|long|far|tall|high|heavy|often)\b")
_COUNTED = re.compile(r"\bhow (?:many|much) (\w+)")
_OPENING = re.compile(r"(?:^|[.?!] )[A-Z][a-z]+ \d[\d,.]* ([a-z]+)")  # Peel 4 apples
_ANYTHING = frozenset({"people", "money", "time", "times"})  # two hundred guests are people too
_NUMBERS = frozenset(
    """two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety
    hundred thousand million billion half twice several""".split()
)  # "one of them" counts nothing
TIMES = frozenset(
    """january february march april june july august september october november december monday
    tuesday wednesday thursday friday saturday sunday yesterday tomorrow tonight morning noon
    afternoon evening night midnight clock ago century spring summer autumn winter""".split()
)
_UNITS = "(?:second|minute|hour|day|week|month|year|decade)s?"
# "It took eight days" and "it cost 12 lives" are no times; "after eight days", "at 9:30" are.
_WHEN = re.compile(
    rf"(?i:\b(?:1\d{{3}}|20\d\d)s?\b(?! \w*(?:{_UNITS}|dollars|people))"
    r"|\b\d{1,2}(?::\d\d| ?[ap]\.?m\b|(?:st|nd|rd|th)\b)"
    r"|\b(?:at|until|till|by|before|since|around) (?:about )?\d{1,2}\b(?! \w)"
    r"|\b(?:after|before|within|last|next|this|that|same|following|previous|first|every|on|in)\b"
    rf"(?: \w+){{0,3}} {_UNITS}\b|\b{_UNITS} (?:ago|later|after|before|earlier)\b)"
    r"|\b[Ii]n May\b|\bMay \d"
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
# Where one was born is told by no sentence that says nothing of a birth, however near it is.
_LIFE = tuple(
    frozenset(event.split())
    for event in (
        "born birth birthplace birthday native",
        "die died dies death dead killed",
        "buried grave buries tomb cemetery",
        "marry married marries wedding wed",
    )
)
_ARTICLES = frozenset({"the", "a", "an", "his", "her", "their", "its", "our", "my", "this"})
# Words of one group deny each other: a yellow card is no red card.
_OPPOSITES = tuple(
    frozenset(group.split())
    for group in (
        "red yellow green blue black white brown orange purple pink grey gray",
        "first second third fourth fifth sixth seventh eighth ninth tenth last",
        "north south east west",
        "high low normal",
        "left right",
        "won lost",
    )
)
_SOMEBODY = frozenset({"he", "she", "they", "we", "i"})
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
    kind = kind_of(question)
    if kind == QUANTITY:
        return _has_quantity(asked, said, answer)
    if kind == TIME:
        return _tells_of_life(asked, said) and _has_time(asked, said, answer)
    if kind == PLACE:
        return _tells_of_life(asked, said) and _has_place(asked, said)
    if kind == REASON:
        counts = Counter(said) - Counter(asked)
        return any(counts[word] for word in _REASONS) or bool(_DONE_BY.search(" ".join(said)))
    deed = 1 if asked[:1] == ["who"] else 2  # which company built, who built
    if kind == PERSON and len(asked) > deed + 1 and asked[deed] not in _AUXILIARIES:
        done = content_stems(asked[deed]) & content_stems(answer)
        return bool(done) and _has_somebody(question, said)
    return True


def kind_of(question: str) -> str:
    """What a question wants: TIME, PLACE, QUANTITY, PERSON, REASON, or "" for anything."""
    asked = words(question)
    text = " ".join(asked)
    if _QUANTITY.search(text):
        return QUANTITY
    if "when" in asked[:2] or _IN_WHICH_YEAR.match(text):
        return TIME
    if "where" in asked[:2] or _IN_WHICH_PLACE.match(text):
        return PLACE
    if asked[:1] == ["who"] or _WHICH_DOER.match(text):
        return PERSON
    return REASON if "why" in asked[:2] else ""


def contradicts(question: str, sentence: str) -> bool:
    """Whether a sentence says another thing in the place of what is asked, or turns it round.

    Or tells of another kind of thing: a castle, where a cathedral is asked for.

    Args:
        question: In words.
        sentence: About the same.
    """
    asked, said = words(question), words(sentence)
    return (
        any(_denies(group, asked, said) for group in _OPPOSITES)
        or _is_reversed(asked, said)
        or lacks_head(question, sentence)
    )


def _denies(group: frozenset[str], asked: Sequence[str], said: Sequence[str]) -> bool:
    wanted, given = group.intersection(asked), group.intersection(said)
    return bool(wanted and given) and not wanted & given


def _tells_of_life(asked: Sequence[str], said: Sequence[str]) -> bool:
    return not any(event.intersection(asked) and event.isdisjoint(said) for event in _LIFE)


def _has_quantity(asked: Sequence[str], said: Sequence[str], answer: str) -> bool:
    of_what = _COUNTED.search(" ".join(asked))
    counted = content_stems(of_what[1]) if of_what and of_what[1] not in _ANYTHING else frozenset()
    if counted and not counted & (content_stems(answer) | unit_stems(answer)):
        return False
    if any(counted & content_stems(things) for things in _OPENING.findall(answer)):
        return True
    years = set(_YEAR.findall(answer.lower()))
    new = set(said).difference(asked)
    return bool(new & (_NUMBERS | (_numbers_alone(answer) - years)))


def _has_time(asked: Sequence[str], said: Sequence[str], answer: str) -> bool:
    new = set(said).difference(asked)
    if new & TIMES:
        return True
    return any(new.intersection(words(found[0])) for found in _WHEN.finditer(answer))


def _numbers_alone(answer: str) -> set[str]:
    """The 11 of "Apollo 11" counts nothing; the 12 of "12 astronauts" does."""
    return {name[0] for name in names_in(answer, first_word=True) if name[0].isdigit()}


def _has_place(asked: Sequence[str], said: Sequence[str]) -> bool:
    """A place, or something that stands in one and is neither a time nor in the question."""
    if _PLACES.intersection(said):
        return True
    bare = [word for word in said if word not in _ARTICLES]
    return any(
        first in _PLACED and not second[0].isdigit() and second not in TIMES.union(asked)
        for first, second in pairwise(bare)
    )


def _has_somebody(question: str, said: Sequence[str]) -> bool:
    """Whether somebody new is said: "The museum was founded in 1856" says nobody."""
    known = content_stems(question) | TIMES
    bare = [word for word in said if word not in _ARTICLES]
    return not _SOMEBODY.isdisjoint(said) or any(
        not word[0].isdigit() and not content_stems(word) <= known and first not in _PLACED - {"by"}
        for first, word in pairwise(["", *bare])
    )


def _is_reversed(asked: Sequence[str], said: Sequence[str]) -> bool:
    """Whether "Who discovered Fleming?" meets "Fleming discovered penicillin".

    Or "Who did Tanner replace?" meets "She replaces Tanner".
    """
    if len(asked) < 3 or asked[0] not in ("who", "what"):
        return False
    if asked[1] not in _AUXILIARIES:
        done, other, side = asked[1], asked[2:], -1
    elif asked[1] in ("did", "does", "do"):
        done, other, side = asked[-1], asked[2:-1], 1
    else:
        return False
    done_stems, other_stems = content_stems(done), content_stems(" ".join(other))
    places = [at for at, word in enumerate(said) if content_stems(word) & done_stems]
    return bool(places) and all(
        0 <= at + side < len(said) and bool(content_stems(said[at + side]) & other_stems)
        for at in places
    )

"""Whom "he" and "she" stand for: the one person named before, in the sentence or just before it.

No coreference model: where two persons are named, where the last name lies too far back, or where
the same person was "he" before, nobody is meant, and what is told of a pronoun is dropped: a wrong
name in a citation costs more than a missing edge. "It" and "they" are not tried.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kg_videorag.engines.grammar.values import PRONOUN_CONFIDENCE, Kind, Reading
from kg_videorag.model import EntityType

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kg_videorag.engines.grammar.values import Candidate

PERSONAL = frozenset({"he", "she"})
# Sentences between a name and its pronoun at most; those that go on about the person do not count.
_WINDOW = 2
_Meant = dict[int, str]  # candidate's place in its reading -> name


@dataclass(frozen=True, slots=True)
class _Person:
    """Who was named last, and how many sentences ago; `key` is the surname."""

    name: str
    key: str
    ago: int = 0


def resolve_pronouns(readings: Sequence[Reading], types: Mapping[str, EntityType]) -> list[Reading]:
    """The readings with each pronoun naming somebody, or gone with all that is told of it.

    Args:
        readings: Of sentences, in the order in which they are said.
        types: By key of a candidate.
    """
    votes: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for reading, meant in zip(readings, _meant(readings, types), strict=True):
        for place, name in meant.items():
            votes[_surname(name)][reading.candidates[place].key] += 1
    sexes = {key: _majority(counts) for key, counts in votes.items()}
    return [
        _resolved(reading, meant)
        for reading, meant in zip(readings, _meant(readings, types, sexes), strict=True)
    ]


def _majority(counts: Counter[str]) -> str:
    (first, most), *others = counts.most_common()
    return first if not others or most > others[0][1] else ""


def _meant(
    readings: Sequence[Reading],
    types: Mapping[str, EntityType],
    sexes: Mapping[str, str] | None = None,
) -> Iterator[_Meant]:
    """Whom the pronouns of each reading mean; persons are no longer meant by the other sex."""
    last: _Person | None = None
    for reading in readings:
        named: dict[str, str] = {}  # surname -> the longest name, of this sentence so far
        meant: _Meant = {}
        for place, candidate in enumerate(reading.candidates):
            if candidate.phrase.kind is not Kind.PRONOUN:
                if types[candidate.key] is EntityType.PERSON:
                    _note(candidate, named)
                continue
            found = _before(named, last)
            if found and (sexes is None or sexes.get(_surname(found)) == candidate.key):
                meant[place] = found
        yield meant
        last = _after(named, last, goes_on=bool(meant))


def _note(candidate: Candidate, named: dict[str, str]) -> None:
    key = _surname(candidate.name)
    named[key] = max(named.get(key, ""), candidate.name, key=len)


def _before(named: Mapping[str, str], last: _Person | None) -> str:
    if named:
        return next(iter(named.values())) if len(named) == 1 else ""
    return last.name if last and last.ago <= _WINDOW else ""


def _after(named: Mapping[str, str], last: _Person | None, *, goes_on: bool) -> _Person | None:
    if len(named) == 1:
        ((key, name),) = named.items()
        fuller = last.name if last and last.key == key and len(last.name) > len(name) else name
        return _Person(fuller, key)
    if named or last is None:
        return None
    return replace(last, ago=0 if goes_on else last.ago + 1)


def _surname(name: str) -> str:
    return name.casefold().split()[-1]


def _resolved(reading: Reading, meant: _Meant) -> Reading:
    """A reading whose pronouns are those that mean somebody, and are told of."""
    told = {end for r in reading.relations for end in (r.subject, r.object)}
    kept = [
        place
        for place, candidate in enumerate(reading.candidates)
        if candidate.phrase.kind is not Kind.PRONOUN or (place in meant and place in told)
    ]
    places = {old: new for new, old in enumerate(kept)}
    return Reading(
        tuple(replace(reading.candidates[n], stands_for=meant.get(n, "")) for n in kept),
        tuple(
            replace(
                r,
                subject=places[r.subject],
                object=places[r.object],
                confidence=PRONOUN_CONFIDENCE
                if r.subject in meant or r.object in meant
                else r.confidence,
            )
            for r in reading.relations
            if r.subject in places and r.object in places
        ),
    )

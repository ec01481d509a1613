"""Whether two sentences of the same words give them the same parts: who does what to whom."""

from __future__ import annotations

import re
from itertools import combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg_videorag.ask.verify.statement import Statement, Word

_AGENT = "by"
_Place = tuple[int, "Word"]
_DEED = re.compile(
    r"[a-z]{2,}ed\Z|\A(?:led|won|took|made|built|wrote|sold|bought|found|beat|left)\Z"
)
# What lets an object stand first: "Radium is what she discovered".
_TURNS = frozenset("is are was were be been who which that what where".split())
# Who marries or meets whom is the same both ways.
_MUTUAL = frozenset({"marri", "met", "meet", "talk", "friend", "fight", "spous", "sibl", "partner"})


def exchanged(claim: Statement, said: Statement) -> bool:
    """Whether the claim gives one word the part that another has in what was said.

    Four signs: two words have changed prepositions ("in orbit around Collins"); two names have
    changed sides of a verb; who did something by whom has turned round, and the words have not;
    what something was done to now does it. In Russian the order is free, and endings tell: two
    names that have both changed theirs have changed parts, unless one sentence is passive.
    """
    ours, theirs = _places(claim), _places(said)
    shared = [stem for stem in ours if stem in theirs]
    turned = claim.is_passive != said.is_passive
    active = said if claim.is_passive else claim
    copular = turned and bool(_TURNS & {word.form for word in active.words})
    for one, other in combinations(shared, 2):
        mine, his = (ours[one], ours[other]), (theirs[one], theirs[other])
        if turned:
            if not copular and _agent_stays(mine, his):
                return True
        elif _governors_swapped(mine, his) or _sides_swapped(mine, his, claim, said):
            return True
    return _object_leads(claim, said, ours, theirs)


def _places(statement: Statement) -> Mapping[str, _Place]:
    """Where each word with a meaning stands first."""
    found: dict[str, _Place] = {}
    for place, word in enumerate(statement.words):
        if word.stem:
            found.setdefault(word.stem, (place, word))
    return found


def _object_leads(
    claim: Statement, said: Statement, ours: Mapping[str, _Place], theirs: Mapping[str, _Place]
) -> bool:
    """Whether what something was done to now does it: "Radium discovered Marie Curie"."""
    if _TURNS & {w.form for w in claim.words} or claim.is_passive or said.is_passive:
        return False
    for stem, (at, deed) in ours.items():
        if stem not in theirs or deed.form != theirs[stem][1].form or not _DEED.search(deed.form):
            continue
        there = theirs[stem][0]
        for other, (place, word) in ours.items():
            if other == stem or other not in theirs:
                continue
            his_place, his = theirs[other]
            bare = not word.governor and not his.governor
            if bare and (place < at) != (his_place < there):
                return True
    return False


def _governors_swapped(mine: tuple[_Place, _Place], his: tuple[_Place, _Place]) -> bool:
    ours = tuple(word.governor for _, word in mine)
    theirs = tuple(word.governor for _, word in his)
    return ours[0] != ours[1] and ours == theirs[::-1]


def _agent_stays(mine: tuple[_Place, _Place], his: tuple[_Place, _Place]) -> bool:
    """Whether a sentence was turned into the passive, or back, without its words changing sides."""
    governors = [[word.governor for _, word in pair] for pair in (mine, his)]
    if sorted(sorted(pair) for pair in governors) != [["", ""], ["", _AGENT]]:
        return False
    if not any(word.is_name for _, word in (*mine, *his) if word.governor):
        return False
    return (mine[0][0] < mine[1][0]) == (his[0][0] < his[1][0])


def _sides_swapped(
    mine: tuple[_Place, _Place], his: tuple[_Place, _Place], claim: Statement, said: Statement
) -> bool:
    words = [word for _, word in (*mine, *his)]
    if any(word.governor for word in words) or not all(word.is_name for word in words):
        return False
    if claim.is_cyrillic:
        return all(m[1].form != h[1].form for m, h in zip(mine, his, strict=True))
    if _MUTUAL & claim.stems or _listed(mine, claim) or _listed(his, said):
        return False
    return (mine[0][0] < mine[1][0]) != (his[0][0] < his[1][0])


def _listed(pair: tuple[_Place, _Place], statement: Statement) -> bool:
    """Whether nothing but names and "and" stands between two names."""
    start, end = sorted((pair[0][0], pair[1][0]))
    between = statement.words[start + 1 : end]
    return all(word.is_name or word.form == "and" for word in between)

"""Grammar rules that turn a parsed text into relations between its phrases.

Voice is normalised: "Apollo 11 was launched by a Saturn V" is (Saturn V, launch, Apollo 11).
A noun that is no phrase of its own joins the predicate: "checked the orbit of John Glenn" is
(..., check orbit of, John Glenn). "He" and "she" are related as names are, until `pronouns` has
dropped those that mean nobody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg_videorag.engines.grammar.clauses import find_clauses
from kg_videorag.engines.grammar.complements import (
    SITES,
    find_complements,
    find_inverted_roles,
    roles,
)
from kg_videorag.engines.grammar.ends import Ends
from kg_videorag.engines.grammar.predicates import denied
from kg_videorag.engines.grammar.values import CLAUSE_CONFIDENCE, LINK_CONFIDENCE, Kind, Triple
from kg_videorag.model import EntityType

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from spacy.tokens import Doc, Token

    from kg_videorag.engines.grammar.values import Phrase

_PLACE_PREPOSITIONS = frozenset({"in", "at", "near", "on"})
_SITED = SITES | {EntityType.EVENT, EntityType.PRODUCT}


def find_relations(doc: Doc, phrases: Sequence[Phrase]) -> list[Triple]:
    """All relations of a parsed text, by place, each once."""
    ends = Ends(doc, phrases)
    found: dict[tuple[int, str, int], Triple] = {}
    for triple in (*_clauses(doc, ends), *_nouns(doc, ends)):
        found.setdefault((triple.subject, triple.predicate, triple.object), triple)
    return sorted(found.values(), key=lambda t: (t.start, t.end, t.subject, t.object))


def _clauses(doc: Doc, ends: Ends) -> Iterator[Triple]:
    for clause in find_clauses(doc):
        for complement in find_complements(clause, ends):
            predicate = denied(complement.predicate, complement.noun)
            for first in ends.all_of(clause.subject):
                for other in ends.all_of(complement.noun):
                    pair = (other, first) if complement.acts else (first, other)
                    yield from ends.triple(pair, predicate, clause.verb, CLAUSE_CONFIDENCE)
        for subject, complement in find_inverted_roles(clause, ends):
            yield from _link(subject, complement.predicate, complement.noun, ends)


def _nouns(doc: Doc, ends: Ends) -> Iterator[Triple]:
    for token in doc:
        if token.dep_ == "poss":
            yield from _possession(token, ends)
        elif token.dep_ == "appos":
            yield from _apposition(token, ends)
        elif token.dep_ == "prep" and token.lower_ in _PLACE_PREPOSITIONS:
            yield from _site(token, ends)


def _possession(owner: Token, ends: Ends) -> Iterator[Triple]:
    """NASA has "NASA's Goddard Center"; "Google's CEO Pichai" is CEO of Google."""
    if ends.kind(owner) is not Kind.NAME:
        return
    role = _role_before(owner.head, ends)
    if role:
        yield from _link(owner.head, f"be {role} of", owner, ends)
    elif ends.kind(owner.head) in {Kind.NAME, Kind.TERM}:
        yield from _link(owner, "have", owner.head, ends)


def _role_before(noun: Token, ends: Ends) -> str:
    """What somebody is called before the name: the CEO of "CEO Pichai"."""
    if ends.of(noun) != ends.at(noun):
        return ends.words(noun)
    phrase = ends.phrase(noun)
    if phrase is None or phrase.type is not EntityType.PERSON:
        return ""
    before = (token for token in noun.lefts if token.i < phrase.start)
    return " ".join(token.lower_ for token in before if token.dep_ in {"compound", "nmod"})


def _apposition(noun: Token, ends: Ends) -> Iterator[Triple]:
    head = noun.head
    kinds = (ends.kind(head), ends.kind(noun))
    if kinds == (Kind.NAME, Kind.NAME):
        if ends.type(head) in SITES and ends.type(noun) is EntityType.PLACE:
            yield from _link(head, "in", noun, ends)
    elif kinds == (Kind.TERM, Kind.NAME):
        if noun.left_edge.i == head.i + 1:  # else a list: "flight director, Houston"
            yield from _link(noun, "be", head, ends)
    elif kinds[0] is Kind.NAME:
        for complement in roles("be", noun, ends):
            yield from _link(head, complement.predicate, complement.noun, ends)


def _site(preposition: Token, ends: Ends) -> Iterator[Triple]:
    head = preposition.head
    sited = SITES if preposition.lower_ == "at" else _SITED
    if ends.kind(head) is not Kind.NAME or ends.type(head) not in sited:
        return
    for child in preposition.children:
        if child.dep_ == "pobj" and ends.type(child) in SITES:
            yield from _link(head, preposition.lower_, child, ends)


def _link(subject: Token, predicate: str, noun: Token, ends: Ends) -> Iterator[Triple]:
    """What nouns say of each other; only what is joined on the object's side is followed."""
    first = ends.of(subject)
    if first is None:
        return
    for other in ends.all_of(noun):
        yield from ends.triple((first, other), predicate, subject, LINK_CONFIDENCE)

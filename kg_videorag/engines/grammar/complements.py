"""What a verb says of its subject: objects, roles, and what stands behind prepositions."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kg_videorag.engines.grammar.clauses import coordinated
from kg_videorag.engines.grammar.ends import prepositions
from kg_videorag.engines.grammar.predicates import denied
from kg_videorag.engines.grammar.values import Kind
from kg_videorag.model import EntityType

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Token

    from kg_videorag.engines.grammar.clauses import Clause
    from kg_videorag.engines.grammar.ends import Ends

_COPULAS = frozenset({"be", "become", "remain"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
_COMPANY = frozenset({"with", "alongside"})
SITES = frozenset({EntityType.PLACE, EntityType.ORGANIZATION})  # what something can be at
_MAX_DEPTH = 3  # nested prepositions followed: "stay in orbit around the Moon" needs two


class Complement(NamedTuple):
    """A noun that a verb relates to its subject; `acts` says that the noun is the doer."""

    predicate: str
    noun: Token
    acts: bool = False


def find_complements(clause: Clause, ends: Ends) -> Iterator[Complement]:
    """All that a clause says of its subject, in the order of the words."""
    verb, predicate = clause.verb, clause.predicate
    antecedent = _relative_object(verb)
    if antecedent is not None:
        yield Complement(predicate, antecedent)
    for child in verb.children:
        if child.dep_ == "agent" and clause.passive:
            yield from _agents(predicate, child, ends)
        elif child.dep_ in {"attr", "acomp"} and verb.lemma_ in _COPULAS:
            yield from _attribute(predicate, child, ends)
        elif child.dep_ in {"prep", "agent"} or (child.dep_ == "dative" and child.pos_ == "ADP"):
            yield from _behind(predicate, child, ends)
        elif child.dep_ == "dative":
            yield Complement(f"{predicate} to", child)
        elif child.dep_ == "dobj":
            yield from _object(predicate, child, ends)
        elif child.dep_ == "npadvmod" and ends.type(child) is EntityType.DATE:
            yield Complement(f"{predicate} on", child)
        elif child.dep_ == "oprd" and clause.passive and ends.kind(child) is Kind.NAME:
            yield Complement(f"be {verb.lower_}", child)


def find_inverted_roles(clause: Clause, ends: Ends) -> Iterator[tuple[Token, Complement]]:
    """(who, what) of "The capital of France is Paris": Paris is capital of France."""
    if clause.verb.lemma_ != "be" or ends.of(clause.subject) is not None:
        return
    for child in clause.verb.children:
        if child.dep_ == "attr" and ends.kind(child) is Kind.NAME:
            for complement in roles(clause.predicate, clause.subject, ends):
                yield child, complement


def roles(predicate: str, noun: Token, ends: Ends) -> Iterator[Complement]:
    """What "X is the noun" says: "be director of" for "the director of the software team"."""
    if not ends.is_bare(noun):
        yield Complement(predicate, noun)
    role = denied(f"{predicate} {ends.words(noun)}", noun)
    for child in noun.children:
        if child.dep_ == "prep":
            yield from _behind(role, child, ends)
        elif child.dep_ == "poss":
            yield Complement(f"{role} of", child)


def _agents(predicate: str, by: Token, ends: Ends) -> Iterator[Complement]:
    for noun in by.children:
        yield Complement(predicate, noun, acts=True)
        yield from _lifted(predicate, noun, ends)


def _attribute(predicate: str, word: Token, ends: Ends) -> Iterator[Complement]:
    if word.dep_ == "attr":
        for noun in coordinated(word):
            yield from roles(predicate, noun, ends)
    else:
        for preposition in prepositions(word):  # "famous for radium"
            yield from _behind(f"{predicate} {word.lower_}", preposition, ends)


def _object(predicate: str, noun: Token, ends: Ends) -> Iterator[Complement]:
    yield Complement(predicate, noun)
    if not ends.is_bare(noun):
        yield from _lifted(predicate, noun, ends)
        return
    inner = denied(f"{predicate} {ends.words(noun)}", noun)
    for preposition in prepositions(noun):
        yield from _behind(inner, preposition, ends)


def _lifted(predicate: str, noun: Token, ends: Ends) -> Iterator[Complement]:
    """What the parser hung on a noun and belongs to its verb.

    Dates, company ("shared the prize with Becquerel"), and where it was done ("was founded by
    Bezos in Bellevue", "invented the Web at CERN").
    """
    on_verb = _COMPANY if ends.type(noun) in SITES else _COMPANY | {"at"}
    is_person = ends.type(noun) is EntityType.PERSON
    for nested in prepositions(noun):
        if is_person or nested.lower_ in on_verb or ends.has_date(nested):
            yield from _behind(predicate, nested, ends)


def _behind(
    predicate: str, preposition: Token, ends: Ends, depth: int = _MAX_DEPTH
) -> Iterator[Complement]:
    """What stands behind a preposition, followed through nouns that are no phrases."""
    word = f"{predicate} {_words_of(preposition)}"
    for child in preposition.children if depth else ():
        if child.dep_ == "prep":
            yield from _behind(word, child, ends, depth - 1)
        elif child.dep_ == "pobj":
            colours = ends.only_colours(child, preposition)
            if not colours:
                yield Complement(word, child)
            for nested in prepositions(child):
                # "worked as a director at Mission Control" is work at; "in orbit around the Moon"
                # keeps its orbit; what hangs on a phrase of its own is that phrase's.
                if preposition.lower_ == "as" or ends.has_date(nested):
                    yield from _behind(predicate, nested, ends, depth - 1)
                elif colours:
                    yield from _behind(f"{word} {ends.words(child)}", nested, ends, depth - 1)


def _words_of(preposition: Token) -> str:
    """A preposition with the word that turns it round: "instead of"."""
    instead = any(child.lower_ == "instead" for child in preposition.children)
    return "instead of" if instead else str(preposition.lower_)


def _relative_object(verb: Token) -> Token | None:
    """The rocket of "the rocket that Boeing built"."""
    if verb.dep_ != "relcl":
        return None
    subject = next((child for child in verb.children if child.dep_ in _SUBJECTS), None)
    if subject is None or subject.dep_ == "nsubjpass" or subject.tag_ in {"WDT", "WP"}:
        return None
    own = next((child for child in verb.children if child.dep_ == "dobj"), None)
    is_gap = own.tag_ in {"WDT", "WP"} if own is not None else not _has_loose_end(verb)
    return verb.head if is_gap else None


def _has_loose_end(verb: Token) -> bool:
    """Whether a verb's gap is behind its preposition: "the city he lived in"."""
    return any(not any(True for _ in p.children) for p in prepositions(verb))

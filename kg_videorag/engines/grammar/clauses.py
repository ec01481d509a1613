"""Who does what in a parsed sentence: a verb's subject and voice.

A sentence is read as an assertion or not at all: questions, commands, conditions and what is
doubted give no clause.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg_videorag.engines.grammar.predicates import denied, is_denied, is_negated, predicate_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc, Token

_CONDITIONS = frozenset({"if", "unless", "whether"})
_DOUBTS = frozenset(
    {"ask", "claim", "deny", "dispute", "doubt", "fear", "hope", "imagine", "pretend"}
    | {"question", "refute", "wish", "wonder"}
)
# With these "X helped Y to do Z" says that Y did Z; "X asked Y to do Z" does not.
_IMPLYING = frozenset({"cause", "enable", "force", "help", "let", "make"})
_SHARING_PREPOSITIONS = frozenset({"after", "before", "by", "in", "while"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
_MAX_LINKS = 6  # verbs that share one subject: longer chains are parser errors


@dataclass(frozen=True, slots=True)
class Clause:
    """A verb with its subject; `passive` says that the subject is what it is done to."""

    verb: Token
    subject: Token
    passive: bool
    predicate: str


def find_clauses(doc: Doc) -> Iterator[Clause]:
    """The clauses of a parsed text, in the order of their verbs."""
    for token in doc:
        if token.pos_ not in {"VERB", "AUX"} or token.dep_ in {"aux", "auxpass"}:
            continue
        if not is_asserted(token):
            continue
        subject = _subject(token, _MAX_LINKS)
        if subject is not None and subject[0].i != token.i:
            yield Clause(token, *subject, denied(predicate_of(token), subject[0]))


def coordinated(token: Token) -> Iterator[Token]:
    """A noun and those joined to it: "Brazil, Peru and Colombia", but not "but not Chile"."""
    yield token
    joins = {child.lower_ for child in token.children if child.dep_ == "cc"}
    if joins & {"than", "rather", "but", "not"}:
        return
    for child in token.children:
        if child.dep_ == "conj" and child.i > token.i and not _is_excepted(child):
            yield from coordinated(child)


def _is_excepted(noun: Token) -> bool:
    before = noun.left_edge.i - 1
    return is_denied(noun) or (before >= 0 and noun.doc[before].lower_ == "not")


def is_asserted(verb: Token) -> bool:
    """Whether the sentence states what the verb says."""
    if verb.sent[-1].text == "?" or (len(verb.sent) > 1 and verb.sent[-2].text == "?"):
        return False
    return all(_states(link) for link in _up(verb))


def _up(verb: Token) -> Iterator[Token]:
    yield verb
    while verb.dep_ in {"conj", "xcomp", "ccomp"} and verb.head is not verb:
        verb = verb.head
        yield verb


def _states(verb: Token) -> bool:
    if any(child.dep_ == "mark" and child.lower_ in _CONDITIONS for child in verb.children):
        return False
    if verb.dep_ == "ccomp":
        return verb.head.lemma_.lower() not in _DOUBTS and not is_negated(verb.head)
    has_auxiliary = any(child.dep_ in {"aux", "auxpass"} for child in verb.children)
    is_command = verb.dep_ == "ROOT" and verb.tag_ == "VB" and not has_auxiliary
    return not is_command


def _subject(verb: Token, links: int) -> tuple[Token, bool] | None:
    """A verb's subject, its own or the one it shares, and whether it is passive."""
    own = next((child for child in verb.children if child.dep_ in _SUBJECTS), None)
    if own is not None:
        is_relative = verb.dep_ == "relcl" and own.tag_ in {"WDT", "WP"}
        return _antecedent(verb.head) if is_relative else own, own.dep_ == "nsubjpass"
    if verb.dep_ in {"acl", "relcl"}:
        return _reduced_relative(verb)
    return _shared_subject(verb, links) if links else None


def _shared_subject(verb: Token, links: int) -> tuple[Token, bool] | None:
    sharing = _sharing(verb)
    if sharing is None:
        return None
    if verb.dep_ == "xcomp":
        controlled = next((child for child in sharing.children if child.dep_ == "dobj"), None)
        if controlled is not None and controlled.i < verb.i:
            return (controlled, False) if sharing.lemma_ in _IMPLYING else None
    shared = _subject(sharing, links - 1)
    return None if shared is None else (shared[0], _is_passive(verb, passive_head=shared[1]))


def _sharing(verb: Token) -> Token | None:
    """The verb whose subject this one shares."""
    head = verb.head
    if verb.dep_ == "pcomp" and head.lower_ in _SHARING_PREPOSITIONS:
        head = head.head
    elif verb.dep_ == "advcl":
        head = head if verb.tag_ in {"VBG", "VBN"} else verb
    elif verb.dep_ not in {"conj", "xcomp"}:
        return None
    return head if head.pos_ in {"VERB", "AUX"} and head.i != verb.i else None


def _is_passive(verb: Token, *, passive_head: bool) -> bool:
    auxiliaries = {child.dep_ for child in verb.children} & {"aux", "auxpass"}
    if "auxpass" in auxiliaries:
        return True
    return verb.tag_ == "VBN" and not auxiliaries and (passive_head or verb.dep_ == "advcl")


def _reduced_relative(verb: Token) -> tuple[Token, bool] | None:
    """Of "the language created by X", "the first woman to win", "the team working at NASA"."""
    if verb.tag_ in {"VBN", "VBD"}:
        return _antecedent(verb.head), True
    if verb.tag_ == "VBG":
        return _antecedent(verb.head), False
    is_attribute = verb.head.dep_ == "attr"
    return (_antecedent(verb.head), False) if is_attribute else None


def _antecedent(noun: Token) -> Token:
    """What a relative clause is about: in "X was the first who ...", that is X."""
    if noun.pos_ == "PROPN":
        return noun
    if noun.dep_ == "attr":
        subject = next((c for c in noun.head.children if c.dep_ == "nsubj"), None)
        return subject if subject is not None and subject.pos_ != "PRON" else noun
    return noun.head if noun.dep_ == "appos" else noun

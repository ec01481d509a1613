"""A verb as a predicate: lower-case lemmas with what changes their meaning.

Negation and modal verbs become part of the predicate ("not land", "could land"), so that
nothing is ever read as its opposite.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Token

_NEGATIONS = frozenset({"not", "n't", "never", "neither", "nor", "hardly", "barely"})
_DENYING = frozenset({"no", "not", "neither"})
_HEDGES = frozenset({"almost", "nearly", "perhaps", "possibly", "probably", "allegedly"})
_NEGATING = frozenset({"neg", "preconj", "advmod", "cc"})
_MODALS = {
    "ca": "can",
    "wo": "will",
    "'ll": "will",
    "\u2019ll": "will",
    "'d": "would",
    "\u2019d": "would",
}
_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
_LEMMAS = {"born": "be born"}  # the lemmatizer's "bear in Ohio" says something else
_MAX_CHAIN = 6  # "wants to try to learn to ...": longer chains are parser errors


def predicate_of(verb: Token, links: int = _MAX_CHAIN) -> str:
    """A verb as a predicate: "not land", "pick up", "want to build", "may cause"."""
    prefix = _prefix(verb, links) if links else ""
    negation = "not" if is_negated(verb) else ""
    to = "to" if prefix and _is_infinitive(_complement(verb)) else ""
    lemma = _lemma(verb, continues=bool(prefix))
    words = [prefix or _modal(verb), negation, _hedge(verb), to, lemma]
    words += [child.lower_ for child in verb.children if child.dep_ == "prt"]
    return " ".join(word for word in words if word)


def is_negated(verb: Token) -> bool:
    """Whether a verb is denied, by a word of its own or by one it shares."""
    joins = {c.lower_ for c in verb.head.children if c.dep_ == "cc"} if verb.dep_ == "conj" else ()
    return "nor" in joins or _negates(verb) or any(map(_negates, _sharing_auxiliaries(verb)))


def denied(predicate: str, noun: Token) -> str:
    """A predicate turned round by one of its nouns: "has no rocket" is "not have"."""
    if not is_denied(noun) or "not" in predicate.split():
        return predicate
    return f"not {predicate}"


def is_denied(noun: Token) -> bool:
    """Whether a noun is said not to be there: "no rocket", "few rockets", "not Boeing"."""
    before = {child.lower_ for child in noun.children if child.i < noun.i}
    return not _DENYING.isdisjoint(before) or ("few" in before and "a" not in before)


def _negates(verb: Token) -> bool:
    words = {child.lower_ for child in verb.children if child.dep_ in _NEGATING}
    return not _NEGATIONS.isdisjoint(words) or any(
        child.lower_ == "longer" and child.i > 0 and child.nbor(-1).lower_ == "no"
        for child in verb.children
    )


def _prefix(verb: Token, links: int) -> str:
    """Returns "want" for the build of "wants to build", and for the launch that may follow."""
    complement = _complement(verb)
    head = complement.head
    if complement.dep_ != "xcomp" or head.pos_ not in {"VERB", "AUX"}:
        return ""
    between = (child for bearer in (head, complement) for child in bearer.children)
    has_own_subject = any(
        child.dep_ in {"dobj", "attr", *_SUBJECTS} and head.i < child.i < complement.i
        for child in between
    )
    return "" if has_own_subject else predicate_of(head, links - 1)


def _complement(verb: Token) -> Token:
    """The complement that a verb continues: the build of "wants to build and launch"."""
    continues = verb.dep_ == "conj" and verb.tag_ == "VB" and verb.head.dep_ == "xcomp"
    return verb.head if continues else verb


def _is_infinitive(verb: Token) -> bool:
    return any(child.lower_ == "to" and child.dep_ == "aux" for child in verb.children)


def _lemma(verb: Token, *, continues: bool) -> str:
    if verb.lower_ in _LEMMAS:
        return _LEMMAS[verb.lower_]
    return str(verb.lower_ if continues and verb.tag_ == "VBG" else verb.lemma_.lower())


def _hedge(verb: Token) -> str:
    return next((child.lower_ for child in verb.children if child.lower_ in _HEDGES), "")


def _modal(verb: Token) -> str:
    for bearer in (verb, *_sharing_auxiliaries(verb)):
        for child in bearer.children:
            if child.dep_ == "aux" and child.tag_ == "MD":
                return str(_MODALS.get(child.lower_, child.lower_))
    return ""


def _sharing_auxiliaries(verb: Token) -> Iterator[Token]:
    """The verbs whose "did not" or "could" holds for this one too: "did not land or orbit"."""
    if verb.dep_ != "conj" or verb.tag_ not in {"VB", "VBN"}:
        return
    own = any(child.dep_ in {"aux", "auxpass", *_SUBJECTS} for child in verb.children)
    contrasts = any(child.dep_ == "cc" and child.lower_ == "but" for child in verb.head.children)
    if not own and not contrasts:
        yield verb.head
        yield from _sharing_auxiliaries(verb.head)

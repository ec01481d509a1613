"""Which stretches of a parsed text may be entities: names first, then common nouns.

Three sources, the first to claim a word keeps it: the model's named entities, runs of proper
nouns that the model missed, and the common nouns of `nouns`. Of pronouns only "he" and
"she" as subjects get in, until `pronouns` has found whom they mean.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg_videorag.engines.grammar import names
from kg_videorag.engines.grammar.extent import completed, reach_of, trimmed
from kg_videorag.engines.grammar.nouns import common_nouns, is_proper
from kg_videorag.engines.grammar.pronouns import PERSONAL
from kg_videorag.engines.grammar.values import (
    NAMED_CONFIDENCE,
    PRONOUN_CONFIDENCE,
    PROPER_CONFIDENCE,
    Basis,
    Kind,
    Phrase,
)
from kg_videorag.engines.grammar.words import GENERIC_NOUNS, TITLES
from kg_videorag.model import EntityType

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc, Span, Token

_MODEL_TYPES = {
    "PERSON": EntityType.PERSON,
    "ORG": EntityType.ORGANIZATION,
    "GPE": EntityType.PLACE,
    "LOC": EntityType.PLACE,
    "FAC": EntityType.PLACE,
    "EVENT": EntityType.EVENT,
    "PRODUCT": EntityType.PRODUCT,
    "WORK_OF_ART": EntityType.WORK,
    "LAW": EntityType.WORK,
    "NORP": EntityType.GROUP,
    "LANGUAGE": EntityType.GROUP,
    "DATE": EntityType.DATE,
    "TIME": EntityType.DATE,
    "QUANTITY": EntityType.QUANTITY,
    "MONEY": EntityType.QUANTITY,
    "PERCENT": EntityType.QUANTITY,
}
_MEASURES = frozenset({EntityType.DATE, EntityType.QUANTITY})
_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
_PERSONAL_VERBS = frozenset({"born", "married", "graduated", "died"})


def find_phrases(doc: Doc) -> list[Phrase]:
    """All phrases of a parsed text, in order, none overlapping."""
    claimed: set[int] = set()
    found: list[Phrase] = []
    for phrase in _sources(doc, claimed):
        tokens = range(phrase.start, phrase.reach)
        is_readable = doc[phrase.start : phrase.end].text.isprintable()
        if is_readable and claimed.isdisjoint(tokens):
            claimed.update(tokens)
            found.append(phrase)
    return sorted(found, key=lambda phrase: phrase.start)


def _sources(doc: Doc, claimed: set[int]) -> Iterator[Phrase]:
    """What each source offers; it sees what was claimed before."""
    yield from _named(doc)
    yield from _proper(doc, claimed)
    yield from common_nouns(doc, claimed)
    for token in doc:
        if token.lower_ in PERSONAL and token.dep_ in _SUBJECTS:
            edges = (token.i, token.i + 1, token.i + 1)
            kind, basis = Kind.PRONOUN, Basis.DEFAULT
            yield Phrase(*edges, kind, EntityType.PERSON, basis, PRONOUN_CONFIDENCE)


def _named(doc: Doc) -> Iterator[Phrase]:
    """The model's entities, trimmed, completed and retyped."""
    for ent in doc.ents:
        model = _MODEL_TYPES.get(ent.label_)
        span = trimmed(ent)
        if model is None or not len(span):
            continue
        if model in _MEASURES and _is_measure(span, model):
            edges = (span.start, span.end, span.end)
            yield Phrase(*edges, Kind.NAME, model, Basis.NAME, NAMED_CONFIDENCE)
        elif model not in _MEASURES and _is_name(span):
            yield _name(completed(span, is_known=True), model, NAMED_CONFIDENCE)


def _is_measure(span: Span, model: EntityType) -> bool:
    if model is EntityType.DATE:
        return names.is_absolute_date(span.text)
    return any(token.like_num for token in span)


def _proper(doc: Doc, claimed: set[int]) -> Iterator[Phrase]:
    """Runs of proper nouns that the model did not name."""
    last = 0
    for token in doc:
        if token.i < last or token.i in claimed or not is_proper(token):
            continue
        last = token.i + 1
        while last < len(doc) and last not in claimed and _continues_name(doc[last]):
            last += 1
        span = trimmed(doc[token.i : last])
        if len(span) and _is_name(span):
            yield _name(completed(span, is_known=False), None, PROPER_CONFIDENCE)


def _continues_name(token: Token) -> bool:
    if token.text in {"-", "&"}:
        return token.i + 1 < len(token.doc) and is_proper(token.nbor())
    return is_proper(token)


def _is_name(span: Span) -> bool:
    """Whether a span reads as a name: letters, and more than a general word."""
    text = span.text
    if len(text) == 1 or text.lower() in TITLES or not any(map(str.isalpha, text)):
        return False
    is_lone = len(span) == 1
    is_numbered = len(span) == 2 and names.is_designation(span[1].text)  # Chapter 3
    return not ((is_lone or is_numbered) and _is_generic(span[0]))


def _is_generic(token: Token) -> bool:
    return token.lower_ in GENERIC_NOUNS or token.lemma_.lower() in GENERIC_NOUNS


def _name(span: Span, model: EntityType | None, confidence: float) -> Phrase:
    entity_type, basis = _typed(span, model)
    edges = (span.start, span.end, reach_of(span))
    return Phrase(*edges, Kind.NAME, entity_type, basis, confidence)


def _typed(span: Span, model: EntityType | None) -> tuple[EntityType, Basis]:
    by_name = names.type_by_name(span.text, model)
    if by_name is not None:
        return by_name, Basis.NAME
    by_context = _type_by_context(span.root, model)
    if by_context is not None:
        return by_context, Basis.CONTEXT
    if model is None or (model is EntityType.PERSON and _has_article(span)):
        return EntityType.CONCEPT, Basis.DEFAULT  # nobody is called "the Armstrong"
    return model, Basis.MODEL


def _has_article(span: Span) -> bool:
    return span.start > 0 and span.doc[span.start - 1].lower_ in {"the", "a", "an"}


def _type_by_context(root: Token, model: EntityType | None) -> EntityType | None:
    """What the nouns around a name call it: "the module Eagle", "Gene Kranz, a director"."""
    nouns = [child for child in root.children if child.dep_ in {"appos", "compound", "nmod"}]
    if root.dep_ == "appos":
        nouns.append(root.head)
    if root.dep_ in {"nsubj", "nsubjpass"}:
        if root.head.lower_ in _PERSONAL_VERBS:
            return EntityType.PERSON
        nouns += [child for child in root.head.children if child.dep_ == "attr"]
    lower = (noun for noun in nouns if noun.pos_ == "NOUN" or noun.is_lower)
    called = next(filter(None, (names.type_by_noun(noun.lemma_) for noun in lower)), None)
    if called is None and model is EntityType.PERSON and _is_inside(root):
        return EntityType.PLACE  # "in Houston": one is with people, not in them
    return called


def _is_inside(root: Token) -> bool:
    return bool(root.dep_ == "pobj" and root.head.lower_ == "in")

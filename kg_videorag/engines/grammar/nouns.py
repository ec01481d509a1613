"""Common nouns that may be entities: terms ("guidance computer") and bare nouns ("rocket").

An analyst reads this graph, and a node called "thing" helps nobody: general words are left
out, and what remains becomes an entity only where it is related to something.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg_videorag.engines.grammar import names
from kg_videorag.engines.grammar.extent import is_numbered
from kg_videorag.engines.grammar.values import NOUN_CONFIDENCE, Basis, Kind, Phrase
from kg_videorag.engines.grammar.words import GENERIC_ADJECTIVES, GENERIC_NOUNS, UNIQUE_NOUNS
from kg_videorag.model import EntityType

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc, Span, Token

_MODIFIERS = frozenset({"compound", "nmod", "amod"})
_DETERMINERS = frozenset({"det", "poss", "nummod"})
_SORTING_SUFFIXES = ("al", "ar", "ic", "ary")  # neural, lunar, magnetic: they sort, not describe
_MIN_CHARS = 3


def is_proper(token: Token) -> bool:
    """Whether a token is a proper noun.

    The tagger's lower-case ones are not believed unless the whole text is lower case, as some
    recognisers write it.
    """
    if names.is_code(token.text) or (token.tag_ == "NN" and token.lower_ in UNIQUE_NOUNS):
        return True
    if token.pos_ == "NOUN" and token.is_title and is_numbered(token):
        return True  # the tagger takes the Saturn of "Saturn V rocket" for a common noun
    return token.pos_ == "PROPN" and (not token.is_lower or token.doc.text.islower())


def common_nouns(doc: Doc, claimed: set[int]) -> Iterator[Phrase]:
    """Nouns that head a phrase, with the words that make them specific.

    Args:
        doc: A parsed text.
        claimed: Tokens that belong to names; it grows while this runs.
    """
    for token in doc:
        is_noun = token.pos_ == "NOUN" or (token.pos_ == "PROPN" and not is_proper(token))
        if not is_noun or token.i in claimed or token.dep_ in _MODIFIERS:
            continue
        start, end = _start(token, claimed), _end(token, claimed)
        kind = Kind.TERM if end > token.i + 1 else _kind(token, doc[start:end])
        if kind is not None:
            edges = (start, end, end)
            yield Phrase(*edges, kind, EntityType.CONCEPT, Basis.DEFAULT, NOUN_CONFIDENCE)


def _start(head: Token, claimed: set[int]) -> int:
    start = int(head.i)
    while start > 0 and start - 1 not in claimed and _specifies(head.doc[start - 1], head):
        start -= 1
    return start + 1 if head.doc[start].text == "-" else start


def _specifies(token: Token, head: Token) -> bool:
    """Whether a word before a noun is part of what it is called."""
    if token.text == "-":
        return True
    if not token.i < token.head.i <= head.i or token.dep_ not in _MODIFIERS:
        return False
    if token.pos_ in {"NOUN", "PROPN"}:
        return True
    is_plain_adjective = token.tag_ == "JJ" and not any(True for _ in token.children)
    return is_plain_adjective and token.lower_ not in GENERIC_ADJECTIVES


def _end(head: Token, claimed: set[int]) -> int:
    """Past "of" and a noun without article: "theory of relativity", "speed of light"."""
    end = int(head.i + 1)
    if end + 1 >= len(head.doc) or _is_generic(head):
        return end
    of, noun = head.doc[end], head.doc[end + 1]
    joins = of.lower_ == "of" and of.head.i == head.i and noun.head.i == of.i
    is_plain = _is_mass_noun(noun) and noun.i not in claimed and not any(True for _ in noun.rights)
    return end + 2 if joins and is_plain and not _is_generic(noun) else end


def _kind(head: Token, span: Span) -> Kind | None:
    if len(head.text) < _MIN_CHARS or not head.text.replace("-", "").isalpha():
        return None
    if len(span) > 1:
        has_noun = any(token.pos_ in {"NOUN", "PROPN"} for token in span[:-1])
        sorts = any(token.lower_.endswith(_SORTING_SUFFIXES) for token in span[:-1])
        return Kind.TERM if has_noun or sorts else Kind.BARE
    # In "the orbit of John Glenn" the orbit alone is not what was meant.
    if _is_generic(head) or any(child.lower_ == "of" for child in head.children):
        return None
    return Kind.TERM if _is_mass_noun(head) else Kind.BARE


def _is_generic(noun: Token) -> bool:
    return noun.lemma_.lower() in GENERIC_NOUNS


def _is_mass_noun(noun: Token) -> bool:
    """Whether a noun stands in the singular without article: "relativity", "polonium"."""
    if noun.pos_ != "NOUN" or noun.tag_ != "NN":
        return False
    return not any(child.dep_ in _DETERMINERS for child in noun.children)

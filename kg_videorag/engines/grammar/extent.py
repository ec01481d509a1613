"""Where a name begins and ends: trimmed of what is not its own, completed by what is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg_videorag.engines.grammar import names
from kg_videorag.engines.grammar.words import GENERIC_NOUNS, TITLES
from kg_videorag.model import EntityType

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

_LEADING = frozenset({"DET", "PRON", "PUNCT", "SPACE", "ADV", "CCONJ"})
_TRAILING = frozenset({"PUNCT", "SPACE", "ADP", "CCONJ"})
_MODIFIERS = frozenset({"compound", "nmod", "amod"})


def trimmed(span: Span) -> Span:
    """A span without articles, possessives, titles and quotes at its edges."""
    start, end = span.start, span.end
    while start < end and _leads(span.doc[start], span.doc[end - 1]):
        start += 1
    while start < end and _trails(span.doc[end - 1]):
        end -= 1
    return span.doc[start:end]


def _leads(token: Token, last: Token) -> bool:
    if token.lower_ in TITLES and token.i < last.i:
        return not names.is_type_noun(last.text)  # King Abdulaziz University keeps its king
    return token.pos_ in _LEADING and not (token.is_title and token.pos_ == "ADV")


def _trails(token: Token) -> bool:
    return token.pos_ in _TRAILING or token.tag_ == "POS"


def completed(span: Span, *, is_known: bool) -> Span:
    """A name with what numbers or heads it: "Saturn" + "V", "Apollo" + "guidance computer".

    Args:
        span: The name.
        is_known: True if the model takes it for a name by itself; it then takes only a noun
            that makes another name of it ("program"), else any that is not too general.
    """
    if is_numbered(span[-1]):
        return span.doc[span.start : span.end + 1] if _is_numbered_by_next(span) else span
    head = _noun_headed_by(span)
    if head is None or _has_number(span):
        return span
    joins = names.is_type_noun(head.text) or not (is_known or _stands_alone(head))
    return span.doc[span.start : head.i + 1] if joins else span


def _stands_alone(noun: Token) -> bool:
    """Whether a noun after a name is no part of it: "Boeing engineers", "Apollo people"."""
    word = noun.lemma_.lower()
    return word in GENERIC_NOUNS or names.type_by_noun(word) is EntityType.PERSON


def reach_of(span: Span) -> int:
    """Where what stands for a numbered name ends: "X-15 rocket plane" is the X-15."""
    head = _noun_headed_by(span) if _has_number(span) else None
    return int(span.end if head is None else head.i + 1)


def is_numbered(token: Token) -> bool:
    """Whether a number follows that may belong to the token; the pronoun I never does."""
    if token.i + 1 == len(token.doc):
        return False
    number = token.nbor()
    if not names.is_designation(number.text) or number.pos_ == "PRON" or number.is_sent_start:
        return False
    is_score = number.i + 1 < len(token.doc) and number.nbor().text in {"-", "\u2013", ":"}
    return not is_score  # "beat Liverpool 3-1"


def _is_numbered_by_next(span: Span) -> bool:
    number = span[-1].nbor()
    return bool(
        span.start <= number.head.i < span.end
        or number.dep_ == "compound"
        or span.root.head.i == number.i
        or span.root.dep_ in _MODIFIERS
    )


def _has_number(span: Span) -> bool:
    last = span[-1].text
    return names.is_code(span.text) or (len(span) > 1 and names.is_designation(last))


def _noun_headed_by(span: Span) -> Token | None:
    """The noun that a name stands before and specifies, over compounds: Apollo [... computer]."""
    doc, end, root = span.doc, span.end, span.root
    while end < len(doc) and doc[end].pos_ == "NOUN" and doc[end].dep_ == "compound":
        end += 1
    if end == len(doc) or doc[end].pos_ not in {"NOUN", "PROPN"} or root.dep_ not in _MODIFIERS:
        return None
    return doc[end] if end in {root.head.i, root.head.head.i} else None

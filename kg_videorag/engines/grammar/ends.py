"""Which phrase a token stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg_videorag.engines.grammar.clauses import coordinated
from kg_videorag.engines.grammar.values import Kind, Triple
from kg_videorag.model import EntityType

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from spacy.tokens import Doc, Token

    from kg_videorag.engines.grammar.values import Phrase

# Behind these a noun without article is a substance or a subject, not part of an idiom.
_MATERIAL_PREPOSITIONS = frozenset({"of", "with", "from", "into", "about", "through", "against"})


class Ends:
    """The phrases of one Doc, looked up by the tokens inside them."""

    def __init__(self, doc: Doc, phrases: Sequence[Phrase]) -> None:
        self._doc = doc
        self._phrases = phrases
        self._at = {i: n for n, p in enumerate(phrases) for i in range(p.start, p.reach)}

    def at(self, token: Token) -> int | None:
        """The phrase that contains a token."""
        return self._at.get(token.i)

    def phrase(self, token: Token) -> Phrase | None:
        """The same, as a value."""
        end = self.at(token)
        return None if end is None else self._phrases[end]

    def kind(self, token: Token) -> Kind | None:
        """The kind of the phrase that contains a token."""
        phrase = self.phrase(token)
        return None if phrase is None else phrase.kind

    def type(self, token: Token) -> EntityType | None:
        """The type of the phrase that contains a token."""
        phrase = self.phrase(token)
        return None if phrase is None else phrase.type

    def of(self, noun: Token) -> int | None:
        """The phrase a noun stands for: "her husband Pierre Curie" is Pierre Curie."""
        if self.kind(noun) is Kind.NAME:
            return self.at(noun)
        for child in noun.children:
            follows = child.left_edge.i == noun.i + 1
            if child.dep_ == "appos" and follows and self.kind(child) is Kind.NAME:
                return self.at(child)
        return self.at(noun)

    def all_of(self, noun: Token) -> list[int]:
        """The phrases that a noun and those joined to it stand for."""
        ends = (self.of(joined) for joined in coordinated(noun))
        return [end for end in ends if end is not None]

    def is_bare(self, noun: Token) -> bool:
        """Whether a noun stands for no phrase that says something by itself."""
        end = self.of(noun)
        return end is None or self._phrases[end].kind is Kind.BARE

    def only_colours(self, noun: Token, preposition: Token) -> bool:
        """Whether a noun behind a preposition is no thing of its own: "in orbit", "by hand"."""
        if self.is_bare(noun):
            return True
        phrase = self.phrase(noun)
        is_single_term = (
            phrase is not None and phrase.kind is Kind.TERM and phrase.end - phrase.start == 1
        )
        return is_single_term and preposition.lower_ not in _MATERIAL_PREPOSITIONS

    def has_date(self, preposition: Token) -> bool:
        """Whether a preposition leads to a date."""
        return any(self.type(child) is EntityType.DATE for child in preposition.children)

    def words(self, noun: Token) -> str:
        """A noun as part of a predicate: "flight director", singular and without article."""
        phrase = self.phrase(noun)
        start = noun.i if phrase is None else min(phrase.start, noun.i)
        before = [token.lower_ for token in self._doc[start : noun.i]]
        return " ".join([*before, noun.lemma_.lower()])

    def triple(
        self, pair: tuple[int, int], predicate: str, said_at: Token, confidence: float
    ) -> Iterator[Triple]:
        """A relation, unless it joins a phrase to itself or two bare nouns."""
        subject, object_ = (self._phrases[end] for end in pair)
        if pair[0] == pair[1] or subject.kind is object_.kind is Kind.BARE:
            return
        start = min(subject.start, object_.start, said_at.i)
        end = max(subject.end, object_.end, said_at.i + 1)
        yield Triple(pair[0], predicate, pair[1], start, end, confidence)


def prepositions(token: Token) -> Iterator[Token]:
    """The prepositions that hang on a word."""
    return (child for child in token.children if child.dep_ == "prep")

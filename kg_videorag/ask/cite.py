"""Turns a draft into an answer of which every sentence was checked, and is cited.

Why: docs/adr/0028-verified-answers.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from kg_videorag.ask.link import link_to
from kg_videorag.ask.refuse import not_found
from kg_videorag.ask.verify.claims import claims_of, clean
from kg_videorag.ask.verify.names import Names
from kg_videorag.ask.verify.statement import statement
from kg_videorag.ask.verify.support import found_in, supporting
from kg_videorag.model import Citation
from kg_videorag.words import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg_videorag.ask.verify.claims import Claim, Part
    from kg_videorag.model import Evidence, Sentence

_MOVED = "a citation of evidence {} was moved to evidence {}, which says it"
_UNSAID = "a citation of evidence {} was dropped: it does not say the sentence"
_MAX_TOLD = 3  # dropped marks that warnings name one by one
DROP, MARK = "drop", "mark"  # what becomes of a sentence that the evidence does not say


@dataclass(frozen=True, slots=True)
class Terms:
    """How drafts are checked.

    Args:
        names: Other names of those whom the evidence names.
        unsupported: DROP or MARK.
        language: Of the words by which a sentence is marked.
    """

    names: Names = field(default_factory=Names)
    unsupported: str = DROP
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Cited:
    """A draft that was checked.

    Args:
        text: With marks `[n]` that count `citations` from 1.
        citations: What the marks name.
        warnings: What was dropped, moved or marked, and why.
    """

    text: str
    citations: tuple[Citation, ...] = ()
    warnings: tuple[str, ...] = ()


def cite(draft: str, evidence: Sequence[Evidence], terms: Terms | None = None) -> Cited:
    """Check a draft sentence by sentence, and number its citations anew.

    Args:
        draft: Text in which `[n]` after a claim names the n-th evidence, from 1.
        evidence: What was given to the generator, numbered the same.
        terms: How; sentences without support are dropped if not given.

    Returns:
        Sentences that the evidence says, each with its citations. A mark that names no evidence,
        or one that does not say its sentence, is dropped and told of; a sentence that another
        piece says is cited to that. Each citation quotes the sentence of
        its evidence that says the claim, with that sentence's own times.
    """
    return _Citer(evidence, terms or Terms()).cite(clean(draft))


class _Citer:
    """Goes through a draft once."""

    def __init__(self, evidence: Sequence[Evidence], terms: Terms) -> None:
        self._evidence = evidence
        self._terms = terms
        self._citations: dict[tuple[int, Sentence], Citation] = {}
        self._warnings: dict[str, None] = {}
        self._wrong: list[int] = []
        self._found = self._unsupported = 0
        self._about = ""  # what the last sentence with a name said

    def cite(self, draft: str) -> Cited:
        claims = claims_of(draft, known=len(self._evidence))
        text = ""
        for place, claim in enumerate(claims):
            following = next((c.numbers for c in claims[place + 1 :] if c.numbers), ())
            text += self._checked(claim, following)
        counted = tuple(_counts(self._found, self._unsupported, self._terms.unsupported))
        return Cited(
            text=text.strip(),
            citations=tuple(self._citations.values()),
            warnings=(*_told(self._wrong, len(self._evidence)), *self._warnings, *counted),
        )

    def _checked(self, claim: Claim, following: Sequence[int]) -> str:
        """A sentence with its citations; nothing where it is dropped."""
        self._wrong += [n for n in claim.numbers if not self._says_something(n)]
        if not words(claim.text):  # a mark alone says nothing
            return ""
        kept = self._as_marked(claim) or self._found_by_text(claim, following)
        if kept is not None:
            if statement(claim.text).names:
                self._about = claim.text
            return claim.lead + kept
        self._unsupported += 1
        if self._terms.unsupported == MARK:
            return f"{claim.lead}{claim.text} ({not_found(self._terms.language)})"
        return ""

    def _as_marked(self, claim: Claim) -> str | None:
        """A sentence that is said by what it cites, or whose parts are, each by its own."""
        marked = [part for part in claim.parts if part.numbers]
        said = _own_texts(claim.parts)
        alone = [self._supports(text, p.numbers) for text, p in zip(said, marked, strict=True)]
        if len(marked) == 1 or not all(alone):
            said = [claim.text] * len(marked)
            alone = [self._supports(claim.text, part.numbers) for part in marked]
        if not any(alone):
            return None
        texts, kept = iter(said), iter(alone)
        written = [
            self._written(claim, part, next(texts), next(kept)) if part.numbers else part.text
            for part in claim.parts
        ]
        return "".join(written).rstrip()

    def _written(self, claim: Claim, part: Part, said: str, kept: Sequence[int]) -> str:
        """A part with those of its citations that say it."""
        for number in part.numbers:
            if self._says_something(number) and number not in kept:
                self._warnings[_UNSAID.format(number)] = None
        marks = "".join(f"[{n}]" for n in dict.fromkeys(self._cited(n, said) for n in kept))
        if claim.leading:
            return marks + part.text if kept else part.text.lstrip()
        return part.text + marks if kept else part.text.rstrip()

    def _supports(self, text: str, numbers: Iterable[int]) -> list[int]:
        """Those pieces of evidence that say a text."""
        return [n for n in numbers if self._says_something(n) and self._sentence(text, n)]

    def _found_by_text(self, claim: Claim, following: Sequence[int]) -> str | None:
        """A sentence that cites nothing, or what does not say it, with the evidence that does."""
        text = claim.text
        nearby = [] if claim.numbers else self._supports(text, following)
        number = (
            nearby[0]
            if nearby
            else found_in(text, enumerate(self._evidence, start=1), self._terms.names)
        )
        if number is None:
            for named in claim.numbers:
                if self._says_something(named):
                    self._warnings[_UNSAID.format(named)] = None
            return None
        real = [n for n in claim.numbers if self._says_something(n)]
        if real:
            self._warnings[_MOVED.format(real[0], number)] = None
        else:
            self._found += 1
        return f"{text} [{self._cited(number, text)}]"

    def _cited(self, number: int, claim: str) -> int:
        item = self._evidence[number - 1]
        sentence = self._sentence(claim, number) or nearest(claim, item.sentences)
        citation = citation_of(len(self._citations) + 1, item, sentence)
        return self._citations.setdefault((number, sentence), citation).number

    def _sentence(self, claim: str, number: int) -> Sentence | None:
        item = self._evidence[number - 1]
        return supporting(claim, item, self._terms.names, about=self._about)

    def _says_something(self, number: int) -> bool:
        return 1 <= number <= len(self._evidence) and bool(self._evidence[number - 1].sentences)


def _own_texts(parts: Sequence[Part]) -> list[str]:
    """Of each part with a mark its text; what stands behind the last belongs to it."""
    texts = [part.text for part in parts if part.numbers]
    if texts and not parts[-1].numbers:
        texts[-1] = f"{texts[-1].rstrip()} {parts[-1].text.strip()}"
    return texts


def nearest(claim: str, sentences: Sequence[Sentence]) -> Sentence:
    """The sentence most like a claim; the whole one, where a shorter is a part of it."""
    return max(sentences, key=lambda s: (likeness(claim, s), -s.span.start_ms))


def likeness(claim: str, sentence: Sentence) -> float:
    """How like a claim a sentence is, alone or with its heading ("The crew: Buzz Aldrin"), 0..200.

    Source: rapidfuzz's token set ratio, which forgives order and what is left out, and its plain
    ratio, which does not.
    """
    forms = {sentence.text, sentence.under_heading}
    return max(fuzz.token_set_ratio(claim, f) + fuzz.ratio(claim.strip(), f) for f in forms)


def citation_of(number: int, evidence: Evidence, sentence: Sentence) -> Citation:
    """A citation of one sentence."""
    return Citation(
        number=number,
        video_id=evidence.video_id,
        video=evidence.video,
        span=sentence.span,
        segment_id=evidence.segment_id,
        modality=sentence.modality,
        quote=sentence.text,
        link=link_to(evidence.path, evidence.source_url, sentence.span.start_ms),
    )


def _told(dropped: Iterable[int], known: int) -> Iterator[str]:
    numbers = list(dict.fromkeys(dropped))
    for number in numbers[:_MAX_TOLD]:
        there = f"there {'is' if known == 1 else 'are'} {known or 'none'}"
        fault = "nothing is said in it" if 1 <= number <= known else there
        yield f"a citation of evidence {number} was dropped: {fault}"
    if more := len(numbers[_MAX_TOLD:]):
        yield f"so were citations of {more} other{'s' if more > 1 else ''}"


def _counts(found: int, unsupported: int, how: str) -> Iterator[str]:
    if found:
        yield f"the model cited nothing for {_sentences(found)}; the evidence was found by text"
    if unsupported:
        were = "was" if unsupported == 1 else "were"
        done = "dropped" if how == DROP else "marked"
        yield f"{_sentences(unsupported)} without evidence {were} {done}"


def _sentences(count: int) -> str:
    return f"{count} sentence{'' if count == 1 else 's'}"

# ruff: noqa: RUF001 - letters of another script are meant
"""Whether evidence says what a sentence of an answer claims.

Why, and what was measured: docs/adr/0028-verified-answers.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex
from rapidfuzz import fuzz

from kg_videorag.ask.verify.faults import Pair, fault
from kg_videorag.ask.verify.names import Names
from kg_videorag.ask.verify.said import pairs_of, sentences_of
from kg_videorag.ask.verify.statement import statement
from kg_videorag.ask.verify.vocabulary import kin
from kg_videorag.words import content_stems, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg_videorag.ask.verify.said import Said
    from kg_videorag.ask.verify.statement import Statement
    from kg_videorag.model import Evidence, Sentence

# Of the words of a claim that are no names and numbers, the share that its sentence must say.
# benchmarks/support.py draws the curve; below, wrong deeds of the right people pass.
SAID_SHARE = 0.65
# A claim that has as many names and numbers of its sentence may say one word otherwise: "saved 705
# people" where 705 were rescued. Synonyms are commoner in answers than wrong deeds of that kind.
ANCHORS = 2
# rapidfuzz partial ratio, 0..100, of a sentence without a mark to the one that has all its words.
SAYS_IT = 80.0
MIN_STEMS = 3  # without a mark; "Apollo 11." is in many sentences and claims nothing
MAX_CLAIM_CHARS = 1_000  # no sentence is longer, and comparing takes time
_TRANSLATED_SHARE = 0.5  # what is said in another language comes after what is said in this one
_CLAUSE = regex.compile(
    r"[,;]?\s+(?:and|but|while|и|а|но)\s+|[,;]\s+(?:who|which|where|котор\w+|где|что)\s+|;\s+"
)


def supporting(
    claim: str, evidence: Evidence, names: Names | None = None, *, about: str = ""
) -> Sentence | None:
    """The sentence of a piece of evidence that says a claim best; None if none says it.

    A long claim may be said in parts: each of its clauses must then be said.

    Args:
        claim: One sentence of an answer.
        evidence: What it cites.
        names: Other names of those whom the evidence names.
        about: What the answer said before, for a claim that begins with "she".
    """
    if len(claim) > MAX_CLAIM_CHARS:
        return None
    known = names or Names()
    said = list(sentences_of(evidence))
    best = _best(claim, said, known, about)
    if best is not None:
        return best
    found = [_best(clause, said, known, about) for clause in _clauses(claim)]
    if found and all(found):
        return found[0]
    return _best(claim, list(_joined(statement(claim), said)), known, about)


def found_in(
    claim: str, numbered: Iterable[tuple[int, Evidence]], names: Names | None = None
) -> int | None:
    """The number of the evidence that says a claim, which nobody cited for it; None if none does.

    Without a mark more is asked: all the claim's words in much the same order, or two names or
    numbers, in the same script.

    Args:
        claim: One sentence.
        numbered: Evidence with its numbers.
        names: Other names of those whom it names.
    """
    if len(claim) > MAX_CLAIM_CHARS or len(content_stems(claim)) < MIN_STEMS:
        return None
    listed = list(numbered)
    number = _word_for_word(claim, listed, names)
    read = statement(claim)
    if number is not None or len(read.names) + len(read.numbers) < ANCHORS:
        return number
    return next(
        (
            number
            for number, item in listed
            if (found := supporting(claim, item, names))
            and statement(found.text).is_cyrillic == read.is_cyrillic
        ),
        None,
    )


def _word_for_word(
    claim: str, numbered: Iterable[tuple[int, Evidence]], names: Names | None = None
) -> int | None:
    """The number of the evidence that says a claim nearly word for word; None if none does.

    A sentence says it so that has all its words, in much the same order.

    Args:
        claim: One sentence.
        numbered: Evidence with its numbers.
        names: Other names of those whom it names.
    """
    stems = content_stems(claim)
    read, known, lower = statement(claim), names or Names(), claim.lower().rstrip(" .!?…")
    scored = [
        (fuzz.partial_ratio(lower, said.itself.lower), -number)
        for number, item in numbered
        for said in sentences_of(item)
        if stems <= content_stems(said.itself.text) and fault(Pair(read, said, known, "")) is None
    ]
    best = max(scored, default=None)
    return None if best is None or best[0] < SAYS_IT else -best[1]


def _best(claim: str, said: Sequence[Said], names: Names, about: str) -> Sentence | None:
    read = statement(claim)
    scored = []
    for place, one in enumerate(said):
        share = _share(Pair(read, one, names, about))
        if share is not None:
            text = one.itself.text
            alike = fuzz.token_set_ratio(claim, text) + fuzz.ratio(claim, text)
            scored.append((share, alike, -place))
    return said[-max(scored)[2]].sentence if scored else None


def _share(pair: Pair) -> float | None:
    """The share of a claim's words that a sentence says; None where it does not support it."""
    if fault(pair) is not None:
        return None
    if pair.is_translated:
        return _TRANSLATED_SHARE
    claim = pair.claim
    rest = {kin(stem) for stem in claim.stems - _stems_of_names(claim) - claim.kinds}
    if not rest:
        return 1.0
    said = rest & {kin(stem) for stem in pair.said.itself.stems}
    share = len(said) / len(rest)
    anchored = len(claim.names) + len(claim.numbers) >= ANCHORS and bool(said)
    is_enough = share >= SAID_SHARE or (anchored and len(rest - said) <= 1)
    return share if is_enough else None


def _joined(claim: Statement, said: Sequence[Said]) -> Iterator[Said]:
    """Pairs of sentences that together say every word of a claim, and each some of it.

    A number belongs to what is told with it, so a claim that has one is said by one sentence.
    """
    if claim.numbers:
        return
    wanted = {kin(stem) for stem in claim.stems - claim.kinds}
    for one, other, both in pairs_of(said, _first_name(claim)):
        parts = [{kin(s) for s in item.itself.stems} & wanted for item in (one, other)]
        if wanted <= parts[0] | parts[1] and parts[0] - parts[1] and parts[1] - parts[0]:
            yield both


def _stems_of_names(read: Statement) -> frozenset[str]:
    return frozenset(word.stem for word in read.words if word.is_name)


def _clauses(claim: str) -> list[str]:
    """A claim's clauses, each with somebody it is about; none where it has but one."""
    parts = [part.strip() for part in _CLAUSE.split(claim) if part and words(part)]
    clauses = list(_with_subjects(parts)) if len(parts) > 1 else []
    return clauses if len(clauses) > 1 else []


def _with_subjects(parts: Iterable[str]) -> Iterator[str]:
    subject, held = "", ""
    for part in parts:
        read = statement(part)
        if read.stems <= _stems_of_names(read):
            held = f"{held} {part}".strip()  # "Armstrong" of "Armstrong and Aldrin landed"
            continue
        yield f"{held or ('' if read.names else subject)} {part}".strip()
        subject = subject or _first_name(read)
        held = ""
    if held:
        yield held


def _first_name(read: Statement) -> str:
    names: list[str] = []
    for word in read.words:
        if word.is_name:
            names.append(word.form.capitalize())
        elif names:
            break
    return " ".join(names)

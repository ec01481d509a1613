"""What speaks against a sentence of the evidence as the support of a claim."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg_videorag.ask.verify.names import names_alike, says_name
from kg_videorag.ask.verify.roles import exchanged
from kg_videorag.ask.verify.statement import bare, clocks, statement
from kg_videorag.ask.verify.vocabulary import opposed, telling
from kg_videorag.model import timecode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kg_videorag.ask.verify.names import Names
    from kg_videorag.ask.verify.said import Said
    from kg_videorag.ask.verify.statement import Statement

_EARLY = 3  # words within which a sentence says whom it is about


@dataclass(frozen=True, slots=True)
class Pair:
    """A claim, and a sentence that may say it.

    Args:
        claim: What the claim says.
        said: The sentence.
        names: Other names of those whom the evidence names.
        about: What the answer said before, for a claim that begins with "she".
    """

    claim: Statement
    said: Said
    names: Names
    about: str

    @property
    def is_translated(self) -> bool:
        """Whether the two are in different scripts: then only names and numbers compare."""
        return self.claim.is_cyrillic != self.said.around.is_cyrillic


def fault(pair: Pair) -> str | None:
    """Why a sentence does not support a claim, in a word; None if nothing speaks against it."""
    checks = _IN_ANY_SCRIPT if pair.is_translated else _CHECKS
    return next((name for name, is_wrong in checks.items() if is_wrong(pair)), None)


def _quotes(pair: Pair) -> bool:
    return any(quote not in pair.said.around.lower for quote in pair.claim.quotes)


def _addresses(pair: Pair) -> bool:
    named = f"{pair.said.around.lower} {pair.said.evidence.video.lower()}"
    return any(address not in named for address in pair.claim.addresses)


def _numbers(pair: Pair) -> bool:
    claim, said = pair.claim, pair.said
    missing = claim.numbers - said.itself.numbers
    if missing and (named := clocks(claim.text)):  # the moment itself is no invention
        spans = (said.evidence.span, said.sentence.span)
        moments = {timecode(ms) for span in spans for ms in (span.start_ms, span.end_ms)}
        missing -= {bare(text) for text in named if any(m.endswith(text) for m in moments)}
    return bool(missing)


def _translated_names(pair: Pair) -> bool:
    return not names_alike(pair.claim, pair.said.around)


def _names(pair: Pair) -> bool:
    """A name of a person may stand before the sentence; that of a place or a day must be in it."""
    for name in _unknown(pair.claim, pair.said):
        where = pair.said.itself if name in pair.claim.placed else pair.said.around
        if not says_name(name, where, pair.names):
            return True
    return False


def _unknown(claim: Statement, said: Said) -> Iterator[str]:
    """A claim's names, but for first names of those whom the evidence names in full elsewhere."""
    forms = [word.form if word.is_name else "" for word in claim.words]
    for name in claim.names:
        place = forms.index(name)
        surname = forms[place + 1] if place + 1 < len(forms) else ""
        if not surname or said.first_names.get(surname, frozenset()) != frozenset({name}):
            yield name


def _another_person(pair: Pair) -> bool:
    """A claim's name stands only before a sentence that begins with somebody else's."""
    claim, said = pair.claim, pair.said.itself
    first = {word.form for word in said.words[:_EARLY] if word.is_name}
    return (
        bool(first)
        and not any(says_name(name, claim, pair.names) for name in first)
        and any(not says_name(name, said, pair.names) for name in claim.names)
    )


def _another_she(pair: Pair) -> bool:
    """The claim's "she" is who was named before it, and the sentence is about others."""
    if not (pair.claim.begins_with_pronoun and pair.about and pair.said.itself.names):
        return False
    before = statement(pair.about).names
    forms = {word.form for word in pair.said.around.words}
    return bool(before) and forms.isdisjoint(before)


def _opposites(pair: Pair) -> bool:
    claim, said = pair.claim.every, pair.said.itself.every
    return opposed(claim, said) or bool((telling(claim) | pair.claim.superlatives) - said)


def _denials(pair: Pair) -> bool:
    """One denies what the other does not; where both do, Russian may say it of another word."""
    claim, said = pair.claim, pair.said.itself
    if claim.denied and said.denied and claim.is_cyrillic:
        return False
    shared = claim.stems & said.stems
    unlike = (claim.denied & shared) != (said.denied & shared)
    return unlike or bool(claim.denied and not claim.denied & said.denied)


def _hedges(pair: Pair) -> bool:
    claim, said = pair.claim, pair.said.itself
    return bool((said.hedged & claim.stems) - claim.hedged)


def _roles(pair: Pair) -> bool:
    return exchanged(pair.claim, pair.said.itself)


_IN_ANY_SCRIPT: dict[str, Callable[[Pair], bool]] = {
    "quotation": _quotes,
    "address": _addresses,
    "number": _numbers,
    "name": _translated_names,
}
_CHECKS: dict[str, Callable[[Pair], bool]] = {
    **_IN_ANY_SCRIPT,
    "name": _names,
    "another person": _another_person,
    "another she": _another_she,
    "opposite": _opposites,
    "denial": _denials,
    "hedge": _hedges,
    "roles": _roles,
}

"""Tells an answer while it is written, sentence by sentence, each when it was checked.

What was told cannot be taken back, so nothing is told unchecked: a sentence waits for its
citation. Why: docs/adr/0028-verified-answers.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from kg_videorag.ask.cite import cite
from kg_videorag.ask.verify.claims import clean, whole_until
from kg_videorag.ports import StreamingGenerator

if TYPE_CHECKING:
    from collections.abc import Generator as Pieces
    from collections.abc import Iterable, Iterator, Sequence

    from kg_videorag.ask.cite import Cited, Terms
    from kg_videorag.model import Evidence
    from kg_videorag.ports import Generator

_Told = TypeVar("_Told")


def drafts_of(
    generator: Generator, question: str, evidence: Sequence[Evidence], *, language: str, live: bool
) -> Iterator[str]:
    """What a generator writes, each time all of it so far.

    Args:
        generator: Of one that cannot be read while it writes, the whole at once.
        question: As the generator is asked.
        evidence: What it is given; nothing is asked without any.
        language: To answer in.
        live: Whether it is to be read while it writes.
    """
    if not evidence:
        return
    if live and isinstance(generator, StreamingGenerator):
        yield from generator.stream(question, evidence, language=language)
    else:
        yield generator.generate(question, evidence, language=language)


def tell(
    drafts: Iterable[str], evidence: Sequence[Evidence], terms: Terms
) -> Pieces[str, None, Cited]:
    """Yields checked text, and gives the whole that was checked.

    Args:
        drafts: Each longer than the one before, unless the model takes something back.
        evidence: What was given to the generator.
        terms: How it is checked.

    Returns:
        The answer. What was yielded is its text, or where the model took something back, what
        it said before that.
    """
    told, draft, seen = "", "", 0
    for draft in drafts:
        so_far = clean(draft)
        end = whole_until(so_far, known=len(evidence))
        if end > seen:
            seen = end
            cited = cite(so_far[:end], evidence, terms)
            if cited.citations and cited.text.startswith(told) and cited.text != told:
                yield cited.text[len(told) :]
                told = cited.text
    cited = cite(draft, evidence, terms)
    if cited.citations and cited.text.startswith(told) and cited.text != told:
        yield cited.text[len(told) :]
    return cited


def finished(pieces: Pieces[str, None, _Told]) -> _Told:
    """What a telling gives in the end, for those who do not listen."""
    while True:
        try:
            next(pieces)
        except StopIteration as done:
            answer: _Told = done.value
            return answer

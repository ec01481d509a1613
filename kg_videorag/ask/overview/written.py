"""A summary by a language model: part by part, then of the parts, every sentence checked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import PurePath
from typing import TYPE_CHECKING

import numpy as np

from kg_videorag.ask.cite import Cited, cite
from kg_videorag.ask.evidence import within_budget
from kg_videorag.ask.marks import find_marks
from kg_videorag.model import Citation, Evidence, Modality, Sentence, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from kg_videorag.ask.overview.chapters import Overlooked
    from kg_videorag.graph.course import Line
    from kg_videorag.ports import Summariser

MAX_PARTS = 40  # that a model is asked for: six hours of speech, of longer ones the central half
_NOTES_A_PART = 4
_THINNED = "only the most central {:.0%} of what is said was given to the model"
_UNCITED = "the model cited nothing in {} of {} parts; their most central sentences were taken"


@dataclass(frozen=True, slots=True)
class Written:
    """A text of cited sentences; `cut` where the video says more than was looked at."""

    text: str
    citations: tuple[Citation, ...] = ()
    warnings: tuple[str, ...] = ()
    cut: bool = False


@dataclass(frozen=True, slots=True)
class _Note:
    """A checked sentence, and what says it."""

    text: str
    evidence: tuple[Evidence, ...]


def write(
    seen: Overlooked,
    ranks: NDArray[np.float64],
    summariser: Summariser,
    form: tuple[int, str, int],
) -> Written:
    """Summarise the parts of a video, then the summaries, until one is left.

    Args:
        seen: The video.
        ranks: How central each of its telling sentences is.
        summariser: Who writes.
        form: How many sentences at most, in which language, and how many tokens at once.

    Raises:
        EngineError: If the model fails.
    """
    count, language, max_tokens = form
    parts, share = _parts(seen, ranks, max_tokens)
    if not parts:
        return Written("")
    warnings = [_THINNED.format(share)] if share < 1 else []
    single = len(parts) == 1
    notes: list[_Note] = []
    silent = 0
    for part in parts:
        asked = count if single else _NOTES_A_PART
        checked = _checked(summariser.summarise(part, asked, language), part)
        silent += not checked.citations
        warnings += checked.warnings
        notes += _notes(checked, part) or _central(seen, ranks, part)
    if silent:
        warnings.append(_UNCITED.format(silent, len(parts)))
    if not single:
        notes, told = _joined(notes, summariser, form)
        warnings += told
    written = _numbered(notes[:count])
    return replace(written, warnings=tuple(dict.fromkeys(warnings)), cut=share < 1)


def _checked(draft: str, evidence: Sequence[Evidence]) -> Cited:
    """By the same code as answers: marks that are wrong, and sentences that nothing says, go."""
    cited = cite(draft, evidence)
    return cited if cited.citations else Cited("", (), cited.warnings)


def _notes(cited: Cited, evidence: Sequence[Evidence]) -> list[_Note]:
    """The sentences of a checked text, each with the very sentences that it cites."""
    notes: list[_Note] = []
    at = 0
    for mark in find_marks(cited.text, known=len(cited.citations)):
        text = cited.text[at : mark.start].lstrip(" .,;\n-*•").rstrip()
        at = mark.end
        said = [c for c in cited.citations if c.number in mark.numbers]
        if text and said:
            notes.append(_Note(text, tuple(_source(c, evidence) for c in said)))
    return notes


def _source(citation: Citation, evidence: Sequence[Evidence]) -> Evidence:
    return next(item for item in evidence if item.segment_id == citation.segment_id)


def _central(seen: Overlooked, ranks: NDArray[np.float64], part: Sequence[Evidence]) -> list[_Note]:
    """The most central sentence of a part of which a model said nothing that holds."""
    ids = {item.segment_id for item in part}
    places = [n for n, line in enumerate(seen.units.lines) if line.segment_id in ids]
    if not places:
        return []
    line = seen.units.lines[max(places, key=lambda n: ranks[n])]
    item = next(item for item in part if item.segment_id == line.segment_id)
    return [_Note(line.sentence.under_heading, (item,))]


def _joined(
    notes: list[_Note], summariser: Summariser, form: tuple[int, str, int]
) -> tuple[list[_Note], list[str]]:
    """One summary of notes; of more than fit into a prompt, first of groups of them."""
    count, language, max_tokens = form
    warnings: list[str] = []
    while len(notes) > count:
        groups = _groups(notes, max_tokens)
        # Of several groups twice as much is kept as is wanted, for the next round to choose from.
        asked = count if len(groups) == 1 else max(-(-2 * count // len(groups)), 2)
        joined: list[_Note] = []
        for group in groups:
            evidence = tuple({e.segment_id: e for note in group for e in note.evidence}.values())
            number = {item.segment_id: n for n, item in enumerate(evidence, start=1)}
            lines = [_marked(note, number) for note in group]
            checked = _checked(summariser.join(lines, asked, language), evidence)
            warnings += checked.warnings
            found = _notes(checked, evidence)[:asked]
            joined += found or _spread(group, asked)
        if len(groups) == 1:
            return joined, warnings
        notes = joined if len(joined) < len(notes) else _spread(notes, count)
    return notes, warnings


def _marked(note: _Note, number: dict[str, int]) -> str:
    marks = _marks(note, number)
    return f"{_ended(note.text)} {marks}"


def _groups(notes: Sequence[_Note], max_tokens: int) -> list[list[_Note]]:
    """Notes in groups that fit into a prompt."""
    groups: list[list[_Note]] = []
    rest = list(notes)
    while rest:
        texts = [_as_evidence(note.text) for note in rest]
        taken = max(len(within_budget(texts, max_tokens)), min(2, len(rest)))
        groups.append(rest[:taken])
        rest = rest[taken:]
    return groups


def _as_evidence(text: str) -> Evidence:
    nowhere = Span(0, 0)
    return Evidence("", "", "", nowhere, 0.0, (), (Sentence(text, nowhere),))


def _spread(notes: Sequence[_Note], count: int) -> list[_Note]:
    """Some of several notes, from all of their course."""
    if len(notes) <= count:
        return list(notes)
    return [notes[round(n * (len(notes) - 1) / max(count - 1, 1))] for n in range(count)]


def _numbered(notes: Sequence[_Note]) -> Written:
    """Notes as one text with the citations that it counts from 1."""
    evidence = tuple({e.segment_id: e for note in notes for e in note.evidence}.values())
    number = {item.segment_id: n for n, item in enumerate(evidence, start=1)}
    draft = " ".join(f"{_ended(note.text)} {_marks(note, number)}" for note in notes)
    cited = cite(draft, evidence)
    return Written(cited.text, cited.citations, cited.warnings)


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def _marks(note: _Note, number: dict[str, int]) -> str:
    return "".join(f"[{number[e.segment_id]}]" for e in note.evidence)


def _parts(
    seen: Overlooked, ranks: NDArray[np.float64], max_tokens: int
) -> tuple[list[tuple[Evidence, ...]], float]:
    """The video in parts that fit into a prompt, and the share of its sentences in them."""
    lines = list(seen.units.lines)
    parts = _cut(seen, lines, max_tokens)
    if len(parts) <= MAX_PARTS:
        return parts, 1.0
    share = MAX_PARTS / len(parts)
    while True:  # sentences differ in length: what is left may still be too much
        kept = _most_central(lines, ranks, share)
        parts = _cut(seen, kept, max_tokens)
        if len(parts) <= MAX_PARTS:
            return parts, len(kept) / len(lines)
        share *= 0.9


def _most_central(lines: Sequence[Line], ranks: NDArray[np.float64], share: float) -> list[Line]:
    """A share of all sentences, in order of time."""
    best = np.argsort(-ranks, kind="stable")[: max(int(share * len(lines)), 1)]
    return [lines[n] for n in sorted(int(n) for n in best)]


def _cut(seen: Overlooked, lines: Sequence[Line], max_tokens: int) -> list[tuple[Evidence, ...]]:
    rest = [
        evidence_of(seen, segment_id, list(of_segment))
        for segment_id, of_segment in groupby(lines, key=lambda line: line.segment_id)
    ]
    parts: list[tuple[Evidence, ...]] = []
    while rest:
        part = within_budget(rest, max_tokens)
        parts.append(part)
        rest = rest[len(part) :]
    return parts


def evidence_of(seen: Overlooked, segment_id: str, lines: Sequence[Line]) -> Evidence:
    """Lines of one segment as evidence."""
    ordered = sorted(lines, key=lambda line: line.sentence.modality is not Modality.SPEECH)
    return Evidence(
        segment_id=segment_id,
        video_id=seen.video.id,
        video=PurePath(seen.video.path).name,
        span=Span(min(x.start_ms for x in lines), max(x.end_ms for x in lines)),
        score=1.0,
        via=("time",),
        sentences=tuple(line.sentence for line in ordered),
        path=seen.video.path,
    )

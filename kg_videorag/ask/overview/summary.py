"""A video in short: its most central sentences, or what a language model writes of it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from kg_videorag.ask.cite import citation_of
from kg_videorag.ask.overview.central import centrality, most_central, sentences_for
from kg_videorag.ask.overview.chapters import chapters_of
from kg_videorag.ask.overview.values import TopEntity, TopRelation, VideoSummary
from kg_videorag.ask.overview.written import Written, evidence_of, write
from kg_videorag.graph.overview import entity_rows, relation_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg_videorag.ask.overview.chapters import Overlooked
    from kg_videorag.graph.client import GraphClient
    from kg_videorag.graph.course import Line
    from kg_videorag.ports import Summariser

_TOP = 10  # entities and relations
_NOT_TRANSLATED = "no language model is configured: the sentences are quoted as they were said"


def summary_of(
    client: GraphClient,
    seen: Overlooked,
    summariser: Summariser | None,
    *,
    language: str = "",
    max_tokens: int,
) -> VideoSummary:
    """A summary whose every sentence is cited.

    Args:
        client: The graph.
        seen: The video.
        summariser: A language model; None to quote the most central sentences.
        language: "en" or "ru"; "" for the video's.
        max_tokens: How much a model is given at once.

    Raises:
        EngineError: If the model fails.
    """
    began = time.perf_counter()
    spans = [chapter.span for chapter in chapters_of(seen).chapters]
    count = sentences_for(seen.video.duration_ms)
    ranks = centrality(seen.units)
    wanted = language or seen.language
    if summariser is None:
        best = most_central(seen.units, ranks, spans, count)
        told = quoted(seen, [seen.units.lines[n] for n in best])
        warnings = (_NOT_TRANSLATED,) if wanted != seen.language and told.text else ()
        written, wanted = Written(told.text, told.citations, warnings), seen.language
    else:
        written = write(seen, ranks, summariser, (count, wanted, max_tokens))
    return VideoSummary(
        video=seen.video,
        language=wanted,
        text=written.text,
        citations=written.citations,
        summariser="extractive" if summariser is None else summariser.name,
        model="none" if summariser is None else summariser.model,
        entities=tuple(
            TopEntity(entity, row["mentions"], row["first_ms"], row["last_ms"])
            for entity, row in entity_rows(client, seen.video.id, _TOP)
        ),
        relations=tuple(
            TopRelation(row["subject"], row["predicate"], row["object"], row["times"], span)
            for row, span in relation_rows(client, seen.video.id, _TOP)
        ),
        cut=written.cut,
        warnings=written.warnings,
        timings_ms={"total": round((time.perf_counter() - began) * 1000, 1)},
    )


def quoted(seen: Overlooked, lines: Sequence[Line]) -> Written:
    """Lines as sentences, each with its citation."""
    citations = tuple(
        citation_of(number, evidence_of(seen, line.segment_id, [line]), line.sentence)
        for number, line in enumerate(lines, start=1)
    )
    parts = [f"{line.sentence.under_heading} [{n}]" for n, line in enumerate(lines, start=1)]
    return Written(" ".join(parts), citations)

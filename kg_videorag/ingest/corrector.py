"""Makes corrections by hand, and takes them back: in the graph, without the file.

What is said and shown is stored with the times of its words, so that names, relations and vectors
are found anew in seconds, also where the file is gone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from kg_videorag.errors import CorrectionError
from kg_videorag.graph.corrections import (
    corrections_of,
    drop_correction,
    find_correction,
    keep_correction,
    videos_that_say,
)
from kg_videorag.graph.retell import Retold, retell_video
from kg_videorag.graph.told import told_segments
from kg_videorag.identity import correction_id
from kg_videorag.ingest.corrections import correct
from kg_videorag.ingest.embed import embed_segments, embedding_ids
from kg_videorag.ingest.extract import extract_graph
from kg_videorag.ingest.resolve.within import resolve_within
from kg_videorag.model import (
    ChangedLine,
    Correction,
    CorrectionKind,
    CorrectionReport,
    one_line,
    timecode,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from kg_videorag.graph.client import GraphClient, Transaction
    from kg_videorag.model import Segment, Sentence
    from kg_videorag.ports import Embedder, Extractor

_NEAR_MS = 1_000  # a time typed in whole seconds may miss its line by that much


@dataclass(frozen=True, slots=True)
class Corrector:
    """Corrects what videos say.

    Args:
        graph: Where they are.
        extractor: Finds names and relations anew.
        embedder: Makes the vectors of what is said otherwise.
        refresh_index: Brings the vector indexes up to the graph.
        resolve: Whether short names of a person become mentions of the full one, as in ingest.
    """

    graph: GraphClient
    extractor: Extractor
    embedder: Embedder
    refresh_index: Callable[[], object]
    resolve: bool = True

    def line(
        self, video_id: str, right: str, *, at_ms: int | None = None, was: str = "", dry_run: bool
    ) -> CorrectionReport:
        """Correct a line of a transcript or of subtitles.

        Args:
            video_id: Whose.
            right: What is really said.
            at_ms: When it is said, or
            was: What the line says now, letter by letter; at least one of the two.
            dry_run: Only tell what would change.

        Raises:
            CorrectionError: If no line is there, or several are, or nothing would change.
        """
        said = [s for segment in told_segments(self.graph, video_id) for s in segment.sentences]
        sentence = _chosen(said, at_ms, was)
        original = sentence.original or sentence
        made = _new(CorrectionKind.LINE, original.text, right, video_id)
        key = correction_id(made.kind, video_id, original.text, original.span)
        return self._make(replace(made, id=key, span=original.span), [video_id], dry_run=dry_run)

    def name(
        self, wrong: str, right: str, *, video_id: str | None = None, dry_run: bool
    ) -> CorrectionReport:
        """Correct a name wherever it is said or shown, in one video or in all, now and later.

        Args:
            wrong: As it was recognised: whole words, as they are written.
            right: What it is.
            video_id: In that video alone; in all, also in those that will come, if None.
            dry_run: Only tell what would change.

        Raises:
            CorrectionError: If nobody says it, or nothing would change.
        """
        made = _new(CorrectionKind.NAME, one_line(wrong), right, video_id)
        videos = [video_id] if video_id else self._that_say(made.original)
        return self._make(made, videos, dry_run=dry_run)

    def undo(self, prefix: str, *, dry_run: bool) -> CorrectionReport:
        """Take a correction back: what was recognised is there again.

        Args:
            prefix: What the correction's id begins with.
            dry_run: Only tell what would change.

        Raises:
            CorrectionError: If no correction has such an id, or several have.
        """
        gone = find_correction(self.graph, prefix)
        videos = [gone.video_id] if gone.video_id else self._that_say(gone.replacement)
        drop = None if dry_run else drop_correction
        report = self._apply(gone, videos, partial(_without, gone), drop)
        if drop and not report.lines:  # what it corrected is said no longer
            self.graph.write(lambda tx: drop(tx, gone))
        return report

    def _make(self, made: Correction, videos: Sequence[str], *, dry_run: bool) -> CorrectionReport:
        keep = None if dry_run else keep_correction
        report = self._apply(made, videos, partial(_with, made), keep)
        if not report.lines:
            raise CorrectionError(
                f"nothing changes: nobody says {made.original!r}"
                if made.kind is CorrectionKind.NAME
                else f"nothing changes: the line says {made.replacement!r} already",
                hint="`kg-videorag videos show VIDEO` prints what is said.",
            )
        return report

    def _apply(
        self,
        changed: Correction,
        videos: Sequence[str],
        counting: Callable[[Iterable[Correction]], list[Correction]],
        write: Callable[[Transaction, Correction], None] | None,
    ) -> CorrectionReport:
        """Tell videos anew by the corrections that count now; without `write` only say how."""
        lines: list[ChangedLine] = []
        warnings: list[str] = []
        for video_id in videos:
            stored = told_segments(self.graph, video_id)
            corrections = counting(corrections_of(self.graph, video_id))
            told = [_told(segment, corrections) for segment in stored]
            here = list(_differences(video_id, stored, told))
            lines += here
            if write and here:
                warnings += self._write(video_id, stored, told, lambda tx: write(tx, changed))
        if write and lines:
            self.refresh_index()
        return CorrectionReport(changed, tuple(lines), tuple(dict.fromkeys(warnings)))

    def _write(
        self,
        video_id: str,
        stored: Sequence[Segment],
        told: Sequence[Segment],
        also: Callable[[Transaction], None],
    ) -> tuple[str, ...]:
        extracted = resolve_within(extract_graph(told, self.extractor), told, join=self.resolve)
        former = embedding_ids(stored, self.embedder)
        retold = Retold(
            video_id=video_id,
            segments=tuple(new for new, old in zip(told, stored, strict=True) if new != old),
            entities=extracted.entities,
            mentions=extracted.mentions,
            relations=extracted.relations,
            embeddings=embed_segments(told, self.embedder, former),
            stale=former - embedding_ids(told, self.embedder),
        )
        retell_video(self.graph, retold, also)
        return extracted.warnings

    def _that_say(self, name: str) -> tuple[str, ...]:
        return videos_that_say(self.graph, [name, name.upper()])


def _new(kind: CorrectionKind, original: str, right: str, video_id: str | None) -> Correction:
    replacement = one_line(right)
    if not replacement or not original:
        raise CorrectionError("there is nothing to correct by: the text is empty")
    return Correction(
        id=correction_id(kind, video_id, original, None),
        kind=kind,
        original=original,
        replacement=replacement,
        made_at=datetime.now(UTC).isoformat(timespec="milliseconds"),
        video_id=video_id,
    )


def _chosen(said: Sequence[Sentence], at_ms: int | None, was: str) -> Sentence:
    """The one line that is meant."""
    if at_ms is None and not was:
        raise CorrectionError("which line is it?", hint="Give --at TIME, or --was TEXT.")
    found = [s for s in said if not was or was in (s.text, s.original.text if s.original else "")]
    if at_ms is not None:
        there = [s for s in found if s.span.start_ms <= at_ms < s.span.end_ms]
        near = [s for s in found if _distance_ms(s, at_ms) <= _NEAR_MS]
        found = there or sorted(near, key=lambda s: _distance_ms(s, at_ms))[:1]
    if len(found) == 1:
        return found[0]
    at = "" if at_ms is None else f" at {timecode(at_ms)}"
    told = "; ".join(f"{timecode(s.span.start_ms)} {s.text}" for s in found[:5])
    raise CorrectionError(
        f"{len(found) or 'no'} lines are said{at}" + (f" as {was!r}" if was else ""),
        hint=f"They are: {told}" if found else "`kg-videorag videos show VIDEO` prints them.",
    )


def _distance_ms(sentence: Sentence, at_ms: int) -> int:
    return max(sentence.span.start_ms - at_ms, at_ms - sentence.span.end_ms, 0)


def _with(made: Correction, corrections: Iterable[Correction]) -> list[Correction]:
    return [*_without(made, corrections), made]


def _without(gone: Correction, corrections: Iterable[Correction]) -> list[Correction]:
    return [c for c in corrections if c.id != gone.id]


def _told(segment: Segment, corrections: Sequence[Correction]) -> Segment:
    """A stored segment by the corrections that count now."""
    told = correct(
        [s.original or s for s in segment.sentences],
        [line.original or line for line in segment.screen],
        [c for c in corrections if c.span is None or c.span.overlaps(segment.span)],
    )
    return replace(segment, sentences=told.sentences, screen=told.lines)


def _differences(
    video_id: str, stored: Sequence[Segment], told: Sequence[Segment]
) -> Iterator[ChangedLine]:
    for old, new in zip(stored, told, strict=True):
        before, after = (*old.sentences, *old.screen), (*new.sentences, *new.screen)
        for was, now in zip(before, after, strict=True):
            if was.under_heading != now.under_heading:
                yield ChangedLine(
                    video_id, now.span, now.modality, was.under_heading, now.under_heading
                )

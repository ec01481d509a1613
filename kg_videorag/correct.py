"""Corrections by hand, as `VideoRAG` and the command line make them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg_videorag.compose import Composition
    from kg_videorag.model import Correction, CorrectionReport


@dataclass(frozen=True, slots=True)
class Corrections:
    """What `VideoRAG.corrections` is. See docs/corrections.md.

    Args:
        parts: Gives the graph and the engines, its schema in place.
    """

    parts: Callable[[], Composition]

    def line(
        self, video: str, right: str, *, at_ms: int | None = None, was: str = "",
        dry_run: bool = False,
    ) -> CorrectionReport:  # fmt: skip
        """Correct a line of a transcript or of subtitles; it stays so when it is ingested again.

        Args:
            video: An id, id prefix, path, title or file name.
            right: What is really said.
            at_ms: When it is said, or
            was: What the line says now, letter by letter; at least one of the two.
            dry_run: Only tell what would change.

        Raises:
            CorrectionError: If no line is there, or several are, or nothing would change.
            VideoSelectionError: If the selector names no video, or several.
        """
        parts = self.parts()
        video_id = _select(parts, video)
        return parts.corrector.line(video_id, right, at_ms=at_ms, was=was, dry_run=dry_run)

    def name(
        self, wrong: str, right: str, *, video: str | None = None, dry_run: bool = False
    ) -> CorrectionReport:
        """Correct a name wherever it is said or shown, now and in videos that will be ingested.

        Args:
            wrong: As it was recognised: whole words, as they are written.
            right: What it is.
            video: In that video alone; in all if None.
            dry_run: Only tell what would change.

        Raises:
            CorrectionError: If nobody says it, or nothing would change.
            VideoSelectionError: If the selector names no video, or several.
        """
        parts = self.parts()
        video_id = None if video is None else _select(parts, video)
        return parts.corrector.name(wrong, right, video_id=video_id, dry_run=dry_run)

    def undo(self, correction: str, *, dry_run: bool = False) -> CorrectionReport:
        """Take a correction back: what was recognised is there again.

        Args:
            correction: Its id, or what the id begins with.
            dry_run: Only tell what would change.

        Raises:
            CorrectionError: If no correction has such an id, or several have.
        """
        return self.parts().corrector.undo(correction, dry_run=dry_run)

    def all(self, video: str | None = None) -> tuple[Correction, ...]:
        """Those that count for a video, or all, in the order in which they were made.

        Raises:
            VideoSelectionError: If the selector names no video, or several.
        """
        from kg_videorag.graph.corrections import all_corrections, corrections_of

        parts = self.parts()
        if video is None:
            return all_corrections(parts.graph)
        return corrections_of(parts.graph, _select(parts, video))


def _select(parts: Composition, video: str) -> str:
    from kg_videorag.graph.read import select_video

    return select_video(parts.graph, video)

"""Overviews of a library: chapters and summaries of videos, timelines of entities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg_videorag.ask.overview.chapters import chapters_of, overlook
from kg_videorag.ask.overview.summary import summary_of
from kg_videorag.ask.overview.timeline import MAX_LIMIT, timeline_of
from kg_videorag.errors import AskError
from kg_videorag.words import ENGLISH, RUSSIAN

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from kg_videorag.ask.overview.values import Chapters, Timeline, VideoSummary
    from kg_videorag.graph.client import GraphClient
    from kg_videorag.model import Video
    from kg_videorag.ports import Summariser

LANGUAGES = (ENGLISH, RUSSIAN)


@dataclass(frozen=True, slots=True)
class Overviews:
    """Looks at a library as a whole.

    Args:
        graph: The graph.
        languages: That the text embedder was made for; empty for all.
        summariser: A language model; None to quote.
        max_tokens: How much it is given at once.
    """

    graph: GraphClient
    languages: Collection[str]
    summariser: Summariser | None
    max_tokens: int

    def chapters(self, video: Video) -> Chapters:
        """Where its topic turns.

        Raises:
            EngineError: If a model titles chapters and fails.
        """
        return chapters_of(overlook(self.graph, video, self.languages), self.summariser)

    def summary(self, video: Video, *, language: str = "") -> VideoSummary:
        """What it says, in short.

        Raises:
            AskError: If the language is none of LANGUAGES.
            EngineError: If a model writes and fails.
        """
        if language not in ("", *LANGUAGES):
            raise AskError(
                f"no summary is written in {language!r}", hint=f"Known: {', '.join(LANGUAGES)}."
            )
        seen = overlook(self.graph, video, self.languages)
        return summary_of(
            self.graph, seen, self.summariser, language=language, max_tokens=self.max_tokens
        )

    def timeline(self, entity_id: str, video_ids: Sequence[str] | None, limit: int) -> Timeline:
        """When an entity is spoken of.

        Raises:
            AskError: If the limit is not 1 to MAX_LIMIT.
        """
        if not 1 <= limit <= MAX_LIMIT:
            raise AskError(f"limit is {limit}; it must be 1 to {MAX_LIMIT}")
        return timeline_of(self.graph, entity_id, video_ids, limit)

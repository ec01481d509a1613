"""Takes one input to the flow: fetches it where it is an address, and sees to what comes of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from kg_videorag.errors import KgVideoRagError, MediaError
from kg_videorag.intake import FETCH
from kg_videorag.model import Failure, IngestReport, VideoStatus

if TYPE_CHECKING:
    from kg_videorag.intake.fetch import Fetcher
    from kg_videorag.intake.inputs import Input

OnShare = Callable[[float, float], None]  # share that is here, 0..1; since it began, s
Ingest = Callable[[str | Path], IngestReport]


@dataclass(frozen=True, slots=True)
class Taker:
    """Takes inputs to the flow.

    Args:
        fetcher: Brings what addresses lead to.
        note_source: Told a video's id, the address it came from, and its title there or "".
    """

    fetcher: Fetcher
    note_source: Callable[[str, str, str], None]

    def run(self, item: Input, ingest: Ingest, *, force: bool, on_share: OnShare) -> IngestReport:
        """Take one input.

        Args:
            item: A file, an address, or what names nothing.
            ingest: Does the work for a file.
            force: Fetch again what was fetched before.
            on_share: Told the share of an address that is here, 0..1, and since when, s.

        Raises:
            KgVideoRagError: If it names nothing, cannot be fetched, or `ingest` raises it.
        """
        if item.error is not None:
            raise item.error
        if not item.url:
            return ingest(item.given)
        began_s = time.perf_counter()
        on_share(0.0, 0.0)
        fetched = self.fetcher.fetch(
            item.url, force=force, on_share=lambda share: on_share(share, _since(began_s))
        )
        stages = {FETCH: _since(began_s)}
        try:
            report = ingest(fetched.path)
        except MediaError:
            self.fetcher.forget(item.url)
            raise
        report = replace(report, path=item.given, stages_s={**stages, **report.stages_s})
        if report.video_id is None:  # what is no video is not kept
            if report.error and report.error.code == MediaError.code:
                self.fetcher.forget(item.url)
            return report
        self.note_source(report.video_id, fetched.url, fetched.title)
        lacks = (fetched.warning,) if fetched.warning else ()
        return replace(
            report, title=fetched.title or report.title, warnings=(*report.warnings, *lacks)
        )

    def report(
        self, item: Input, ingest: Ingest, *, force: bool, on_share: OnShare
    ) -> IngestReport:
        """The same; what goes wrong is in the report, never raised."""
        began_s = time.perf_counter()
        try:
            return self.run(item, ingest, force=force, on_share=on_share)
        except KgVideoRagError as error:
            failure = Failure(error.code, error.message, error.hint)
            stages = {FETCH: _since(began_s)} if item.url else {}
            return IngestReport(
                path=item.given, status=VideoStatus.FAILED, error=failure, stages_s=stages
            )


def _since(began_s: float) -> float:
    return round(time.perf_counter() - began_s, 3)

"""What an ingest of a file would do, and why: nothing is written, and nothing started."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from kg_videorag.errors import KgVideoRagError
from kg_videorag.ingest import estimate
from kg_videorag.ingest.stages import STAGES
from kg_videorag.model import Failure

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from kg_videorag.ingest.engines import IngestEngines
    from kg_videorag.ingest.estimate import DiskEstimate
    from kg_videorag.ingest.kept import Former, KeptFolder, StageStore
    from kg_videorag.ingest.stages import Stage, StageKey
    from kg_videorag.ingest.subject import Subject, SubjectReader
    from kg_videorag.model import Correction, StoredVideo


class Action(StrEnum):
    """What would become of a file."""

    INGEST = "ingest"
    NOTHING = "nothing"  # the library holds it already
    FETCH = "fetch"  # of an address no more is known before
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class StagePlan:
    """What would become of a stage.

    Args:
        stage: Its name.
        runs: Whether it would be done; else its result is kept.
        why: In words.
        seconds: About how long it would take; None where nobody can tell.
    """

    stage: str
    runs: bool
    why: str
    seconds: float | None


@dataclass(frozen=True, slots=True)
class FilePlan:
    """What would become of one input; what is not known is None.

    Args:
        path: As it was given.
        action: What would be done.
        asked: Whether the library was asked; it is not where its Neo4j does not run.
        stages: Those that are not left out, in order; none where nothing is done.
        disk: What it would take; None where the library holds it already.
        error: Why it would fail.
    """

    path: str
    action: Action
    asked: bool = False
    video_id: str | None = None
    title: str | None = None
    duration_ms: int | None = None
    stages: tuple[StagePlan, ...] = ()
    disk: DiskEstimate | None = None
    error: Failure | None = None

    @property
    def seconds(self) -> float | None:
        """About how long it takes, of what can be told; None where nothing can."""
        known = [plan.seconds for plan in self.stages if plan.seconds is not None]
        return round(sum(known), 1) if known else None


@dataclass(frozen=True, slots=True)
class Planner:
    """Says what an ingest would do.

    Args:
        reader: Reads what is known of a file beforehand.
        engines: Who would work; none is loaded.
        kept: Results of former runs; only read.
        library: Gives a video that the library holds; None where it cannot be asked.
        corrections: Gives what was corrected by hand in it; None where it cannot be asked.
        captioner_frames: How many pictures of a segment a captioner would be shown.
    """

    reader: SubjectReader
    engines: IngestEngines
    kept: KeptFolder
    library: Callable[[str], StoredVideo | None] | None
    corrections: Callable[[str], Sequence[Correction]] | None = None
    captioner_frames: int = 3

    def plan(
        self, given: str | Path, again: frozenset[str], on_share: Callable[[float], None]
    ) -> FilePlan:
        """What would become of a file; what goes wrong with it is in the plan, never raised.

        Args:
            given: The file; its checksum is computed, as it must be to know it.
            again: Stages that would be done even if their results are kept.
            on_share: Told the share of the file that is read, 0..1.
        """
        try:
            return self._plan(given, again, on_share)
        except KgVideoRagError as error:
            failure = Failure(error.code, error.message, error.hint)
            return FilePlan(str(given), Action.FAIL, error=failure)

    def _plan(
        self, given: str | Path, again: frozenset[str], on_share: Callable[[float], None]
    ) -> FilePlan:
        subject = self.reader.read(given, on_share)
        stored = self.library(subject.identity) if self.library else None
        nothing = stored is not None and not again and subject.is_current(stored, self.engines)
        return FilePlan(
            path=str(given),
            action=Action.NOTHING if nothing else Action.INGEST,
            asked=self.library is not None,
            video_id=subject.identity,
            title=subject.info.title,
            duration_ms=subject.info.duration_ms,
            stages=() if nothing else self._stages(subject, again),
            disk=None if stored else estimate.disk(subject.info.duration_ms),
        )

    def _stages(self, subject: Subject, again: frozenset[str]) -> tuple[StagePlan, ...]:
        made = self.corrections(subject.identity) if self.corrections else ()
        keys = subject.keys(self.engines, made, captioner_frames=self.captioner_frames)
        speeds = self.kept.speeds.read()
        plans: dict[str, StagePlan] = {}
        with self.kept.store(subject.identity, read_only=True) as store:
            for stage in STAGES:
                if stage.name not in keys:
                    continue
                key = keys[stage.name]
                why = "asked for" if stage.name in again else _why_run(stage, key, plans, store)
                seconds = estimate.seconds(key, subject.info.duration_ms, speeds) if why else 0.0
                plans[stage.name] = StagePlan(stage.name, bool(why), why or "kept", seconds)
        return tuple(plans.values())


def _why_run(stage: Stage, key: StageKey, plans: Mapping[str, StagePlan], store: StageStore) -> str:
    """Why a stage would run; "" where its result is kept and all that it was made from."""
    if not stage.kept:
        return "always"
    run = [need for need in stage.needs if need in plans and need != "read" and plans[need].runs]
    made_from = f"made from {' and '.join(run)}" if run else ""
    if store.has(key):
        return made_from
    if pieces := store.pieces(key):
        return f"goes on: {pieces} pieces are kept"
    return _difference(key, store.former(stage.name)) or made_from or "made with other settings"


def _difference(key: StageKey, former: Sequence[Former]) -> str:
    """What is other now than when a stage was last done."""
    if not former:
        return "new"
    last = former[0]
    if last.workers != key.workers:
        return f"was made by {last.workers or 'nobody'}, not {key.workers or 'nobody'}"
    if last.version != key.version:
        return "this version of the program works otherwise"
    return ""

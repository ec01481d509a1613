"""The way of one file through the stages: each result is made once, timed, and kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kg_videorag.ingest.clock import StageClock

T = TypeVar("T")


class Kept(Protocol):
    """Results of stages of one file, by stage and key."""

    def get(self, stage: str, key: str) -> Any | None:  # noqa: ANN401 - each stage has its type
        """The result that was kept; None if there is none."""
        ...

    def put(self, stage: str, key: str, value: object) -> None:
        """Keep a result; where that fails, the ingest goes on without."""
        ...


class NothingKept:
    """Implements `Kept` where nothing is to be kept."""

    def get(self, stage: str, key: str) -> None:
        """Nothing is known."""

    def put(self, stage: str, key: str, value: object) -> None:
        """Nothing is kept."""


@dataclass(frozen=True, slots=True)
class Course:
    """One file's stages.

    Args:
        clock: Times them.
        keys: Stage to the key of its result; a stage that is left out has none.
        kept: Results of former runs.
        again: Stages that are done anew even if their results are kept.
    """

    clock: StageClock
    keys: Mapping[str, str]
    kept: Kept = field(default_factory=NothingKept)
    again: frozenset[str] = frozenset()

    def known(self, stage: str) -> Any | None:  # noqa: ANN401 - each stage has its type
        """A stage's result, if it is kept and may be used."""
        if stage in self.again or stage not in self.keys:
            return None
        return self.kept.get(stage, self.keys[stage])

    def keep(self, stage: str, value: object) -> None:
        """Keep a stage's result for runs to come."""
        self.kept.put(stage, self.keys[stage], value)

    def result(
        self, stage: str, make: Callable[[], T], *, is_whole: Callable[[T], bool] = lambda _: True
    ) -> T:
        """A stage's result: as it is kept, else made now.

        Args:
            stage: Its name.
            make: Makes the result.
            is_whole: Whether a result may be kept; else it is tried again next time.
        """
        with self.clock.stage(stage):
            kept: T | None = self.known(stage)
            if kept is not None:
                return kept
            made = make()
            if is_whole(made):
                self.keep(stage, made)
        return made

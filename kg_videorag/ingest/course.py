"""The way of one file through the stages: each result is made once, timed, and kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from kg_videorag.ingest.kept import CODECS
from kg_videorag.ingest.stages import stages_again

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kg_videorag.ingest.clock import StageClock
    from kg_videorag.ingest.kept import Codec
    from kg_videorag.ingest.stages import StageKey

T = TypeVar("T")


class Kept(Protocol):
    """Results of former runs; `kept.StageStore` is one."""

    def get(self, key: StageKey, codec: Codec[T], part: str = "") -> T | None:
        """What is kept; None if nothing is."""
        ...

    def put(self, key: StageKey, value: T, codec: Codec[T], part: str = "") -> None:
        """Keep a value; where that fails, the ingest goes on without."""
        ...


class NothingKept:
    """Implements `Kept` where nothing is to be kept."""

    def get(self, key: StageKey, codec: Codec[T], part: str = "") -> T | None:
        """Nothing is known."""
        del key, codec, part
        return None

    def put(self, key: StageKey, value: T, codec: Codec[T], part: str = "") -> None:
        """Nothing is kept."""


@dataclass(frozen=True, slots=True)
class Course:
    """One file's stages.

    A kept result is used only where all that it was made from is kept too: engines that are asked
    twice need not say the same, and what is told of a transcript must be told of that one.

    Args:
        clock: Times them.
        keys: Stage to the key of its result; a stage that is left out has none.
        kept: Results of former runs.
        again: Stages that are done anew even if their results are kept.
        resumed: Stages of which something was kept, so that their time says nothing of speed.
    """

    clock: StageClock
    keys: Mapping[str, StageKey]
    kept: Kept = field(default_factory=NothingKept)
    again: frozenset[str] = frozenset()
    resumed: set[str] = field(default_factory=set)
    _stale: set[str] = field(default_factory=set)  # by what this run has made
    _unsure: set[str] = field(default_factory=set)  # made from what is not whole

    def known(self, stage: str) -> Any | None:  # noqa: ANN401 - each stage has its type
        """A stage's result, if it is kept and may be used."""
        if stage not in self.keys or stage in self._stale:
            return None
        return self._get(stage, CODECS[stage])

    def keep(self, stage: str, value: object, *, whole: bool = True) -> None:
        """Keep a stage's result for runs to come.

        Args:
            stage: Its name.
            value: The result.
            whole: Whether the next run may rely on it; else it is made again then, as all is
                that is made from it.
        """
        after = stages_again([stage])
        self._stale.update(after)
        if not whole:
            self._unsure.update(after)
        if stage not in self._unsure:
            self.kept.put(self.keys[stage], value, CODECS[stage])

    def result(
        self, stage: str, make: Callable[[], T], *, is_whole: Callable[[T], bool] = lambda _: True
    ) -> T:
        """A stage's result: as it is kept, else made now.

        Args:
            stage: Its name.
            make: Makes the result.
            is_whole: Whether the next run may rely on a result: see `keep`.
        """
        with self.clock.stage(stage):
            kept: T | None = self.known(stage)
            if kept is not None:
                return kept
            made = make()
            self.keep(stage, made, whole=is_whole(made))
        return made

    def part_known(self, stage: str, part: str, codec: Codec[T]) -> T | None:
        """What a run that was interrupted made of one piece of a file."""
        return self._get(stage, codec, part)

    def keep_part(self, stage: str, part: str, value: T, codec: Codec[T]) -> None:
        """Keep what was made of one piece, until the whole is kept."""
        self.kept.put(self.keys[stage], value, codec, part)

    def _get(self, stage: str, codec: Codec[T], part: str = "") -> T | None:
        if stage in self.again:
            return None
        found = self.kept.get(self.keys[stage], codec, part)
        if found is not None:
            self.resumed.add(stage)
        return found

"""The indexes of a library: one a space of vectors, each loaded when it is first needed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg_videorag.vectors.synchronise import Verification, open_index, rebuild, refresh, verify

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from kg_videorag.model import VectorSpace
    from kg_videorag.ports import EmbeddingSource, VectorIndex


@dataclass(frozen=True, slots=True)
class LibraryVerification:
    """How the indexes of all spaces compare with the graph."""

    spaces: Mapping[str, Verification]

    @property
    def vectors(self) -> int:
        return sum(found.vectors for found in self.spaces.values())

    @property
    def seq(self) -> int:
        """The highest change that an index knows; every space counts its own."""
        return max((found.seq for found in self.spaces.values()), default=0)

    @property
    def faults(self) -> tuple[str, ...]:
        return tuple(
            f"{space}: {fault}" for space, found in self.spaces.items() for fault in found.faults
        )


class SpaceIndexes:
    """One index a space.

    Args:
        make: An empty index of a space, not loaded.
        source: The graph's vectors of a space, by its name.
        folder: Where the indexes are saved.
    """

    def __init__(
        self,
        make: Callable[[VectorSpace], VectorIndex],
        source: Callable[[str], EmbeddingSource],
        folder: Path,
    ) -> None:
        self._make = make
        self._source = source
        self._folder = folder
        self._open: dict[VectorSpace, VectorIndex] = {}

    def current(
        self, spaces: Sequence[VectorSpace], changes: Mapping[VectorSpace, int] | None = None
    ) -> dict[str, VectorIndex]:
        """The indexes of spaces, by name, loaded and up to the graph.

        Args:
            spaces: Which.
            changes: The number of each one's latest change, where that was read just now: an
                index that knows it is not brought up to the graph again.
        """
        for space in spaces:
            source = self._source(space.name)
            latest = (changes or {}).get(space)
            if space in self._open:
                refresh(self._open[space], source, self._folder, latest)
            else:
                index = self._make(space)
                open_index(index, source, self._folder, latest)
                self._open[space] = index
        return {space.name: self._open[space] for space in spaces}

    def verify(self, spaces: Sequence[VectorSpace]) -> LibraryVerification:
        """Compare the saved indexes with the graph."""
        return LibraryVerification(
            {space.name: verify(self._make(space), self._source(space.name)) for space in spaces}
        )

    def rebuild(self, spaces: Sequence[VectorSpace]) -> None:
        """Build the indexes anew from the graph, and save them.

        Raises:
            VectorIndexError: If another process keeps saving.
        """
        for space in spaces:
            rebuild(self._make(space), self._source(space.name), self._folder)

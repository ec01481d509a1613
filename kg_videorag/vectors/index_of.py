"""What a vector index is of: what all stores are given, hold vectors against, and save."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg_videorag.errors import VectorIndexError
from kg_videorag.vectors.manifest import FORMAT, Manifest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class IndexOf:
    """Of which vectors an index is a copy.

    Args:
        folder: Where it is saved.
        space: Which space of vectors it holds.
        model: Who made the vectors; an index of another model is refused.
        dimension: Length of a vector.
        library_id: Of which graph it is a copy.
    """

    folder: Path
    space: str
    model: str
    dimension: int
    library_id: str

    def require_fit(self, labels: Sequence[int], vectors: NDArray[np.float32]) -> None:
        """Refuse vectors of another length, or not one a label.

        Raises:
            VectorIndexError: If they are.
        """
        if vectors.shape != (len(labels), self.dimension):
            raise VectorIndexError(
                f"vectors of shape {vectors.shape} do not fit {len(labels)} labels"
                f" of dimension {self.dimension}"
            )

    def require_query(self, query: NDArray[np.float32]) -> None:
        """Refuse a query of another length: hnswlib would read beyond it, FAISS end the process.

        Raises:
            VectorIndexError: If it is.
        """
        if query.shape != (self.dimension,):
            raise VectorIndexError(
                f"a query of shape {query.shape} does not fit an index of dimension"
                f" {self.dimension}"
            )

    def manifest(
        self,
        store: str,
        *,
        parameters: Mapping[str, int],
        count: int,
        deleted: tuple[int, ...] = (),
        seq: int,
    ) -> Manifest:
        """What is saved beside an index, or expected of a saved one.

        Args:
            store: By its name.
            parameters: Of the store.
            count: Vectors in the file, removed ones too.
            deleted: Labels of removed ones.
            seq: The last change that the index knows.
        """
        return Manifest(
            format=FORMAT,
            store=store,
            library_id=self.library_id,
            space=self.space,
            model=self.model,
            dimension=self.dimension,
            metric="cosine",
            parameters=parameters,
            count=count,
            deleted=deleted,
            seq=seq,
        )

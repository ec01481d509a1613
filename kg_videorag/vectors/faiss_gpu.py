"""A copy of an index on the GPU, where FAISS sees one; a search without a filter asks it.

The package faiss-cpu sees none. faiss-gpu of conda-forge, and faiss-gpu-cu12 on Linux, bring the
same module with CUDA.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from kg_videorag.vectors import faiss_kinds as kinds
from kg_videorag.vectors.faiss_kinds import faiss

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_log = logging.getLogger(__name__)
_MOST = 2048  # results that a GPU's search can give. Source: FAISS, GpuIndex.h, getMaxKSelection


class GpuCopy:
    """Made by the first search after a change. Indexes on a GPU take no filter."""

    def __init__(self) -> None:
        self._copy: Any = None
        self._has_failed = False

    @property
    def is_there(self) -> bool:
        """Whether a GPU can be used."""
        return not self._has_failed and int(faiss.get_num_gpus()) > 0

    def drop(self) -> None:
        """Forget the copy: the index has changed."""
        self._copy = None

    def search(
        self,
        index: Any,  # noqa: ANN401
        query: NDArray[np.float32],
        k: int,
        is_live: NDArray[np.bool_],
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]] | None:
        """The best rows and their cosines; None where the CPU is to be asked.

        Args:
            index: What is copied.
            query: Shape (1, dimension).
            k: How many.
            is_live: By row; dead ones are drawn and left out.
        """
        kind = kinds.kind_of(index) if self.is_there else "hnsw"
        if kind == "hnsw":
            return None
        drawn = k + int(len(is_live) - is_live.sum())
        if kind == "ivfpq":
            drawn = kinds.drawn_for(drawn)
        if drawn > _MOST:
            return None
        try:
            if self._copy is None:
                base = faiss.downcast_index(index)
                base = base.base_index if kind == "ivfpq" else base
                self._copy = faiss.index_cpu_to_all_gpus(base)
            how = kinds.probing(index) if kind == "ivfpq" else None
            _, rows = self._copy.search(query, min(drawn, len(is_live)), params=how)
        except RuntimeError as error:  # it may not fit into the GPU's memory
            _log.warning("FAISS goes on without a GPU: %s", str(error).partition("\n")[0])
            self._copy, self._has_failed = None, True
            return None
        found = rows[0][rows[0] >= 0]
        return kinds.rescored(index, query, k, found[is_live[found]])

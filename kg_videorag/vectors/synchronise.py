"""Brings an index up to the graph, which is the truth (docs/adr/0001-neo4j-is-the-truth.md).

Any process may apply the difference in memory; only the holder of the folder's lock saves.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from filelock import FileLock, Timeout

from kg_videorag.errors import IndexCorruptError, VectorIndexError

if TYPE_CHECKING:
    from pathlib import Path

    from kg_videorag.ports import EmbeddingSource, VectorIndex

_log = logging.getLogger(__name__)
_LOCK_NAME = ".lock"
_SAME_COSINE = 0.9999  # float32 in the index against float64 in the graph


@dataclass(frozen=True, slots=True)
class Verification:
    """How an index compares with the graph; `faults` is empty where they agree."""

    vectors: int
    seq: int
    faults: tuple[str, ...]


def open_index(
    index: VectorIndex, source: EmbeddingSource, folder: Path, latest: int | None = None
) -> None:
    """Load an index, rebuild it if it cannot be used, and bring it up to the graph."""
    try:
        index.load()
    except IndexCorruptError as error:
        _log.warning("%s; rebuilding it from the graph", error.message)
        index.clear()
    refresh(index, source, folder, latest)


def refresh(
    index: VectorIndex, source: EmbeddingSource, folder: Path, latest: int | None = None
) -> bool:
    """Apply what changed in the graph; save if nobody else is saving. True if it changed.

    Args:
        index: A copy of the graph's vectors.
        source: These.
        folder: Where it is saved.
        latest: The number of the graph's latest change, if it was read just now.
    """
    # Any other number says only that there is something to look at: what is read in its turn,
    # below, tells what.
    if latest is not None and index.seq == latest:
        return False
    changed = _apply(index, source)
    if changed:
        try:
            with _lock(folder, timeout_s=0):
                index.save()
        except Timeout:
            pass  # the holder saves what it has; ours follows from the graph next time
    return changed


def rebuild(index: VectorIndex, source: EmbeddingSource, folder: Path) -> None:
    """Build the index from the graph alone, and save it.

    Raises:
        VectorIndexError: If another process keeps saving for more than a minute.
    """
    index.clear()
    _apply(index, source)
    try:
        with _lock(folder, timeout_s=60):
            index.save()
    except Timeout as error:
        raise VectorIndexError(
            "another process is saving this index", hint="Run the command again."
        ) from error


def verify(index: VectorIndex, source: EmbeddingSource) -> Verification:
    """Compare the saved index with the graph, vector by vector."""
    faults: list[str] = []
    latest = source.latest_seq()
    try:
        if not index.load() and latest > 0:
            faults.append("no index is saved")
    except IndexCorruptError as error:
        return Verification(0, 0, (error.message,))
    if index.seq != latest:
        faults.append(f"the index knows change {index.seq}, the graph is at {latest}")
    known, seen, wrong = index.labels, set(), 0
    for labels, vectors, _ in source.added_since(0):
        held = [i for i, label in enumerate(labels) if label in known]
        seen.update(labels)
        ours = index.vectors([labels[i] for i in held])
        cosines = np.einsum("ij,ij->i", ours, vectors[held])
        wrong += int((cosines < _SAME_COSINE).sum())
    counts = {
        "vectors of the graph are missing": len(seen - known),
        "vectors are not in the graph": len(known - seen),
        "vectors differ from the graph's": wrong,
    }
    faults += [f"{count} {what}" for what, count in counts.items() if count]
    return Verification(len(known), index.seq, tuple(faults))


def _apply(index: VectorIndex, source: EmbeddingSource) -> bool:
    # The index is asked first: one that is the graph itself is then never ahead of it. The
    # graph's number is read before its rows: what is committed meanwhile is applied now, and
    # once more next time, which changes nothing. Additions before removals: a label among the
    # removals is gone as of that later read.
    since = index.seq
    latest = source.latest_seq()
    if latest == since:
        return False
    if latest < since:  # the graph was restored from an earlier dump
        index.clear()
        since = index.seq
    for labels, vectors, _ in source.added_since(since):
        index.add(labels, vectors)
    index.remove(source.removed_since(since))
    index.mark(latest)
    return True


def _lock(folder: Path, *, timeout_s: float) -> FileLock:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise VectorIndexError(
            f"the vector index cannot be kept in {folder}: {error.strerror}",
            hint="Check KGV_HOME and its permissions.",
        ) from error
    return FileLock(folder / _LOCK_NAME, timeout=timeout_s)

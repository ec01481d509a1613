"""Vectors of what other sensors recorded, each of its moment on the video's clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kg_videorag.errors import MediaError
from kg_videorag.ingest.embed_media import Gathered
from kg_videorag.ingest.sidecars.motion import motions
from kg_videorag.ingest.sidecars.pictures import depths, heats

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from kg_videorag.ingest.media import MediaReader
    from kg_videorag.ingest.sidecars.find import Sidecar, Sidecars
    from kg_videorag.model import TimedVector
    from kg_videorag.ports import SidecarEmbedder

_MOST_TOLD = 3  # faults of one sidecar: a folder may hold thousands


def sidecar_vectors(
    sidecars: Sidecars,
    embedder: SidecarEmbedder,
    media: MediaReader,
    *,
    duration_ms: int,
    batch: int = 8,
) -> tuple[tuple[TimedVector, ...], tuple[str, ...]]:
    """Embed a video's sidecars; what is broken of them is told of and left out.

    Args:
        sidecars: Of the video.
        embedder: Makes the vectors.
        media: Decodes films.
        duration_ms: The video's length: what is later is left out.
        batch: How many are embedded at once.

    Returns:
        The vectors, and what is to be said.

    Raises:
        EngineError: If the embedder fails.
    """
    embed: Mapping[str, Callable[[list[NDArray[Any]]], NDArray[np.float32]]] = {
        "depth": embedder.embed_depths,
        "thermal": embedder.embed_thermals,
        "imu": embedder.embed_motions,
    }
    vectors: list[TimedVector] = []
    told: list[str] = []
    for sidecar in sidecars.found:
        faults: list[str] = []
        gathered = Gathered(sidecar.space, embed[sidecar.space], batch)
        for at_ms, thing in _things(sidecar, media, duration_ms, faults):
            gathered.add(at_ms, thing)
        made = gathered.all()
        if not made and not faults:
            faults.append(f"{sidecar.name} was not used: nothing of it covers the video's time")
        vectors += made
        told += faults[:_MOST_TOLD]
        if len(faults) > _MOST_TOLD:
            told.append(f"{sidecar.name}: {len(faults) - _MOST_TOLD} more like these")
    return tuple(vectors), tuple(told)


def _things(
    sidecar: Sidecar, media: MediaReader, duration_ms: int, faults: list[str]
) -> Iterator[tuple[int, NDArray[Any]]]:
    """Moments and what is to be embedded of them."""
    try:
        if sidecar.space == "depth":
            yield from depths(sidecar.path, duration_ms, faults.append)
        elif sidecar.space == "thermal":
            yield from heats(sidecar.path, media, duration_ms, faults.append)
        else:
            yield from motions(sidecar.path, duration_ms)
    except (MediaError, OSError) as error:
        why = error.message if isinstance(error, MediaError) else f"{sidecar.name}: {error}"
        faults.append(f"{why}; what follows it was left out")

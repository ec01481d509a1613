"""What an ingest will take: time by the speeds measured here, disk by what the samples took."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg_videorag.ingest.stages import speed_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg_videorag.ingest.stages import StageKey

# Seconds of work a second of video, where a stage has not run on this machine yet: measured on 2
# shared cores with the samples and the engines of the profile `local`, the time of decoding in
# that of speech, or of whoever comes first. Of other engines nothing is said before they have run.
_TYPICAL = {
    "read": 0.01,
    "decode": 0.0,
    "speech: faster-whisper/": 0.15,
    "speech: subtitles/": 0.02,
    "screen: rapidocr/": 0.35,
    "segment: sentence/": 0.0,
    "extract: spacy/": 0.055,
    "embed: minilm/": 0.006,
    "write": 0.02,
    "index": 0.01,
}
# Bytes a second of video, measured as the growth of each folder with two samples (165 s, 102
# vectors of 384 numbers): Neo4j's store and its indexes, the index files, what is kept of stages.
_GRAPH, _VECTORS, _STAGES = 10_600, 1_000, 1_350


@dataclass(frozen=True, slots=True)
class DiskEstimate:
    """About how many bytes a video will take."""

    graph: int
    vectors: int
    stages: int

    @property
    def total(self) -> int:
        return self.graph + self.vectors + self.stages


def disk(duration_ms: int) -> DiskEstimate:
    """What a video of some length takes whose screen and speech are like the samples'."""
    seconds = duration_ms / 1000
    return DiskEstimate(
        round(_GRAPH * seconds), round(_VECTORS * seconds), round(_STAGES * seconds)
    )


def seconds(key: StageKey, duration_ms: int, measured: Mapping[str, float]) -> float | None:
    """About how long a stage takes; None where nobody can tell.

    Args:
        key: Of its result.
        duration_ms: Of the video.
        measured: Seconds of work a second of video, on this machine.
    """
    name = speed_name(key)
    speed = measured.get(name)
    if speed is None:
        typical = (s for prefix, s in _TYPICAL.items() if name == prefix or _begins(name, prefix))
        speed = next(typical, None)
    return None if speed is None else round(speed * duration_ms / 1000, 1)


def _begins(name: str, prefix: str) -> bool:
    return prefix.endswith("/") and name.startswith(prefix)

"""One Protocol per engine: what the pipelines need, whoever provides it.

Constructors are cheap and weights load on first use; `name` and `version` are stored with
what an engine produced, so that a graph can say how it came to be. An engine raises
`EngineError`, and `EngineUnavailable` when a package or its weights are missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from kg_videorag.model import (
        AudioBlock,
        EngineState,
        Evidence,
        Extraction,
        Sentence,
        Span,
        Transcript,
    )


class Engine(Protocol):
    """What every engine says of itself."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    def check(self) -> EngineState:
        """Whether it could run, told without loading it; never raises."""
        ...


@runtime_checkable
class Transcriber(Engine, Protocol):
    """Speech to timed words."""

    def transcribe(self, block: AudioBlock) -> Transcript:
        """Recognise one block.

        Returns:
            Words in order of time, on the video's clock, inside the block.
        """
        ...


@runtime_checkable
class Segmenter(Engine, Protocol):
    """Time cut into stretches that can be retrieved and cited."""

    def segment(self, sentences: Sequence[Sentence], duration_ms: int) -> Sequence[Span]:
        """Tile `[0, duration_ms)` without gap or overlap; no span ends inside a sentence."""
        ...


@runtime_checkable
class Extractor(Engine, Protocol):
    """Text to entities and relations."""

    def extract(self, texts: Sequence[str]) -> Sequence[Extraction]:
        """One extraction per text, in order."""
        ...


@runtime_checkable
class Embedder(Engine, Protocol):
    """Text to unit vectors in one space."""

    @property
    def space(self) -> str: ...

    @property
    def model(self) -> str:
        """Who makes the vectors; vectors of two models are never compared."""
        ...

    @property
    def dimension(self) -> int: ...

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """float32, shape (len(texts), dimension), rows of length 1."""
        ...


@runtime_checkable
class Generator(Engine, Protocol):
    """Evidence to an answer."""

    @property
    def model(self) -> str: ...

    def generate(self, question: str, evidence: Sequence[Evidence]) -> str:
        """Answer from the evidence alone.

        Args:
            question: In words; empty where a time is asked for and nothing else, which then
                chose the evidence ("time" in its `via`).
            evidence: Numbered from 1 as it stands.

        Returns:
            Text in which `[n]` after a claim names the n-th evidence, from 1; empty if the
            evidence holds no answer.
        """
        ...


class EmbeddingSource(Protocol):
    """The graph, as vector indexes see it: vectors in order of change."""

    def latest_seq(self) -> int:
        """The number of the last change; 0 where there was none."""
        ...

    def added_since(self, seq: int) -> Iterator[tuple[list[int], NDArray[np.float32], int]]:
        """Batches of (labels, vectors (n, dimension), highest seq), oldest first."""
        ...

    def removed_since(self, seq: int) -> list[int]:
        """Labels that were removed and have not come back."""
        ...


@runtime_checkable
class VectorIndex(Protocol):
    """Nearest neighbours by cosine in one space.

    Labels are 63-bit non-negative integers; vectors are float32 of length 1. Scores are
    cosines, -1..1, whatever the store's own convention.
    """

    @property
    def dimension(self) -> int: ...

    @property
    def seq(self) -> int:
        """The last change of the graph that the index holds."""
        ...

    @property
    def labels(self) -> frozenset[int]: ...

    def __len__(self) -> int: ...

    def add(self, labels: Sequence[int], vectors: NDArray[np.float32]) -> None:
        """Add, or replace what has the same label."""
        ...

    def remove(self, labels: Iterable[int]) -> None:
        """Forget; unknown labels are ignored."""
        ...

    def clear(self) -> None:
        """Forget everything, `seq` included."""
        ...

    def mark(self, seq: int) -> None:
        """Say that the index now holds the graph's changes up to `seq`."""
        ...

    def vectors(self, labels: Sequence[int]) -> NDArray[np.float32]:
        """The vectors of known labels, shape (len(labels), dimension)."""
        ...

    def search(
        self, query: NDArray[np.float32], k: int, within: Collection[int] | None = None
    ) -> Sequence[tuple[int, float]]:
        """At most k (label, cosine), best first; only labels in `within` where it is given."""
        ...

    def save(self) -> None:
        """Make what the index holds durable; the former file stays whole until then."""
        ...

    def load(self) -> bool:
        """Read the saved file; False if there is none.

        Raises:
            IndexCorruptError: If it is not what was saved, or was saved by another model
                or for another library.
        """
        ...

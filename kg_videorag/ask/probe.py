"""Puts a text into every space of vectors that is asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg_videorag.errors import AskError
from kg_videorag.model import SIDECAR_SPACES
from kg_videorag.words import reads

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from kg_videorag.ports import Embedder, MediaEmbedder, VectorIndex


@dataclass(frozen=True, slots=True, eq=False)
class Probe:
    """A query in one space of vectors.

    Args:
        space: Which.
        index: Vectors of the space, up to date.
        vector: The query's embedding there, float32, shape (dimension,), length 1.
    """

    space: str
    index: VectorIndex
    vector: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Prober:
    """Makes probes of texts.

    Args:
        indexes: The vectors of every space that is asked, by its name, up to the graph; cheap
            where nothing changed.
        embedder: Asks for what was said and shown.
        media_embedder: Asks for what was seen or heard, in all other spaces; None where nobody
            asks there.
    """

    indexes: Callable[[], Mapping[str, VectorIndex]]
    embedder: Embedder
    media_embedder: MediaEmbedder | None

    def asked(self, space: str | None) -> Mapping[str, VectorIndex]:
        """The indexes to ask: of one space, or all but those of sidecars, which few videos have.

        Raises:
            AskError: If nothing can be asked in that space.
        """
        indexes = self.indexes()
        if space is None:
            return {name: index for name, index in indexes.items() if name not in SIDECAR_SPACES}
        if space not in indexes:
            raise AskError(
                f"no vectors of a space {space!r} can be asked here",
                hint=f"In use: {', '.join(indexes)}.",
            )
        return {space: indexes[space]}

    def probes(self, text: str, indexes: Mapping[str, VectorIndex]) -> list[Probe]:
        """A text in every space whose embedder reads its language.

        Vectors of a language that an embedder does not read are near one another for no reason.
        Each embedder is asked once, and only where it is needed.
        """
        vectors = {}
        if self.embedder.space in indexes and reads(self.embedder.languages, text):
            vectors[self.embedder.space] = self.embedder.embed([text])[0]
        others = [space for space in indexes if space != self.embedder.space]
        media = self.media_embedder
        if others and media and reads(media.languages, text):
            vectors |= dict.fromkeys(others, media.embed_texts([text])[0])
        return [Probe(space, indexes[space], vector) for space, vector in vectors.items()]

    def required(self, text: str, indexes: Mapping[str, VectorIndex]) -> list[Probe]:
        """The same, where vectors alone can answer.

        Raises:
            AskError: If no embedder reads the text's language.
        """
        found = self.probes(text, indexes)
        if not found:
            raise AskError(
                f"the vectors of this library are not made for the language of {text!r}",
                hint="Ask in English, or set KGV_EMBEDDER=sentence-transformers before ingesting.",
            )
        return found

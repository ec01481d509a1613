"""The course of a video as units that can be compared: sentences with one vector each."""

from __future__ import annotations

import zlib
from collections import Counter
from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING

import numpy as np

from kg_videorag.model import Modality
from kg_videorag.words import content_stems

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from kg_videorag.graph.course import Line

# What is said carries a video, where it is a fifth of it; else what is shown is taken too.
_SPOKEN_SHARE = 0.2
_LEAST_SPOKEN = 4
_STEM_BUCKETS, _ENTITY_BUCKETS = 512, 128
# Weights of what a sentence means, its words and its entities, in one vector. Measured on joined
# passages (benchmarks/chapters.py): docs/adr/0029-conversation.md.
_MEANING, _WORDS, _ENTITIES = 1.0, 0.5, 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Units:
    """Sentences in order of time.

    Args:
        lines: Of one video.
        vectors: float32, shape (len(lines), dimension), rows of length 1 or 0.
    """

    lines: tuple[Line, ...]
    vectors: NDArray[np.float32]


def telling(lines: Sequence[Line], duration_ms: int) -> tuple[int, ...]:
    """Places of the lines that tell what a video is about, in order of time.

    What is said; where hardly anything is, what stands on the screen and is described, too, each
    once. Never what a detector saw.
    """
    spoken = [n for n, line in enumerate(lines) if line.sentence.modality is Modality.SPEECH]
    said_ms = sum(lines[n].end_ms - lines[n].start_ms for n in spoken)
    enough = len(spoken) >= _LEAST_SPOKEN and said_ms >= _SPOKEN_SHARE * duration_ms
    wanted = spoken if enough else range(len(lines))
    seen: dict[tuple[str, str], int] = {}
    for n in sorted(wanted, key=lambda n: (lines[n].start_ms, lines[n].end_ms, n)):
        sentence = lines[n].sentence
        if sentence.modality is Modality.SPEECH:
            seen[str(n), ""] = n
        else:  # a line on the screen is cut where its segment ends
            seen.setdefault((sentence.text, sentence.heading), n)
    return tuple(seen.values())


def compare(lines: Sequence[Line], meanings: NDArray[np.float32] | None) -> Units:
    """Lines with a vector each, made of what they mean, say and name.

    Args:
        lines: In order of time.
        meanings: An embedder's vectors of them, (len(lines), dimension), zeros where it made
            none; None where it does not read their language.
    """
    stems = [content_stems(line.sentence.under_heading) for line in lines]
    blocks = [
        _WORDS * _hashed(stems, _STEM_BUCKETS),
        _ENTITIES * _hashed([line.entity_ids for line in lines], _ENTITY_BUCKETS),
    ]
    if meanings is not None:
        blocks.append(_MEANING * meanings)
    return Units(tuple(lines), unit_rows(np.hstack(blocks)))


def unit_rows(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows of length 1; those of zeros stay so."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    scaled: NDArray[np.float32] = (rows / np.where(lengths == 0, 1, lengths)).astype(np.float32)
    return scaled


def _hashed(bags: Sequence[frozenset[str] | tuple[str, ...]], buckets: int) -> NDArray[np.float32]:
    """Bags of words as rows of length 1, rare words heavier.

    Source: the hashing trick (Weinberger and others 2009) with tf-idf's inverse frequency; a
    fixed width keeps ten hours within memory.
    """
    spread = Counter(item for bag in bags for item in set(bag))
    rows = np.zeros((len(bags), buckets), dtype=np.float32)
    for row, bag in zip(rows, bags, strict=True):
        for item in bag:
            place = zlib.crc32(item.encode())
            sign = 1 if place & 1 else -1
            row[(place >> 1) % buckets] += sign * log(1 + len(bags) / spread[item])
    return unit_rows(rows)

"""A video from its beginning to its end: all that is said and shown, with vectors."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np

from kg_videorag.graph.match_words import entity_of
from kg_videorag.graph.queries import load
from kg_videorag.identity import embedding_id
from kg_videorag.model import Modality, Sentence, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from kg_videorag.graph.client import GraphClient, Row
    from kg_videorag.model import Entity

_MENTIONS_PER_SEGMENT = 100
_SPACE = "text"


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence, a line on the screen or a sentence of a caption.

    Args:
        segment_id: In which segment.
        sentence: What it says, when, and where it was perceived.
        entity_ids: Of canonical entities that are mentioned while it lasts.
    """

    segment_id: str
    sentence: Sentence
    entity_ids: tuple[str, ...] = ()

    @property
    def start_ms(self) -> int:
        return self.sentence.span.start_ms

    @property
    def end_ms(self) -> int:
        return self.sentence.span.end_ms


@dataclass(frozen=True, slots=True)
class Course:
    """A video in order of time.

    Args:
        lines: All that is said, then shown, segment by segment.
        entities: By id: all that it mentions.
        mentions: Entity id, when, in order of time; of what is said, shown or described.
    """

    lines: tuple[Line, ...]
    entities: dict[str, Entity]
    mentions: tuple[tuple[str, int], ...]


def read_course(client: GraphClient, video_id: str) -> Course:
    """The course of one video; a thousand segments are read at a time."""
    lines: list[Line] = []
    entities: dict[str, Entity] = {}
    mentions: list[tuple[str, int]] = []
    for batch in client.stream(
        load("ask/course"), video_id=video_id, mention_cap=_MENTIONS_PER_SEGMENT
    ):
        for row in batch:
            told = [m for m in row["mentions"] if m["modality"] not in ("vision", "sound")]
            entities |= {m["id"]: entity_of(m) for m in told}
            mentions += [(m["id"], m["start_ms"]) for m in told]
            lines += _lines(row, told)
    return Course(tuple(lines), entities, tuple(sorted(mentions, key=lambda m: (m[1], m[0]))))


def read_vectors(
    client: GraphClient, video_id: str, lines: Sequence[Line]
) -> NDArray[np.float32] | None:
    """The vectors of lines: float32, shape (len(lines), dimension), zeros where one has none.

    Returns:
        None where no line has one.
    """
    places: dict[str, list[int]] = {}
    model = ""
    vectors: NDArray[np.float32] | None = None
    for batch in client.stream(load("ask/course_vectors"), video_id=video_id):
        for row in batch:
            if row["model"] != model:
                model = row["model"]
                places = _places(lines, model)
            found = places.get(row["id"], [])
            if found and vectors is None:
                vectors = np.zeros((len(lines), len(row["vector"])), dtype=np.float32)
            for place in found:
                assert vectors is not None  # noqa: S101 - made above
                vectors[place] = row["vector"]
    return vectors


def _places(lines: Sequence[Line], model: str) -> dict[str, list[int]]:
    """The lines of each vector: ids are hashes of where and what, so none has to be stored."""
    places: dict[str, list[int]] = {}
    for place, line in enumerate(lines):
        content = sha256(line.sentence.under_heading.encode()).hexdigest()
        identity = embedding_id(line.segment_id, _SPACE, model, line.start_ms, content)
        places.setdefault(identity, []).append(place)
    return places


def _lines(row: Row, told: Sequence[Row]) -> Iterator[Line]:
    for sentence in _sentences(row):
        span = sentence.span
        ids = [m["id"] for m in told if span.start_ms <= m["start_ms"] < max(span.end_ms, 1)]
        yield Line(row["segment_id"], sentence, tuple(dict.fromkeys(ids)))


def _sentences(row: Row) -> Iterator[Sentence]:
    speakers = row["sentence_speaker"] or [""] * len(row["sentences"])
    times = zip(row["sentence_start_ms"], row["sentence_end_ms"], strict=True)
    for text, time, speaker in zip(row["sentences"], times, speakers, strict=True):
        yield Sentence(text, Span(*time), speaker=speaker)
    times = zip(row["screen_line_start_ms"], row["screen_line_end_ms"], strict=True)
    headings = row["screen_line_heading"]
    for text, time, heading in zip(row["screen_lines"], times, headings, strict=True):
        yield Sentence(text, Span(*time), modality=Modality.SCREEN, heading=heading)
    times = zip(row["caption_line_start_ms"], row["caption_line_end_ms"], strict=True)
    for text, time in zip(row["caption_lines"], times, strict=True):
        yield Sentence(text, Span(*time), modality=Modality.CAPTION)

"""What overviews say."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg_videorag.model import Citation, Entity, Modality, Span, Video

HEADING, ENTITIES, WORDS, MODEL, PLACE = "heading", "entities", "words", "model", "place"


@dataclass(frozen=True, slots=True)
class Chapter:
    """A stretch of a video about one thing.

    Args:
        title: On one line.
        span: Chapters tile their video.
        titled_by: HEADING on the screen, ENTITIES that it mentions, WORDS that are said, a MODEL,
            or PLACE in the video where there is nothing else.
        entities: Names of the most telling ones.
    """

    title: str
    span: Span
    titled_by: str
    entities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chapters:
    """The chapters of a video in order; one at least."""

    video: Video
    chapters: tuple[Chapter, ...]


@dataclass(frozen=True, slots=True)
class TopEntity:
    """What a video mentions most; `mentions` by whatever name."""

    entity: Entity
    mentions: int
    first_ms: int
    last_ms: int


@dataclass(frozen=True, slots=True)
class TopRelation:
    """What a video tells most; `span` is the first time that it does."""

    subject: str
    predicate: str
    object: str
    times: int
    span: Span


@dataclass(frozen=True, slots=True)
class VideoSummary:
    """What a video says, in short.

    Args:
        video: Which.
        language: It is written in, ISO 639-1.
        text: Sentences with marks `[n]`, each cited; empty where nothing is said or shown.
        citations: What the marks name.
        summariser: "extractive", or who wrote it.
        model: Its language model; "none" of an extractive one.
        entities: The most mentioned first.
        relations: The most told first.
        cut: Whether the video says more than a model was given.
        warnings: What was dropped, and why.
        timings_ms: Of its steps.
    """

    video: Video
    language: str
    text: str
    citations: tuple[Citation, ...]
    summariser: str
    model: str
    entities: tuple[TopEntity, ...] = ()
    relations: tuple[TopRelation, ...] = ()
    cut: bool = False
    warnings: tuple[str, ...] = ()
    timings_ms: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Told:
    """A relation that is told in a stretch."""

    subject: str
    predicate: str
    object: str
    span: Span
    modality: Modality


@dataclass(frozen=True, slots=True)
class Said:
    """What is said, shown or seen of an entity."""

    text: str
    span: Span
    modality: Modality


@dataclass(frozen=True, slots=True)
class Stretch:
    """Mentions of an entity that lie close together in one video.

    Args:
        video_id: Its video.
        video: The file's name.
        title: The video's.
        span: From the first mention to the last.
        mentions: How many.
        surfaces: The forms in which it is named, each once.
        said: The sentences and lines that name it.
        relations: That are told of it.
    """

    video_id: str
    video: str
    title: str
    span: Span
    mentions: int
    surfaces: tuple[str, ...]
    said: tuple[Said, ...]
    relations: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """When an entity is spoken of, across videos.

    Args:
        entity: The canonical one.
        variants: Its other names.
        mentions: How many there are in all, in the videos that were looked at.
        videos: In how many videos.
        stretches: In order of video, then time.
        cut: Whether there are more than are listed.
    """

    entity: Entity
    variants: tuple[Entity, ...]
    mentions: int
    videos: int
    stretches: tuple[Stretch, ...]
    cut: bool

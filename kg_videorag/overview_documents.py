"""The JSON documents of conversations and overviews, from their values: docs/json/."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from kg_videorag.documents import citation_document, entity_document
from kg_videorag.model import timecode

if TYPE_CHECKING:
    from kg_videorag.ask.overview.values import Chapters, Stretch, Timeline, VideoSummary
    from kg_videorag.ask.session import Turn
    from kg_videorag.model import Video

Document = dict[str, Any]


def turn_document(turn: Turn) -> Document:
    """A question of a kept conversation."""
    return {
        "asked_at": turn.asked_at,
        "question": turn.question,
        "understood_as": turn.understood,
        "answered": turn.answered,
        "answer": turn.answer,
        "entities": [entity_document(entity) for entity in turn.entities],
        "citations": [
            {
                "video_id": cited.video_id,
                "video": cited.video,
                "start_ms": cited.span.start_ms,
                "end_ms": cited.span.end_ms,
                "timecode": timecode(cited.span.start_ms),
                "quote": cited.quote,
            }
            for cited in turn.cited
        ],
    }


def chapters_document(found: Chapters) -> Document:
    """The chapters of a video; they tile it."""
    return {
        **_video(found.video),
        "chapters": [
            {
                "number": number,
                "title": chapter.title,
                "start_ms": chapter.span.start_ms,
                "end_ms": chapter.span.end_ms,
                "timecode": timecode(chapter.span.start_ms),
                "titled_by": chapter.titled_by,
                "entities": list(chapter.entities),
            }
            for number, chapter in enumerate(found.chapters, start=1)
        ],
    }


def summary_document(found: VideoSummary) -> Document:
    """What a video says, in short."""
    return {
        **_video(found.video),
        "summary_language": found.language,
        "summariser": {"name": found.summariser, "model": found.model},
        "summary": found.text,
        "citations": [citation_document(citation) for citation in found.citations],
        "entities": [
            {
                **entity_document(top.entity),
                "mentions": top.mentions,
                "first_ms": top.first_ms,
                "last_ms": top.last_ms,
            }
            for top in found.entities
        ],
        "relations": [
            {
                "subject": told.subject,
                "predicate": told.predicate,
                "object": told.object,
                "times": told.times,
                "start_ms": told.span.start_ms,
                "end_ms": told.span.end_ms,
            }
            for told in found.relations
        ],
        "cut": found.cut,
        "warnings": list(found.warnings),
        "timings_ms": dict(found.timings_ms),
    }


def timeline_document(found: Timeline) -> Document:
    """An entity across videos."""
    return {
        "entity": entity_document(found.entity),
        "variants": [entity_document(variant) for variant in found.variants],
        "mentions": found.mentions,
        "videos": found.videos,
        "stretches": [_stretch(stretch) for stretch in found.stretches],
        "cut": found.cut,
    }


def _stretch(stretch: Stretch) -> Document:
    return {
        "video_id": stretch.video_id,
        "video": stretch.video,
        "title": stretch.title,
        "start_ms": stretch.span.start_ms,
        "end_ms": stretch.span.end_ms,
        "timecode": timecode(stretch.span.start_ms),
        "mentions": stretch.mentions,
        "surfaces": list(stretch.surfaces),
        "said": [
            {
                "start_ms": said.span.start_ms,
                "end_ms": said.span.end_ms,
                "modality": str(said.modality),
                "text": said.text,
            }
            for said in stretch.said
        ],
        "relations": [
            {
                "subject": told.subject,
                "predicate": told.predicate,
                "object": told.object,
                "start_ms": told.span.start_ms,
                "end_ms": told.span.end_ms,
                "modality": str(told.modality),
            }
            for told in stretch.relations
        ],
    }


def _video(video: Video) -> Document:
    return {
        "video_id": video.id,
        "video": PurePath(video.path).name,
        "title": video.title,
        "duration_ms": video.duration_ms,
        "language": video.language,
    }

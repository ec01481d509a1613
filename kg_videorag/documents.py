"""The JSON documents that scripts rely on, from the model's values.

Their shapes are a contract: docs/json/ holds a schema for each, and tests compare.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from kg_videorag.model import timecode

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg_videorag.errors import KgVideoRagError
    from kg_videorag.evaluate import Evaluation
    from kg_videorag.evaluate.longer_videos.intervals import Estimate
    from kg_videorag.evaluate.longer_videos.report import Report
    from kg_videorag.graph.queries import Query
    from kg_videorag.graph.read import SegmentView
    from kg_videorag.ingest.plan import FilePlan
    from kg_videorag.measures.run import Measured
    from kg_videorag.model import (
        Answer,
        Citation,
        Correction,
        CorrectionReport,
        Entity,
        Evidence,
        GraphAnswer,
        IngestReport,
        Reason,
        RelinkReport,
        SameAsChange,
        StoredVideo,
    )
    from kg_videorag.vectors.spaces import LibraryVerification

Document = dict[str, Any]


def error_document(error: KgVideoRagError) -> Document:
    """What a command prints whose whole work failed."""
    return {"error": {"code": error.code, "message": error.message, "hint": error.hint}}


def ingest_document(reports: Iterable[IngestReport]) -> Document:
    """One entry per input, in order of input."""
    return {
        "videos": [
            {
                "video_id": report.video_id,
                "path": report.path,
                "title": report.title,
                "duration_ms": report.duration_ms,
                "segments": report.segments,
                "entities": report.entities,
                "relations": report.relations,
                "status": str(report.status),
                "error": asdict(report.error) if report.error else None,
                "warnings": list(report.warnings),
                "stages": dict(report.stages_s),
            }
            for report in reports
        ]
    }


def plan_document(plans: Iterable[FilePlan]) -> Document:
    """What `ingest --dry-run` says, one entry per input, in order of input."""
    return {
        "videos": [
            {
                "video_id": plan.video_id,
                "path": plan.path,
                "title": plan.title,
                "duration_ms": plan.duration_ms,
                "action": str(plan.action),
                "library_asked": plan.asked,
                "stages": [
                    {
                        "stage": stage.stage,
                        "runs": stage.runs,
                        "why": stage.why,
                        "estimated_s": stage.seconds,
                    }
                    for stage in plan.stages
                ],
                "estimated_s": plan.seconds,
                "estimated_bytes": asdict(plan.disk) if plan.disk else None,
                "error": asdict(plan.error) if plan.error else None,
            }
            for plan in plans
        ]
    }


def answer_document(answer: Answer) -> Document:
    """An answer with all that it rests on."""
    return {
        "question": answer.question,
        "answer": answer.text,
        "answered": answer.answered,
        "generator": {"name": answer.generator, "model": answer.generator_model},
        "citations": [citation_document(citation) for citation in answer.citations],
        "evidence": [_evidence(item) for item in answer.evidence],
        "graph": {
            "entities": [entity_document(entity) for entity in answer.graph.entities],
            "relations": [
                {
                    "subject_id": r.subject_id,
                    "predicate": r.predicate,
                    "object_id": r.object_id,
                    "segment_id": r.segment_id,
                    "start_ms": r.span.start_ms,
                    "end_ms": r.span.end_ms,
                }
                for r in answer.graph.relations
            ],
        },
        "timings_ms": dict(answer.timings_ms),
    }


def measured_document(measured: Measured) -> Document:
    """What `graph measure` found."""
    return {
        "entities": measured.entities,
        "edges": measured.edges,
        "pivots": measured.pivots,
        "communities": [
            {
                "id": c.id,
                "number": c.number,
                "name": c.name,
                "size": len(c.member_ids),
                "summary": c.summary,
            }
            for c in measured.communities
        ],
    }


def explained_document(answer: Answer) -> Document:
    """An answer as `ask --explain --json` prints it: why each evidence stands there, besides."""
    return {
        **answer_document(answer),
        "explain": [_reason(reason) for reason in answer.explanation],
    }


def _reason(reason: Reason) -> Document:
    return {
        "segment_id": reason.segment_id,
        "roads": [asdict(gain) for gain in reason.roads],
        "covers": list(reason.covers),
        "covered": reason.covered,
        "chained": reason.chained,
        "chain": [
            {
                "subject": link.subject,
                "predicate": link.predicate,
                "object": link.object,
                "segment_id": link.segment_id,
                "video": link.video,
                "start_ms": link.span.start_ms,
                "end_ms": link.span.end_ms,
            }
            for link in reason.chain
        ],
    }


def search_document(hits: Iterable[Evidence]) -> Document:
    """Segments in order of rank."""
    return {"hits": [_evidence(hit) for hit in hits]}


def video_document(stored: StoredVideo) -> Document:
    """A video as `videos list` and `videos show` print it."""
    video = stored.video
    return {
        "video_id": video.id,
        "title": video.title,
        "path": video.path,
        "source_url": stored.source_url or None,
        "duration_ms": video.duration_ms,
        "width_px": video.width_px,
        "height_px": video.height_px,
        "language": video.language,
        "status": str(stored.status),
        "segments": stored.segments,
        "entities": stored.entities,
        "relations": stored.relations,
        "engines": list(stored.engines),
        "ingest_version": stored.ingest_version,
        "warnings": list(stored.warnings),
        "tags": list(stored.tags),
    }


def tags_document(stored: Iterable[StoredVideo]) -> Document:
    """What videos carry after `videos tag`."""
    return {
        "videos": [
            {"video_id": one.video.id, "title": one.video.title, "tags": list(one.tags)}
            for one in stored
        ]
    }


def relink_document(report: RelinkReport, *, dry_run: bool) -> Document:
    """What `videos relink` found."""
    return {
        "relinked": [
            {
                "video_id": one.video_id,
                "title": one.title,
                "former_path": one.former_path,
                "path": one.path,
                "copies": list(one.copies),
            }
            for one in report.relinked
        ],
        "missing": [
            {"video_id": video.id, "title": video.title, "path": video.path}
            for video in report.missing
        ],
        "unreadable": [{"path": path, "reason": reason} for path, reason in report.unreadable],
        "files_read": report.read,
        "dry_run": dry_run,
    }


def segment_document(segment: SegmentView) -> Document:
    """A segment as `videos show` prints it."""
    return {
        "segment_id": segment.id,
        "start_ms": segment.span.start_ms,
        "end_ms": segment.span.end_ms,
        "speech": segment.speech,
        "screen_text": segment.screen_text,
        "caption": segment.caption,
        "entities": list(segment.entities),
    }


def query_document(query: Query) -> Document:
    """A named Cypher statement."""
    return {
        "name": query.name.removeprefix("analytics/"),
        "purpose": query.purpose,
        "params": [asdict(param) for param in query.params],
        "returns": query.returns,
        "statement": query.statement,
    }


def graph_answer_document(answer: GraphAnswer) -> Document:
    """What `cypher ask` prints."""
    return {
        "question": answer.question,
        "query": answer.query,
        "columns": list(answer.columns),
        "rows": [list(row) for row in answer.rows],
        "cut": answer.cut,
    }


def judge_document(report: Report) -> Document:
    """What `eval judge` prints: two systems' answers compared."""
    return {
        "judge": report.judge,
        "pairs": report.pairs,
        "length_words": {"a": round(report.words_a, 1), "b": round(report.words_b, 1)},
        "missing": {"a": list(report.missing_a), "b": list(report.missing_b)},
        "failed": [{"key": key, "error": asdict(error)} for key, error in report.failed],
        "dimensions": {
            str(name): {
                "wins_a": found.wins,
                "wins_b": found.losses,
                "ties": found.ties,
                "win_rate_a": _estimate(found.win_rate),
                "length_controlled_win_rate_a": _estimate(found.length_controlled),
                "equal_length_win_rate_a": _estimate(found.equal_length),
                "order_agreement": round(found.agreement, 4),
                "first_chosen": round(found.first_chosen, 4),
                "score_a": found.score_a,
                "score_b": found.score_b,
            }
            for name, found in report.dimensions.items()
        },
    }


def index_document(found: LibraryVerification) -> Document:
    """The vector indexes as a whole, then each space of its own."""
    return {
        "ok": not found.faults,
        "vectors": found.vectors,
        "seq": found.seq,
        "faults": list(found.faults),
        "spaces": [
            {"space": space, "vectors": one.vectors, "seq": one.seq, "faults": list(one.faults)}
            for space, one in found.spaces.items()
        ],
    }


def evaluation_document(file: str, evaluation: Evaluation, failures: Sequence[str]) -> Document:
    """What `eval` measured; `failures` are the limits that do not hold."""
    return {
        "file": file,
        "top_k": evaluation.top_k,
        "groups": [
            {name: _rounded(value) for name, value in asdict(group).items()}
            for group in evaluation.groups
        ],
        "questions": [
            {
                "id": one.question.id,
                "kind": one.question.kind,
                "set": one.question.part or None,
                "question": one.question.text,
                "answered": one.answered,
                "answer": one.text,
                "recall": one.recall,
                "coverage": _rounded(one.coverage),
                "temporal_iou": _rounded(one.temporal_iou),
                "citations": one.citations,
                "right_citations": one.right_citations,
                "accurate": one.accurate,
                "latency_ms": one.latency_ms,
            }
            for one in evaluation.scores
        ],
        "failures": list(failures),
    }


def _rounded(value: object) -> object:
    """A share to four places: more is noise."""
    return round(value, 4) if isinstance(value, float) else value


def same_as_document(change: SameAsChange, *, changed: bool) -> Document:
    """What `graph merge` or `graph split` changed, or with `changed` false would change."""
    return {
        "changed": changed and bool(change.joined or change.parted),
        "variant": entity_document(change.variant),
        "joined": [
            {
                "variant": entity_document(variant),
                "canonical": entity_document(canonical),
                "reason": reason,
                "score": score,
            }
            for variant, canonical, reason, score in change.joined
        ],
        "parted": [
            {"variant": entity_document(variant), "canonical": entity_document(canonical)}
            for variant, canonical in change.parted
        ],
    }


def _estimate(estimate: Estimate | None) -> Document | None:
    if estimate is None:
        return None
    return {name: round(value, 4) for name, value in asdict(estimate).items()}


def entity_document(entity: Entity) -> Document:
    """A person, place or thing."""
    return {"id": entity.id, "name": entity.name, "type": str(entity.type)}


def correction_document(correction: Correction) -> Document:
    """A correction by hand as `correct list` prints it; a name has no time."""
    span = correction.span
    return {
        "correction_id": correction.id,
        "kind": str(correction.kind),
        "video_id": correction.video_id,
        "original": correction.original,
        "replacement": correction.replacement,
        "start_ms": span.start_ms if span else None,
        "end_ms": span.end_ms if span else None,
        "made_at": correction.made_at,
    }


def correction_report_document(report: CorrectionReport, *, done: bool) -> Document:
    """What `correct line|name|undo` came to; `done` is False where it was only tried."""
    return {
        "correction": correction_document(report.correction),
        "done": done,
        "lines": [
            {
                "video_id": line.video_id,
                "start_ms": line.span.start_ms,
                "end_ms": line.span.end_ms,
                "modality": str(line.modality),
                "before": line.before,
                "after": line.after,
            }
            for line in report.lines
        ],
        "warnings": list(report.warnings),
    }


def citation_document(citation: Citation) -> Document:
    """Where a claim was said, seen or shown."""
    return {
        "number": citation.number,
        "video_id": citation.video_id,
        "video": citation.video,
        "start_ms": citation.span.start_ms,
        "end_ms": citation.span.end_ms,
        "timecode": timecode(citation.span.start_ms),
        "segment_id": citation.segment_id,
        "modality": str(citation.modality),
        "quote": citation.quote,
        "link": citation.link,
    }


def _evidence(item: Evidence) -> Document:
    return {
        "segment_id": item.segment_id,
        "video_id": item.video_id,
        "video": item.video,
        "start_ms": item.span.start_ms,
        "end_ms": item.span.end_ms,
        "score": item.score,
        "via": list(item.via),
        "text": item.text,
    }

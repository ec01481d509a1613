"""What scripts rely on, to the letter: the keys and types of `--json`."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from kg_videorag.documents import (
    answer_document,
    error_document,
    explained_document,
    index_document,
    ingest_document,
    search_document,
)
from kg_videorag.errors import EngineUnavailable
from kg_videorag.model import (
    Answer,
    Citation,
    Entity,
    EntityType,
    Evidence,
    Failure,
    GraphRelation,
    IngestReport,
    Link,
    Modality,
    Reason,
    RoadGain,
    Sentence,
    Span,
    Subgraph,
    VideoStatus,
)
from kg_videorag.vectors.spaces import LibraryVerification
from kg_videorag.vectors.synchronise import Verification

EVIDENCE = Evidence(
    segment_id="seg",
    video_id="vid",
    video="talk.mp4",
    span=Span(60_000, 75_500),
    score=0.032522,
    via=("fulltext", "text"),
    sentences=(Sentence("One.", Span(60_000, 61_000)), Sentence("Two.", Span(61_000, 75_500))),
)
EVIDENCE_DOCUMENT = {
    "segment_id": "seg",
    "video_id": "vid",
    "video": "talk.mp4",
    "start_ms": 60_000,
    "end_ms": 75_500,
    "score": 0.032522,
    "via": ["fulltext", "text"],
    "text": "One. Two.",
}
ANSWER = Answer(
    question="What?",
    text="One. [1]",
    answered=True,
    generator="extractive",
    generator_model="none",
    citations=(
        Citation(
            1,
            "vid",
            "talk.mp4",
            Span(61_000, 75_500),
            "seg",
            Modality.SPEECH,
            "Two.",
            link="file:///talk.mp4#t=61",
        ),
    ),
    evidence=(EVIDENCE,),
    graph=Subgraph(
        entities=(Entity("e1", "NASA", EntityType.ORGANIZATION),),
        relations=(GraphRelation("e1", "launch", "e2", "seg", Span(61_000, 75_500)),),
    ),
    timings_ms={"search": 1.5, "total": 2.0},
)


def types(document):
    """The shape of a document: keys and types."""
    if isinstance(document, dict):
        return {key: types(value) for key, value in document.items()}
    if isinstance(document, list):
        return [types(value) for value in document]
    return type(document).__name__


def test_ask():
    assert answer_document(ANSWER) == {
        "question": "What?",
        "answer": "One. [1]",
        "answered": True,
        "generator": {"name": "extractive", "model": "none"},
        "citations": [
            {
                "number": 1,
                "video_id": "vid",
                "video": "talk.mp4",
                "start_ms": 61_000,
                "end_ms": 75_500,
                "timecode": "00:01:01",
                "segment_id": "seg",
                "modality": "speech",
                "quote": "Two.",
                "link": "file:///talk.mp4#t=61",
            }
        ],
        "evidence": [EVIDENCE_DOCUMENT],
        "graph": {
            "entities": [{"id": "e1", "name": "NASA", "type": "Organization"}],
            "relations": [
                {
                    "subject_id": "e1",
                    "predicate": "launch",
                    "object_id": "e2",
                    "segment_id": "seg",
                    "start_ms": 61_000,
                    "end_ms": 75_500,
                }
            ],
        },
        "timings_ms": {"search": 1.5, "total": 2.0},
    }


def test_a_refusal_has_the_same_keys():
    refusal = Answer(
        "What?", "Nothing answers.", False, "extractive", "none", (), (), Subgraph(), {"total": 1.0}
    )
    document = answer_document(refusal)
    assert document.keys() == answer_document(ANSWER).keys()
    assert document["answered"] is False
    assert (document["citations"], document["evidence"]) == ([], [])
    assert document["graph"] == {"entities": [], "relations": []}


def test_search():
    assert search_document([EVIDENCE, EVIDENCE]) == {"hits": [EVIDENCE_DOCUMENT] * 2}
    assert search_document([]) == {"hits": []}


def test_ingest_of_a_file_that_succeeds():
    report = IngestReport(
        path="./talk.mp4",
        status=VideoStatus.PARTIAL,
        video_id="vid",
        title="talk",
        duration_ms=75_500,
        segments=4,
        entities=3,
        relations=2,
        warnings=("the sound ends early",),
        stages_s={"read": 0.1, "speech": 2.5},
    )
    assert ingest_document([report]) == {
        "videos": [
            {
                "video_id": "vid",
                "path": "./talk.mp4",  # as given
                "title": "talk",
                "duration_ms": 75_500,
                "segments": 4,
                "entities": 3,
                "relations": 2,
                "status": "partial",
                "error": None,
                "warnings": ["the sound ends early"],
                "stages": {"read": 0.1, "speech": 2.5},
            }
        ]
    }


def test_ingest_of_a_file_that_fails():
    report = IngestReport(
        path="gone.mp4",
        status=VideoStatus.FAILED,
        error=Failure("media", "gone.mp4 does not exist", "Check the path."),
    )
    assert ingest_document([report])["videos"] == [
        {
            "video_id": None,
            "path": "gone.mp4",
            "title": None,
            "duration_ms": None,
            "segments": None,
            "entities": None,
            "relations": None,
            "status": "failed",
            "error": {
                "code": "media",
                "message": "gone.mp4 does not exist",
                "hint": "Check the path.",
            },
            "warnings": [],
            "stages": {},
        }
    ]


def test_ingest_reports_stand_in_order_of_input():
    reports = [IngestReport(path, VideoStatus.FAILED) for path in ("b", "a", "b")]
    assert [video["path"] for video in ingest_document(reports)["videos"]] == ["b", "a", "b"]


@pytest.mark.parametrize("status", VideoStatus)
def test_a_status_is_plain_text(status):
    (video,) = ingest_document([IngestReport("a", status)])["videos"]
    assert video["status"] == status.value
    assert status.value in {"done", "unchanged", "partial", "failed"}


def test_error():
    error = EngineUnavailable("no weights", hint="Run `make setup`.")
    assert error_document(error) == {
        "error": {
            "code": "engine_unavailable",
            "message": "no weights",
            "hint": "Run `make setup`.",
        }
    }


def test_the_indexes_are_one_whole_and_each_space():
    found = LibraryVerification(
        {"text": Verification(40, 7, ()), "vision": Verification(2, 9, ("no index is saved",))}
    )
    assert index_document(found) == {
        "ok": False,
        "vectors": 42,
        "seq": 9,
        "faults": ["vision: no index is saved"],
        "spaces": [
            {"space": "text", "vectors": 40, "seq": 7, "faults": []},
            {"space": "vision", "vectors": 2, "seq": 9, "faults": ["no index is saved"]},
        ],
    }


@pytest.mark.parametrize(
    "document",
    [answer_document(ANSWER), search_document([EVIDENCE]), ingest_document([])],
    ids=["ask", "search", "ingest"],
)
def test_documents_are_json_as_they_stand(document):
    assert types(json.loads(json.dumps(document))) == types(document)


def test_an_explained_answer_has_one_key_more():
    link = Link("Ann", "know", "Bob", "5e9", "talk.mp4", Span(1_000, 2_000))
    reason = Reason("5e9", (RoadGain("text", 1, 0.0909),), ("who",), (link,), 0.2, 0.1)
    explained = explained_document(replace(ANSWER, explanation=(reason,)))
    assert explained == {
        **answer_document(ANSWER),
        "explain": [
            {
                "segment_id": "5e9",
                "roads": [{"road": "text", "rank": 1, "gain": 0.0909}],
                "covers": ["who"],
                "covered": 0.1,
                "chained": 0.2,
                "chain": [
                    {
                        "subject": "Ann",
                        "predicate": "know",
                        "object": "Bob",
                        "segment_id": "5e9",
                        "video": "talk.mp4",
                        "start_ms": 1_000,
                        "end_ms": 2_000,
                    }
                ],
            }
        ],
    }

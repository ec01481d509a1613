"""Spans are half open, timecodes are what a player shows."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from pathlib import PurePath

import numpy as np
import pytest

from kg_videorag.model import (
    SAMPLE_RATE_HZ,
    AudioBlock,
    EntityType,
    Evidence,
    Modality,
    Segment,
    Sentence,
    Span,
    Video,
    timecode,
)


@pytest.mark.parametrize(
    ("start_ms", "end_ms", "duration_ms"),
    [(0, 0, 0), (0, 1, 1), (5, 5, 0), (1_000, 36_000_000, 35_999_000)],
)
def test_a_span_lasts_from_start_to_end(start_ms, end_ms, duration_ms):
    assert Span(start_ms, end_ms).duration_ms == duration_ms


@pytest.mark.parametrize(("start_ms", "end_ms"), [(-1, 0), (-2, -1), (1, 0), (10, 9)])
def test_what_ends_before_it_starts_is_no_span(start_ms, end_ms):
    with pytest.raises(ValueError, match="not a span"):
        Span(start_ms, end_ms)


def test_a_span_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        Span(0, 1).start_ms = 5


def test_spans_sort_by_start_then_end():
    assert sorted([Span(5, 6), Span(0, 9), Span(0, 2)]) == [Span(0, 2), Span(0, 9), Span(5, 6)]


@pytest.mark.parametrize(
    ("first", "second", "shared"),
    [
        (Span(0, 10), Span(10, 20), False),  # half open: they only touch
        (Span(0, 11), Span(10, 20), True),
        (Span(0, 30), Span(10, 20), True),
        (Span(0, 5), Span(10, 20), False),
        (Span(10, 20), Span(10, 20), True),
        (Span(5, 5), Span(0, 10), False),  # an empty one has none to share
        (Span(5, 5), Span(5, 5), False),
    ],
)
def test_spans_overlap_if_they_share_a_millisecond(first, second, shared):
    assert first.overlaps(second) is shared
    assert second.overlaps(first) is shared


@pytest.mark.parametrize(
    ("span", "cut"),
    [
        (Span(12, 15), Span(12, 15)),
        (Span(0, 15), Span(10, 15)),
        (Span(12, 99), Span(12, 20)),
        (Span(0, 99), Span(10, 20)),
        (Span(0, 5), Span(10, 10)),  # before: empty, at the nearer edge
        (Span(30, 40), Span(20, 20)),  # behind
        (Span(20, 20), Span(20, 20)),
    ],
)
def test_clamping_cuts_to_the_outer_span(span, cut):
    assert span.clamp(Span(10, 20)) == cut


@pytest.mark.parametrize(
    ("at_ms", "shown"),
    [
        (0, "00:00:00"),
        (999, "00:00:00"),  # rounded down, as players do
        (1_000, "00:00:01"),
        (59_999, "00:00:59"),
        (60_000, "00:01:00"),
        (3_599_999, "00:59:59"),
        (3_600_000, "01:00:00"),
        (360_000_000, "100:00:00"),
    ],
)
def test_timecode(at_ms, shown):
    assert timecode(at_ms) == shown


@pytest.mark.parametrize(
    ("samples", "lasts_ms"), [(0, 0), (1, 0), (SAMPLE_RATE_HZ, 1_000), (SAMPLE_RATE_HZ // 2, 500)]
)
def test_a_block_of_sound_ends_with_its_last_sample(samples, lasts_ms):
    block = AudioBlock(7_000, np.zeros(samples, dtype=np.float32))
    assert block.end_ms == 7_000 + lasts_ms


def test_speech_of_a_segment_is_what_was_said_not_what_was_shown():
    said = (
        Sentence("One giant leap.", Span(0, 1_000)),
        Sentence("For mankind.", Span(1_000, 2_000)),
    )
    shown = (Sentence("NASA TV", Span(0, 1_000), modality=Modality.SCREEN),)
    segment = Segment("s", "v", 0, Span(0, 2_000), said, shown)
    assert segment.speech == "One giant leap. For mankind."
    assert segment.screen_text == "NASA TV"


def test_text_of_evidence_is_all_its_sentences():
    sentences = (Sentence("One.", Span(0, 1)), Sentence("Two.", Span(1, 2)))
    assert Evidence("s", "v", "v.mp4", Span(0, 2), 0.5, ("text",), sentences).text == "One. Two."


def test_a_video_spans_its_duration():
    video = Video("ab", "A talk", str(PurePath("talk.mp4")), 1_234, None, None, None)
    assert video.span == Span(0, 1_234)


def test_entity_types_can_be_labels():
    assert all(kind.value.isalpha() and kind.value[0].isupper() for kind in EntityType)

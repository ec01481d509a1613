"""Segments tile their video and end at sentence ends, 10 to 30 seconds long."""

from __future__ import annotations

import random
import time
from bisect import bisect_left
from dataclasses import replace
from itertools import pairwise

import pytest

from kg_videorag.ingest.segment import SentenceSegmenter, cut_segments
from kg_videorag.model import Modality, Sentence, Span, Video
from kg_videorag.ports import Segmenter

MIN_MS, MAX_MS = 10_000, 30_000


def said(*spans):
    return [Sentence(f"Sentence {n}.", Span(*span)) for n, span in enumerate(spans)]


def layout(seed, *, longest_ms, longest_silence_ms):
    """Sentences in order, and the video's duration."""
    generator = random.Random(seed)
    spans, at_ms = [], 0
    for _ in range(generator.randint(0, 40)):
        at_ms += generator.choice([0, 0, 200, generator.randint(0, longest_silence_ms)])
        spans.append((at_ms, at_ms + generator.randint(1, longest_ms)))
        at_ms = spans[-1][1]
    return said(*spans), at_ms + generator.choice([0, generator.randint(0, longest_silence_ms)])


def assert_tiles(spans, duration_ms):
    assert spans[0].start_ms == 0
    assert spans[-1].end_ms == duration_ms
    assert all(first.end_ms == second.start_ms for first, second in pairwise(spans))
    assert all(span.duration_ms > 0 for span in spans)


def assert_no_sentence_is_cut(spans, sentences):
    for span in spans:
        for sentence in sentences:
            assert not sentence.span.start_ms < span.end_ms < sentence.span.end_ms


def in_range(spans):
    return all(MIN_MS <= span.duration_ms <= MAX_MS for span in spans)


def can_be_tiled(cuts):
    """Whether some of the cuts make segments that are all in range."""
    reachable = [True] + [False] * (len(cuts) - 1)
    for end in range(1, len(cuts)):
        earliest = bisect_left(cuts, cuts[end] - MAX_MS)
        reachable[end] = any(
            reachable[start] and cuts[end] - cuts[start] >= MIN_MS for start in range(earliest, end)
        )
    return reachable[-1]


def test_it_is_a_segmenter():
    assert isinstance(SentenceSegmenter(), Segmenter)
    assert SentenceSegmenter().check().ready


def test_its_version_tells_its_range():
    versions = {SentenceSegmenter().version, SentenceSegmenter(min_ms=5_000).version}
    assert len(versions) == 2


@pytest.mark.parametrize(
    ("spans", "duration_ms", "expected"),
    [
        ([], 1, [(0, 1)]),
        ([], 9_999, [(0, 9_999)]),
        ([], 20_000, [(0, 20_000)]),
        ([(0, 1)], 1, [(0, 1)]),
        ([(0, 4_000), (4_000, 9_000)], 9_000, [(0, 9_000)]),
        ([(0, 45_000)], 45_000, [(0, 45_000)]),  # one sentence longer than the range
        ([(0, 20_000), (20_000, 40_000)], 40_000, [(0, 20_000), (20_000, 40_000)]),
        (
            [(0, 18_000), (18_000, 19_000), (20_500, 38_000)],
            38_000,
            [(0, 19_000), (19_000, 38_000)],
        ),
        # the cut is in a pause, where only that keeps the range
        (
            [(4_900, 24_900), (24_900, 33_900), (38_800, 58_800)],
            58_800,
            [(0, 24_900), (24_900, 38_800), (38_800, 58_800)],
        ),
    ],
)
def test_small_layouts(spans, duration_ms, expected):
    found = SentenceSegmenter().segment(said(*spans), duration_ms)
    assert list(found) == [Span(*span) for span in expected]


def test_a_video_of_no_length_has_no_segments():
    assert list(SentenceSegmenter().segment([], 0)) == []


@pytest.mark.parametrize("duration_ms", [10_000, 34_567, 60_000, 3_600_000])
def test_silence_is_cut_into_even_pieces(duration_ms):
    spans = SentenceSegmenter().segment([], duration_ms)
    assert_tiles(spans, duration_ms)
    assert in_range(spans)


@pytest.mark.parametrize("longest_silence_ms", [0, 300, 4_900, 60_000])
@pytest.mark.parametrize("longest_ms", [3_000, 10_000, 20_000, 50_000])
@pytest.mark.parametrize("seed", range(12))
def test_segments_tile_and_leave_sentences_whole(seed, longest_ms, longest_silence_ms):
    sentences, duration_ms = layout(
        seed, longest_ms=longest_ms, longest_silence_ms=longest_silence_ms
    )
    if not duration_ms:
        return
    spans = SentenceSegmenter().segment(sentences, duration_ms)
    assert_tiles(spans, duration_ms)
    assert_no_sentence_is_cut(spans, sentences)


@pytest.mark.parametrize("longest_silence_ms", [0, 300, 4_900, 60_000])
@pytest.mark.parametrize("seed", range(40))
def test_with_sentences_up_to_10_s_every_segment_is_in_range(seed, longest_silence_ms):
    sentences, duration_ms = layout(seed, longest_ms=10_000, longest_silence_ms=longest_silence_ms)
    if duration_ms < MIN_MS:
        return
    assert in_range(SentenceSegmenter().segment(sentences, duration_ms))


@pytest.mark.parametrize("seed", range(150))
def test_with_sentences_up_to_20_s_segments_are_in_range_where_that_is_possible(seed):
    sentences, duration_ms = layout(seed, longest_ms=20_000, longest_silence_ms=0)
    cuts = sorted({0, duration_ms, *(s.span.end_ms for s in sentences)})
    spans = SentenceSegmenter().segment(sentences, duration_ms)
    assert in_range(spans) or not can_be_tiled(cuts)


@pytest.mark.parametrize(
    ("spans", "shots_ms", "expected"),
    [
        # in silence, at the very millisecond of the shot
        ([], [13_210, 28_870], [13_210, 28_870]),
        # between two sentences, where the shot changes between them
        ([(0, 17_000), (19_000, 40_000)], [18_300], [18_300]),
        ([(0, 17_900), (19_000, 40_000)], [18_300], [18_300]),
        # at the sentence end beside the shot, rather than at the one nearer the middle
        ([(0, 9_000), (9_000, 14_000), (14_000, 21_000), (21_000, 40_000)], [14_400], [14_000]),
        # never inside a sentence
        ([(0, 20_000), (20_000, 40_000)], [12_000, 27_000], [20_000]),
        # what lies outside the video is none of its business
        ([(0, 20_000), (20_000, 40_000)], [0, 40_000, 90_000], [20_000]),
        # a cut that would make a segment too short is not made
        ([(0, 20_000), (20_000, 40_000)], [20_000, 21_000, 22_000], [20_000]),
    ],
)
def test_cuts_prefer_shot_changes(spans, shots_ms, expected):
    found = SentenceSegmenter().segment(said(*spans), 40_000, shots_ms)
    assert [span.end_ms for span in found][:-1] == expected


@pytest.mark.parametrize("longest_silence_ms", [0, 300, 60_000])
@pytest.mark.parametrize("seed", range(30))
def test_with_shots_all_other_promises_hold(seed, longest_silence_ms):
    sentences, duration_ms = layout(seed, longest_ms=10_000, longest_silence_ms=longest_silence_ms)
    if duration_ms < MIN_MS:
        return
    generator = random.Random(seed)
    shots_ms = sorted(generator.randrange(duration_ms) for _ in range(duration_ms // 3_000))
    spans = SentenceSegmenter().segment(sentences, duration_ms, shots_ms)
    assert_tiles(spans, duration_ms)
    assert_no_sentence_is_cut(spans, sentences)
    assert in_range(spans)


def test_a_cut_every_two_seconds_does_not_make_every_segment_as_short_as_may_be():
    spans = SentenceSegmenter().segment([], 600_000, range(2_000, 600_000, 2_000))
    assert len(spans) == pytest.approx(30, abs=3)


def shown(start_ms, end_ms, text="A line"):
    return Sentence(text, Span(start_ms, end_ms), modality=Modality.SCREEN)


def lines_of(segments):
    return [[(line.span.start_ms, line.span.end_ms) for line in s.screen] for s in segments]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ((2_000, 5_000), [[(2_000, 5_000)], []]),
        ((5_000, 35_000), [[(5_000, 20_000)], [(20_000, 35_000)]]),
        ((19_800, 38_000), [[], [(20_000, 38_000)]]),  # brushes the first
        ((3_000, 20_400), [[(3_000, 20_000)], []]),
        ((19_800, 20_500), [[], [(20_000, 20_500)]]),  # a blink belongs where most of it is
        ((20_000, 20_000), [[], [(20_000, 20_000)]]),
        ((0, 40_000), [[(0, 20_000)], [(20_000, 40_000)]]),
        ((39_990, 40_100), [[], [(39_990, 40_000)]]),
    ],
)
def test_a_line_is_in_the_segments_in_which_it_stands(line, expected):
    video = Video("v", "A talk", "talk.mp4", 40_000, 640, 360, "en")
    sentences = said((0, 20_000), (20_000, 40_000))
    segments = cut_segments(video, sentences, SentenceSegmenter(), (), [shown(*line)])
    assert lines_of(segments) == expected


def test_lines_keep_their_order_and_their_heading():
    video = Video("v", "A talk", "talk.mp4", 12_000, 640, 360, "en")
    lines = [shown(0, 9_000, "Top"), replace(shown(0, 9_000, "Below"), heading="Top")]
    (segment,) = cut_segments(video, [], SentenceSegmenter(), (), lines)
    assert segment.screen_text == "Top\nBelow"
    assert [line.heading for line in segment.screen] == ["", "Top"]


def test_ten_hours_are_cut_quickly():
    generator = random.Random(1)
    spans, at_ms = [], 0
    for _ in range(6_000):
        spans.append((at_ms, at_ms + generator.randint(500, 8_000)))
        at_ms = spans[-1][1] + generator.choice([0, 300, 3_000])
    duration_ms = max(at_ms, 36_000_000)
    begin = time.perf_counter()
    found = SentenceSegmenter().segment(said(*spans), duration_ms)
    assert time.perf_counter() - begin < 5
    assert_tiles(found, duration_ms)
    assert in_range(found)


def test_another_range_is_kept_too():
    sentences, duration_ms = layout(3, longest_ms=4_000, longest_silence_ms=300)
    spans = SentenceSegmenter(min_ms=4_000, max_ms=12_000).segment(sentences, duration_ms)
    assert all(4_000 <= span.duration_ms <= 12_000 for span in spans)


@pytest.mark.parametrize("seed", range(40))
def test_every_sentence_is_inside_its_segment(seed):
    sentences, duration_ms = layout(seed, longest_ms=15_000, longest_silence_ms=20_000)
    video = Video("v", "A talk", "talk.mp4", duration_ms, None, None, "en")
    segments = cut_segments(video, sentences, SentenceSegmenter())
    assert [s for segment in segments for s in segment.sentences] == sentences
    for segment in segments:
        for sentence in segment.sentences:
            assert segment.span.start_ms <= sentence.span.start_ms
            assert sentence.span.end_ms <= segment.span.end_ms


def test_segments_carry_identity_and_order():
    video = Video("v", "A talk", "talk.mp4", 60_000, None, None, "en")
    sentences = said((0, 8_000), (8_000, 20_000), (20_000, 40_000), (40_000, 60_000))
    segments = cut_segments(video, sentences, SentenceSegmenter())
    assert [segment.index for segment in segments] == list(range(len(segments)))
    assert {segment.video_id for segment in segments} == {"v"}
    assert len({segment.id for segment in segments}) == len(segments)
    again = cut_segments(video, sentences, SentenceSegmenter())
    assert [s.id for s in again] == [s.id for s in segments]


@pytest.mark.parametrize("at_ms", [0, 5_000, 20_000, 40_000])
def test_a_sentence_of_no_length_is_kept(at_ms):
    video = Video("v", "A talk", "talk.mp4", 40_000, None, None, "en")
    (kept,) = said((at_ms, at_ms))
    segments = cut_segments(video, [kept], SentenceSegmenter())
    (holder,) = [segment for segment in segments if segment.sentences]
    assert holder.span.start_ms <= at_ms <= holder.span.end_ms

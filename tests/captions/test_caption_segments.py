"""Each segment is described by its own pictures, the same pictures once, faults told once."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import pytest

from kg_videorag.errors import EngineError, EngineUnavailable
from kg_videorag.ingest.caption import caption_segments
from kg_videorag.jpeg import to_jpeg
from kg_videorag.model import EngineState, Frame, Modality, Segment, Sentence, Span


@dataclass
class Telling:
    """A Captioner that tells how bright the pictures are; at the input of a model's engine."""

    name: str = "telling"
    version: str = "1"
    model: str = "none"
    fails: dict[int, Exception] = field(default_factory=dict)
    asked: list[tuple[list[int], str, str]] = field(default_factory=list)

    def check(self):
        return EngineState(ready=True, model="none", weights="none", checksum="none needed")

    def caption(self, pictures, context, language=""):
        greys = [round(float(picture.mean()) / 10) * 10 for picture in pictures]
        self.asked.append((greys, context, language))
        if fault := self.fails.get(len(self.asked)):
            raise fault
        return f"It is {greys[0]}. Then {greys[-1]}."


FILES = {grey: to_jpeg(np.full((90, 160, 3), grey, np.uint8)) for grey in range(0, 250, 10)}


def frames(*shown):
    """Pictures as (at_s, grey)."""
    return [Frame(at_s * 1_000, FILES[grey]) for at_s, grey in shown]


def segments(*bounds_s, said=""):
    return [
        Segment(
            f"s{n}", "v", n, Span(a * 1_000, b * 1_000),
            (Sentence(said, Span(a * 1_000, b * 1_000)),) if said else (),
        )
        for n, (a, b) in enumerate(pairwise(bounds_s))
    ]  # fmt: skip


def described(given, shown, captioner=None, **options):
    return caption_segments(given, frames(*shown), captioner or Telling(), **options)


def test_a_segment_is_described_by_its_own_pictures_in_sentences():
    captioner = Telling()
    done = described(segments(0, 10, 20), [(0, 50), (5, 100), (12, 150)], captioner)
    assert [[s.text for s in segment.captions] for segment in done.segments] == [
        ["It is 50.", "Then 100."],
        ["It is 150.", "Then 150."],
    ]
    assert done.segments[0].caption == "It is 50. Then 100."
    assert {s.modality for segment in done.segments for s in segment.captions} == {Modality.CAPTION}
    assert [asked[0] for asked in captioner.asked] == [[50, 100], [150]]
    assert done.warnings == ()


def test_what_is_said_and_the_language_reach_the_captioner():
    captioner = Telling()
    described(segments(0, 10, said="Hello."), [(1, 50)], captioner, language="ru")
    assert captioner.asked == [([50], "Hello.", "ru")]


@pytest.mark.parametrize(
    ("most", "chosen"),
    [(1, [80]), (2, [50, 110]), (3, [50, 80, 110]), (4, [50, 70, 90, 110]),
     (16, [*range(50, 120, 10)])],
)  # fmt: skip
def test_pictures_are_spread_evenly(most, chosen):
    captioner = Telling()
    shown = [(n, 50 + 10 * n) for n in range(7)]
    described(segments(0, 10), shown, captioner, per_segment=most)
    assert captioner.asked[0][0] == chosen


def test_pictures_that_are_one_count_once():
    captioner = Telling()
    described(segments(0, 30), [(0, 50), (5, 50), (10, 100), (15, 50), (20, 100)], captioner)
    assert captioner.asked[0][0] == [50, 100]


@pytest.mark.parametrize(
    ("shown", "span_s"),
    [
        ([(12, 50)], (12, 20)),
        ([(12, 50), (14, 100)], (12, 20)),
        ([(5, 50), (12, 50)], (10, 20)),  # it stood before the segment began
        ([(5, 100), (12, 50)], (12, 20)),
    ],
)
def test_a_caption_lasts_as_long_as_what_was_looked_at(shown, span_s):
    done = described(segments(0, 10, 20), shown)
    spans = {sentence.span for sentence in done.segments[1].captions}
    assert spans == {Span(span_s[0] * 1_000, span_s[1] * 1_000)}


def test_a_caption_ends_where_a_picture_that_was_not_looked_at_begins():
    shown = [(11, 50), (13, 100), (15, 150)]
    done = described(segments(10, 20), shown, per_segment=1)
    assert {s.span for s in done.segments[0].captions} == {Span(13_000, 15_000)}


def test_a_segment_without_pictures_has_no_caption():
    captioner = Telling()
    done = described(segments(0, 10, 20, 30), [(12, 50)], captioner)
    assert [len(segment.captions) for segment in done.segments] == [0, 2, 0]
    assert len(captioner.asked) == 1
    assert described(segments(0, 10), []).segments[0].captions == ()
    assert described([], [(1, 50)]).segments == ()


def test_a_slide_that_stands_for_minutes_is_described_once():
    captioner = Telling()
    shown = [(at_s, 50) for at_s in range(0, 300, 5)]
    done = described(segments(*range(0, 301, 10)), shown, captioner)
    assert len(captioner.asked) == 1
    assert {segment.caption for segment in done.segments} == {"It is 50. Then 50."}
    assert all(s.span == segment.span for segment in done.segments for s in segment.captions)


def test_one_that_fails_is_a_warning_and_the_others_go_on():
    captioner = Telling(fails={2: EngineError("it failed (500)")})
    done = described(segments(0, 10, 20, 30), [(1, 50), (11, 100), (21, 150)], captioner)
    assert [bool(segment.captions) for segment in done.segments] == [True, False, True]
    assert done.warnings == ("1 of 3 segments have no caption: it failed (500)",)


def test_one_that_fails_always_is_not_asked_for_hours():
    captioner = Telling(fails={n: EngineError(f"fault {n}") for n in range(1, 100)})
    shown = [(10 * n + 1, 10 * n) for n in range(20)]
    done = described(segments(*range(0, 201, 10)), shown, captioner)
    assert len(captioner.asked) == 5
    assert done.warnings == ("20 of 20 segments have no caption: fault 1",)


def test_one_that_cannot_work_at_all_stops_it():
    captioner = Telling(fails={1: EngineUnavailable("no model")})
    with pytest.raises(EngineUnavailable, match="no model"):
        described(segments(0, 10), [(1, 50)], captioner)


def test_a_picture_that_is_damaged_is_a_warning():
    done = caption_segments(segments(0, 10), [Frame(0, b"no picture")], Telling())
    assert done.segments[0].captions == ()
    assert done.warnings == ("1 of 1 segment has no caption: a kept picture cannot be read",)


def test_what_a_captioner_has_nothing_to_say_of_has_no_caption():
    class Silent(Telling):
        def caption(self, pictures, context, language=""):
            return ""

    done = described(segments(0, 10), [(1, 50)], Silent())
    assert (done.segments[0].captions, done.warnings) == ((), ())


def test_the_share_that_is_done_is_told():
    shares = []
    described(segments(0, 10, 20, 30, 40), [(1, 50)], on_share=shares.append)
    assert shares == [0.25, 0.5, 0.75, 1.0]

"""What is seen and heard becomes stretches of time, and those become mentions."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import pytest

from kg_videorag.engines.spacy import SpacyExtractor
from kg_videorag.identity import entity_id
from kg_videorag.ingest.extract import ExtractedGraph, extract_graph
from kg_videorag.ingest.label import LabelSense, label_graph, merged
from kg_videorag.model import (
    AudioBlock,
    EngineState,
    EntityType,
    Label,
    Modality,
    Picture,
    Segment,
    Sentence,
    Span,
    TimedLabel,
)

BOX = (0.0, 0.0, 1.0, 1.0)
DOG = entity_id(EntityType.CONCEPT, "dog")


@dataclass
class Telling:
    """A Detector that sees what the grey of a picture means, and counts its looks."""

    meaning: dict[int, dict[str, float]]
    name: str = "telling"
    version: str = "1"
    looks: list[int] = field(default_factory=list)

    def check(self):
        return EngineState(ready=True, model="none", weights="none", checksum="none needed")

    def detect(self, picture):
        grey = int(picture[0, 0, 0])
        self.looks.append(grey)
        return [Label(name, score, BOX) for name, score in self.meaning.get(grey, {}).items()]


def pictures(*scenes, every_ms=100, moving=True):
    """Scenes as (grey, from, until); what moves differs a little from picture to picture."""
    for grey, from_ms, until_ms in scenes:
        for at_ms in range(from_ms, until_ms, every_ms):
            small = np.full((90, 160, 3), grey, dtype=np.uint8)
            if moving:
                small += np.uint8(at_ms // every_ms % 3)
            yield Picture(at_ms, small, lambda g=grey: np.full((9, 9, 3), g, dtype=np.uint8))


def seen(meaning, *scenes, **options):
    detector = Telling(meaning)
    sense = LabelSense(detector, None)
    for picture in pictures(*scenes, **options):
        sense.see(picture)
    return sense.finish(), detector.looks


MEANING = {50: {"dog": 0.6}, 100: {"cat": 0.9}, 200: {"dog": 0.35}, 220: {"dog": 0.6, "cat": 0.1}}


def test_a_thing_is_there_from_the_first_look_to_a_second_after_the_last():
    labels, looks = seen(MEANING, (0, 0, 3_000), (50, 3_000, 8_000), (0, 8_000, 12_000))
    assert labels == (TimedLabel("dog", Modality.VISION, Span(3_000, 8_000), 0.6),)
    assert len(looks) <= 13


def test_what_is_seen_to_the_end_lasts_a_second_past_the_last_picture():
    """Segments cut it to the film: when that ends is not known while it goes by."""
    labels, _ = seen(MEANING, (50, 0, 5_000))
    assert [label.span for label in labels] == [Span(0, 5_900)]


def test_a_thing_that_is_missed_in_one_look_is_still_there():
    labels, _ = seen(MEANING, (50, 0, 3_000), (0, 3_000, 4_000), (50, 4_000, 7_000))
    assert [label.span.start_ms for label in labels] == [0]


def test_a_thing_that_comes_again_is_two_labels():
    labels, _ = seen(
        MEANING, (50, 0, 3_000), (0, 3_000, 9_000), (50, 9_000, 12_000), (0, 12_000, 13_000)
    )
    assert [label.span for label in labels] == [Span(0, 3_000), Span(9_000, 12_000)]


def test_what_is_seen_once_must_be_surer_than_what_is_seen_again():
    alone, _ = seen(MEANING, (0, 0, 2_000), (50, 2_000, 2_900), (0, 2_900, 5_000))
    assert alone == ()
    sure, _ = seen(MEANING, (0, 0, 2_000), (100, 2_000, 2_900), (0, 2_900, 5_000))
    assert [(label.name, label.confidence) for label in sure] == [("cat", 0.9)]


def test_what_is_never_sure_is_nothing():
    assert seen(MEANING, (200, 0, 9_000))[0] == ()


def test_the_surest_look_speaks_for_the_stretch():
    labels, _ = seen(MEANING, (200, 0, 2_000), (50, 2_000, 5_000), (200, 5_000, 7_000))
    assert [(label.span, label.confidence) for label in labels] == [(Span(0, 7_900), 0.6)]


def test_what_stands_still_is_looked_at_once():
    """And to look again would make nobody surer, for it is the same picture."""
    labels, looks = seen(MEANING, (100, 0, 120_000), (0, 120_000, 125_000), moving=False)
    assert looks == [100, 0]
    assert [label.span for label in labels] == [Span(0, 120_000)]
    assert seen(MEANING, (50, 0, 120_000), moving=False)[0] == ()


def test_what_moves_is_looked_at_once_a_second():
    assert len(seen({}, (50, 0, 60_000))[1]) == 60


def test_a_new_scene_is_looked_at_at_once_and_a_flicker_is_not():
    assert seen({}, (0, 0, 600), (50, 600, 900), moving=False)[1] == [0, 50]
    flicker = [(50 * (n % 2), n * 100, n * 100 + 100) for n in range(40)]
    assert len(seen({}, *flicker)[1]) <= 8


def test_a_picture_is_shown_until_the_next_one():
    """A film of one picture in five seconds: the dog does not leave after one."""
    labels, _ = seen(MEANING, (100, 0, 5_000), (0, 5_000, 10_000), every_ms=5_000)
    assert [label.span for label in labels] == [Span(0, 5_000)]


def test_what_flickers_is_one_stretch_from_its_fourth_time_in_a_minute_on():
    scenes = [(100 * (n % 2 == 0), n * 3_000, n * 3_000 + 3_000) for n in range(200)]
    labels, _ = seen(MEANING, *scenes)
    starts = [label.span.start_ms for label in labels]
    assert all(d - a >= 60_000 for a, d in zip(starts, starts[4:], strict=False))
    assert all(a.span.end_ms <= b.span.start_ms for a, b in pairwise(labels))
    assert labels[-1].span.end_ms >= 597_000
    assert sum(label.span.duration_ms for label in labels) >= 300_000


# Sound


@dataclass
class Hearing:
    """A SoundTagger that hears "rain" throughout, and a "bell" in every block's first second."""

    name: str = "hearing"
    version: str = "1"

    def check(self):
        return EngineState(ready=True, model="none", weights="none", checksum="none needed")

    def tag(self, block):
        start_ms, end_ms = block.start_ms, block.end_ms
        return (
            TimedLabel("bell", Modality.SOUND, Span(start_ms, start_ms + 1_000), 0.8),
            TimedLabel("rain", Modality.SOUND, Span(start_ms, end_ms), 0.6),
        )


def test_a_sound_that_goes_on_in_the_next_block_is_one_label():
    sense = LabelSense(None, Hearing())
    for start_ms in (0, 10_000):
        sense.hear(AudioBlock(start_ms, np.zeros(160_000, np.float32)))
    for picture in pictures((0, 0, 1_000)):
        sense.see(picture)
    assert [(label.name, label.span) for label in sense.finish()] == [
        ("bell", Span(0, 1_000)),
        ("rain", Span(0, 20_000)),
        ("bell", Span(10_000, 11_000)),
    ]


# The graph of labels


def segment(index, start_ms, end_ms, *said):
    sentences = tuple(Sentence(text, Span(start_ms, end_ms)) for text in said)
    return Segment(f"s{index}", "v", index, Span(start_ms, end_ms), sentences)


SEGMENTS = (segment(0, 0, 10_000), segment(1, 10_000, 20_000), segment(2, 20_000, 30_000))


def label(name, start_ms, end_ms, modality=Modality.VISION):
    return TimedLabel(name, modality, Span(start_ms, end_ms), 0.9)


def test_a_label_is_mentioned_in_every_segment_that_it_lasts_in():
    graph = label_graph(SEGMENTS, [label("dog", 4_000, 24_000)])
    assert [(m.segment_id, m.span) for m in graph.mentions] == [
        ("s0", Span(4_000, 10_000)),
        ("s1", Span(10_000, 20_000)),
        ("s2", Span(20_000, 24_000)),
    ]
    assert {(m.entity_id, m.modality, m.surface, m.confidence) for m in graph.mentions} == {
        (DOG, Modality.VISION, "dog", 0.9)
    }
    assert [(e.id, e.name, e.type) for e in graph.entities] == [(DOG, "dog", EntityType.CONCEPT)]
    assert graph.relations == ()


def test_what_only_brushes_a_segment_is_not_mentioned_there():
    graph = label_graph(SEGMENTS, [label("dog", 9_500, 12_000), label("cat", 9_900, 10_050)])
    assert [(m.surface, m.segment_id) for m in graph.mentions] == [("dog", "s1"), ("cat", "s0")]


def test_what_is_beyond_the_last_segment_is_cut_to_it_or_left_out():
    graph = label_graph(SEGMENTS, [label("dog", 28_000, 31_000), label("cat", 30_000, 31_000)])
    assert [(m.surface, m.span) for m in graph.mentions] == [("dog", Span(28_000, 30_000))]
    assert label_graph((), [label("dog", 0, 1_000)]) == ExtractedGraph()


def test_seen_and_heard_is_one_entity_with_two_mentions():
    graph = label_graph(SEGMENTS, [label("dog", 0, 2_000), label("dog", 0, 2_000, Modality.SOUND)])
    assert [e.id for e in graph.entities] == [DOG]
    assert [m.modality for m in graph.mentions] == [Modality.VISION, Modality.SOUND]
    assert len({m.id for m in graph.mentions}) == 2


@pytest.mark.parametrize(
    "name", ["speech", "silence", "inside, small room", "inside, large room or hall", "static"]
)
def test_sounds_that_tell_nothing_are_left_out(name):
    assert label_graph(SEGMENTS, [label(name, 0, 9_000, Modality.SOUND)]) == ExtractedGraph()
    assert label_graph(SEGMENTS, [label(name, 0, 9_000)]).entities  # but not what is seen


def test_what_is_left_out_is_named_as_the_class_map_does(weights):
    from kg_videorag.engines.yamnet import YamnetTagger
    from kg_videorag.ingest.label import _NO_NEWS

    assert set(YamnetTagger(weights=weights / "yamnet_spectra_in.onnx")._names) >= _NO_NEWS


def test_what_is_spoken_of_by_the_same_name_is_the_same_entity():
    rocket = entity_id(EntityType.CONCEPT, "rocket")
    spoken = (segment(0, 0, 10_000, "Ann Lee built the rocket."),)
    said = extract_graph(spoken, SpacyExtractor())
    shown = label_graph(spoken, [label("rocket", 1_000, 5_000), label("cat", 0, 5_000)])
    both = merged(said, shown)
    assert [e.name for e in both.entities if e.id == rocket] == ["rocket"]
    assert [m.modality for m in both.mentions if m.entity_id == rocket] == [
        Modality.SPEECH,
        Modality.VISION,
    ]
    assert [e.name for e in both.entities] == [*(e.name for e in said.entities), "cat"]
    assert both.relations == said.relations
    assert merged() == ExtractedGraph()

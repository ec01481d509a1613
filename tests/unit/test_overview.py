"""Chapters and summaries as pure functions: borders, titles, central sentences, formats."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from kg_videorag.ask.overview.borders import borders, chapter_lengths, depths, likeness
from kg_videorag.ask.overview.central import centrality, most_central, sentences_for
from kg_videorag.ask.overview.chapters import Overlooked, chapters_of
from kg_videorag.ask.overview.export import as_ffmetadata, as_text, as_vtt
from kg_videorag.ask.overview.slides import Shown, shown_lines, slide_changes
from kg_videorag.ask.overview.titles import MAX_TITLE_CHARS, shortened
from kg_videorag.ask.overview.units import Units, compare, telling
from kg_videorag.ask.overview.values import Chapter, Chapters
from kg_videorag.ask.overview.written import MAX_PARTS, write
from kg_videorag.graph.course import Course, Line
from kg_videorag.model import Entity, EntityType, Modality, Sentence, Span, Video


def line(text, start_s, end_s, *, modality=Modality.SPEECH, heading="", segment="s", ids=()):
    span = Span(round(start_s * 1000), round(end_s * 1000))
    return Line(segment, Sentence(text, span, modality=modality, heading=heading), ids)


def video(duration_ms, title="Talk"):
    return Video("v" * 64, title, "/v/talk.mp4", duration_ms, None, None, "en")


def topics(count, sentences, each_s=5):
    """Sentences about one topic after another, whose words are their own."""
    lines = []
    for n in range(count * sentences):
        topic = n // sentences
        words = " ".join(f"word{topic}x{k}" for k in range(n % 3, n % 3 + 5))
        lines.append(
            line(f"Topic {words}.", n * each_s, n * each_s + each_s - 0.4, segment=f"s{n // 4}")
        )
    return lines


@pytest.mark.parametrize("minutes", [0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 600])
def test_lengths_of_chapters_are_sensible(minutes):
    found = chapter_lengths(round(minutes * 60_000))
    assert 1 <= found.fewest <= found.wanted <= found.most
    assert found.least_ms >= 10_000
    assert found.most * found.least_ms <= max(minutes * 60_000, found.least_ms)
    if minutes == 1:
        assert found.most <= 3
    if minutes == 60:
        assert (8, 20) >= (found.fewest, found.most) >= (8, 13)


@pytest.mark.parametrize("seconds", [0, 1, 9])
def test_a_short_clip_is_one_chapter(seconds):
    units = compare(topics(2, 3, each_s=1), None)
    assert borders(units, (), seconds * 1000) == ()


def test_borders_are_where_the_words_change():
    lines = topics(6, 12)
    duration_ms = lines[-1].end_ms
    found = borders(compare(lines, None), (), duration_ms)
    assert found
    assert all(at % 60_000 == 0 for at in found), found


def test_a_slide_that_changes_in_the_gap_is_the_border():
    lines = topics(2, 6)
    (found,) = borders(compare(lines, None), (29_700,), lines[-1].end_ms)
    assert found == 29_700


@pytest.mark.parametrize("minutes", [1, 7, 60, 600])
def test_chapters_are_never_too_short_or_too_many(minutes):
    rng = np.random.default_rng(minutes)
    lines = [
        line(f"a{rng.integers(90)} b{rng.integers(90)}", n * 5, n * 5 + 4)
        for n in range(minutes * 12)
    ]
    duration_ms = minutes * 60_000
    lengths = chapter_lengths(duration_ms)
    times = (0, *borders(compare(lines, None), (), duration_ms), duration_ms)
    assert all(later - earlier >= lengths.least_ms for earlier, later in pairwise(times))
    assert lengths.fewest <= len(times) - 1 <= lengths.most


def test_likeness_and_depth():
    vectors = np.array([[1, 0], [1, 0], [0, 1], [0, 1]], np.float32)
    alike = likeness(vectors, 2)
    assert alike[1] == pytest.approx(0)
    assert alike[0] > alike[1] < alike[2]
    assert int(np.argmax(depths(alike))) == 1
    assert depths(np.ones(5, np.float32)).tolist() == [0] * 5


def test_what_is_said_tells_unless_hardly_anything_is():
    said = [line(f"Sentence {n}.", n * 10, n * 10 + 8) for n in range(4)]
    shown = [line("Born in Ohio", 0, 10, modality=Modality.SCREEN, heading="Neil")] * 2
    assert telling([*said, *shown], 40_000) == (0, 1, 2, 3)
    assert telling([*said, *shown], 4_000_000) == (0, 4, 1, 2, 3)  # each line once
    assert telling([], 1_000) == ()


def test_a_line_cut_by_segments_is_whole_again():
    lines = [
        line("Neil", 0, 10, modality=Modality.SCREEN),
        line("Born in Ohio", 0, 10, modality=Modality.SCREEN, heading="Neil"),
        line("Neil", 10, 16, modality=Modality.SCREEN),
        line("Neil", 40, 50, modality=Modality.SCREEN),
        line("Said.", 0, 50),
    ]
    assert shown_lines(lines) == (
        Shown("Born in Ohio", Span(0, 10_000), is_title=False),
        Shown("Neil", Span(0, 16_000), is_title=True),
        Shown("Neil", Span(40_000, 50_000), is_title=True),
    )


def test_slides_change_when_most_lines_do():
    def slide(start_s, end_s, *texts):
        return [Shown(t, Span(start_s * 1000, end_s * 1000), is_title=False) for t in texts]

    shown = [
        *slide(0, 20, "A", "one"), *slide(5, 20, "two"), *slide(10, 20, "three"),  # line by line
        *slide(20, 30, "B", "four"), *slide(35, 40, "C"),
    ]  # fmt: skip
    ordered = tuple(sorted(shown, key=lambda s: s.span))
    assert slide_changes(ordered) == (20_000, 30_000, 35_000)
    assert slide_changes(()) == ()


def test_central_sentences_are_those_that_others_are_like():
    lines = [
        line("The bridge of Lisbon spans the river Tagus.", 0, 5),
        line("The bridge over the Tagus was opened in Lisbon.", 5, 10),
        line("Lisbon opened the bridge of the Tagus to trains.", 10, 15),
        line("Bananas are yellow and quite cheap this week.", 15, 20),
        line("And it did.", 20, 25),
    ]
    ranks = centrality(compare(lines, None))
    assert ranks.mean() == pytest.approx(1)
    assert set(np.argsort(-ranks)[:3]) == {0, 1, 2}
    assert int(np.argmin(ranks)) == 4


def test_what_leans_on_others_or_repeats_is_not_taken():
    lines = topics(4, 5)
    units = compare(lines, None)
    spans = [Span(n * 25_000, (n + 1) * 25_000) for n in range(4)]
    taken = most_central(units, centrality(units), spans, 4)
    assert [n // 5 for n in taken] == [0, 1, 2, 3]  # one a chapter
    same = compare([line("The same sentence is said again.", n, n + 1) for n in range(9)], None)
    assert len(most_central(same, centrality(same), [Span(0, 9_000)], 5)) == 1


def test_the_length_of_a_summary_grows_slowly():
    assert [sentences_for(m * 60_000) for m in (0, 1, 10, 60, 600, 6_000)] == [3, 3, 7, 12, 20, 20]


FOUND = Chapters(
    video(3_725_500, "A; B=C"),
    (
        Chapter("Begin <b> & --> go", Span(0, 61_250), "words"),
        Chapter("End #1\nnow", Span(61_250, 3_725_500), "heading"),
    ),
)


def test_chapters_as_youtube_takes_them():
    assert as_text(FOUND) == "00:00:00 Begin <b> & --> go\n00:01:01 End #1 now"
    short = Chapters(video(62_000), (Chapter("A", Span(0, 62_000), "words"),))
    assert as_text(short) == "00:00 A"


def test_chapters_as_webvtt():
    assert as_vtt(FOUND) == (
        "WEBVTT\n\n1\n00:00:00.000 --> 00:01:01.250\nBegin &lt;b&gt; &amp; --&gt; go\n\n"
        "2\n00:01:01.250 --> 01:02:05.500\nEnd #1 now"
    )


def test_chapters_as_ffmpegs_metadata():
    assert as_ffmetadata(FOUND).splitlines() == [
        ";FFMETADATA1", r"title=A\; B\=C",
        "[CHAPTER]", "TIMEBASE=1/1000", "START=0", "END=61250", "title=Begin <b> & --> go",
        "[CHAPTER]", "TIMEBASE=1/1000", "START=61250", "END=3725500", r"title=End \#1 now",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("title", "short"),
    [
        ("A\nB\x1b[2J", "A B [2J"),
        ("word " * 40, "word " * 15 + "word…"),
        ("x" * 200, "x" * 80 + "…"),
    ],
)
def test_a_title_is_one_short_line(title, short):
    assert shortened(title).replace("  ", " ") == short.replace("  ", " ")
    assert len(shortened(title)) <= MAX_TITLE_CHARS + 1


class Model:
    """Writes what it is told to, and remembers what it was given."""

    name, model = "scripted", "m"

    def __init__(self, summarise, join=lambda notes, n: "", titles=()):
        self._summarise, self._join, self._titles = summarise, join, titles
        self.parts, self.joined = [], []

    def summarise(self, evidence, sentences, language):
        self.parts.append(evidence)
        return self._summarise(evidence, sentences)

    def join(self, notes, sentences, language):
        self.joined.append(list(notes))
        return self._join(notes, sentences)

    def titles(self, chapters, language):
        return self._titles


def seen(lines, duration_ms):
    return Overlooked(video(duration_ms), Course(tuple(lines), {}, ()), compare(lines, None), "en")


def first_of_each(evidence, sentences):
    return " ".join(f"{item.sentences[0].text} [{n}]" for n, item in enumerate(evidence, 1))


def run(model, lines, *, count=3, max_tokens=2_000):
    looked = seen(lines, lines[-1].end_ms)
    return write(looked, centrality(looked.units), model, (count, "en", max_tokens))


def test_a_short_video_is_summarised_at_once():
    model = Model(first_of_each)
    found = run(model, topics(3, 4))
    assert len(model.parts) == 1
    assert model.joined == []
    assert len(found.citations) == 3
    assert found.text.count("[") == 3
    assert found.warnings == ()


def test_a_long_video_is_summarised_part_by_part_and_then_as_a_whole():
    lines = topics(8, 8)
    model = Model(first_of_each, join=lambda notes, n: " ".join([*notes[: n - 1], notes[-1]]))
    found = run(model, lines, max_tokens=100)
    assert len(model.parts) > 3
    assert [item.segment_id for part in model.parts for item in part] == [
        f"s{n}" for n in range(16)
    ]
    assert model.joined
    assert found.citations[-1].segment_id == "s15"
    assert len(found.citations) == 3
    assert all(c.quote in [x.sentence.text for x in lines] for c in found.citations)
    assert found.warnings == ()


def test_what_nothing_says_is_dropped_and_told():
    def invented(evidence, sentences):
        return f"{evidence[0].sentences[0].text} [1] Napoleon Bonaparte won at Austerlitz. [1] [9]"

    found = run(Model(invented), topics(2, 4))
    assert "Napoleon" not in found.text
    assert len(found.citations) == 1
    assert any("was dropped" in warning for warning in found.warnings)


@pytest.mark.parametrize(
    "reply", ["", "I cannot do that.", "[77]", "Napoleon Bonaparte won at Austerlitz. [1]"]
)
def test_where_a_model_says_nothing_that_holds_the_central_sentences_stand(reply):
    found = run(
        Model(lambda evidence, n: reply, join=lambda notes, n: reply), topics(8, 8), max_tokens=100
    )
    assert len(found.citations) == 3
    assert any("cited nothing" in warning for warning in found.warnings)


def test_ten_hours_ask_a_model_so_often_and_no_more():
    lines = topics(60, 40, each_s=5)
    model = Model(first_of_each, join=lambda notes, n: " ".join(notes[:n]))
    found = run(model, lines, count=20, max_tokens=300)
    assert len(model.parts) <= MAX_PARTS
    assert found.cut
    assert len(found.citations) <= 20
    assert any("most central" in warning for warning in found.warnings)


@pytest.mark.parametrize(
    ("title", "taken"),
    [("The word0x1 of old", True), ("Napoleon", False), ("", False), ("word0x1 " * 30, False)],
)
def test_a_models_title_says_a_word_of_its_chapter(title, taken):
    looked = seen(topics(2, 6), 60_000)
    plain = chapters_of(looked).chapters
    found = chapters_of(looked, Model(first_of_each, titles=(title,))).chapters
    assert (found[0].titled_by == "model") is taken
    assert (found[0] == plain[0]) is not taken


def test_names_title_a_chapter_before_plain_things():
    ids = {"a": EntityType.CONCEPT, "b": EntityType.PERSON, "c": EntityType.DATE}
    entities = {i: Entity(i, f"name {i}", kind) for i, kind in ids.items()}
    lines = topics(2, 6)
    course = Course(
        tuple(lines), entities, (("a", 1_000), ("a", 2_000), ("b", 3_000), ("c", 4_000))
    )
    looked = Overlooked(video(60_000), course, compare(lines, None), "en")
    first, second = chapters_of(looked).chapters
    assert (first.title, first.titled_by, first.entities) == (
        "Name b, name a", "entities", ("name b", "name a"),
    )  # fmt: skip
    assert second.titled_by == "words"


def test_units_without_words_have_no_direction():
    units = compare([line("?!", 0, 1), line("...", 1, 2)], None)
    assert isinstance(units, Units)
    assert not units.vectors.any()
    assert np.isfinite(centrality(units)).all()
    assert borders(units, (), 60_000) in ((), (1_000,))

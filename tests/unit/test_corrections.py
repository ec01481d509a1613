"""Corrections by hand: where they find their place, and what time the new words have."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kg_videorag.identity import correction_id
from kg_videorag.ingest.corrections import correct, corrections_digest
from kg_videorag.ingest.kept.codecs import CODECS
from kg_videorag.model import (
    Correction,
    CorrectionKind,
    Modality,
    Segment,
    Sentence,
    Span,
    Word,
    moment_ms,
)


def spoken(text, start_ms=0, step_ms=100):
    """A sentence whose words last 100 ms each."""
    words = tuple(
        Word(word, Span(start_ms + n * step_ms, start_ms + (n + 1) * step_ms), 0.9, speaker="A")
        for n, word in enumerate(text.split())
    )
    return Sentence(text, Span(start_ms, words[-1].span.end_ms), words, speaker="A")


def line(original, replacement, start_ms, end_ms, made_at="2026-01-01"):
    span = Span(start_ms, end_ms)
    key = correction_id(CorrectionKind.LINE, "v", original, span)
    return Correction(key, CorrectionKind.LINE, original, replacement, made_at, "v", span)


def name(original, replacement, made_at="2026-01-01"):
    key = correction_id(CorrectionKind.NAME, None, original, None)
    return Correction(key, CorrectionKind.NAME, original, replacement, made_at)


def texts(told):
    return [sentence.text for sentence in told.sentences]


def times(sentence):
    return [(word.text, word.span.start_ms, word.span.end_ms) for word in sentence.words]


def test_a_line_is_found_by_its_text_and_keeps_its_words_times():
    heard = [spoken("He saw Jon Glen."), spoken("So it was.", 400)]
    told = correct(heard, [], [line("He saw Jon Glen.", "She saw John Glenn.", 0, 400)])
    assert texts(told) == ["She saw John Glenn.", "So it was."]
    first = told.sentences[0]
    assert times(first) == [
        ("She", 0, 100),
        ("saw", 100, 200),
        ("John", 200, 300),
        ("Glenn.", 300, 400),
    ]
    assert first.original == heard[0]
    assert {word.speaker for word in first.words} == {"A"}
    assert told.sentences[1] is heard[1]
    assert told.warnings == ()


def test_other_many_words_share_the_time_of_what_they_replace():
    told = correct([spoken("a b c d")], [], [line("a b c d", "a bbb bb b d", 0, 400)])
    assert times(told.sentences[0]) == [
        ("a", 0, 100),
        ("bbb", 100, 200),
        ("bb", 200, 266),
        ("b", 266, 300),
        ("d", 300, 400),
    ]


@pytest.mark.parametrize("right", ["a c", "c", "a b b2 c", "x", "n a b c", "a b c n", "c b a q"])
def test_whatever_is_said_its_words_stay_in_their_sentence_in_order(right):
    heard = spoken("a b c", 1000)
    (sentence,) = correct([heard], [], [line("a b c", right, 1000, 1300)]).sentences
    assert [word.text for word in sentence.words] == right.split()
    edges = [ms for word in sentence.words for ms in (word.span.start_ms, word.span.end_ms)]
    assert edges == sorted(edges)
    assert 1000 <= edges[0] <= edges[-1] <= 1300


def test_a_line_without_times_of_words_is_corrected_too():
    heard = Sentence("He saw Jon Glen.", Span(0, 400))
    told = correct([heard], [], [line("He saw Jon Glen.", "He saw John Glenn.", 0, 400)])
    assert texts(told) == ["He saw John Glenn."]
    assert told.sentences[0].words == ()


def test_what_another_engine_heard_otherwise_is_found_by_its_time():
    heard = [spoken("Before that."), spoken("He so John Clan", 250), spoken("After.", 800)]
    told = correct(heard, [], [line("He saw Jon Glen.", "He saw John Glenn.", 210, 640)])
    assert texts(told) == ["Before that.", "He saw John Glenn.", "After."]


def test_what_another_engine_tells_apart_becomes_one_line():
    heard = [spoken("He saw."), spoken("Jon Glen.", 200), spoken("After.", 900)]
    told = correct(heard, [], [line("He saw Jon Glen.", "He saw John Glenn.", 0, 400)])
    assert texts(told) == ["He saw John Glenn.", "After."]
    assert told.sentences[0].span == Span(0, 400)
    assert told.sentences[0].original.text == "He saw. Jon Glen."


def test_words_that_another_engine_joins_to_a_line_stay():
    heard = [spoken("First he saw Jon Glen and left")]
    told = correct(heard, [], [line("he saw Jon Glen", "he saw John Glenn", 100, 500)])
    assert texts(told) == ["First he saw John Glenn and left"]


@pytest.mark.parametrize(
    "heard",
    [
        [],
        [spoken("Something else.", 5000)],
        [spoken("He saw Jon Glen.", 5000)],  # the same words, minutes later
        [spoken("a b c d e f g h i j k l m n o p q r s t")],  # a whole page at once
    ],
    ids=["nothing", "elsewhere", "same words", "too long"],
)
def test_a_correction_without_a_place_is_told_and_changes_nothing(heard):
    told = correct(heard, [], [line("He saw Jon Glen.", "He saw John Glenn.", 0, 400)])
    assert told.sentences == tuple(heard)
    (warning,) = told.warnings
    assert "finds no line at 00:00:00 any more: 'He saw John Glenn.'" in warning


def test_two_lines_that_say_the_same_are_told_apart_by_their_time():
    heard = [spoken("Yes."), spoken("Yes.", 1000)]
    assert texts(correct(heard, [], [line("Yes.", "No.", 1000, 1100)])) == ["Yes.", "No."]


def test_a_name_is_corrected_wherever_its_whole_words_are():
    heard = [
        spoken("Jon Glen's wife met Jon Glenn, not jon glen."),
        spoken("JON GLEN and Jon  Glen", 5000),
    ]
    shown = Sentence("Born: Ohio", Span(0, 900), modality=Modality.SCREEN, heading="JON GLEN")
    told = correct(heard, [shown], [name("Jon Glen", "John Glenn")])
    assert texts(told) == [
        "John Glenn's wife met Jon Glenn, not jon glen.",
        "JOHN GLENN and John Glenn",
    ]
    (corrected,) = told.lines
    assert (corrected.heading, corrected.text) == ("JOHN GLENN", "Born: Ohio")
    assert corrected.original == shown


def test_names_are_corrected_in_lines_that_were_corrected_before():
    corrections = [
        name("Glen", "Glenn", made_at="2026-01-01"),
        line("he so glen", "He saw Glen.", 0, 300, made_at="2026-01-02"),
    ]
    heard = spoken("he so glen")
    (sentence,) = correct([heard], [], corrections).sentences
    assert sentence.text == "He saw Glenn."
    assert sentence.original == heard


def test_a_name_holds_no_pattern_and_no_reference():
    heard = [spoken("C++ (beta) is out.")]
    assert texts(correct(heard, [], [name("C++ (beta)", r"C\1 $0 \g<0>")])) == [
        r"C\1 $0 \g<0> is out."
    ]


def test_without_corrections_nothing_is_touched():
    heard = (spoken("He saw Jon Glen."),)
    told = correct(heard, heard, [])
    assert told.sentences[0] is told.lines[0] is heard[0]
    assert corrections_digest([]) == ""


def test_a_corrected_segment_is_kept_between_runs_with_its_original():
    (sentence,) = correct([spoken("Jon Glen.")], [], [name("Jon Glen", "John Glenn")]).sentences
    segments = (Segment("s", "v", 0, Span(0, 200), (sentence,)),)
    codec = CODECS["segment"]
    assert codec.decode(codec.encode(segments)) == segments


def test_the_digest_tells_which_corrections_count_whatever_their_order():
    one, two = name("a", "b"), name("c", "d")
    assert corrections_digest([one, two]) == corrections_digest([two, one])
    changed = replace(one, replacement="x")
    assert len({corrections_digest(c) for c in ([one], [two], [one, two], [changed])}) == 4


@pytest.mark.parametrize(
    ("typed", "at_ms"),
    [("00:01:23", 83_000), ("1:02:03", 3_723_000), ("62:03.5", 3_723_500), ("83.25", 83_250)],
)
def test_moments_are_read_as_people_type_them(typed, at_ms):
    assert moment_ms(typed) == at_ms


@pytest.mark.parametrize(
    "typed", ["", "soon", "1:2:3:4", "1:-2", "-5", "1:75", "nan", "inf", "1e99"]
)
def test_what_is_no_moment_is_refused(typed):
    with pytest.raises(ValueError, match="is no time"):
        moment_ms(typed)

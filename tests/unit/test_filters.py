"""What narrows a question, as people type it."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from kg_videorag.api import VideoRAG
from kg_videorag.ask.evidence import within_scope
from kg_videorag.cli import app
from kg_videorag.errors import ScopeError, TagError
from kg_videorag.graph.embedded import embedded_properties
from kg_videorag.graph.fulltext import segment_queries
from kg_videorag.graph.scope import narrowed, scope_map
from kg_videorag.graph.select_scope import Filters, filters
from kg_videorag.graph.tags import tag_names
from kg_videorag.identity import text_embedding_id
from kg_videorag.model import (
    EVERYWHERE,
    Embedding,
    Evidence,
    Modality,
    Scope,
    Segment,
    Sentence,
    Span,
    stretch,
)

END = 2**53


@pytest.mark.parametrize(
    ("typed", "span"),
    [
        ("00:10:00-00:20:00", Span(600_000, 1_200_000)),
        ("10:00 - 20:00", Span(600_000, 1_200_000)),
        ("00:10:00-", Span(600_000, END)),
        ("-00:20:00", Span(0, 1_200_000)),
        ("83.5-90", Span(83_500, 90_000)),
        ("1:02:03\N{EN DASH}1:02:04", Span(3_723_000, 3_724_000)),
    ],
)
def test_a_stretch_of_time(typed, span):
    assert stretch(typed) == span
    assert filters(time=typed).window == span


@pytest.mark.parametrize(
    "typed", ["", "-", "10:00", "20:00-10:00", "5-5", "a-b", "1:99-2:00", "1-2-3", "--", "1:2:3:4-"]
)
def test_what_is_no_stretch_of_time_is_told(typed):
    with pytest.raises(ScopeError) as told:
        filters(time=typed)
    assert "\n" not in told.value.message


def test_one_name_is_not_its_letters():
    chosen = filters(videos="a.mp4", tags="course", modalities="screen")
    assert chosen == Filters(("a.mp4",), ("course",), modalities=frozenset({Modality.SCREEN}))
    assert filters() == Filters()


def test_a_wrong_modality_names_those_that_exist():
    with pytest.raises(ScopeError, match="no modality 'smell'") as told:
        filters(modalities=["screen", "smell"])
    assert told.value.hint == "Modalities: speech, caption, screen, vision, sound."


def test_a_speaker_is_not_to_be_seen():
    with pytest.raises(ScopeError, match="is speech, not screen or vision"):
        filters(speaker="Ann", modalities=["screen", "vision"])
    assert filters(speaker="Ann", modalities=["screen", "speech"]).speaker == "Ann"


def test_tags_are_one_in_whatever_case_and_form():
    assert tag_names(["  My\tcourse ", "MY COURSE", "Курс", "курс"]) == {
        "my course": "My course",
        "курс": "Курс",
    }
    assert tag_names(["e\u0301te\u0301"]) == tag_names(["\u00e9t\u00e9"])
    for wrong in ("", "  ", "\x1b", "a" * 101):
        with pytest.raises(TagError, match="is no tag"):
            tag_names([wrong])


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--time", "20:00-10:00"], "ends before it begins"),
        (["--time", "noon"], "no stretch of time"),
        (["--modality", "smell"], "speech, caption, screen, vision, sound"),
        (["--tag", ""], "is no tag"),
    ],
)
@pytest.mark.parametrize("command", ["ask", "search"])
def test_wrong_usage_exits_2(command, options, told):
    done = CliRunner().invoke(app, [command, "Who?", *options], env={"COLUMNS": "200"})
    assert done.exit_code == 2
    assert told in done.stderr


def test_options_reach_the_library(monkeypatch, tmp_path):
    given = {}
    monkeypatch.setenv("KGV_HOME", str(tmp_path))
    monkeypatch.setattr(VideoRAG, "search", lambda _, query, **options: given.update(options) or ())
    options = ["--tag", "a", "--tag", "b", "--time", "0:10-", "--speaker", "Ann", "--modality",
               "Speech"]  # fmt: skip
    assert CliRunner().invoke(app, ["search", "tiger", *options]).exit_code == 0
    assert (given["tags"], given["time"], given["speaker"]) == (["a", "b"], "0:10-", "Ann")
    assert given["modalities"] == ["speech"]


def test_changing_no_tag_is_wrong_usage():
    assert CliRunner().invoke(app, ["videos", "tag", "a.mp4"]).exit_code == 2


def line(text, start, end, modality=Modality.SPEECH, speaker=""):
    return Sentence(text, Span(start, end), modality=modality, speaker=speaker)


def evidence(*sentences, via=("text",)):
    return Evidence("s", "v", "v.mp4", Span(0, 10_000), 0.5, via, sentences)


def test_what_is_outside_may_not_be_quoted():
    said, other = line("One.", 0, 4_000, speaker="Ann"), line("Two.", 4_000, 8_000, speaker="Bob")
    shown = line("Three", 0, 9_000, Modality.SCREEN)
    whole = evidence(said, other, shown)
    for scope, left in [
        (EVERYWHERE, (said, other, shown)),
        (Scope(("v",)), (said, other, shown)),
        (Scope(window=Span(4_000, 5_000)), (other, shown)),
        (Scope(speaker="Ann"), (said,)),
        (Scope(modalities=frozenset({Modality.SCREEN})), (shown,)),
        (Scope(window=Span(0, 3_000), speaker="Ann"), (said,)),
    ]:
        assert [item.sentences for item in within_scope([whole], scope)] == [left]
    assert within_scope([whole], Scope(speaker="Cy")) == ()
    seen = within_scope([evidence(said, via=("vision",))], Scope(window=Span(9_000, END)))
    assert [item.sentences for item in seen] == [()]


def test_a_scope_as_statements_are_given_it():
    assert scope_map(EVERYWHERE)["narrows"] is False
    assert scope_map(Scope(("v",)))["lines"] is False
    given = scope_map(Scope(window=Span(1, 2), speaker="Ann"))
    assert given["modalities"] == ["speech"]
    assert (given["narrows"], given["lines"], given["start_ms"], given["end_ms"]) == (
        *(True, True),
        *(1, 2),
    )


def test_two_stretches_are_one_where_they_meet():
    scope = Scope(window=Span(10, 20))
    assert narrowed(Span(15, 30), scope) == Span(15, 20)
    assert narrowed(Span(20, 30), scope) is None
    assert narrowed(Span(20, 30), EVERYWHERE) == Span(20, 30)
    assert narrowed(None, scope) is None


def test_words_are_asked_for_in_some_fields_alone():
    (query,) = segment_queries("Red radium", ["speech", "caption"])
    assert query["query"] == "speech:(red radium) caption:(red radium)"
    assert segment_queries("-", ["speech"]) == []


def test_a_vector_tells_of_what_it_is():
    one, two = line("One.", 0, 4_000, speaker="Ann"), line("Two.", 5_000, 8_000, speaker="Bob")
    shown, same = line("Three", 0, 9_000, Modality.SCREEN), line("One.", 0, 9_500, Modality.CAPTION)
    segment = Segment("s", "v", 0, Span(0, 10_000), (one, two), (shown,), (same,))
    made = [
        Embedding(text_embedding_id("s", "text", "m", at, text), n, "s", "text", "m", at, None)
        for n, (text, at) in enumerate([("One.", 0), ("Two.", 5_000), ("Three", 0),
                                        ("One. Two.", 0)])
    ]  # fmt: skip
    known = embedded_properties(made, [segment])
    assert [known[e.id] for e in made] == [
        {"modalities": ["caption", "speech"], "end_ms": 9_500, "lines": 1, "speaker": "Ann"},
        {"modalities": ["speech"], "end_ms": 8_000, "lines": 1, "speaker": "Bob"},
        {"modalities": ["screen"], "end_ms": 9_000, "lines": 1, "speaker": None},
        {"modalities": ["speech"], "end_ms": 8_000, "lines": 2, "speaker": None},
    ]
    heard = Embedding("e", 1, "s", "audio", "m", 700, None)
    assert embedded_properties([heard], [segment])["e"]["modalities"] == ["sound"]
    assert embedded_properties([], [segment]) == {}

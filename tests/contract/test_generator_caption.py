"""What a captioner wrote answers where nobody says and no screen shows what is asked."""

from __future__ import annotations

import pytest

from kg_videorag.ask.cite import cite
from kg_videorag.config import load_settings
from kg_videorag.engines.extractive import ExtractiveGenerator
from kg_videorag.engines.minilm import MiniLMEmbedder
from kg_videorag.model import Evidence, Modality, Sentence, Span
from kg_videorag.ports import GeneratorOptions

SEEN = Span(1_000, 9_000)


def segment(name, *said, seen=(), screen=(), via="fulltext"):
    spoken = [Sentence(text, Span(n * 2_000, n * 2_000 + 1_900)) for n, text in enumerate(said)]
    shown = [Sentence(text, SEEN, modality=Modality.SCREEN) for text in screen]
    described = [Sentence(text, SEEN, modality=Modality.CAPTION) for text in seen]
    sentences = (*spoken, *shown, *described)
    return Evidence(name, "v", "v.mp4", Span(0, 10_000), 1.0, (via,), sentences)


LIBRARY = (
    segment(
        "launch",
        "The Falcon probe was launched from Kourou in 1971.",
        "It carried two cameras.",
        seen=["A tall white rocket stands on a launch pad.", "The Falcon probe in Paris in 1990."],
    ),
    segment("dog", seen=["A brown dog runs across a snowy field."]),
    segment("русский", seen=["Женщина в красном пальто стоит у доски."]),
)


@pytest.fixture(scope="module")
def generator():
    cache_dir = load_settings().cache_dir
    return ExtractiveGenerator(
        MiniLMEmbedder(cache_dir=cache_dir), options=GeneratorOptions(cache_dir)
    )


def cited(generator, question, evidence=LIBRARY):
    citations = cite(generator.generate(question, evidence), evidence).citations
    return [(citation.modality, citation.quote) for citation in citations]


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("What animal runs across the snowy field?", "A brown dog runs across a snowy field."),
        ("Where does the brown dog run?", "A brown dog runs across a snowy field."),
        ("What stands on the launch pad?", "A tall white rocket stands on a launch pad."),
        ("Кто стоит у доски в красном пальто?", "Женщина в красном пальто стоит у доски."),
    ],
)
def test_what_is_only_seen_is_quoted_as_seen(generator, question, quote):
    assert cited(generator, question) == [(Modality.CAPTION, quote)]


@pytest.mark.parametrize(
    "question",
    ["When was the Falcon probe launched?", "From where was the Falcon probe launched?"],
)
def test_what_is_said_answers_before_what_a_model_wrote(generator, question):
    quotes = cited(generator, question)
    assert quotes[0] == (Modality.SPEECH, LIBRARY[0].sentences[0].text)
    assert {modality for modality, _ in quotes} == {Modality.SPEECH}


def test_what_stands_on_the_screen_answers_before_it_too(generator):
    shown, seen = "The Falcon probe: Mass: 47 kg", "The Falcon probe has a mass of 90 kg."
    evidence = [segment("s", screen=[shown], seen=[seen])]
    quotes = cited(generator, "What is the mass of the Falcon probe?", evidence)
    assert [modality for modality, _ in quotes] == [Modality.SCREEN]


@pytest.mark.parametrize(
    "question",
    ["What colour is the cat?", "Who discovered radium?", "How old is the brown dog?"],
)
def test_what_no_caption_says_is_refused(generator, question):
    assert generator.generate(question, LIBRARY) == ""


def test_at_a_time_it_is_told_last_and_in_one_sentence(generator):
    then = [segment("s", "Ann spoke.", seen=["A dog runs.", "Snow is falling."], via="time")]
    assert generator.generate("", then) == "Ann spoke. [1] A dog runs. [1]"
    silent = [segment("s", seen=["A dog runs.", "Snow is falling."], via="time")]
    assert generator.generate("", silent) == "A dog runs. [1]"

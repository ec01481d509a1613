"""Answers from things seen and sounds heard: few questions, and no others."""

from __future__ import annotations

import pytest

from kg_videorag.ask.cite import cite
from kg_videorag.config import load_settings
from kg_videorag.engines.extractive import ExtractiveGenerator
from kg_videorag.engines.minilm import MiniLMEmbedder
from kg_videorag.model import Evidence, Modality, Sentence, Span
from kg_videorag.ports import GeneratorOptions


def segment(number, *said, seen=(), heard=(), via=("entity",)):
    start_ms = number * 10_000
    spoken = [Sentence(text, Span(start_ms, start_ms + 4_000)) for text in said]
    span = Span(start_ms + 5_000, start_ms + 9_000)
    things = [Sentence(f"Seen: {name}.", span, modality=Modality.VISION) for name in seen]
    sounds = [Sentence(f"Heard: {name}.", span, modality=Modality.SOUND) for name in heard]
    whole = Span(start_ms, start_ms + 10_000)
    return Evidence(f"s{number}", "v", "v.mp4", whole, 1.0, via, (*spoken, *things, *sounds))


FILM = (
    segment(
        0, "Ann Lee built the rocket in Ohio.", seen=("person", "cell phone"), heard=("music",)
    ),
    segment(1, "The dog of Ann Lee is called Rex.", seen=("dog", "person")),
    segment(2, heard=("car horn", "siren")),
)


@pytest.fixture(scope="module")
def generator():
    cache_dir = load_settings().cache_dir
    embedder = MiniLMEmbedder(cache_dir=cache_dir)
    return ExtractiveGenerator(embedder, options=GeneratorOptions(cache_dir=cache_dir))


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Where is a dog seen?", "Seen: dog. [2]"),
        ("When are dogs visible?", "Seen: dog. [2]"),
        ("Is there a person to be seen?", "Seen: person. [1] Seen: person. [2]"),
        ("In which film is a cell phone shown?", "Seen: cell phone. [1]"),
        ("At what time is a car horn heard?", "Heard: car horn. [3]"),
        ("What music is heard?", "Heard: music. [1]"),
        ("What is seen?", "Seen: person. [1] Seen: cell phone. [1]"),
        ("Which sounds are heard?", "Heard: music. [1]"),
        ("What can be heard in the video?", "Heard: music. [1]"),
    ],
)
def test_what_is_seen_or_heard_by_a_name_is_quoted(question, answer, generator):
    assert generator.generate(question, FILM) == answer


@pytest.mark.parametrize(
    "question",
    [
        "Where is a cat seen?",
        "Where is a red car seen?",
        "Where is a car heard?",
        "Where is music seen?",
        "Who is seen?",
        "Who is the person with the cell phone?",
        "How does the dog look?",
        "When is no dog seen, never?",
        "Who wrote the music?",
        "Why is a siren heard?",
    ],
)
def test_what_a_name_does_not_tell_is_refused(question, generator):
    assert generator.generate(question, FILM) == ""


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Who built the rocket?", "Ann Lee built the rocket in Ohio. [1]"),
        ("What is the dog of Ann Lee called?", "The dog of Ann Lee is called Rex. [2]"),
    ],
)
def test_what_is_said_is_answered_as_ever(question, answer, generator):
    assert generator.generate(question, FILM) == answer


def test_a_time_alone_tells_what_is_said_then_and_else_what_is_seen_and_heard(generator):
    said = segment(1, "The dog is called Rex.", seen=("dog",), via=("time",))
    assert generator.generate("", [said]) == "The dog is called Rex. [1]"
    silent = segment(2, seen=("dog",), heard=("siren",), via=("time",))
    assert generator.generate("", [silent]) == "Seen: dog. [1] Heard: siren. [1]"


def test_its_citation_is_of_the_time_when_it_is_seen(generator):
    (citation,) = cite(generator.generate("Where is a dog seen?", FILM), FILM).citations
    assert citation.modality is Modality.VISION
    assert citation.span == Span(15_000, 19_000)
    assert citation.quote == "Seen: dog."

"""A list is answered by every sentence that tells of one more, and by no other."""

from __future__ import annotations

import pytest

from kg_videorag.ask.cite import cite
from kg_videorag.config import load_settings
from kg_videorag.engines.extractive import ExtractiveGenerator
from kg_videorag.engines.minilm import MiniLMEmbedder
from kg_videorag.model import Evidence, Sentence, Span
from kg_videorag.ports import GeneratorOptions

CREWS = (
    "Charles Conrad was the commander of the first crew of Skylab.",
    "Every crew came in an Apollo command module.",
    "Alan Bean was the commander of the second crew.",
    "The third crew stayed the longest.",
    "Gerald Carr was the commander of the third crew.",
)


def said(*texts, video="v"):
    sentences = tuple(Sentence(t, Span(n * 4_000, n * 4_000 + 3_500)) for n, t in enumerate(texts))
    end_ms = 4_000 * len(texts)
    return Evidence(video, video, f"{video}.mp4", Span(0, end_ms), 1.0, ("text",), sentences)


@pytest.fixture(scope="module")
def generator():
    cache_dir = load_settings().cache_dir
    return ExtractiveGenerator(
        MiniLMEmbedder(cache_dir=cache_dir), options=GeneratorOptions(cache_dir)
    )


def quotes(generator, question, *evidence):
    return [c.quote for c in cite(generator.generate(question, evidence), evidence).citations]


def test_a_list_is_told_by_several_sentences(generator) -> None:
    found = quotes(generator, "Who were the commanders of the Skylab crews?", said(*CREWS))
    assert found == [CREWS[0], CREWS[2], CREWS[4]]


def test_one_thing_is_told_by_one(generator) -> None:
    found = quotes(generator, "Who was the commander of the first crew of Skylab?", said(*CREWS))
    assert found == [CREWS[0]]


def test_others_are_of_the_same_video_and_the_same_whole(generator) -> None:
    other = said("Ivan Petrov was the commander of the crew.", video="w")
    towns = (
        "Margaret Hamilton worked at the laboratory of MIT.",
        "Katherine Johnson worked at the laboratory of Langley in Hampton.",
    )
    asked = "Who were the commanders of the Skylab crews?"
    assert quotes(generator, asked, said(*CREWS), other) == [CREWS[0], CREWS[2], CREWS[4]]
    asked = "Name all people who worked at the laboratory of MIT"
    assert quotes(generator, asked, said(*towns)) == [towns[0]]

"""The words that go with pictures: whole files, the right language, nothing too long."""

from __future__ import annotations

import pytest

from kg_videorag.engines.caption_prompt import caption_request, load_caption_prompt


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize(("part", "holds"), [("alone", set()), ("heard", {"context"})])
def test_every_prompt_has_its_placeholders(part, language, holds):
    assert set(load_caption_prompt(part, language).get_identifiers()) == holds


def test_a_model_that_writes_english_alone_is_asked_in_english():
    request = caption_request("Она родилась в Варшаве.", "ru", writes=frozenset({"en"}))
    assert request.startswith("These pictures")
    assert "Она родилась в Варшаве." in request


@pytest.mark.parametrize("context", ["", " \n ", "\u200b", "\x00"])
def test_where_nothing_is_said_no_transcript_is_shown(context):
    assert "<transcript>" not in caption_request(context, "")


def test_what_is_said_is_cut_at_a_word():
    request = caption_request("syllables " * 1_000, "")
    inside = request.partition("<transcript>\n")[2].partition("\n</transcript>")[0]
    assert len(inside) <= 1_200
    assert set(inside.split()) == {"syllables"}
    assert len(caption_request("x" * 100_000, "")) < 2_500


def test_a_dollar_in_what_is_said_is_a_dollar():
    assert "It costs $5 and $context." in caption_request("It costs $5 and $context.", "")

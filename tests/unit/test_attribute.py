"""A sentence without a citation stays only where the evidence says it."""

from __future__ import annotations

import pytest

from kg_videorag.ask.attribute import attribute
from kg_videorag.ask.cite import cite
from kg_videorag.model import Evidence, Modality, Sentence, Span

SAID = (
    "Neil Armstrong was the commander of Apollo 11.",
    "Michael Collins was the pilot of the command module Columbia.",
    "Apollo 11 was launched by a Saturn V rocket.",
    "The rocket left Kennedy Space Center in Florida on July 16, 1969.",
    "Michael Collins stayed in orbit around the Moon.",
    "The crew did not sleep before the landing.",
    "Нил Армстронг родился в штате Огайо.",
)
EVIDENCE = tuple(
    Evidence(f"s{n}", "v", "v.mp4", Span(0, 9_000), 1.0, (), (Sentence(text, Span(n, n + 1)),))
    for n, text in enumerate(SAID)
)


def attributed(draft, evidence=EVIDENCE):
    return attribute(cite(draft, evidence), evidence)


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        (SAID[0], SAID[0]),
        ("Armstrong was the commander of Apollo 11.", SAID[0]),
        ("Michael Collins was the pilot of the command module.", SAID[1]),
        ("The rocket left Kennedy Space Center on July 16, 1969.", SAID[3]),
        ("On July 16, 1969, the rocket left Kennedy Space Center in Florida.", SAID[3]),
        ("Michael Collins stayed in orbit.", SAID[4]),
        ("The crew did not sleep before landing.", SAID[5]),
        ("Нил Армстронг родился в штате Огайо.", SAID[6]),
        # other names, numbers, roles and denials
        ("Neil Armstrong was the commander of Apollo 12.", None),
        ("Apollo 11 was launched by a Saturn I rocket.", None),
        ("Neil Armstrong was not the commander of Apollo 11.", None),
        ("The crew did sleep before the landing.", None),
        ("Neil Armstrong stayed in orbit around the Moon.", None),
        ("The Moon stayed in orbit around Michael Collins.", None),
        ("A Saturn V rocket was launched by Apollo 11.", None),
        ("Нил Армстронг не родился в штате Огайо.", None),
        ("Нил Армстронг родился в штате Айова.", None),
        # too little to be a claim
        ("Apollo 11.", None),
        ("Florida", None),
        ("Yes.", None),
    ],
)
def test_a_sentence_is_cited_if_the_evidence_says_it(claim, quote):
    cited = attributed(claim)
    if quote is None:
        assert (cited.text, cited.citations) == ("", ())
        assert cited.warnings == ("1 sentence without evidence was dropped",)
    else:
        assert cited.text == f"{claim} [1]"
        assert [c.quote for c in cited.citations] == [quote]
        assert cited.warnings == (
            "the model cited nothing for 1 sentence; the evidence was found by text",
        )


def test_what_is_cited_stays_and_only_the_rest_is_looked_for():
    cited = attributed(
        f"He was in charge. [1] {SAID[4]} {SAID[0]} The Moon is made of cheese. So it is."
    )
    assert cited.text == f"He was in charge. [1] {SAID[4]} [2] {SAID[0]} [1]"
    assert [c.segment_id for c in cited.citations] == ["s0", "s4"]
    assert cited.warnings == (
        "the model cited nothing for 2 sentences; the evidence was found by text",
        "2 sentences without evidence were dropped",
    )


def test_what_is_cited_in_full_is_left_as_it_is():
    cited = cite("He was in charge. [1]", EVIDENCE)
    assert attribute(cited, EVIDENCE) is cited


def test_a_sentence_with_an_invented_citation_is_as_one_without():
    cited = attributed("The Moon is made of cheese. [99]")
    assert cited.text == ""
    assert cited.warnings == (
        "a citation of evidence 99 was dropped: there are 7",
        "1 sentence without evidence was dropped",
    )
    assert attributed(f"{SAID[0]} [99]").text == f"{SAID[0]} [1]"


def test_lines_of_a_list_are_sentences():
    assert attributed(f"- {SAID[0]}\n- {SAID[4]}").text == f"{SAID[0]} [1] {SAID[4]} [2]"


def test_a_line_on_the_screen_is_found_with_its_heading():
    line = Sentence(
        "Neil Armstrong, commander", Span(0, 1), modality=Modality.SCREEN, heading="The crew"
    )
    item = Evidence("s", "v", "v.mp4", Span(0, 9), 1.0, (), (line,))
    (citation,) = attributed("The crew: Neil Armstrong, commander.", (item,)).citations
    assert citation.modality is Modality.SCREEN


@pytest.mark.parametrize("evidence", [(), EVIDENCE])
@pytest.mark.parametrize("draft", ["", " ", "..."])
def test_nothing_stays_nothing(draft, evidence):
    assert attributed(draft, evidence).citations == ()
    assert attributed(draft, evidence).warnings == ()

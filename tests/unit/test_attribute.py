"""A sentence without a citation stays only where the evidence says it."""

from __future__ import annotations

import pytest

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
TRUE = (
    "Neil Armstrong was born in Ohio.",
    "Apollo 11 was launched by a Saturn V rocket.",
    "Michael Collins was the pilot of the command module.",
    "Michael Collins was the pilot of the command module Columbia.",
    "The pilot of the command module was Michael Collins.",
    "Armstrong was the commander of Apollo 11.",
    "The rocket left Kennedy Space Center in Florida.",
    "The rocket left Kennedy Space Center on July 16, 1969.",
    "Neil Armstrong and Buzz Aldrin landed in the Sea of Tranquility.",
    "On July 20, 1969, Armstrong and Aldrin landed in the Sea of Tranquility.",
    "Katherine Johnson helped to calculate the path of Apollo 11.",
    "The guidance computer raised several alarms during the landing.",
    "The Apollo guidance computer raised several alarms.",
    "Collins stayed in orbit around the Moon.",
    "Michael Collins stayed in orbit.",
    "Apollo 11 was the first flight that landed people on the Moon.",
    "The first flight that landed people on the Moon was Apollo 11.",
    "Buzz Aldrin was the pilot of the Eagle.",
    "Buzz Aldrin was the pilot of the lunar module.",
)
FALSE = (
    "Apollo 12 was launched by a Saturn V rocket.",
    "Apollo 11 was launched by a Saturn I rocket.",
    "Michael Collins was the commander of Apollo 11.",
    "Buzz Aldrin was the pilot of the command module Columbia.",
    "Michael Collins landed in the Sea of Tranquility.",
    "Neil Armstrong was not the commander of Apollo 11.",
    "The rocket did not leave Kennedy Space Center.",
    "Neil Armstrong was born in Iowa.",
    "Neil Armstrong was born in Wapakoneta, Ohio.",
    "Apollo 11 was commander of Neil Armstrong.",
    "The Moon stayed in orbit around Michael Collins.",
    "The path of Apollo 11 helped Katherine Johnson.",
    "A Saturn V rocket was launched by Apollo 11.",
    "Kennedy Space Center left the rocket in Florida.",
    "Apollo 11 was the last flight that landed people on the Moon.",
    "Collins was in orbit around the Moon with Armstrong.",
    "The landing raised several alarms during the Apollo guidance computer.",
    "Florida left the rocket in Kennedy Space Center on July 16, 1969.",
    "The first flight was on the Moon.",
    "Yes.",
    "Florida.",
    "The Moon.",
    "Apollo 11.",
    "Armstrong and Aldrin landed on July 16, 1969.",
    "The Eagle was the pilot of Buzz Aldrin.",
    "The capital of France is Paris.",
)


def segment(number, text):
    sentence = Sentence(text, Span(number, number + 1))
    return Evidence(f"s{number}", "v", "v.mp4", Span(0, 9_000), 1.0, (), (sentence,))


EVIDENCE = tuple(segment(number, text) for number, text in enumerate(SAID))
SAMPLES = tuple(
    segment(number, text)
    for number, text in enumerate(
        (
            "This film is about the flight of Apollo 11.",
            "Apollo 11 was the first flight that landed people on the Moon.",
            "Neil Armstrong was the commander of Apollo 11.",
            "Buzz Aldrin was the pilot of the lunar module Eagle.",
            "Michael Collins was the pilot of the command module Columbia.",
            "Apollo 11 was launched by a Saturn V rocket.",
            "The rocket left Kennedy Space Center in Florida on July 16, 1969.",
            "Katherine Johnson had helped to calculate the path of Apollo 11.",
            "On July 20, 1969, Neil Armstrong and Buzz Aldrin landed in the Sea of Tranquility.",
            "Michael Collins stayed in orbit around the Moon.",
            "During the landing, the Apollo guidance computer raised several alarms.",
            "Neil Armstrong was born in Ohio.",
        )
    )
)


def attributed(draft, evidence=EVIDENCE):
    return cite(draft, evidence)


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


def test_the_threshold_keeps_what_it_was_measured_on():
    """What docs/adr/0014-language-models.md tells of it."""
    true, false = (sum(bool(attributed(c, SAMPLES).citations) for c in cs) for cs in (TRUE, FALSE))
    assert (true, len(TRUE)) == (18, 19)
    assert (false, len(FALSE)) == (0, 26)


def test_what_is_cited_stays_and_the_rest_is_looked_for():
    cited = attributed(
        f"He was the commander. [1] {SAID[4]} {SAID[0]} The Moon is made of cheese. So it spoke."
    )
    assert cited.text == f"He was the commander. [1] {SAID[4]} [2] {SAID[0]} [1]"
    assert [c.segment_id for c in cited.citations] == ["s0", "s4"]
    assert cited.warnings == (
        "the model cited nothing for 2 sentences; the evidence was found by text",
        "2 sentences without evidence were dropped",
    )


def test_a_sentence_with_an_invented_citation_is_as_one_without():
    cited = attributed("The Moon is made of cheese. [99]")
    assert cited.text == ""
    assert cited.warnings == (
        "a citation of evidence 99 was dropped: there are 7",
        "1 sentence without evidence was dropped",
    )
    assert attributed(f"{SAID[0]} [99]").text == f"{SAID[0]} [1]"


def test_lines_of_a_list_are_sentences():
    assert attributed(f"- {SAID[0]}\n- {SAID[4]}").text == f"- {SAID[0]} [1]\n- {SAID[4]} [2]"


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

"""Marks of a draft become citations, and only those that were checked."""

from __future__ import annotations

import re
import time
from dataclasses import replace

import pytest

from kg_videorag.ask.cite import MARK, Terms, cite
from kg_videorag.model import Evidence, Modality, Sentence, Span


def evidence(name, *sentences):
    """A segment; each sentence lasts one second."""
    timed = tuple(
        Sentence(text, Span(n * 1_000, n * 1_000 + 1_000)) for n, text in enumerate(sentences)
    )
    return Evidence(name, f"video {name}", "v.mp4", Span(0, 60_000), 1.0, ("text",), timed)


LANDING = evidence("s1", "The Eagle landed.", "Armstrong walked first.", "Aldrin followed him.")
SOFTWARE = evidence("s2", "Hamilton led the software team.", "The Eagle landed.")
SILENCE = evidence("s3")
ALL = (LANDING, SOFTWARE, SILENCE)


@pytest.mark.parametrize(
    ("draft", "text", "quotes"),
    [
        # nothing to cite
        ("", "", []),
        ("No mark at all.", "", []),
        ("Line one.\nLine two.", "", []),
        # one mark
        ("Armstrong walked. [1]", "Armstrong walked. [1]", ["Armstrong walked first."]),
        ("Armstrong walked [1].", "Armstrong walked [1].", ["Armstrong walked first."]),
        ("Hamilton led it. [2]", "Hamilton led it. [1]", [SOFTWARE.sentences[0].text]),
        # several
        (
            "Hamilton led. [2] The Eagle landed. [1]",
            "Hamilton led. [1] The Eagle landed. [2]",
            ["Hamilton led the software team.", "The Eagle landed."],
        ),
        (
            "The Eagle landed [1] and Aldrin followed him [1].",
            "The Eagle landed [1] and Aldrin followed him [2].",
            ["The Eagle landed.", "Aldrin followed him."],
        ),
        (
            "The Eagle landed. [1][2]",
            "The Eagle landed. [1][2]",
            ["The Eagle landed.", "The Eagle landed."],
        ),
        (
            "The Eagle landed. [1, 2,99]",
            "The Eagle landed. [1][2]",
            ["The Eagle landed.", "The Eagle landed."],
        ),
        (
            "The Eagle landed. [1]\n\nHamilton led. [2]\nSo!",
            "The Eagle landed. [1]\n\nHamilton led. [2]",
            ["The Eagle landed.", "Hamilton led the software team."],
        ),
        ("The Eagle landed. [1] [2]", "The Eagle landed. [1][2]", None),
        # the same again
        (
            "The Eagle landed. [1] Yes, the Eagle landed. [1]",
            "The Eagle landed. [1] Yes, the Eagle landed. [1]",
            ["The Eagle landed."],
        ),
        ("The Eagle landed. [1][1][1]", "The Eagle landed. [1]", ["The Eagle landed."]),
        # marks that name nothing
        ("The Moon is cheese. [0]", "", []),
        ("The Moon is cheese. [99] So!", "", []),
        ("The Moon is cheese [99].", "", []),
        ("It was silent. [3]", "", []),
        ("The Eagle landed. [99][1][0]", "The Eagle landed. [1]", ["The Eagle landed."]),
        # marks without a claim
        ("[1]", "", []),
        ("[1] The Eagle landed.", "[1] The Eagle landed.", ["The Eagle landed."]),
        ("[99]", "", []),
        # other forms that models write
        ("The Eagle landed. [1,2]", "The Eagle landed. [1][2]", None),
        ("The Eagle landed. [1], [2].", "The Eagle landed. [1][2].", None),
        ("The Eagle landed. [1; 2]", "The Eagle landed. [1][2]", None),
        ("The Eagle landed. [1 and 2]", "The Eagle landed. [1][2]", None),
        ("The Eagle landed. [1-2]", "The Eagle landed. [1][2]", None),
        ("The Eagle landed. [1–2]", "The Eagle landed. [1][2]", None),
        ("The Eagle landed. 【1】", "The Eagle landed. [1]", ["The Eagle landed."]),
        ("The Eagle landed. 【1†source】", "The Eagle landed. [1]", ["The Eagle landed."]),
        ("The Eagle landed. [^1]", "The Eagle landed. [1]", ["The Eagle landed."]),
        ("The Eagle landed. [#1]", "The Eagle landed. [1]", ["The Eagle landed."]),
        ("The Eagle landed. [Evidence 1]", "The Eagle landed. [1]", ["The Eagle landed."]),
        ("The Eagle landed. [source: 1]", "The Eagle landed. [1]", ["The Eagle landed."]),
        ("The Eagle landed. (Evidence 1)", "The Eagle landed. [1]", ["The Eagle landed."]),
        ("The Eagle landed. [evidence 1, evidence 2]", "The Eagle landed. [1][2]", None),
        ("Армстронг вышел первым. [фрагмент 1]", "Армстронг вышел первым. [1]", None),
        ("The Eagle landed. [1: 00:10]", "The Eagle landed. [1]", ["The Eagle landed."]),
        ("The Eagle landed. [1, 00:00:10-00:00:20]", "The Eagle landed. [1]", None),
        ("The Eagle landed. (1)", "The Eagle landed. [1]", ["The Eagle landed."]),
        ("The Eagle landed (1) and (2).", "The Eagle landed [1] and [2].", None),
        # the mark before what it is for
        (
            "[1] Aldrin followed him.\n[2] Hamilton led.",
            "[1] Aldrin followed him.\n[2] Hamilton led.",
            ["Aldrin followed him.", "Hamilton led the software team."],
        ),
        # round brackets that are no marks
        ("(1) So it was.", "", []),
        ("The Eagle (9) landed. [1]", "", []),
        ("(1) The Eagle landed. [1]", "(1) The Eagle landed. [1]", None),
        # brackets that are no marks
        ("[10:30] [Eagle 5] [1.2.3] [1]", "", []),
        ("Armstrong [sic] walked first. [1]", "Armstrong [sic] walked first. [1]", None),
        ("[-1] [1.5] [ 1 ] [one] []", "", []),
        ("It[i] landed [1]", "It[i] landed [1]", ["The Eagle landed."]),
        ("[[1]]", "", []),
        # other scripts
        ("Орёл сел. [1]", "", []),  # nothing that could be compared
        ("Столица Франции — Париж. [1]", "", []),
        ("🚀 landed 🚀 [1]", "🚀 landed 🚀 [1]", ["The Eagle landed."]),
    ],
)
def test_marks_are_checked_and_numbered_anew(draft, text, quotes):
    cited = cite(draft, ALL)
    citations = cited.citations
    assert cited.text == text
    assert [citation.number for citation in citations] == list(range(1, len(citations) + 1))
    if quotes is not None:
        assert [citation.quote for citation in citations] == quotes


@pytest.mark.parametrize(
    ("draft", "warnings"),
    [
        ("The Eagle landed. [1]", []),
        ("It was silent. [4]", ["a citation of evidence 4 was dropped: there are 3"]),
        ("It was silent. [0] [4][4]", [
            "a citation of evidence 0 was dropped: there are 3",
            "a citation of evidence 4 was dropped: there are 3",
        ]),
        ("It was silent. [3]", ["a citation of evidence 3 was dropped: nothing is said in it"]),
        ("[5][6][7][8][9]", [
            *(f"a citation of evidence {n} was dropped: there are 3" for n in (5, 6, 7)),
            "so were citations of 2 others",
        ]),
    ],
)  # fmt: skip
def test_what_was_dropped_is_told(draft, warnings):
    unsaid = ["1 sentence without evidence was dropped"]
    told = list(cite(draft, ALL).warnings)
    assert told == (warnings + unsaid if "silent" in draft else warnings)


def test_of_one_or_no_evidence_it_is_told_so():
    unsaid = "1 sentence without evidence was dropped"
    assert cite("So it was. [2]", [LANDING]).warnings == (
        "a citation of evidence 2 was dropped: there is 1",
        unsaid,
    )
    assert cite("So it was. [1]", []).warnings == (
        "a citation of evidence 1 was dropped: there are none",
        unsaid,
    )


@pytest.mark.parametrize(
    ("draft", "is_said"),
    [
        # what a small model answered to "What is the capital of France?"
        ("The capital of France is Paris. [1]", False),
        ("In 1911 it was 42 degrees. [1]", False),
        ("Armstrong was in France. [1]", False),
        ("They were in charge. [1]", False),
        ("He was there. [1]", True),  # nothing is claimed that could be wrong
        # in another script, names and numbers tell
        ("Neil Young первым полетел на Марс. [1]", False),
        ("Армстронг первым вышел. [1]", True),
    ],
)
def test_a_sentence_that_its_evidence_does_not_say_is_dropped(draft, is_said):
    cited = cite(draft, ALL)
    assert cited.text == (draft if is_said else "")
    assert cited.warnings == (
        ()
        if is_said
        else (
            "a citation of evidence 1 was dropped: it does not say the sentence",
            "1 sentence without evidence was dropped",
        )
    )


def test_a_sentence_may_be_marked_instead_and_is_still_no_answer():
    terms = Terms(unsupported=MARK)
    cited = cite("The Eagle landed. [1] The Moon is cheese [2]. So!", ALL, terms)
    assert cited.text == (
        "The Eagle landed. [1] The Moon is cheese. (not found in the evidence)"
        " So! (not found in the evidence)"
    )
    assert [c.segment_id for c in cited.citations] == ["s1"]
    assert cited.warnings[-1] == "2 sentences without evidence were marked"
    russian = cite("Луна из сыра. [1]", ALL, Terms(unsupported=MARK, language="ru"))
    assert (russian.text, russian.citations) == ("Луна из сыра. (в источниках этого нет)", ())


def test_a_citation_of_the_wrong_evidence_is_moved_to_the_one_that_says_it():
    cited = cite("He was there. [1] Hamilton led the software team. [1]", ALL)
    assert cited.text == "He was there. [1] Hamilton led the software team. [2]"
    assert [c.segment_id for c in cited.citations] == ["s1", "s2"]
    assert cited.warnings == ("a citation of evidence 1 was moved to evidence 2, which says it",)
    both = cite("Hamilton led the team. [1][2]", ALL)
    assert [c.segment_id for c in both.citations] == ["s2"]
    assert cite("Hamilton did not lead the software team. [1]", ALL).citations == ()


@pytest.mark.parametrize(
    ("draft", "text"),
    [
        ("The Eagle landed [1] first.", ""),
        ("According to [1], the Eagle landed. It did.", "According to [1], the Eagle landed."),
        ("[1] The Eagle landed. It spoke.", "[1] The Eagle landed."),
        ("The Eagle landed. [1] It spoke. So!", "The Eagle landed. [1]"),
        ("The Eagle landed. Armstrong walked first. [1]",
         "The Eagle landed. [1] Armstrong walked first. [2]"),
        ("The Eagle spoke. Armstrong walked first. [1]", "Armstrong walked first. [1]"),
        ("Hamilton led the software team. [99]", "Hamilton led the software team. [1]"),
        ("* The Eagle landed. [1]\n* So it spoke. [1]\n* Aldrin followed him. [1]",
         "* The Eagle landed. [1]\n* Aldrin followed him. [2]"),
    ],
)  # fmt: skip
def test_each_sentence_is_checked_by_itself(draft, text):
    assert cite(draft, ALL).text == text


@pytest.mark.parametrize(
    ("said", "draft"),
    [
        ("Dr. Smith of St. Louis met J. F. Kennedy in the U.S. at 3.5 p.m.", "{} [1]"),
        ("Он родился в г. Клушино.", "{} [1]"),
        ("“Stop!” he said.", "{} [1]"),
        ("It cost $1,000.50 (or less).", "{} [1]"),
        ("Does he? He does.", "{} [1]"),
        ("Price: 30 EUR", "{} [1]"),
    ],
)
def test_what_is_quoted_word_for_word_always_stays(said, draft):
    """The extractive generator does nothing else."""
    cited = cite(draft.format(said), [evidence("s", "Nothing.", said)])
    assert "".join(part for part in re.split(r"\s*\[1\]", cited.text)) == said


def test_a_line_on_the_screen_is_quoted_for_a_claim_with_its_heading():
    lines = tuple(
        Sentence(text, Span(0, 1_000), modality=Modality.SCREEN, heading=heading)
        for heading, text in (
            ("The crew", "Neil Armstrong, commander"),
            ("The crew", "Buzz Aldrin, Eagle"),
            ("The launch", "Saturn V rocket"),
        )
    )
    item = replace(LANDING, sentences=(*lines, *LANDING.sentences))
    (citation,) = cite("The launch: Saturn V rocket [1]", [item]).citations
    assert (citation.quote, citation.modality) == ("Saturn V rocket", Modality.SCREEN)
    (citation,) = cite("The crew: Buzz Aldrin, Eagle [1]", [item]).citations
    assert citation.quote == "Buzz Aldrin, Eagle"


def test_a_citation_is_of_the_sentence_not_of_its_segment():
    (citation,) = cite("Armstrong walked. [1]", ALL).citations
    assert citation.span == Span(1_000, 2_000)
    assert (citation.segment_id, citation.video_id, citation.video) == ("s1", "video s1", "v.mp4")
    assert citation.modality is Modality.SPEECH


@pytest.mark.parametrize(
    ("claim", "part"),
    [
        ("He landed on the moon.", "the moon."),
        ("He landed on the moon.", "on the moon."),
        ("Neil Armstrong was first.", "Neil Armstrong"),
        ("Neil Armstrong was first.", "Armstrong was first."),
    ],
)
@pytest.mark.parametrize("order", [1, -1])
def test_a_whole_sentence_is_quoted_before_a_part_of_it(claim, part, order):
    (citation,) = cite(f"{claim} [1]", [evidence("s", *(part, claim)[::order])]).citations
    assert citation.quote == claim


def test_of_equal_sentences_the_earliest_is_quoted():
    repeated = evidence("s", "Hello.", "Go now.", "Go now.")
    (citation,) = cite("Go now. [1]", [repeated]).citations
    assert citation.span.start_ms == 1_000


def test_equal_sentences_of_two_segments_are_two_citations():
    cited = cite("Go. [1] Go. [2]", [evidence("a", "Go."), evidence("b", "Go.")])
    assert cited.text == "Go. [1] Go. [2]"
    assert [citation.segment_id for citation in cited.citations] == ["a", "b"]


def test_without_evidence_no_mark_stays():
    cited = cite("So it is. [1] Truly. [2]", [])
    assert (cited.text, cited.citations) == ("", ())


@pytest.mark.parametrize(
    "draft",
    [
        "[" * 20_000,
        "]" * 20_000,
        "[1" * 10_000,
        "1]" * 10_000,
        "[]" * 10_000,
        "[1]" * 5_000,
        "[1] " * 5_000,
        "[99]" * 5_000,
        "x [1] y [2] " * 1_000,
        "[" * 5_000 + "1" + "]" * 5_000,
        "[" + "1" * 1_000 + "]",
        "[" + "9" * 5_000 + "]",  # more digits than int() reads
        "[" + "1, " * 5_000 + "1]",
        "a" * 20_000,
        "a " * 10_000,
        "\n" * 2_000,
        "[1]" + " " * 20_000 + "[2]x" + " " * 20_000 + "[1]",
        "(" * 20_000,
        "(evidence " * 5_000,
        "[evidence evidence " * 5_000,
        "[1-" * 10_000,
        "[1-100]" * 500,
        "[1, 00:00:10-" * 5_000,
        "【1" * 10_000,
        ". " * 10_000,
        "Neil Armstrong walked on the Moon. " * 500,
    ],
    ids=lambda draft: f"{draft[:12]!r} x {len(draft)}",
)
def test_a_hostile_draft_takes_bounded_time_and_cites_only_evidence(draft):
    begin = time.perf_counter()
    cited = cite(draft, ALL)
    text, citations = cited.text, cited.citations
    assert time.perf_counter() - begin < 2
    assert len(citations) <= sum(len(item.sentences) for item in ALL)
    assert set(re.findall(r"\[(\d+)\]", text)) <= {str(c.number) for c in citations}

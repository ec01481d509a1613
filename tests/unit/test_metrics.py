"""Metrics against tables made by hand."""

from __future__ import annotations

import pytest

from kg_videorag.errors import EvaluationError
from kg_videorag.evaluate import Moment, Question, exceeded, read_limits, read_questions
from kg_videorag.evaluate.locate import said_span
from kg_videorag.evaluate.metrics import (
    Place,
    best_iou,
    coverage_at,
    covers,
    is_accurate,
    percentile,
    recall_at,
    right_citations,
    temporal_iou,
)
from kg_videorag.evaluate.score import grouped, score, summed
from kg_videorag.model import Answer, Citation, Evidence, Modality, Sentence, Span, Subgraph


def at(start_s, end_s, video="a"):
    return Place(video, Span(start_s * 1000, end_s * 1000))


@pytest.mark.parametrize(
    ("found", "needed", "covered", "iou"),
    [
        (at(0, 30), at(10, 14), True, 4 / 30),  # a chunk around a sentence
        (at(0, 30), at(28, 32), True, 2 / 32),  # half of the sentence
        (at(0, 30), at(29, 33), False, 1 / 33),  # its first words alone
        (at(10, 14), at(0, 30), True, 4 / 30),  # a sentence of a slide
        (at(10, 14), at(10, 14), True, 1.0),
        (at(10, 14), at(14, 18), False, 0.0),  # half open
        (at(10, 14, "b"), at(10, 14), False, 0.0),
        (at(10, 10), at(10, 14), False, 0.0),  # nothing at all
    ],
)
def test_two_places(found, needed, covered, iou):
    assert covers(found, needed) is covered
    assert temporal_iou(found, needed) == pytest.approx(iou)


NEEDS = ((at(0, 4),), (at(10, 14), at(50, 54, "b")))  # the second at either place


@pytest.mark.parametrize(
    ("found", "k", "recall", "coverage"),
    [
        ([], 5, 0, 0),
        ([at(90, 99), at(0, 30)], 1, 0, 0),
        ([at(90, 99), at(0, 30)], 2, 1, 1),
        ([at(0, 4), at(0, 4)], 5, 1, 0.5),
        ([at(50, 54, "b")], 5, 1, 0.5),
        ([at(50, 54, "b"), at(0, 4)], 5, 1, 1),
    ],
)
def test_recall_and_coverage(found, k, recall, coverage):
    assert recall_at(found, NEEDS, k) == recall
    assert coverage_at(found, NEEDS, k) == coverage


def test_citations():
    cited = [at(0, 8), at(50, 54, "b"), at(80, 84)]
    assert right_citations(cited, NEEDS) == 2
    assert best_iou(cited, NEEDS) == 1
    assert best_iou(cited[:1], NEEDS) == 0.5
    assert best_iou([], NEEDS) == 0
    assert right_citations([], NEEDS) == 0


@pytest.mark.parametrize(
    ("text", "accurate"),
    [
        ("It weighs 2.4 tonnes, said ANN. [1]", True),
        ("Anna's weighs 2,4 tonnes.", False),  # Ann is not Anna
        ("Ann says two tonnes.", True),  # the other wording
        ("Ann says 12.4 tonnes.", False),
        ("2.4 tonnes.", False),  # without Ann
    ],
)
def test_an_answer_has_a_wording_of_each(text, accurate):
    assert is_accurate(text, (("ann",), ("2.4 tonnes", "two tonnes"))) is accurate


def test_percentiles_are_linear_between_neighbours():
    assert percentile([10], 0.95) == 10
    assert percentile([10, 20, 30], 0.5) == 20
    assert percentile([0, 100], 0.95) == 95


def answer(*cited, evidence=(), text="Ann. [1]"):
    return Answer(
        "?", text, bool(cited), "extractive", "none",
        tuple(
            Citation(n, p.video_id, "a.mp4", p.span, "s", Modality.SPEECH, "Ann.")
            for n, p in enumerate(cited, start=1)
        ),
        tuple(
            Evidence("s", p.video_id, "a.mp4", p.span, 1.0, ("text",), ()) for p in evidence
        ),
        Subgraph(), {},
    )  # fmt: skip


def test_scores_and_their_sums():
    asked = Question("1", "spoken", "?", (("Ann",),), (Moment("a"),), "tune")
    missed = Question("2", "multi_hop", "?", (("Ann",),), (Moment("a"),), "test")
    refused = Question("3", "spoken", "?", (), (Moment("a"),), "tune")
    nothing = [Question(str(n), "unanswerable", "?", part="test") for n in (4, 5)]
    needs = ((at(0, 4),),)
    scores = [
        score(asked, needs, answer(at(0, 4), at(9, 12), evidence=[at(0, 20)]), k=5, latency_ms=10),
        score(missed, NEEDS, answer(at(0, 8), evidence=[at(0, 4)], text="Bo."), k=5, latency_ms=20),
        score(refused, needs, answer(), k=5, latency_ms=30),
        score(nothing[0], (), answer(), k=5, latency_ms=40),
        score(nothing[1], (), answer(at(0, 4)), k=5, latency_ms=50),
    ]  # fmt: skip
    every, spoken, hop, none, tune, test = grouped(scores)
    assert [g.name for g in (every, spoken, hop, none, tune, test)] == [
        "all", "spoken", "multi_hop", "unanswerable", "tune", "test",
    ]  # fmt: skip
    assert (every.questions, every.recall, every.coverage) == (5, 2 / 3, pytest.approx(0.5))
    assert every.temporal_iou == pytest.approx((1 + 0.5 + 0) / 3)
    assert every.citation_precision == pytest.approx(2 / 3)  # not those of the unanswerable
    assert every.accuracy == 0.5  # the third has no answer to look for
    assert (every.refusal, every.false_refusal) == (0.5, pytest.approx(1 / 3))
    assert (every.latency_p50_ms, every.latency_p95_ms) == (30, 48)
    assert (hop.coverage, hop.refusal) == (0.5, None)
    assert (none.recall, none.citation_precision, none.refusal) == (None, None, 0.5)
    assert summed(scores[:1], "kind", "x").false_refusal == 0


def sentence(text, start_s, end_s, modality=Modality.SPEECH):
    return Sentence(text, Span(start_s * 1000, end_s * 1000), modality=modality)


TOLD = [
    sentence("Ann was born in Ulm.", 1, 3),
    sentence("Born: Ulm", 4, 9, Modality.SCREEN),
    sentence("Born:Ulm", 9, 12, Modality.SCREEN),  # the same line, cut at a segment's end
    sentence("Bob saw Ulm.", 15, 17),
]


@pytest.mark.parametrize(
    ("says", "span"),
    [
        ("born in ULM", (1000, 3000)),
        ("born: ulm", (4000, 12_000)),
        ("Ulm", "2 times"),  # spoken goes before shown, but twice is twice
        ("in Rome", "never"),
    ],
)
def test_a_moment_is_found_by_its_words(says, span):
    moment = Moment("a.mp4", says)
    if isinstance(span, tuple):
        assert said_span(moment, TOLD, "q") == Span(*span)
        return
    with pytest.raises(EvaluationError, match=rf"q: a\.mp4 says '{says}' {span}"):
        said_span(moment, TOLD, "q")


GOOD = """
[[questions]]
id = "one"
kind = "spoken"
set = "tune"
question = "Where?"
answers = ["Ulm|in Ulm", "Ann"]
[[questions.moments]]
video = "a.mp4"
says = "born in Ulm"
one_of = "birth"
[[questions.moments]]
video = "b.mp4"
start = "00:00:06.300"
end = "0:16.8"
one_of = "birth"

[[questions]]
id = "two"
kind = "unanswerable"
question = "Why?"
"""


@pytest.fixture
def read(tmp_path):
    def of(text):
        path = tmp_path / "q.toml"
        path.write_text(text, encoding="utf-8")
        return read_questions(path)

    return of


def test_a_file_of_questions(read):
    one, two = read(GOOD)
    assert (one.id, one.kind, one.part, one.text) == ("one", "spoken", "tune", "Where?")
    assert one.answers == (("Ulm", "in Ulm"), ("Ann",))
    assert one.moments == (
        Moment("a.mp4", "born in Ulm", one_of="birth"),
        Moment("b.mp4", span=Span(6300, 16_800), one_of="birth"),
    )
    assert (two.is_answerable, two.moments, two.part) == (False, (), "")


@pytest.mark.parametrize(
    ("wrong", "right", "told"),
    [
        ('id = "one"', "id = one", "q.toml: no TOML: Invalid value (at line 3, column 6)"),
        ('id = "one"', "", "q.toml, line 2, question 1: id: field required"),
        ('id = "two"', 'id = "one"', "line 18, question 2 ('one'): another one has this id"),
        ('video = "b.mp4"', "", "line 2, question 1 ('one'): moments 2, video: field required"),
        ('"Where?"', "7", "('one'): question: input should be a valid string"),
        ('set = "tune"', 'sett = "tune"', "('one'): sett: extra inputs are not permitted"),
        ('end = "0:16.8"', "", "('one'), moment 2: it needs `says`, or `start` and `end`"),
        ('"0:16.8"', '"0:77.8"', "moment 2: '0:77.8' is no time such as 00:01:23 or 83.5"),
        ('"0:16.8"', '"0:01"', "moment 2: not a span: [6300, 1000)"),
        ('"0:16.8"', '"0:06.3"', "moment 2: it ends as it starts"),
        ("unanswerable", "spoken", "('two'): a question of kind spoken must have moments"),
        ('kind = "spoken"', 'kind = "unanswerable"', "unanswerable must have no moments"),
        ("Ulm|in Ulm", "Ulm|", "a wording of the answer 'Ulm|' is empty"),
        ("[[questions]]", "topic = 1\n[[questions]]", "q.toml: 'topic' is not known here"),
    ],
)
def test_a_wrong_file_is_told_in_one_line_with_the_place(read, wrong, right, told):
    assert wrong in GOOD
    with pytest.raises(EvaluationError) as caught:
        read(GOOD.replace(wrong, right, 1))
    assert told in caught.value.message
    assert "\n" not in caught.value.message
    assert "docs/evaluation.md" in caught.value.hint


@pytest.mark.parametrize(("text", "told"), [("", "no [[questions]]"), ("\0", "no TOML")])
def test_a_file_of_something_else(read, text, told):
    with pytest.raises(EvaluationError, match=told.replace("[", r"\[")):
        read(text)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(EvaluationError, match="cannot be read: No such file"):
        read_questions(tmp_path / "none.toml")


def test_limits():
    question = Question("1", "spoken", "?", (), (Moment("a"),), "tune")
    groups = grouped([score(question, NEEDS, answer(evidence=[at(0, 4)]), k=5, latency_ms=9)])
    floors = read_limits(["coverage=0.5", "spoken.recall=1", "tune.coverage=.6"], is_floor=True)
    assert list(exceeded(floors, groups)) == ["coverage of tune is 0.500, under 0.6"]
    ceilings = read_limits(["false_refusal=0.05", "latency_p95_ms=9"], is_floor=False)
    assert list(exceeded(ceilings, groups)) == ["false_refusal of all is 1.000, over 0.05"]
    (told,) = exceeded(read_limits(["refusal=0"], is_floor=True), groups)
    assert told == "refusal of all could not be measured: no question is for it"
    with pytest.raises(EvaluationError, match="kind or set 'screen'"):
        list(exceeded(read_limits(["screen.recall=1"], is_floor=True), groups))


@pytest.mark.parametrize("text", ["coverage", "coverage=high", "covverage=0.9", "=1", "a.b.c=1"])
def test_a_limit_that_is_none(text):
    with pytest.raises(EvaluationError) as caught:
        read_limits([text], is_floor=True)
    assert "coverage" in caught.value.hint

"""The library of benchmarks/library/: its talks say what is asked, and no distractor does."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from kg_videorag.evaluate import read_questions

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
QUESTIONS = read_questions(BENCHMARKS / "library" / "questions.toml")


@pytest.fixture
def made(monkeypatch):
    """The talks, and 130 that answer nothing."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    from library.distractors import distractors
    from library.script import talks

    return list(talks()), list(distractors(130))


def told(talk):
    lines = [said.text for said in talk.said]
    return lines + [line for slide in talk.shown for line in slide.lines]


def test_every_kind_is_asked_and_both_sets_alike():
    kinds = Counter((question.kind, question.part) for question in QUESTIONS)
    assert sum(kinds.values()) == 138
    for kind in {question.kind for question in QUESTIONS}:
        assert kinds[kind, "tune"] - kinds[kind, "test"] in {0, 1}
        assert kinds[kind, "tune"] + kinds[kind, "test"] >= (25 if kind == "multi_hop" else 12)
    for question in QUESTIONS:
        if question.kind == "multi_hop":
            assert len({moment.video for moment in question.moments}) > 1, question.id


def test_what_answers_is_said_once_and_by_no_distractor(made):
    talks, crowd = made
    by_file = {talk.file: told(talk) for talk in talks}
    aside = [line for talk in crowd for line in told(talk)]
    for question in QUESTIONS:
        for moment in question.moments:
            if moment.says:
                lines = [line for line in by_file[moment.video] if moment.says in line]
                assert len(lines) == 1, (question.id, moment.says)
                assert lines[0] not in aside, question.id


def test_the_crowd_is_the_same_every_time_and_grows_at_its_end(made):
    from library.distractors import distractors

    crowd = made[1]
    assert list(distractors(130)) == crowd
    assert list(distractors(40)) == crowd[:40]
    assert len({talk.file for talk in crowd}) == 130

"""A question is read: which names it says, and what it asks about them."""

from __future__ import annotations

import pytest

from kg_videorag.engines.extractive.question import Question

EVIDENCE = (
    "Neil Armstrong was born in Wapakoneta, Ohio. He studied at Purdue University.",
    "Margaret Hamilton led the software team. They looked at the moon.",
    "The Moon was the goal of Apollo 11.",
    "Add 4 eggs to the cake. Apollo 11 was fed.",
    "В космос полетел Юрий Гагарин. Луна была целью.",
    "Anna spoke in the Town Hall.",
)


@pytest.mark.parametrize(
    ("question", "names", "asked"),
    [
        ("", [], ""),
        ("Where was Neil Armstrong born?", ["neil armstrong"], "born"),
        ("Who was Napoleon?", ["napoleon"], ""),
        # lower case: the evidence says what is a name
        ("where was neil armstrong born?", ["neil armstrong"], "born"),
        ("what did hamilton lead", ["hamilton"], "lead"),
        ("when did apollo 11 reach ohio", ["apollo 11", "ohio"], "reach"),
        ("who was napoleon", [], "napoleon"),
        ("what is a moon", [], "moon"),  # the evidence writes it both ways
        # possessives
        ("Who was Neil Armstrong's wife?", ["neil armstrong"], "wife"),
        ("who was armstrong’s wife", ["armstrong"], "wife"),
        # a sentence that opens with a number of things names nothing
        ("what do I add to the cake", [], "add cake"),
        # a question that has capitals writes its names so
        ("In which town was Neil Armstrong born?", ["neil armstrong"], "town born"),
        ("in which town was armstrong born", ["town", "armstrong"], "born"),
        # Russian, whatever the case
        ("Где родился Гагарин?", ["гагарин"], "род"),
        ("кто видел гагарина", ["гагарин"], "видел"),
        ("В каком году полетел Гагарин?", ["гагарин"], "полетел"),
        ("Сколько человек было на Луне?", ["лун"], ""),
        ("Что известно о космосе?", [], "космос"),
        # "how many" asks, and says nothing
        ("How many wheels were there?", [], "wheel"),
        ("How much did Apollo 11 cost?", ["apollo 11"], "cost"),
        ("Who had many wheels?", [], "mani wheel"),
    ],
)
def test_a_question_is_names_and_what_is_asked_about_them(question, names, asked):
    read = Question.read(question, EVIDENCE)
    assert [" ".join(name) for name in read.names] == names
    assert read.stems == frozenset(asked.split())


@pytest.mark.parametrize(
    ("question", "said", "share"),
    [
        ("Who built and launched rockets?", {"build", "launch", "rocket", "moon"}, 1.0),
        ("Who built and launched rockets?", {"launch"}, pytest.approx(1 / 3)),
        ("Who built and launched rockets?", set(), 0.0),
        ("Who was Napoleon?", set(), 1.0),
    ],
)
def test_the_share_said_is_of_what_is_asked(question, said, share):
    assert Question.read(question, ()).share_said(frozenset(said)) == share


@pytest.mark.parametrize(
    ("name", "said", "is_namesake"),
    [
        ("Thomas Keller", ["It is the case of Martin Keller.", "Mr. Keller spoke."], True),
        ("Martin Keller", ["It is the case of Martin Keller.", "Mr. Keller spoke."], False),
        ("Thomas Keller", ["Mr. Keller spoke."], False),
        ("Thomas Keller", ["There were Martin Keller and Thomas Keller."], False),
        ("Keller", ["It is the case of Martin Keller."], False),
    ],
)
def test_a_namesake_is_somebody_else_in_a_video(name, said, is_namesake):
    question = Question.read(f"What did {name} say?", said)
    assert bool(question.namesakes(said)) is is_namesake

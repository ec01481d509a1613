"""Which entities a question names, and which questions can be worked on."""

from __future__ import annotations

import pytest

from kg_videorag.ask.analyse import MAX_QUESTION_CHARS, check_question, named_entities
from kg_videorag.errors import AskError
from kg_videorag.model import Entity, EntityType


def entities(*names, kind=EntityType.CONCEPT):
    return [Entity(f"id of {name}", name, kind) for name in names]


LIBRARY = entities(
    "Neil Armstrong",
    "Margaret Hamilton",
    "Gene Kranz",
    "MIT",
    "Moon",
    "Ohio",
    "Apollo 11",
    "Saturn V",
    "Lunar Module Eagle",
    "Kennedy Space Center",
    "Wapakoneta",
    "Radium",
    "London",
    "Wernher von Braun",
    "Юрий Гагарин",
)


@pytest.mark.parametrize(
    ("question", "named"),
    [
        # whole names, whatever the case
        ("Where was Neil Armstrong born?", {"Neil Armstrong"}),
        ("who was MARGARET hamilton", {"Margaret Hamilton"}),
        ("What is said about the Kennedy Space Center?", {"Kennedy Space Center"}),
        ("When did Apollo 11 fly?", {"Apollo 11"}),
        # a part that is enough of the name
        ("Where was Armstrong born?", {"Neil Armstrong"}),
        ("Who was Margaret?", {"Margaret Hamilton"}),
        ("What did Kranz do?", {"Gene Kranz"}),
        ("Where did von Braun work?", {"Wernher von Braun"}),
        ("Who is Neil?", set()),  # the lesser part
        ("What is the space center?", {"Kennedy Space Center"}),
        # other forms of a word
        ("How many moons are there?", {"Moon"}),
        ("What was Armstrong's first word?", {"Neil Armstrong"}),
        # a letter wrong, missing or too many
        ("Who was Hamiltan?", {"Margaret Hamilton"}),
        ("Who was Armstrng?", {"Neil Armstrong"}),
        ("Who was Armstronng?", {"Neil Armstrong"}),
        ("Where is Wapakonita?", {"Wapakoneta"}),
        ("Who found radum?", {"Radium"}),
        ("Who found radiam?", {"Radium"}),
        ("Where is Londen?", {"London"}),
        ("Who was Krantz?", {"Gene Kranz"}),
        # short words must be right
        ("What is a mat?", set()),
        ("Is it noon?", set()),
        # what is not named
        ("What is it?", set()),
        ("Who was born at the center of a module?", set()),
        ("Why?", set()),
        ("", set()),
        ("Кто такой Гагарин?", {"Юрий Гагарин"}),
    ],
)
def test_named_entities(question, named):
    assert {entity.name for entity in named_entities(question, LIBRARY)} == named


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("Where was Johnson born?", "Katherine Johnson"),
        ("What was Johnson's work?", "Katherine Johnson"),
        ("Where did Braun work?", "Wernher von Braun"),
    ],
)
def test_a_last_name_names_a_person_and_nothing_else(question, name):
    for kind, named in ((EntityType.PERSON, [name]), (EntityType.PLACE, [])):
        found = named_entities(question, entities(name, kind=kind))
        assert [entity.name for entity in found] == named


def test_the_most_fully_named_comes_first():
    candidates = entities("Neil Armstrong", "Armstrong", "Armstrong Flight Research Center")
    found = named_entities("What did Armstrong see on his flight?", candidates)
    assert [entity.name for entity in found] == [
        "Armstrong",
        "Neil Armstrong",
        "Armstrong Flight Research Center",
    ]


def test_ties_have_a_stable_order():
    candidates = entities("Apollo 8", "Apollo 7", "Apollo 9")
    for order in (candidates, candidates[::-1]):
        found = named_entities("Which Apollo?", order)
        assert [entity.name for entity in found] == ["Apollo 7", "Apollo 8", "Apollo 9"]


def test_a_name_of_common_words_alone_is_never_named():
    assert named_entities("Who is it that they were with?", entities("The Who", "It", "Them")) == ()


def test_a_question_names_few():
    assert len(named_entities("apollo", entities(*(f"Apollo {n}" for n in range(100))))) == 8


@pytest.mark.parametrize(
    ("question", "checked"),
    [
        ("Who?", "Who?"),
        ("  \n Who was it? \t", "Who was it?"),
        ("Кто?", "Кто?"),
        ("7", "7"),
        ("x" * MAX_QUESTION_CHARS, "x" * MAX_QUESTION_CHARS),
        (" " + "x" * MAX_QUESTION_CHARS + " ", "x" * MAX_QUESTION_CHARS),
        ("Who was \udcff?", "Who was ??"),  # half a character, of an argument that is no UTF-8
    ],
)
def test_a_question_is_stripped(question, checked):
    assert check_question(question) == checked


@pytest.mark.parametrize("question", ["", " ", "\n\t", "?", "?!...", "🚀", "_", "\udcff"])
def test_a_question_without_words_is_refused(question):
    with pytest.raises(AskError, match="no words") as caught:
        check_question(question)
    assert caught.value.hint


def test_an_endless_question_is_refused():
    with pytest.raises(AskError, match="2001 characters; 2000 are allowed"):
        check_question("x" * (MAX_QUESTION_CHARS + 1))
